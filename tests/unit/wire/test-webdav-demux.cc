// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "wire/webdav-demux.hh"

#include <glib.h>

#include <random>
#include <string>
#include <vector>

using spice::wire::webdav_frame;
using spice::wire::WebdavDemux;

namespace {

using Bytes = std::vector<std::byte>;

// "id:size:content " for each frame, however it came.
struct Log final : WebdavDemux::Sink {
    std::string text;
    std::size_t left = 0;
    void frame_begins(int64_t id, std::size_t size) override {
        g_assert_cmpuint(left, ==, 0);
        g_assert_cmpuint(size, <=, WebdavDemux::max_payload);
        left = size;
        text += " " + std::to_string(id) + ":" + std::to_string(size) + ":";
    }
    void frame_bytes(std::span<const std::byte> piece) override {
        g_assert_false(piece.empty());
        g_assert_cmpuint(piece.size(), <=, left);
        left -= piece.size();
        text.append(reinterpret_cast<const char *>(piece.data()), piece.size());
    }
};

Bytes bytes(std::string_view text) {
    const auto view = std::as_bytes(std::span{text});
    return {view.begin(), view.end()};
}

void append(Bytes &stream, const Bytes &more) { stream.insert(stream.end(), more.begin(), more.end()); }

Bytes frames() {
    Bytes stream;
    append(stream, webdav_frame(1, bytes("hello")));
    append(stream, webdav_frame(-2, bytes("x")));
    append(stream, webdav_frame(INT64_MIN, {}));
    append(stream, webdav_frame(0x0102030405060708, bytes(std::string(300, 'y'))));
    return stream;
}

void test_layout() {
    const auto frame = webdav_frame(0x0102030405060708, bytes("ab"));
    g_assert_true(frame == bytes(std::string_view{"\x8\x7\x6\x5\x4\x3\x2\x1\x2\0ab", 12}));
    const auto largest = webdav_frame(1, Bytes(WebdavDemux::max_payload, std::byte{1}));
    g_assert_true(largest[8] == std::byte{0xff} && largest[9] == std::byte{0xff});
}

void test_pieces() {
    const auto stream = frames();
    const std::string wanted = " 1:5:hello -2:1:x -9223372036854775808:0: 72623859790382856:300:" + std::string(300, 'y');
    for (std::size_t step = 1; step <= stream.size(); ++step) {
        WebdavDemux demux;
        Log log;
        for (std::size_t at = 0; at < stream.size(); at += step)
            demux.feed(std::span<const std::byte>{stream}.subspan(at, std::min(step, stream.size() - at)), log);
        g_assert_cmpstr(log.text.c_str(), ==, wanted.c_str());
        g_assert_cmpuint(log.left, ==, 0);
    }
}

void test_reset() {
    WebdavDemux demux;
    Log log;
    const auto stream = frames();
    for (const std::size_t cut : {std::size_t{3}, std::size_t{12}}) { // in a header, in a payload
        demux.feed(std::span{stream}.first(cut), log);
        demux.reset();
        log = {};
        demux.feed(stream, log);
        g_assert_true(log.text.starts_with(" 1:5:hello -2:1:x "));
    }
}

// All bytes mean something, and nothing is made of them but pieces of themselves.
void test_garbage() {
    std::mt19937 random{7};
    for (int round = 0; round < 200; ++round) {
        Bytes stream(std::size_t{random() % 5000});
        for (auto &b : stream) b = static_cast<std::byte>(random() % (round % 2 ? 256 : 2));
        WebdavDemux demux;
        Log log;
        for (std::size_t at = 0; at < stream.size();) {
            const auto n = std::min(std::size_t{1 + random() % 700}, stream.size() - at);
            demux.feed(std::span{stream}.subspan(at, n), log);
            at += n;
        }
    }
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/webdav-demux/layout", test_layout);
    g_test_add_func("/webdav-demux/pieces", test_pieces);
    g_test_add_func("/webdav-demux/reset", test_reset);
    g_test_add_func("/webdav-demux/garbage", test_garbage);
    return g_test_run();
}
