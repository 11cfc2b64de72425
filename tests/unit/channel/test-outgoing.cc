// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/outgoing.hh"

#include <glib.h>

#include <algorithm>
#include <cerrno>
#include <thread>

using spice::channel::Outgoing;
using spice::link::Io;

namespace {

using Bytes = std::vector<std::byte>;

// A kernel that takes so many bytes and then is full.
class FakeTransport final : public spice::link::Transport {
public:
    std::size_t room = SIZE_MAX, at_once = SIZE_MAX;
    Io::Kind when_full = Io::Kind::again;
    Bytes written;

    Io read(std::span<std::byte>) override { return {}; }
    Io write(std::span<const std::byte> from) override {
        g_assert_false(from.empty());
        const auto n = std::min({from.size(), room, at_once});
        if (n == 0) return {when_full, 0, when_full == Io::Kind::failed ? EPIPE : 0};
        written.insert(written.end(), from.begin(), from.begin() + static_cast<std::ptrdiff_t>(n));
        room -= room == SIZE_MAX ? 0 : n;
        return {Io::Kind::done, n, 0};
    }
    bool pending() const noexcept override { return false; }
    short events_to_read() const noexcept override { return 0; }
    short events_to_write() const noexcept override { return 0; }
    int fd() const noexcept override { return -1; }
    bool is_unix() const noexcept override { return false; }
};

Bytes bytes(std::initializer_list<int> list) {
    Bytes out;
    for (const int b : list) out.push_back(static_cast<std::byte>(b));
    return out;
}

void assert_bytes(const Bytes &got, std::initializer_list<int> wanted) {
    const auto w = bytes(wanted);
    g_assert_true(got == w);
}

std::vector<uint64_t> write_all(Outgoing &out, FakeTransport &transport) {
    std::vector<uint64_t> tokens;
    g_assert_true(static_cast<bool>(out.write(transport, tokens)));
    return tokens;
}

void test_mini() {
    Outgoing out;
    FakeTransport t;
    g_assert_true(out.empty());
    write_all(out, t);
    out.append(0x102, bytes({7, 8}));
    out.append(3, {});
    g_assert_false(out.empty());
    write_all(out, t);
    g_assert_true(out.empty());
    assert_bytes(t.written, {2, 1, 2, 0, 0, 0, 7, 8, 3, 0, 0, 0, 0, 0});
}

void test_full() {
    Outgoing out;
    FakeTransport t;
    out.use_mini_headers(false);
    out.append(5, bytes({9}));
    out.append(6, {});
    write_all(out, t);
    assert_bytes(t.written, {1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9,
                             2, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0});
}

void test_partial_writes() {
    Bytes whole;
    for (const std::size_t step : {std::size_t{1}, std::size_t{5}, std::size_t{1000}, SIZE_MAX}) {
        Outgoing out;
        FakeTransport t;
        t.at_once = step;
        for (int i = 0; i < 100; ++i) out.append(static_cast<uint16_t>(i), Bytes(static_cast<std::size_t>(i * 20), std::byte(i)));
        t.room = 0;
        while (!out.empty()) {
            t.room = 777;
            write_all(out, t);
        }
        if (whole.empty()) whole = t.written;
        g_assert_true(t.written == whole);
    }
    g_assert_cmpuint(whole.size(), ==, 100 * 6 + 20 * 4950);
}

// A mark is reached when the last byte before it is in the kernel, not earlier.
void test_marks() {
    Outgoing out;
    FakeTransport t;
    out.mark(1);
    g_assert_false(out.empty());
    g_assert_true(write_all(out, t) == std::vector<uint64_t>{1});
    out.append(1, bytes({1, 2, 3, 4}));
    out.mark(2);
    out.mark(3);
    out.append(2, {});
    out.mark(4);
    t.room = 9;
    g_assert_true(write_all(out, t).empty());
    t.room = 1;
    g_assert_true((write_all(out, t) == std::vector<uint64_t>{2, 3}));
    t.room = SIZE_MAX;
    g_assert_true(write_all(out, t) == std::vector<uint64_t>{4});
    g_assert_true(out.empty());
}

void test_failures() {
    for (const auto kind : {Io::Kind::closed, Io::Kind::failed}) {
        Outgoing out;
        FakeTransport t;
        t.room = 3;
        t.when_full = kind;
        out.append(1, {});
        std::vector<uint64_t> tokens;
        const auto status = out.write(t, tokens);
        g_assert_false(static_cast<bool>(status));
        g_assert_true(status.error().kind == spice::Error::Kind::io);
    }
}

// A server that does not read ends its connection, it does not eat our memory.
void test_overflow() {
    Outgoing out;
    FakeTransport t;
    t.room = 0;
    constexpr std::size_t piece = 1u << 20;
    for (std::size_t n = 0; n < Outgoing::max_bytes; n += piece) out.append(1, Bytes(piece - 1024));
    write_all(out, t);
    for (int i = 0; i < 2; ++i) out.append(1, Bytes(piece));
    std::vector<uint64_t> tokens;
    g_assert_false(static_cast<bool>(out.write(t, tokens)));
}

// Messages without a body take memory as well: a server could ask for any number of them.
void test_overflow_of_empty_messages() {
    Outgoing out;
    FakeTransport t;
    t.room = 0;
    for (std::size_t n = 0; n < Outgoing::max_bytes / 16; ++n) out.append(2, {});
    std::vector<uint64_t> tokens;
    g_assert_false(static_cast<bool>(out.write(t, tokens)));
}

void test_written_bytes_do_not_count() {
    Outgoing out;
    FakeTransport t;
    for (int i = 0; i < 100; ++i) {
        out.append(1, Bytes(1u << 20));
        write_all(out, t);
        t.written.clear();
    }
    g_assert_true(out.empty());
}

void test_threads() {
    Outgoing out;
    FakeTransport t;
    constexpr unsigned messages = 20'000;
    std::thread application{[&] {
        for (unsigned i = 0; i < messages; ++i) {
            out.append(static_cast<uint16_t>(i), bytes({static_cast<int>(i & 0xff)}));
            if (i % 100 == 99) out.mark(i);
        }
    }};
    std::vector<uint64_t> tokens;
    while (t.written.size() < messages * 7 || tokens.size() < messages / 100)
        g_assert_true(static_cast<bool>(out.write(t, tokens)));
    application.join();
    for (unsigned i = 0; i < messages; ++i) g_assert_true(t.written[7 * i] == static_cast<std::byte>(i));
    g_assert_true(std::is_sorted(tokens.begin(), tokens.end()));
}

// The connection is replaced: what was begun, and the last word, stay with the old one; the rest waits for the new one.
void test_replaced_connection() {
    Outgoing out;
    FakeTransport before, after;
    out.append(1, bytes({1, 2}));
    out.mark(7);
    out.append(2, {});
    before.room = 3;
    g_assert_true(write_all(out, before).empty());
    out.hold(uint16_t{4});
    out.append(3, {});
    out.mark(8);
    g_assert_false(out.empty());
    before.room = SIZE_MAX;
    g_assert_true(write_all(out, before) == std::vector<uint64_t>{7});
    assert_bytes(before.written, {1, 0, 2, 0, 0, 0, 1, 2, 4, 0, 0, 0, 0, 0});
    g_assert_true(out.empty()); // nothing to be done until then
    g_assert_true(write_all(out, before).empty());
    out.use_mini_headers(false);
    out.release(Outgoing::First{5, bytes({9})});
    g_assert_false(out.empty());
    g_assert_true(write_all(out, after) == std::vector<uint64_t>{8});
    assert_bytes(after.written, {3, 0, 0, 0, 0, 0, 0, 0, 5, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9,
                                 4, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                 5, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    out.hold(std::nullopt);
    out.append(6, {});
    g_assert_true(out.empty());
    out.release(std::nullopt);
    g_assert_false(out.empty());
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/outgoing/mini", test_mini);
    g_test_add_func("/outgoing/full", test_full);
    g_test_add_func("/outgoing/partial-writes", test_partial_writes);
    g_test_add_func("/outgoing/marks", test_marks);
    g_test_add_func("/outgoing/failures", test_failures);
    g_test_add_func("/outgoing/overflow", test_overflow);
    g_test_add_func("/outgoing/overflow-of-empty-messages", test_overflow_of_empty_messages);
    g_test_add_func("/outgoing/written-bytes-do-not-count", test_written_bytes_do_not_count);
    g_test_add_func("/outgoing/replaced-connection", test_replaced_connection);
    g_test_add_func("/outgoing/threads", test_threads);
    return g_test_run();
}
