// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link-peer.hh"
#include "link/socket.hh"
#include "scripted-server.hh"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <spice/protocol.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <thread>

using namespace spice::test;
using spice::Error;
using spice::link::LinkRequest;
using Kind = Error::Kind;

namespace {

constexpr int64_t reply_bytes = 16 + 178 + 8, all_bytes = reply_bytes + 4;

void assert_refused(const spice::Result<spice::link::LinkAnswer> &answer, Kind kind, int code = 0) {
    g_assert_false(static_cast<bool>(answer));
    if (answer.error().kind != kind) g_test_message("%s", answer.error().what.c_str());
    g_assert_cmpint(static_cast<int>(answer.error().kind), ==, static_cast<int>(kind));
    g_assert_cmpint(answer.error().code, ==, code);
}

void test_good() {
    ScriptedServer s;
    s.link_plan({.password = "tiger"});
    g_assert_true(s.start());
    auto request = ordinary_request();
    request.connection_id = 0x01020304;
    request.channel_type = SPICE_CHANNEL_DISPLAY;
    request.channel_id = 3;
    request.password = "tiger";
    auto answer = link_to(s.port(), request);
    g_assert_true(static_cast<bool>(answer));
    g_assert_true(answer->mini_header);
    g_assert_true(answer->common_caps.test(1) && answer->common_caps.test(3) && !answer->common_caps.test(2));
    g_assert_true(answer->channel_caps.test(SPICE_DISPLAY_CAP_MONITORS_CONFIG));
    const auto link = s.links().at(0);
    g_assert_cmpuint(link.connection_id, ==, 0x01020304);
    g_assert_true(link.channel == (ChannelKey{SPICE_CHANNEL_DISPLAY, 3}));
    g_assert_true(link.major == 2 && link.minor == 2);
    g_assert_true(link.common_caps == std::vector<uint32_t>{0x9} && link.channel_caps == std::vector<uint32_t>{0x2});
    g_assert_cmpuint(link.auth_mechanism, ==, 1);
    g_assert_true(link.ticket_valid);
}

bool mini_with(uint32_t server_caps, std::initializer_list<unsigned> client_caps) {
    ScriptedServer s;
    s.link_plan({.common_caps = {server_caps}});
    g_assert_true(s.start());
    auto request = ordinary_request();
    request.common_caps = client_caps;
    auto answer = link_to(s.port(), request);
    g_assert_true(static_cast<bool>(answer));
    return answer->mini_header;
}

void test_header_kind() {
    g_assert_true(mini_with(0x0b, {0, 3}));
    g_assert_false(mini_with(0x03, {0, 3}));
    g_assert_false(mini_with(0x0b, {0}));
}

void test_ancient_server() { // without AUTH_SELECTION there is no mechanism word
    ScriptedServer s;
    s.link_plan({.common_caps = {}, .default_channel_caps = false});
    g_assert_true(s.start());
    auto answer = link_to(s.port());
    g_assert_true(static_cast<bool>(answer));
    g_assert_false(answer->mini_header);
    g_assert_cmpuint(s.links().at(0).auth_mechanism, ==, 0);
    g_assert_true(s.links().at(0).ticket_valid);
}

void test_minor_is_informational() {
    ScriptedServer s;
    s.link_plan({.minor = 99});
    g_assert_true(s.start());
    g_assert_true(static_cast<bool>(link_to(s.port())));
}

void test_link_errors() {
    ScriptedServer s;
    g_assert_true(s.start());
    for (uint32_t code = 1; code <= 9; ++code) {
        s.link_plan({.error = code});
        assert_refused(link_to(s.port()), Kind::link, static_cast<int>(code));
    }
    s.link_plan({.error = 0xdeadbeef});
    assert_refused(link_to(s.port()), Kind::link, static_cast<int>(0xdeadbeef));
}

void test_link_results() {
    ScriptedServer s;
    g_assert_true(s.start());
    const struct {
        uint32_t result;
        Kind kind;
        int code;
    } cases[] = {{7, Kind::auth, 7}, {8, Kind::link, 8}, {9, Kind::link, 9}, {1, Kind::auth, 0}, {0x51444552, Kind::auth, 0}};
    for (const auto &c : cases) {
        s.link_plan({.auth_result = c.result});
        assert_refused(link_to(s.port()), c.kind, c.code);
    }
}

void test_passwords() {
    ScriptedServer s;
    s.link_plan({.password = std::string(60, 'x')});
    g_assert_true(s.start());
    auto request = ordinary_request();
    for (const auto &wrong : {std::string{}, std::string(59, 'x'), std::string("y")}) {
        request.password = wrong;
        assert_refused(link_to(s.port(), request), Kind::auth, SPICE_LINK_ERR_PERMISSION_DENIED);
        const auto sent = s.links().back();
        g_assert_cmpstr(sent.password.c_str(), ==, wrong.c_str());
    }
    request.password = std::string(60, 'x');
    g_assert_true(static_cast<bool>(link_to(s.port(), request)));
    const auto before = s.links().size();
    request.password = std::string(61, 'x'); // is never sent
    assert_refused(link_to(s.port(), request), Kind::auth);
    for (std::size_t i = before; i < s.links().size(); ++i) g_assert_false(s.links()[i].ticket_valid);
}

void test_nonsense() {
    ScriptedServer s;
    g_assert_true(s.start());
    const LinkPlan plans[] = {
        {.magic = 0x21212121}, {.magic = 0x52454451}, {.major = 0}, {.major = 1}, {.major = 3},
        {.size = 0}, {.size = 177}, {.size = 4097}, {.size = 0xffffffff}, {.num_common = 3}, {.num_common = 0xffffffff},
        {.num_channel = 2}, {.num_channel = 0xffffffff}, {.num_common = 0x80000001, .num_channel = 0x7fffffff},
        {.num_common = 0x40000001, .num_channel = 1}, {.caps_offset = 187}, {.caps_offset = 0xffffffff}, {.caps_offset = 183},
        {.garbage_key = true},
        {.common_caps = {0x0d}}, // SASL alone
        {.common_caps = {0x09}}, // nothing to authenticate with
    };
    for (const auto &plan : plans) {
        s.link_plan(plan);
        assert_refused(link_to(s.port()), Kind::link);
    }
    s.link_plan({.raw_reply = Bytes().text("HTTP/1.1 400 Bad Request\r\n\r\n").take()});
    assert_refused(link_to(s.port()), Kind::link);
    s.link_plan({.raw_reply = Bytes().text("SSH-2.0-OpenSSH_9.2\r\n").take()});
    assert_refused(link_to(s.port()), Kind::link);
    s.link_plan({}); // the server is all right after all that
    g_assert_true(static_cast<bool>(link_to(s.port())));
}

// The server leaves after any number of bytes, politely or not.
void test_server_leaves() {
    ScriptedServer s;
    g_assert_true(s.start());
    for (const bool reset : {false, true})
        for (int64_t n = 0; n < all_bytes; ++n) {
            s.link_plan({.close_after = n, .reset = reset});
            const auto answer = link_to(s.port());
            g_assert_false(static_cast<bool>(answer));
            const auto kind = answer.error().kind;
            g_assert_true(kind == Kind::link || kind == Kind::io); // both are error-link to an application
        }
    s.link_plan({.close_after = all_bytes});
    g_assert_true(static_cast<bool>(link_to(s.port())));
}

void test_silence() {
    ScriptedServer s;
    g_assert_true(s.start());
    const auto limit = std::chrono::milliseconds(80);
    const LinkPlan plans[] = {
        {.stall_before_reply = true},
        {.stall_before_result = true},
        {.size = 190},                                    // more is promised than comes
        {.raw_reply = Bytes().u32(0x51444552).take()},
    };
    for (const auto &plan : plans) {
        s.link_plan(plan);
        const auto start = std::chrono::steady_clock::now();
        assert_refused(link_to(s.port(), ordinary_request(), limit), Kind::timeout, ETIMEDOUT);
        const auto took = std::chrono::steady_clock::now() - start;
        g_assert_true(took >= limit);
        g_assert_true(took < std::chrono::seconds(10));
    }
}

// Everything a correct server says, in advance.
ByteVector whole_answer() {
    static EVP_PKEY *const key = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024});
    unsigned char *der = nullptr;
    const int size = i2d_PUBKEY(key, &der);
    g_assert_cmpint(size, ==, 162);
    Bytes b;
    b.u32(0x51444552).u32(2).u32(2).u32(186).u32(0);
    b.raw(std::as_bytes(std::span{der, static_cast<std::size_t>(size)}));
    b.u32(1).u32(1).u32(178).u32(0x0b).u32(0x0f).u32(0);
    OPENSSL_free(der);
    return b.take();
}

// A socket pair whose far end has said the first `n` bytes of that.
struct Pair {
    explicit Pair(std::span<const std::byte> said) {
        g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
        if (!said.empty())
            g_assert_cmpint(send(fds[1], said.data(), said.size(), MSG_NOSIGNAL), ==, static_cast<ssize_t>(said.size()));
        near = std::make_unique<spice::link::SocketTransport>(fds[0]);
    }
    ~Pair() { close(fds[1]); }
    bool everything_read() const {
        int left = -1;
        g_assert_cmpint(ioctl(fds[0], FIONREAD, &left), ==, 0);
        return left == 0;
    }
    int fds[2];
    std::unique_ptr<spice::link::SocketTransport> near;
};

// Cancelled while it waits for the byte after any number of bytes: it ends at once.
void test_cancel_at_every_byte() {
    const auto answer = whole_answer();
    g_assert_cmpint(static_cast<int64_t>(answer.size()), ==, all_bytes);
    std::vector<std::chrono::microseconds> times;
    for (std::size_t n = 0; n < answer.size(); ++n) {
        Pair pair{std::span{answer}.first(n)};
        spice::link::Wakeup wakeup;
        auto kind = Kind::internal;
        std::thread client{[&] {
            const auto result = link_over(*pair.near, wakeup);
            kind = result ? Kind::argument : result.error().kind;
        }};
        while (!pair.everything_read()) sched_yield();
        const auto start = std::chrono::steady_clock::now();
        wakeup.cancel();
        client.join();
        times.push_back(std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start));
        g_assert_cmpint(static_cast<int>(kind), ==, static_cast<int>(Kind::cancelled));
    }
    std::sort(times.begin(), times.end());
    g_test_message("cancelled within %ld us (median), %ld us (longest)", static_cast<long>(times[times.size() / 2].count()),
                   static_cast<long>(times.back().count()));
    g_assert_true(times[times.size() / 2] < std::chrono::milliseconds(50));
    g_assert_true(times[times.size() * 9 / 10] < std::chrono::milliseconds(50)); // a busy machine may hold up a few
}

void test_cancelled_before() {
    Pair pair{whole_answer()};
    spice::link::Wakeup wakeup;
    wakeup.cancel();
    assert_refused(link_over(*pair.near, wakeup), Kind::cancelled);
}

// Each byte arrives alone: the limit is one of silence, not of the whole.
void test_byte_by_byte() {
    const auto answer = whole_answer();
    Pair pair{{}};
    std::thread server{[&] {
        for (const auto byte : answer) {
            while (!pair.everything_read()) sched_yield();
            g_assert_cmpint(send(pair.fds[1], &byte, 1, MSG_NOSIGNAL), ==, 1);
        }
    }};
    spice::link::Wakeup wakeup;
    const auto result = link_over(*pair.near, wakeup);
    server.join();
    g_assert_true(static_cast<bool>(result));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/handshake/good", test_good);
    g_test_add_func("/handshake/header-kind", test_header_kind);
    g_test_add_func("/handshake/ancient-server", test_ancient_server);
    g_test_add_func("/handshake/minor-is-informational", test_minor_is_informational);
    g_test_add_func("/handshake/link-errors", test_link_errors);
    g_test_add_func("/handshake/link-results", test_link_results);
    g_test_add_func("/handshake/passwords", test_passwords);
    g_test_add_func("/handshake/nonsense", test_nonsense);
    g_test_add_func("/handshake/server-leaves", test_server_leaves);
    g_test_add_func("/handshake/silence", test_silence);
    g_test_add_func("/handshake/cancel-at-every-byte", test_cancel_at_every_byte);
    g_test_add_func("/handshake/cancelled-before", test_cancelled_before);
    g_test_add_func("/handshake/byte-by-byte", test_byte_by_byte);
    return g_test_run();
}
