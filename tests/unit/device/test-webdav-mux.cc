// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// The shared folder's thread and what a channel hands to it, without a channel. Run under ThreadSanitizer too.
#include "base/process.hh"
#include "device/folder-server.hh"
#include "device/webdav-mux.hh"

#include <glib/gstdio.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>

using namespace spice;
using device::FolderServer;
using device::WebdavMux;

namespace {

constexpr auto patience = std::chrono::seconds(20);

// A channel: gives bytes, takes frames.
struct Channel final : private wire::WebdavDemux::Sink {
    std::mutex mutex;
    std::condition_variable woken;
    unsigned wakes = 0; // guarded by mutex
    std::shared_ptr<WebdavMux> mux;
    wire::WebdavDemux demux;
    int64_t current = 0;
    std::map<int64_t, std::string> text;
    std::set<int64_t> closed;

    explicit Channel(const std::shared_ptr<FolderServer> &folder)
        : mux{std::make_shared<WebdavMux>(folder, [this] {
              std::lock_guard lock{mutex};
              ++wakes;
              woken.notify_all();
          })} {}
    ~Channel() {
        mux->end();
        const auto until = std::chrono::steady_clock::now() + patience;
        while (process::thread_count() > 0 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
        g_assert_cmpint(process::thread_count(), ==, 0);
    }
    Channel(const Channel &) = delete;
    Channel &operator=(const Channel &) = delete;

    void frame_begins(int64_t id, std::size_t size) override {
        current = id;
        if (size == 0) closed.insert(id);
    }
    void frame_bytes(std::span<const std::byte> piece) override {
        text[current].append(reinterpret_cast<const char *>(piece.data()), piece.size());
    }
    void say(int64_t id, std::string_view what) { mux->push(wire::webdav_frame(id, std::as_bytes(std::span{what}))); }
    std::size_t take() {
        std::size_t frames = 0;
        for (; auto frame = mux->next_frame(); ++frames) demux.feed(*frame, *this);
        return frames;
    }
    template <class F> bool until(F done) {
        const auto end = std::chrono::steady_clock::now() + patience;
        for (take(); !done(); take()) {
            std::unique_lock lock{mutex};
            if (!woken.wait_until(lock, std::min(end, std::chrono::steady_clock::now() + std::chrono::milliseconds(10)),
                                  [this] { return wakes > 0; }) &&
                std::chrono::steady_clock::now() >= end)
                return false;
            wakes = 0;
        }
        return true;
    }
    bool ask(int64_t id) {
        text.erase(id), closed.erase(id);
        say(id, "OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n");
        return until([&] { return closed.count(id) > 0; }) && text[id].starts_with("HTTP/1.1 200");
    }
};

void test_answer() {
    auto folder = std::make_shared<FolderServer>();
    Channel channel{folder};
    for (int64_t id = -3; id < 3; ++id) g_assert_true(channel.ask(id));
    channel.mux->reset();
    g_assert_true(channel.ask(1));
}

// Any bytes, cut anywhere, with resets in between: connections come and go, and the answers stay few.
void test_garbage() {
    auto folder = std::make_shared<FolderServer>();
    Channel channel{folder};
    std::mt19937 random{11};
    const auto below = [&](unsigned n) { return std::size_t{random() % n}; };
    for (int round = 0; round < 300; ++round) {
        std::vector<std::byte> bytes(1 + below(3000));
        // Few ids and short frames, or anything.
        for (auto &b : bytes) b = static_cast<std::byte>(below(round % 3 ? 3 : 256));
        channel.mux->push(std::move(bytes));
        if (round % 5 == 0) channel.take();
        if (round % 40 == 0) channel.mux->reset(), channel.demux.reset();
        g_assert_true(channel.until([&] { return !channel.mux->full(); }));
    }
    channel.mux->reset();
    channel.demux.reset();
    g_assert_true(channel.ask(77));
}

// Who does not take the answers is not listened to: what waits is bounded.
void test_bounds() {
    auto folder = std::make_shared<FolderServer>();
    Channel channel{folder};
    std::vector<std::byte> refused; // more connections than are allowed, again and again
    for (int64_t id = 0; id < 3000; ++id) {
        const auto frame = wire::webdav_frame(id, std::as_bytes(std::span{"x", 1}));
        refused.insert(refused.end(), frame.begin(), frame.end());
    }
    std::size_t pushed = 0;
    while (!channel.mux->full()) {
        channel.mux->push(refused);
        ++pushed;
        g_assert_cmpuint(pushed, <, 1000);
    }
    g_assert_cmpuint(pushed, >, 1);
    g_assert_true(channel.until([&] { return !channel.mux->full(); })); // it was only waiting for this
    channel.mux->reset();
    channel.demux.reset();
    g_assert_true(channel.ask(9999));
}

// Settings change while requests come.
void test_settings() {
    auto folder = std::make_shared<FolderServer>();
    Channel channel{folder};
    std::atomic<bool> over{false};
    std::thread asker{[&] {
        for (int64_t id = 0; id < 200; ++id) g_assert_true(channel.ask(id % 7));
        over = true;
    }};
    for (unsigned n = 0; !over; ++n) {
        folder->set_root(n % 3 ? std::optional<std::string>{n % 2 ? "/usr" : "/etc"} : std::nullopt);
        folder->set_read_only(n % 2 != 0);
        g_assert_nonnull(folder->object());
        std::this_thread::yield();
    }
    asker.join();
}

void test_silent() {
    auto folder = std::make_shared<FolderServer>();
    Channel channel{folder};
    channel.mux->set_silent(true);
    channel.say(1, "OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n");
    channel.mux->set_silent(false);
    g_assert_true(channel.ask(2));
    channel.say(3, "OPT");
    channel.mux->set_silent(true);
    channel.mux->set_silent(false);
    g_assert_true(channel.ask(4));
}

// Ends at any time, also of the folder before its channels.
void test_ends() {
    for (int i = 0; i < 50; ++i) {
        auto folder = std::make_shared<FolderServer>();
        Channel one{folder};
        if (i % 2) folder.reset();
        for (int64_t id = 0; id < i % 10; ++id) one.say(id, i % 3 ? "GET / HTTP/1.1\r\nHost: a\r\n\r\n" : "GE");
        if (i % 4 == 0) g_assert_true(one.ask(100));
    }
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/webdav-mux/answer", test_answer);
    g_test_add_func("/webdav-mux/garbage", test_garbage);
    g_test_add_func("/webdav-mux/bounds", test_bounds);
    g_test_add_func("/webdav-mux/settings", test_settings);
    g_test_add_func("/webdav-mux/silent", test_silent);
    g_test_add_func("/webdav-mux/ends", test_ends);
    return g_test_run();
}
