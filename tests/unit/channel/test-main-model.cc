// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/main-model.hh"
#include "model-setup.hh"

#include <spice/protocol.h>

using namespace spice::test;
using spice::channel::Event;
using spice::channel::MainModel;

namespace {

struct Observer final : Recorder<MainModel::Observer> {
    void on_mouse_mode() override { note("mouse-mode"); }
    void on_agent_update() override { note("agent"); }
    void on_agent_caps() override { note("caps"); }
    void on_clipboard_grab(unsigned, std::span<const uint32_t>) override { note("grab"); }
    void on_clipboard_request(unsigned, uint32_t) override { note("request"); }
    void on_clipboard_data(unsigned, uint32_t, spice::wire::Bytes) override { note("data"); }
    void on_clipboard_release(unsigned) override { note("release"); }
    spice::agent::Preferences preferences() const override { return {}; }
};

struct Setup : ModelSetup<MainModel, Observer> {
    ChannelScript &script{server.main()};
    std::vector<uint64_t> mode_requests() {
        std::vector<uint64_t> out;
        for (const auto &m : script.received(SPICE_MSGC_MAIN_MOUSE_MODE_REQUEST)) out.push_back(m.u(0, 2));
        return out;
    }
    ChannelScript &mouse_mode(uint16_t supported, uint16_t current) {
        return script.send(SPICE_MSG_MAIN_MOUSE_MODE, Bytes().u16(supported).u16(current));
    }
};

void test_start() {
    Setup s;
    s.script.init({.session_id = 77, .agent_connected = 1, .multi_media_time = 5000, .ram_hint = 64u << 20});
    s.script.send(SPICE_MSG_MAIN_NAME, Bytes().u32(6).text("guest").u8(0));
    s.script.send(SPICE_MSG_MAIN_UUID, Bytes().zeros(15).u8(9)).channels({{2, 0}, {3, 0}, {250, 7}});
    g_assert_true(s.model.connect());
    g_assert_true(s.loop.until([&] { return s.host.news.size() == 5; }));
    assert_lines(s.host.news, "init 77 67108864, time 5000, name guest, uuid 9, channels 2:0 3:0 250:7");
    assert_lines(s.observer.lines, "opened, mouse-mode, agent");
    g_assert_cmpint(s.model.mouse_mode(), ==, SPICE_MOUSE_MODE_CLIENT);
    g_assert_true(s.model.agent().connected());
    g_assert_true(s.finished(s.script));
    const auto sent = s.script.received();
    // The mode is as wished, so nothing is asked for. The agent comes behind.
    g_assert_true(sent.at(0).type == SPICE_MSGC_MAIN_ATTACH_CHANNELS && sent[0].body.empty());
    g_assert_true(s.mode_requests().empty());
    const auto start = s.script.wait_received(SPICE_MSGC_MAIN_AGENT_START);
    g_assert_true(start && start->u(0, 4) == UINT32_MAX);
    const auto data = s.script.wait_received(SPICE_MSGC_MAIN_AGENT_DATA);
    g_assert_true(data && data->body.size() == 28 && data->u(4, 4) == 6 && data->u(20, 4) == 1);
    g_assert_cmpuint(s.server.links().at(0).connection_id, ==, 0);
}

void test_mouse_modes() {
    Setup s;
    s.script.init({.supported_mouse_modes = 1, .current_mouse_mode = 1});
    g_assert_cmpint(s.model.mouse_mode(), ==, 0);
    g_assert_true(s.model.connect());
    g_assert_true(s.wait("mouse-mode"));
    g_assert_cmpint(s.model.mouse_mode(), ==, SPICE_MOUSE_MODE_SERVER);
    s.mouse_mode(3, 1).expect(SPICE_MSGC_MAIN_MOUSE_MODE_REQUEST); // client mode has become possible
    g_assert_true(s.finished(s.script));
    g_assert_true(s.mode_requests() == std::vector<uint64_t>{2});
    s.mouse_mode(3, 2);
    g_assert_true(s.wait("mouse-mode", 2));
    s.mouse_mode(3, 2).send(SPICE_MSG_MAIN_MULTI_MEDIA_TIME, Bytes().u32(7)); // no news, and what comes behind it
    g_assert_true(s.loop.until([&] { return s.host.news.back() == "time 7"; }));
    g_assert_cmpint(s.model.mouse_mode(), ==, SPICE_MOUSE_MODE_CLIENT);
    s.model.request_mouse_mode(SPICE_MOUSE_MODE_SERVER);
    s.model.request_mouse_mode(0);
    s.model.request_mouse_mode(7);
    s.script.expect(SPICE_MSGC_MAIN_MOUSE_MODE_REQUEST);
    s.mouse_mode(3, 1);
    g_assert_true(s.wait("mouse-mode", 3));
    s.mouse_mode(3, 2).expect(SPICE_MSGC_MAIN_MOUSE_MODE_REQUEST); // the wish stays
    g_assert_true(s.wait("mouse-mode", 4));
    g_assert_true(s.finished(s.script));
    g_assert_true((s.mode_requests() == std::vector<uint64_t>{2, 1, 1}));
    assert_lines(s.observer.lines, "opened, mouse-mode, mouse-mode, mouse-mode, mouse-mode");
}

void test_read_only_asks_for_nothing() {
    Setup s;
    s.host.is_read_only = true;
    s.script.init({.supported_mouse_modes = 3, .current_mouse_mode = 1, .agent_connected = 1}).channels({});
    g_assert_true(s.model.connect());
    g_assert_true(s.loop.until([&] { return s.host.news.size() == 3; }));
    g_assert_true(s.finished(s.script));
    g_assert_true(s.mode_requests().empty());
    g_assert_cmpuint(s.script.received(SPICE_MSGC_MAIN_ATTACH_CHANNELS).size(), ==, 1);
    g_assert_true(s.model.agent().connected());
    s.script.ping(1).expect_pong(1);
    g_assert_true(s.finished(s.script));
    g_assert_cmpuint(s.script.received().size(), ==, 2); // and the agent is not even started
}

// Bodies of agent data leave as credit allows, and nothing else waits for them.
void test_agent_credit() {
    Setup s;
    s.script.init({.agent_connected = 1, .agent_tokens = 2}).expect(SPICE_MSGC_MAIN_AGENT_DATA);
    s.script.send(SPICE_MSG_MAIN_AGENT_DATA, Bytes().u32(1).u32(6).u64(0).u32(8).u32(0).u32(1u << 5)); // BY_DEMAND
    g_assert_true(s.model.connect());
    g_assert_true(s.wait("caps"));
    const std::vector<std::byte> content(10000);
    s.model.agent().clipboard().data(0, 1, content); // five bodies, one token
    s.model.request_mouse_mode(SPICE_MOUSE_MODE_SERVER);
    s.script.expect(SPICE_MSGC_MAIN_MOUSE_MODE_REQUEST).ping(1).expect_pong(1);
    g_assert_true(s.finished(s.script));
    g_assert_cmpuint(s.script.received(SPICE_MSGC_MAIN_AGENT_DATA).size(), ==, 2);
    s.script.send(SPICE_MSG_MAIN_AGENT_TOKEN, Bytes().u32(3)).expect(SPICE_MSGC_MAIN_AGENT_DATA);
    s.script.expect(SPICE_MSGC_MAIN_AGENT_DATA).expect(SPICE_MSGC_MAIN_AGENT_DATA).ping(2).expect_pong(2);
    g_assert_true(s.finished(s.script));
    g_assert_cmpuint(s.script.received(SPICE_MSGC_MAIN_AGENT_DATA).size(), ==, 5);
    // Another agent with credit of its own. Of the first one's message the server still counts the rest, whatever it is.
    s.script.send(SPICE_MSG_MAIN_AGENT_DISCONNECTED, Bytes().u32(0));
    s.script.send(SPICE_MSG_MAIN_AGENT_CONNECTED_TOKENS, Bytes().u32(9)).expect(SPICE_MSGC_MAIN_AGENT_START);
    s.script.expect(SPICE_MSGC_MAIN_AGENT_DATA).ping(3).expect_pong(3);
    g_assert_true(s.finished(s.script));
    const auto bodies = s.script.received(SPICE_MSGC_MAIN_AGENT_DATA);
    g_assert_cmpuint(bodies.size(), ==, 7);
    g_assert_cmpuint(bodies[5].body.size(), ==, 10024 - 4 * 2048);
    g_assert_true(bodies[6].body.size() == 28 && bodies[6].u(4, 4) == 6);
}

// A guest that takes everything at once does not make the queue to the socket overflow.
void test_agent_large_credit() {
    Setup s;
    s.script.init({.agent_connected = 1, .agent_tokens = 1'000'000}).expect(SPICE_MSGC_MAIN_AGENT_DATA);
    s.script.send(SPICE_MSG_MAIN_AGENT_DATA, Bytes().u32(1).u32(6).u64(0).u32(8).u32(0).u32(1u << 5)); // BY_DEMAND
    g_assert_true(s.model.connect());
    g_assert_true(s.wait("caps"));
    constexpr std::size_t bodies = 70u << 9; // of 2 KiB; the last one is for the headers
    s.model.agent().clipboard().data(0, 1, std::vector<std::byte>(bodies * 2048));
    const auto last = s.script.wait_received(SPICE_MSGC_MAIN_AGENT_DATA, 1 + bodies + 1);
    g_assert_true(last && last->body.size() == 24);
    g_assert_true(s.model.agent().connected());
}

// One message of the server that could be thousands of the agent's.
void test_agent_too_much() {
    for (const bool too_large : {false, true}) {
        Setup s;
        s.script.init({.agent_connected = 1, .agent_tokens = 1}).expect(SPICE_MSGC_MAIN_AGENT_DATA);
        Bytes said;
        for (int i = 0; i < (64 << 10) / 24; ++i) said.u32(1).u32(99).u64(0).u32(4).u32(0);
        said.zeros((64 << 10) % 24 + (too_large ? 1 : 0));
        s.script.send(SPICE_MSG_MAIN_AGENT_DATA, said.take()).ping(1);
        if (!too_large) s.script.expect_pong(1);
        g_assert_true(s.model.connect());
        if (too_large) {
            g_assert_true(s.wait("closed"));
            assert_lines(Lines(s.observer.lines.end() - 2, s.observer.lines.end()), "error-io, closed");
        } else {
            g_assert_true(s.finished(s.script));
        }
    }
}

void test_agent() {
    Setup s;
    s.script.init().send(SPICE_MSG_MAIN_AGENT_CONNECTED).send(SPICE_MSG_MAIN_AGENT_CONNECTED_TOKENS, Bytes().u32(5));
    s.script.send(SPICE_MSG_MAIN_AGENT_DISCONNECTED, Bytes().u32(0)).send(SPICE_MSG_MAIN_AGENT_CONNECTED_TOKENS, Bytes().u32(5));
    std::vector<bool> seen;
    s.observer.on_line = [&](const std::string &line) {
        if (line == "agent") seen.push_back(s.model.agent().connected());
    };
    g_assert_true(s.model.connect());
    g_assert_true(s.wait("agent", 3));
    // Its end is told before that of the channel.
    s.script.expect(SPICE_MSGC_MAIN_ATTACH_CHANNELS);
    for (int agents = 0; agents < 3; ++agents) s.script.expect(SPICE_MSGC_MAIN_AGENT_START);
    s.script.expect(SPICE_MSGC_MAIN_AGENT_DATA).close(); // with nothing unread: no reset
    g_assert_true(s.wait("closed"));
    assert_lines(s.observer.lines, "opened, mouse-mode, agent, agent, agent, agent, closed");
    g_assert_true((seen == std::vector<bool>{true, false, true, false}));
    g_assert_false(s.model.agent().connected());
}

void test_reconnect() {
    Setup s;
    s.script.init({.session_id = 5}).expect(SPICE_MSGC_MAIN_ATTACH_CHANNELS).close();
    s.script.next_connection().init({.session_id = 6}).expect(SPICE_MSGC_MAIN_ATTACH_CHANNELS);
    s.observer.on_line = [&](const std::string &line) {
        if (line == "closed") g_assert_true(s.model.connect());
    };
    g_assert_true(s.model.connect());
    g_assert_true(s.loop.until([&] { return s.host.news.size() == 4; }));
    assert_lines(s.host.news, "init 5 0, time 1000, init 6 0, time 1000");
    assert_lines(s.observer.lines, "opened, mouse-mode, agent, closed, opened"); // the mode has not changed
    g_assert_true(s.finished(s.script));
}

// Handlers may end the connection between any two pieces of news that one message holds.
void test_disconnect_in_handlers() {
    for (const char *moment : {"opened", "mouse-mode", "agent"}) {
        Setup s;
        s.script.init({.agent_connected = 1}).channels({{2, 0}});
        s.observer.on_line = [&](const std::string &line) {
            if (line == moment) s.model.disconnect(Event::none);
        };
        g_assert_true(s.model.connect());
        g_assert_true(s.wait("closed"));
        g_assert_true(threads_gone(s.loop));
        s.loop.drain();
        for (const auto &line : s.host.news) g_assert_false(line.starts_with("channels"));
        if (std::string_view{moment} == "mouse-mode") assert_lines(s.host.news, "init 1 0");
    }
}

void test_disconnect_in_host() {
    Setup s;
    s.script.init({.agent_connected = 1});
    s.host.on_news = [&] { s.model.disconnect(Event::closed); };
    g_assert_true(s.model.connect());
    g_assert_true(s.wait("closed", 2));
    g_assert_true(threads_gone(s.loop));
    assert_lines(s.host.news, "init 1 0");
    g_assert_true(s.script.received(SPICE_MSGC_MAIN_ATTACH_CHANNELS).empty());
}

// The channel was taken out of its session while events are under way.
void test_without_session() {
    Setup s;
    s.script.init().channels({{2, 0}});
    s.observer.on_line = [&](const std::string &line) {
        if (line == "opened") s.model.leave_session();
    };
    g_assert_true(s.model.connect());
    s.script.expect(1, Milliseconds{1}); // it never comes: the script fails and the server closes
    g_assert_true(s.loop.until([&] { return s.observer.has("opened"); }));
    s.server.disconnect_all();
    g_assert_true(s.wait("closed"));
    g_assert_true(s.host.news.empty());
}

void test_malformed() {
    const std::pair<uint16_t, ByteVector> messages[] = {
        {SPICE_MSG_MAIN_INIT, Bytes().zeros(31)},
        {SPICE_MSG_MAIN_CHANNELS_LIST, Bytes().u32(1000).u8(2).u8(0)},
        {SPICE_MSG_MAIN_CHANNELS_LIST, Bytes().u32(UINT32_MAX)},
        {SPICE_MSG_MAIN_MOUSE_MODE, Bytes().u16(3)},
        {SPICE_MSG_MAIN_NAME, Bytes().u32(100).text("short")},
        {SPICE_MSG_MAIN_UUID, Bytes().zeros(15)},
        {SPICE_MSG_MAIN_MULTI_MEDIA_TIME, Bytes().u16(1)},
    };
    for (const auto &[type, body] : messages) {
        Setup s;
        s.script.send(type, body);
        g_assert_true(s.model.connect());
        g_assert_true(s.wait("closed"));
        assert_lines(s.observer.lines, "opened, agent, error-io, closed");
        g_assert_true(s.host.news.empty());
    }
}

void test_name_without_nul() {
    Setup s;
    s.script.send(SPICE_MSG_MAIN_NAME, Bytes().u32(4).text("name")).send(SPICE_MSG_MAIN_NAME, Bytes().u32(0));
    s.script.send(SPICE_MSG_MAIN_NAME, Bytes().u32(5).text("a").u8(0).text("bc").u8(0));
    g_assert_true(s.model.connect());
    g_assert_true(s.loop.until([&] { return s.host.news.size() == 3; }));
    assert_lines(s.host.news, "name name, name , name a");
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/main-model/start", test_start);
    g_test_add_func("/main-model/mouse-modes", test_mouse_modes);
    g_test_add_func("/main-model/read-only-asks-for-nothing", test_read_only_asks_for_nothing);
    g_test_add_func("/main-model/agent", test_agent);
    g_test_add_func("/main-model/agent-credit", test_agent_credit);
    g_test_add_func("/main-model/agent-large-credit", test_agent_large_credit);
    g_test_add_func("/main-model/agent-too-much", test_agent_too_much);
    g_test_add_func("/main-model/reconnect", test_reconnect);
    g_test_add_func("/main-model/disconnect-in-handlers", test_disconnect_in_handlers);
    g_test_add_func("/main-model/disconnect-in-host", test_disconnect_in_host);
    g_test_add_func("/main-model/without-session", test_without_session);
    g_test_add_func("/main-model/malformed", test_malformed);
    g_test_add_func("/main-model/name-without-nul", test_name_without_nul);
    return g_test_run();
}
