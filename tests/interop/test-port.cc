// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// Ports of a real server, through the C API: a program at the other end sends back what it gets.
#include "port-client.hh"

#include <cstdio>
#include <cstring>
#include <functional>
#include <spice-client.h>
#include <string>
#include <vector>

namespace {

using spice::Ref;
using spice::test::ServerProcess;

using Client = spice::test::PortClient;
using spice::test::turn_until;

struct Written {
    gssize count = -2; // -2: not yet
    int code = -1;
    std::string domain;
    static void done(GObject *source, GAsyncResult *result, gpointer self) {
        g_assert_cmpint(g_main_depth(), >, 0);
        auto *written = static_cast<Written *>(self);
        GError *error = nullptr;
        written->count = spice_port_channel_write_finish(SPICE_PORT_CHANNEL(source), result, &error);
        if (error) written->code = error->code, written->domain = g_quark_to_string(error->domain);
        g_clear_error(&error);
    }
};

void write(Client &client, const std::string &text, Written &written) {
    spice_port_channel_write_async(client.port, text.data(), text.size(), nullptr, Written::done, &written);
    g_assert_cmpint(written.count, ==, -2); // never inside the call
}

void test_echo() {
    Client client;
    client.start();
    g_assert_cmpstr(client.lines.c_str(), ==, "open 0 name ");
    g_assert_true(client.name() == "org.example.line.0");
    client.peer.echo();
    const std::string text = "hello, port";
    Written written;
    write(client, text, written);
    g_assert_true(turn_until([&] { return client.data == text && written.count != -2; }));
    g_assert_cmpint(written.count, ==, static_cast<gssize>(text.size()));
    spice_port_channel_event(client.port, SPICE_PORT_EVENT_BREAK);
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
    spice_port_event(client.port, SPICE_PORT_EVENT_BREAK);
    G_GNUC_END_IGNORE_DEPRECATIONS
    g_assert_true(turn_until([&] { return client.server.command("port 0 events") == "22"; }));
    client.lines.clear();
    g_assert_true(client.server.ok("port 0 event 2"));
    g_assert_true(turn_until([&] { return client.lines == "2 "; }));
}

void test_reopen() {
    Client client;
    client.start();
    client.lines.clear();
    g_assert_true(client.server.ok("port 0 disconnect"));
    g_assert_true(turn_until([&] { return client.lines == "shut 1 "; }));
    Written written;
    const std::string text = "nobody";
    write(client, text, written);
    g_assert_true(turn_until([&] { return written.count != -2; }));
    g_assert_cmpint(written.count, ==, -1);
    g_assert_cmpint(written.code, ==, SPICE_CLIENT_ERROR_FAILED);
    g_assert_cmpstr(written.domain.c_str(), ==, "spice-client-error-quark");
    client.lines.clear();
    g_assert_true(client.server.ok("port 0 connect " + client.peer.path()));
    g_assert_true(client.peer.accept());
    client.peer.echo();
    g_assert_true(turn_until([&] { return client.lines == "open 0 "; }));
    written = {};
    write(client, text, written);
    g_assert_true(turn_until([&] { return client.data == text && written.count > 0; }));
}

void test_read_only() {
    Client client;
    g_object_set(client.session.get(), "read-only", TRUE, nullptr);
    client.start();
    client.peer.echo();
    Written written;
    const std::string text = "not sent";
    write(client, text, written);
    spice_port_channel_event(client.port, SPICE_PORT_EVENT_BREAK);
    g_assert_true(turn_until([&] { return written.count != -2; }));
    g_assert_cmpint(written.count, ==, -1);
    g_assert_cmpint(written.code, ==, SPICE_CLIENT_ERROR_FAILED);
    client.peer.send("to look at"); // receiving is allowed
    g_assert_true(turn_until([&] { return client.data == "to look at"; }));
    g_assert_true(client.server.command("port 0 events").empty());
    g_assert_cmpuint(client.peer.received(), ==, 0);
}

long resident_kib() {
    long pages = 0, dummy = 0;
    auto *file = std::fopen("/proc/self/statm", "re");
    g_assert_nonnull(file);
    g_assert_cmpint(std::fscanf(file, "%ld %ld", &dummy, &pages), ==, 2);
    std::fclose(file);
    return pages * 4;
}

// Noise: of `bits` 2 LZ4 makes much less, of 8 nothing.
std::string noise(std::size_t size, unsigned bits) {
    std::string out(size, '\0');
    uint32_t state = 1;
    for (auto &c : out) {
        state = state * 1664525 + 1013904223;
        c = static_cast<char>(bits == 2 ? state >> 30 : state >> 24);
    }
    return out;
}

// 64 MiB there and back at once. In the middle the other end stops reading for as long as something moves: then writes
// wait, and nothing piles up here.
void echo_much(bool compressible) {
    constexpr std::size_t total = 64u << 20, first_write = 24u << 20, hold_at = 8u << 20;
    Client client;
    client.start();
    const auto source = noise(total, compressible ? 2 : 8);
    std::size_t back = 0;
    bool same = true;
    client.on_data = [&](const char *bytes, int size) {
        const auto n = static_cast<std::size_t>(size);
        same = same && back + n <= total && std::memcmp(source.data() + back, bytes, n) == 0;
        back += n;
    };
    client.peer.hold_at(hold_at);
    client.peer.echo();
    const long before = resident_kib();
    std::vector<Written> written(1 + (total - first_write) / (1u << 20));
    std::size_t at = 0;
    for (std::size_t i = 0; i < written.size(); ++i) {
        const auto size = i == 0 ? first_write : std::size_t{1} << 20;
        spice_port_channel_write_async(client.port, source.data() + at, size, nullptr, Written::done, &written[i]);
        at += size;
    }
    g_assert_true(turn_until([&] { return client.peer.holding(); }));
    std::size_t last = back + 1;
    while (std::exchange(last, back) != back) { // until what is on its way has come
        const auto until = g_get_monotonic_time() + 300'000;
        g_assert_true(turn_until([&] { return g_get_monotonic_time() > until; }));
    }
    if (!compressible) g_assert_cmpint(written.back().count, ==, -2); // the kernel's buffers hold most of it otherwise
    g_assert_cmpuint(back, <=, hold_at);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    g_assert_cmpint(resident_kib() - before, <, 24 << 10);
#endif
    client.peer.go_on();
    g_assert_true(turn_until([&] { return back >= total && written.back().count != -2; }));
    g_assert_true(same && back == total);
    for (std::size_t i = 0; i < written.size(); ++i)
        g_assert_cmpint(written[i].count, ==, i == 0 ? gssize{first_write} : gssize{1} << 20);
}
void test_echo_much() { echo_much(false); }
void test_echo_much_compressed() { echo_much(true); }

// The connection ends while writes wait: each of them fails, once.
void test_disconnect_while_writing() {
    Client client;
    client.start();
    client.peer.hold_at(1);
    client.peer.echo();
    const auto big = noise(32u << 20, 8); // more than the kernel's buffers hold
    Written first, second;
    write(client, big, first);
    write(client, big, second);
    g_assert_true(turn_until([&] { return client.peer.holding(); }));
    spice_channel_disconnect(SPICE_CHANNEL(client.port), SPICE_CHANNEL_NONE);
    g_assert_cmpint(first.count, ==, -2);
    g_assert_true(turn_until([&] { return first.count != -2 && second.count != -2; }));
    g_assert_true(first.count == -1 && second.count == -1);
    g_assert_cmpint(second.code, ==, SPICE_CLIENT_ERROR_FAILED);
    client.peer.go_on();
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    if (!ServerProcess::available()) return std::puts("1..0 # SKIP no test server") < 0;
    g_test_add_func("/port/echo", test_echo);
    g_test_add_func("/port/reopen", test_reopen);
    g_test_add_func("/port/read-only", test_read_only);
    g_test_add_func("/port/echo-64-mib", test_echo_much);
    g_test_add_func("/port/echo-64-mib-compressed", test_echo_much_compressed);
    g_test_add_func("/port/disconnect-while-writing", test_disconnect_while_writing);
    return g_test_run();
}
