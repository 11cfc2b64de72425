// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "mini-client.hh"
#include "scripted-server.hh"

#include <glib.h>
#include <unistd.h>

#include <string>

using namespace spice::test;

namespace {

constexpr ChannelKey main_key{SPICE_CHANNEL_MAIN, 0}, display_key{SPICE_CHANNEL_DISPLAY, 0};

MiniClient connect(const ScriptedServer &server) {
    MiniClient client;
    g_assert_true(client.connect_tcp(server.port()));
    return client;
}

void test_session() {
    ScriptedServer s;
    s.main().init({.session_id = 77}).channels({display_key, {SPICE_CHANNEL_INPUTS, 0}});
    s.display()
        .expect(SPICE_MSGC_DISPLAY_INIT)
        .surface_create(0, 4, 2)
        .fill(0, {0, 0, 4, 2}, 0x123456)
        .mark()
        .ping(9)
        .expect_pong(9);
    g_assert_true(s.start());
    auto m = connect(s);
    g_assert_cmpuint(m.link({.channel = main_key}), ==, SPICE_LINK_ERR_OK);
    const auto init = m.receive();
    g_assert_true(init && init->type == SPICE_MSG_MAIN_INIT && init->u(0, 4) == 77 && init->body.size() == 32);
    m.send(SPICE_MSGC_MAIN_ATTACH_CHANNELS, {});
    const auto list = m.receive();
    g_assert_true(list && list->type == SPICE_MSG_MAIN_CHANNELS_LIST && list->u(0, 4) == 2 && list->u(4, 1) == 2);
    auto d = connect(s);
    g_assert_cmpuint(d.link({.connection_id = 77, .channel = display_key}), ==, SPICE_LINK_ERR_OK);
    d.send(SPICE_MSGC_DISPLAY_INIT, Bytes().zeros(14));
    for (const int type : {int{SPICE_MSG_DISPLAY_SURFACE_CREATE}, int{SPICE_MSG_DISPLAY_DRAW_FILL},
                           int{SPICE_MSG_DISPLAY_MARK}, int{SPICE_MSG_PING}}) {
        const auto got = d.receive();
        g_assert_true(got);
        g_assert_cmpint(got->type, ==, type);
    }
    g_assert_false(s.display().finished(Milliseconds{0}));
    d.send(SPICE_MSGC_PONG, Bytes().u32(9).u64(0));
    g_assert_true(s.display().finished());
    g_assert_true(s.main().finished());
    g_assert_cmpuint(s.display().received().size(), ==, 2);
    g_assert_cmpuint(s.display().wait_received(SPICE_MSGC_PONG)->serial, ==, 2);
    g_assert_false(s.display().wait_received(SPICE_MSGC_PONG, 2, Milliseconds{1}));
    g_assert_true(s.failures().empty());
    g_assert_cmpuint(s.links().size(), ==, 2);
    g_assert_cmpuint(s.display().links()[0].connection_id, ==, 77);
    s.disconnect_all();
    g_assert_true(s.main().closed() && s.display().closed());
    g_assert_false(m.receive());
}

void test_live_steps() {
    ScriptedServer s;
    s.main().init();
    g_assert_true(s.start());
    auto m = connect(s);
    g_assert_cmpuint(m.link({}), ==, 0);
    g_assert_true(m.receive());
    s.main().gate().ping(1);
    s.main().notify("hello");
    s.main().open_gate();
    const auto ping = m.receive(), notify = m.receive();
    g_assert_true(ping && ping->type == SPICE_MSG_PING && notify && notify->type == SPICE_MSG_NOTIFY);
    g_assert_cmpuint(notify->body.size(), ==, 24 + 5 + 1);
}

void test_second_connection() {
    ScriptedServer s;
    s.main().ping(1).close().next_connection().ping(2).next_connection().reset();
    g_assert_true(s.start());
    for (const unsigned id : {1u, 2u}) {
        auto m = connect(s);
        g_assert_cmpuint(m.link({}), ==, 0);
        g_assert_cmpuint(m.receive()->u(0, 4), ==, id);
        if (id == 1) g_assert_false(m.receive());
    }
    auto m = connect(s);
    g_assert_cmpuint(m.link({}), ==, 0);
    g_assert_false(m.receive());
    g_assert_true(s.main().finished());
    g_assert_true(s.main().connected(3));
}

void test_password() {
    ScriptedServer s;
    s.link_plan({.password = "tiger"});
    g_assert_true(s.start());
    for (const char *word : {"", "tige", "tigerr", "tiger"}) {
        auto m = connect(s);
        const bool right = std::string_view{word} == "tiger";
        g_assert_cmpuint(m.link({.password = word}), ==, right ? 0u : unsigned{SPICE_LINK_ERR_PERMISSION_DENIED});
        const auto record = s.links().back();
        g_assert_cmpstr(record.password.c_str(), ==, word);
        g_assert_true(record.ticket_valid);
    }
    g_assert_cmpuint(s.links().back().auth_mechanism, ==, 1);
}

void test_connection_id() {
    ScriptedServer s;
    s.main().init({.session_id = 5});
    g_assert_true(s.start());
    auto d = connect(s);
    g_assert_cmpuint(d.link({.connection_id = 6, .channel = display_key}), ==, SPICE_LINK_ERR_BAD_CONNECTION_ID);
    s.display().link_plan({.check_connection_id = false});
    auto again = connect(s);
    g_assert_cmpuint(again.link({.connection_id = 6, .channel = display_key}), ==, 0);
}

void test_full_header() {
    ScriptedServer s;
    s.main().ping(3).expect(SPICE_MSGC_PONG);
    s.link_plan({.common_caps = {3}}); // no MINI_HEADER
    g_assert_true(s.start());
    auto m = connect(s);
    g_assert_cmpuint(m.link({}), ==, 0);
    const auto ping = m.receive();
    g_assert_true(ping && ping->type == SPICE_MSG_PING);
    g_assert_cmpuint(ping->serial, ==, 1);
    m.send(SPICE_MSGC_PONG, Bytes().u32(3).u64(0), 41);
    g_assert_true(s.main().finished());
    g_assert_cmpuint(s.main().received()[0].serial, ==, 41);
}

void test_link_faults() {
    ScriptedServer s;
    g_assert_true(s.start());
    const auto reply_of = [&](const LinkPlan &p) {
        s.link_plan(p);
        auto m = connect(s);
        m.send_link({});
        return m.read_to_end_or(16 + 178 + 8);
    };
    const auto good = reply_of({});
    g_assert_cmpuint(good.size(), ==, 202);
    g_assert_cmpuint(number_at(good, 12, 4), ==, 186);
    g_assert_cmpuint(number_at(good, 20, 4), ==, 0x309f8130); // DER SEQUENCE of a 1024-bit key
    const auto refused = reply_of({.error = SPICE_LINK_ERR_NEED_SECURED});
    g_assert_cmpuint(refused.size(), ==, 194);
    g_assert_cmpuint(number_at(refused, 16, 4), ==, SPICE_LINK_ERR_NEED_SECURED);
    g_assert_cmpuint(number_at(reply_of({.magic = 0x21212121}), 0, 4), ==, 0x21212121);
    g_assert_cmpuint(number_at(reply_of({.major = 3}), 4, 4), ==, 3);
    g_assert_cmpuint(number_at(reply_of({.size = 7}), 12, 4), ==, 7);
    g_assert_cmpuint(number_at(reply_of({.num_common = 0xffffffff}), 16 + 166, 4), ==, 0xffffffff);
    g_assert_cmpuint(number_at(reply_of({.caps_offset = 177}), 16 + 174, 4), ==, 177);
    for (const int64_t n : {0, 1, 15, 16, 100, 201})
        g_assert_cmpuint(reply_of({.close_after = n}).size(), ==, static_cast<gsize>(n));
    g_assert_cmpuint(reply_of({.raw_reply = Bytes().text("HTTP/1.1").take(), .close_after = 8}).size(), ==, 8);
    s.link_plan({.auth_result = 9});
    auto m = connect(s);
    g_assert_cmpuint(m.link({}), ==, 9);
}

void test_expect_fails() {
    ScriptedServer s;
    s.main().expect(SPICE_MSGC_PONG, Milliseconds{1});
    s.display().expect_next(SPICE_MSGC_DISPLAY_INIT);
    g_assert_true(s.start());
    auto m = connect(s);
    g_assert_cmpuint(m.link({}), ==, 0);
    g_assert_true(s.main().closed());
    g_assert_true(s.failures().find("expect(3) timed out") != std::string::npos);
    auto d = connect(s);
    g_assert_cmpuint(d.link({.channel = display_key}), ==, 0);
    d.send(SPICE_MSGC_PONG, Bytes().zeros(12));
    g_assert_true(s.display().closed());
    g_assert_true(s.failures().find("expect(101) met message 3") != std::string::npos);
    g_assert_false(s.display().finished(Milliseconds{0}));
}

void test_stalled_and_large() { // neither side blocks the other, and stop() ends a stall
    ScriptedServer s;
    s.main().send(SPICE_MSG_PING, Bytes().zeros(8u << 20)).stall();
    g_assert_true(s.start());
    auto m = connect(s);
    g_assert_cmpuint(m.link({}), ==, 0);
    const auto big = m.receive();
    g_assert_true(big && big->body.size() == 8u << 20);
    s.main().release();
    g_assert_true(s.main().finished());
    s.display().stall();
    auto d = connect(s);
    g_assert_cmpuint(d.link({.channel = display_key}), ==, 0);
    s.stop();
    g_assert_false(d.receive());
}

void test_unix_socket() {
    const std::string path = std::string{g_get_tmp_dir()} + "/scripted-" + std::to_string(getpid());
    ScriptedServer s;
    s.main().ping(1);
    g_assert_true(s.start(path));
    g_assert_true(s.uri() == "spice+unix://" + path);
    MiniClient m;
    g_assert_true(m.connect_unix(path));
    g_assert_cmpuint(m.link({}), ==, 0);
    g_assert_true(m.receive());
    s.stop();
    g_assert_cmpint(access(path.c_str(), F_OK), ==, -1);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/scripted-server/session", test_session);
    g_test_add_func("/scripted-server/live-steps", test_live_steps);
    g_test_add_func("/scripted-server/second-connection", test_second_connection);
    g_test_add_func("/scripted-server/password", test_password);
    g_test_add_func("/scripted-server/connection-id", test_connection_id);
    g_test_add_func("/scripted-server/full-header", test_full_header);
    g_test_add_func("/scripted-server/link-faults", test_link_faults);
    g_test_add_func("/scripted-server/expect-fails", test_expect_fails);
    g_test_add_func("/scripted-server/stalled-and-large", test_stalled_and_large);
    g_test_add_func("/scripted-server/unix-socket", test_unix_socket);
    return g_test_run();
}
