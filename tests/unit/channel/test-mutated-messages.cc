// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display-setup.hh"
#include "scripted-connection.hh"

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <random>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace spice::test;
using spice::channel::Event;

// Recorded display messages, mutated, through engine, decoders and canvas. Whatever they say, the process lives, its
// memory is bounded, and a channel that was not closed answers when all of it has been drawn. The seed is fixed.
//
// display-messages.bin: u16 type, u32 size, body, one after the other; from sessions with libspice-server.
namespace {

std::vector<Message> load() {
    g_autofree char *path = g_build_filename(g_getenv("TEST_DATA"), "display-messages.bin", nullptr);
    g_autofree char *raw = nullptr;
    gsize size = 0;
    g_assert_true(g_file_get_contents(path, &raw, &size, nullptr));
    const auto bytes = std::as_bytes(std::span{raw, size});
    std::vector<Message> messages;
    for (std::size_t at = 0; at + 6 <= size;) {
        Message m;
        m.type = static_cast<uint16_t>(number_at(bytes, at, 2));
        const auto length = number_at(bytes, at + 2, 4);
        g_assert_cmpuint(length, <=, size - at - 6);
        m.body.assign(bytes.begin() + static_cast<std::ptrdiff_t>(at + 6),
                      bytes.begin() + static_cast<std::ptrdiff_t>(at + 6 + length));
        messages.push_back(std::move(m));
        at += 6 + length;
    }
    // What these sessions did not have.
    const auto add = [&](uint16_t type, Bytes &body) { messages.push_back({type, body.take(), 0, 0}); };
    add(SPICE_MSG_DISPLAY_INVAL_LIST, Bytes().u16(2).u8(1).u64(1).u8(1).u64(2));
    add(SPICE_MSG_DISPLAY_INVAL_ALL_PIXMAPS, Bytes().u8(1).u8(SPICE_CHANNEL_CURSOR).u8(0).u64(1));
    add(SPICE_MSG_DISPLAY_INVAL_PALETTE, Bytes().u64(1));
    add(SPICE_MSG_DISPLAY_RESET, Bytes().zeros(0));
    add(SPICE_MSG_DISPLAY_MODE, Bytes().u32(320).u32(200).u32(32));
    add(SPICE_MSG_WAIT_FOR_CHANNELS, Bytes().u8(1).u8(SPICE_CHANNEL_CURSOR).u8(0).u64(1));
    add(SPICE_MSG_DISPLAY_GL_DRAW, Bytes().u32(0).u32(0).u32(1).u32(1));
    add(SPICE_MSG_LIST, Bytes().u16(1).u32(6).u16(SPICE_MSG_DISPLAY_MARK).u32(0));
    return messages;
}

class Mutator {
public:
    explicit Mutator(uint32_t seed) : random_{seed} {}
    uint32_t below(std::size_t n) { return static_cast<uint32_t>(random_() % std::max<std::size_t>(n, 1)); }
    void mutate(ByteVector &body, const ByteVector &other) {
        for (auto rounds = 1 + below(2); rounds > 0 && !body.empty(); --rounds) step(body, other);
    }

private:
    void put(ByteVector &body, std::size_t at, uint32_t value, std::size_t size) {
        for (std::size_t i = 0; i < size && at + i < body.size(); ++i) body[at + i] = static_cast<std::byte>(value >> 8 * i);
    }
    // Headers are short and decide most, so that many changes are made there.
    std::size_t place(const ByteVector &body) {
        return below(below(3) == 0 ? std::min<std::size_t>(body.size(), 100) : body.size());
    }
    void step(ByteVector &body, const ByteVector &other) {
        static constexpr std::array<uint32_t, 12> interesting{0,      1,          2,          4,          255,        256,
                                                              0x7fff, 0x7fffffff, 0x80000000, 0xffffffff, 0x10000000, 16384};
        const auto at = place(body);
        switch (below(8)) {
        case 0: put(body, at, 1u << below(8) ^ std::to_integer<uint32_t>(body[at]), 1); break;
        case 1: put(body, at, below(256), 1); break;
        case 2: put(body, at, interesting[below(interesting.size())], 4); break;
        case 3: put(body, at, interesting[below(interesting.size())], 2); break;
        case 4: put(body, at, static_cast<uint32_t>(number_at(body, at, 4)) + below(9) - 4, 4); break;
        case 5: body.resize(below(8) == 0 ? at : body.size() - 1); break;
        case 6: body.insert(body.begin() + static_cast<std::ptrdiff_t>(at), 1 + below(8), std::byte{0}); break;
        default: // a piece of another message
            for (std::size_t i = 0, n = 1 + below(64); i < n && at + i < body.size() && i < other.size(); ++i)
                body[at + i] = other[(at + i) % other.size()];
        }
    }
    std::mt19937 random_;
};

std::size_t resident_peak() { // KiB
    std::size_t peak = 0;
    g_autofree char *text = nullptr;
    g_assert_true(g_file_get_contents("/proc/self/status", &text, nullptr, nullptr));
    if (const auto *line = std::strstr(text, "VmHWM:")) std::sscanf(line, "VmHWM: %zu", &peak);
    return peak;
}

// Feeds one connection after the other on a thread of its own. One ping a burst: what was sent before its answer has
// been drawn.
class Feeder {
public:
    explicit Feeder(std::size_t wanted) : wanted_{wanted}, messages_{load()} {}
    ~Feeder() {
        EVP_PKEY_free(key_);
        close(wake_);
    }
    Feeder(const Feeder &) = delete;
    Feeder &operator=(const Feeder &) = delete;

    bool enough() const { return fed_.load() >= wanted_; }
    std::size_t fed() const { return fed_.load(); }

    // On the connection's thread: until the client leaves or enough has been sent. True: it left.
    bool serve(int fd) {
        ScriptedConnection connection{fd, wake_};
        LinkRecord record;
        LinkContext context;
        context.key = key_;
        context.plan = [](ChannelKey) { return LinkPlan{}; };
        context.session_id = [] { return 0u; };
        context.linked = [](const LinkRecord &) {};
        g_assert_true(answer_link(connection, context, record));
        for (const uint32_t id : {0u, 1u, 2u})
            connection.send_message(SPICE_MSG_DISPLAY_SURFACE_CREATE,
                                    Bytes().u32(id).u32(640).u32(480).u32(32).u32(id == 0).get(), 0);
        while (!enough()) {
            const auto burst = 1 + mutator_.below(4);
            for (uint32_t i = 0; i < burst; ++i) {
                auto m = messages_[mutator_.below(messages_.size())];
                if (mutator_.below(10) != 0) mutator_.mutate(m.body, messages_[mutator_.below(messages_.size())].body);
                connection.send_message(m.type, m.body, 0);
            }
            if (!answered(connection)) {
                ++fed_; // at least the message that ended it
                return true;
            }
            fed_ += burst;
        }
        return false;
    }

private:
    bool answered(ScriptedConnection &connection) {
        connection.send_message(SPICE_MSG_PING, Bytes().u32(++ping_).u64(0).get(), 0);
        while (true) {
            while (auto m = connection.next_message())
                if (m->type == SPICE_MSGC_PONG && m->u(0, 4) == ping_) return true;
            const auto what = connection.wait(Clock::now() + Milliseconds{30'000});
            if (what == ScriptedConnection::Wait::timeout) g_error("no answer after %zu messages", fed());
            if (what == ScriptedConnection::Wait::readable && !connection.pump()) return false;
        }
    }
    const std::size_t wanted_;
    std::atomic<std::size_t> fed_{0};
    const std::vector<Message> messages_;
    Mutator mutator_{20260101};
    EVP_PKEY *const key_ = EVP_RSA_gen(1024);
    const int wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    uint32_t ping_ = 0;
};

// One connection: the model on this thread, the feeder on its own. True: there is more to feed.
bool one_connection(Loop &loop, FakeHost &host, Feeder &feeder) {
    std::array<int, 2> ends{};
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), ==, 0);
    DisplayObserver observer;
    DisplayModel model{observer, &host, loop.context(), 0};
    std::atomic<bool> done{false};
    std::thread server{[&] {
        feeder.serve(ends[1]);
        done = true;
    }};
    g_assert_true(model.open_fd(ends[0]));
    while (!done) {
        observer.lines.clear();
        g_main_context_iteration(loop.context(), FALSE) ? void() : void(g_usleep(20));
    }
    server.join();
    model.disconnect(Event::none);
    g_assert_true(loop.until([&] { return model.state() == Model::State::unconnected; }));
    return !feeder.enough();
}

void feed(std::size_t wanted) {
    const Warnings warnings;
    Loop loop;
    FakeHost host;
    Feeder feeder{wanted};
    const auto start = g_get_monotonic_time();
    std::size_t connections = 1;
    one_connection(loop, host, feeder);
    const auto before = resident_peak();
    while (one_connection(loop, host, feeder)) ++connections;
    const auto seconds = static_cast<double>(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
    const auto grown = (resident_peak() - before) / 1024;
    g_test_message("%zu messages in %zu connections, %.1f s, peak memory grew by %zu MiB", feeder.fed(), connections,
                   seconds, grown);
    g_assert_cmpuint(grown, <, 1536);
    g_assert_true(threads_gone(loop, decode_threads()));
}

void test_some() { feed(3000); }
void test_many() { feed(100'000); }

}

int main(int argc, char **argv) {
    g_setenv("SPICE_DECODE_THREADS", "2", FALSE);
    g_test_init(&argc, &argv, nullptr);
    if (g_test_slow()) g_test_add_func("/mutated-messages/100000", test_many);
    else g_test_add_func("/mutated-messages/3000", test_some);
    return g_test_run();
}
