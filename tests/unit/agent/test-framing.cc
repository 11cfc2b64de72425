// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "agent/framing.hh"
#include "agent/token-queue.hh"
#include "hex.hh"

#include <glib.h>

using namespace spice::agent;
using spice::wire::from_hex;

namespace {

std::vector<std::byte> message(uint32_t type, std::size_t bytes, uint32_t protocol = 1) {
    spice::wire::AgentHeader header;
    header.protocol = protocol;
    header.type = type;
    header.size = static_cast<uint32_t>(bytes);
    auto out = spice::wire::serialize(header);
    for (std::size_t i = 0; i < bytes; ++i) out.push_back(static_cast<std::byte>(i * 7 + type));
    return out;
}

void append(std::vector<std::byte> &to, const std::vector<std::byte> &more) { to.insert(to.end(), more.begin(), more.end()); }

// However the stream is cut, the messages are the same.
void test_reassembly() {
    std::vector<std::byte> stream;
    const std::size_t sizes[] = {0, 1, 8, 2028, 2029, 5000, 0, 70000};
    for (const auto size : sizes) append(stream, message(4, size));
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{19}, std::size_t{20}, std::size_t{21},
                                    std::size_t{2048}, stream.size()}) {
        Reassembler reassembler;
        std::vector<Incoming> out;
        for (std::size_t at = 0; at < stream.size(); at += piece)
            g_assert_true(reassembler.feed(spice::wire::Bytes{stream}.subspan(at, std::min(piece, stream.size() - at)), 1u << 20, out));
        g_assert_cmpuint(out.size(), ==, std::size(sizes));
        for (std::size_t i = 0; i < out.size(); ++i) {
            g_assert_cmpuint(out[i].body.size(), ==, sizes[i]);
            g_assert_true(out[i].type == 4 && !out[i].cut);
            const auto whole = message(4, sizes[i]);
            g_assert_true(std::equal(out[i].body.begin(), out[i].body.end(), whole.begin() + 20, whole.end()));
        }
    }
}

void test_limit() {
    Reassembler reassembler;
    std::vector<Incoming> out;
    auto stream = message(4, 1000);
    append(stream, message(4, 1001));
    append(stream, message(5, 3));
    g_assert_true(reassembler.feed(stream, 1000, out));
    g_assert_cmpuint(out.size(), ==, 3);
    g_assert_true(!out[0].cut && out[0].body.size() == 1000);
    g_assert_true(out[1].cut && out[1].body.size() == Reassembler::kept_of_cut);
    g_assert_true(!out[2].cut && out[2].type == 5 && out[2].body.size() == 3);
}

// A header that promises 4 GiB costs what has arrived.
void test_promise() {
    Reassembler reassembler;
    std::vector<Incoming> out;
    auto stream = from_hex("01000000 04000000 0000000000000000 ffffffff");
    stream.resize(stream.size() + 100);
    g_assert_true(reassembler.feed(stream, UINT64_MAX, out));
    g_assert_true(out.empty());
    reassembler.reset();
    g_assert_true(reassembler.feed(message(6, 4), 100, out));
    g_assert_true(out.size() == 1 && out[0].type == 6);
}

void test_other_protocol() {
    Reassembler reassembler;
    std::vector<Incoming> out;
    auto stream = message(4, 10, 2);
    append(stream, message(5, 0, 0));
    append(stream, message(6, 4));
    g_assert_false(reassembler.feed(stream, 1000, out));
    g_assert_true(out.size() == 1 && out[0].type == 6);
}

void test_limit_of_the_beginning() {
    Reassembler reassembler;
    std::vector<Incoming> out;
    const auto whole = message(4, 500);
    g_assert_true(reassembler.feed(spice::wire::Bytes{whole}.first(30), 1000, out));
    g_assert_true(reassembler.feed(spice::wire::Bytes{whole}.subspan(30), 100, out));
    g_assert_true(out.size() == 1 && !out[0].cut && out[0].body.size() == 500);
}

std::size_t drain(TokenQueue &queue, std::vector<uint64_t> &marks) {
    std::size_t bodies = 0;
    while (auto body = queue.next()) {
        ++bodies;
        g_assert_true(!body->bytes.empty() && body->bytes.size() <= TokenQueue::max_body);
        if (body->mark) marks.push_back(body->mark);
    }
    return bodies;
}

void test_tokens() {
    TokenQueue queue;
    std::vector<uint64_t> marks;
    queue.begin(1, 3);
    g_assert_true(queue.append(1, message(4, 2028), 11)); // one body
    g_assert_true(queue.append(1, message(4, 2029), 12)); // two
    g_assert_true(queue.append(1, message(4, 0), 13));
    g_assert_cmpuint(drain(queue, marks), ==, 3);
    g_assert_true((marks == std::vector<uint64_t>{11, 12}));
    queue.grant(5);
    g_assert_cmpuint(drain(queue, marks), ==, 1);
    g_assert_true(queue.append(1, message(4, 10000), 14)); // five bodies, four tokens
    g_assert_cmpuint(drain(queue, marks), ==, 4);
    g_assert_cmpuint(marks.size(), ==, 3);
    queue.grant(1);
    g_assert_cmpuint(drain(queue, marks), ==, 1);
    g_assert_true(marks.back() == 14);
}

// A body never holds bytes of two messages, and a message begins with its whole header.
void test_bodies() {
    TokenQueue queue;
    queue.begin(1, 1000);
    std::vector<std::byte> sent, received;
    for (const std::size_t size : {5000u, 1u, 0u, 2028u, 4076u, 70000u}) {
        append(sent, message(4, size));
        g_assert_true(queue.append(1, message(4, size), 1));
    }
    bool at_start = true;
    while (auto body = queue.next()) {
        if (at_start) g_assert_cmpuint(body->bytes.size(), >=, 20);
        if (!body->mark) g_assert_cmpuint(body->bytes.size(), ==, TokenQueue::max_body);
        at_start = body->mark != 0;
        append(received, body->bytes);
    }
    g_assert_true(received == sent);
}

void test_another_agent() {
    TokenQueue queue;
    std::vector<uint64_t> marks;
    queue.begin(1, 1);
    g_assert_true(queue.append(1, message(4, 5000), 1));
    g_assert_true(queue.next().has_value()); // the message has begun
    queue.begin(2, std::nullopt);            // gone: the server still counts the rest, without credit
    g_assert_true(queue.has_rest());
    g_assert_cmpuint(queue.next()->bytes.size(), ==, 2048);
    g_assert_cmpuint(queue.next()->bytes.size(), ==, 5020 - 2 * 2048);
    g_assert_false(queue.has_rest() || queue.next().has_value());
    queue.grant(2);
    g_assert_false(queue.next().has_value());
    g_assert_true(queue.append(1, message(4, 0), 2)); // meant for the first
    g_assert_false(queue.next().has_value());
    queue.begin(3, 10);
    g_assert_true(queue.append(3, message(6, 0), 3));
    g_assert_cmpuint(drain(queue, marks), ==, 1);
    g_assert_true((marks == std::vector<uint64_t>{3}));
}

void test_full() {
    TokenQueue queue;
    queue.begin(1, 0);
    for (std::size_t i = 0; i < TokenQueue::max_messages; ++i) g_assert_true(queue.append(1, message(4, 0), 0));
    g_assert_false(queue.append(1, message(4, 0), 0));
    queue.grant(1);
    g_assert_true(queue.next().has_value());
    g_assert_true(queue.append(1, message(4, 0), 0));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/agent/framing/reassembly", test_reassembly);
    g_test_add_func("/agent/framing/limit", test_limit);
    g_test_add_func("/agent/framing/promise", test_promise);
    g_test_add_func("/agent/framing/other-protocol", test_other_protocol);
    g_test_add_func("/agent/framing/limit-of-the-beginning", test_limit_of_the_beginning);
    g_test_add_func("/agent/tokens/credit", test_tokens);
    g_test_add_func("/agent/tokens/bodies", test_bodies);
    g_test_add_func("/agent/tokens/another-agent", test_another_agent);
    g_test_add_func("/agent/tokens/full", test_full);
    return g_test_run();
}
