// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "fake-agent.hh"

using namespace spice::test;

namespace {

constexpr uint32_t serials = 1u << 17, selections = 1u << 6;

spice::wire::Bytes bytes(const std::string &text) { return std::as_bytes(std::span{text}); }
void grab(Setup &s, unsigned selection, std::vector<uint32_t> types) { s.agent.clipboard().grab(selection, types); }

// Bytes of spec/agent.md §8.
void test_client_owns() {
    Setup s;
    s.arrive(modern_caps);
    grab(s, 0, {1, 2, 1, 2, 2});
    assert_lines(Lines{s.port.take()}, "7:00000000000000000100000002000000");
    grab(s, 1, {1});
    grab(s, 0, {2});
    assert_lines(Lines{s.port.take()}, "7:010000000000000001000000, 7:000000000100000002000000");
    s.say(8, "00000000 02000000");
    assert_lines(s.observer.lines, "request 0 2");
    assert_lines(Lines{s.port.take()}, ""); // the application answers when it can
    s.agent.clipboard().data(0, 2, bytes("png"));
    assert_lines(Lines{s.port.take()}, "4:0000000002000000706e67");
    s.agent.clipboard().release(0);
    assert_lines(Lines{s.port.take()}, "9:00000000");
    s.say(8, "00000000 02000000"); // too late: somebody waits for an answer all the same
    assert_lines(Lines{s.port.take()}, "4:0000000000000000");
    grab(s, 3, {1});
    grab(s, 0, {});
    assert_lines(Lines{s.port.take()}, "");
}

void test_old_agent() {
    Setup s;
    s.arrive(old_caps);
    grab(s, 1, {1});
    s.agent.clipboard().release(2);
    s.agent.clipboard().request(1, 1);
    s.agent.clipboard().data(1, 1, bytes("x"));
    assert_lines(Lines{s.port.take()}, "");
    grab(s, 0, {1, 2});
    s.agent.clipboard().request(0, 1);
    s.agent.clipboard().data(0, 1, bytes("x"));
    s.agent.clipboard().release(0);
    assert_lines(Lines{s.port.take()}, "7:0100000002000000, 8:01000000, 4:0100000078, 9:");
    s.say(7, "01000000 02000000");
    s.say(4, "01000000 616263");
    s.say(8, "01000000");
    assert_lines(s.observer.lines, "grab 0: 1 2, data 0 1 3, request 0 1");
    Setup without;
    without.arrive(0);
    grab(without, 0, {1});
    assert_lines(Lines{without.port.take()}, "");
}

void test_guest_owns() {
    Setup s;
    s.arrive(modern_caps);
    s.say(7, "01000000 00000000 01000000 02000000 63000000 01000000");
    s.agent.clipboard().request(1, 2);
    s.say(4, "01000000 02000000 00010203");
    s.say(4, "01000000 00000000");
    s.say(9, "01000000");
    assert_lines(s.observer.lines, "grab 1: 1 2, data 1 2 4, data 1 0 0, release 1");
    assert_lines(Lines{s.port.take()}, "8:0100000002000000");
    s.say(7, "01000000 01000000 63000000"); // nothing that is known here
    assert_lines(Lines{s.observer.lines.back()}, "release 1");
    s.say(7, "02000000 00000000 01000000");
    s.say(9, "02"); // the short form of spice-vdagentd 0.22.1
    s.say(9, "03");
    assert_lines(Lines{s.observer.lines.back()}, "release 2");
}

// Both sides grab at the same time: the agent's grab still carries the serial of before.
void test_serial_race() {
    Setup s;
    s.arrive(modern_caps);
    grab(s, 0, {1});
    s.say(7, "00000000 00000000 02000000");
    assert_lines(s.observer.lines, "");
    s.say(7, "00000000 01000000 02000000"); // it has seen ours
    s.say(7, "00000000 02000000 03000000");
    assert_lines(s.observer.lines, "grab 0: 2, grab 0: 3");
    s.port.sent.clear();
    grab(s, 0, {1});
    grab(s, 1, {1});
    assert_lines(Lines{s.port.take()}, "7:000000000300000001000000, 7:010000000000000001000000");
    s.agent.gone();
    s.arrive(modern_caps);
    grab(s, 0, {1}); // they begin again
    assert_lines(Lines{s.port.take()}, "7:000000000000000001000000");
}

void test_serial_wraps() {
    Setup s;
    s.arrive(old_caps | serials);
    for (uint32_t i = 0; i < 300; ++i) grab(s, 0, {1});
    s.port.sent.clear();
    s.say(7, "2c010000 01000000");
    assert_lines(s.observer.lines, "grab 0: 1");
    s.say(7, "ffffffff 01000000");
    g_assert_cmpuint(s.observer.lines.size(), ==, 1);
}

void test_delayed_release() {
    Setup s;
    s.arrive(old_caps | selections);
    s.say(7, "00000000 01000000");
    const auto before = g_get_monotonic_time();
    s.say(9, "00000000");
    s.say(7, "00000000 02000000"); // what such agents do at each change
    assert_lines(s.observer.lines, "grab 0: 1, grab 0: 2");
    s.say(9, "00000000");
    s.say(9, "01000000");
    g_assert_true(s.until([&] { return s.observer.lines.size() == 4; }));
    g_assert_cmpint(g_get_monotonic_time() - before, >=, 490000);
    assert_lines(s.observer.lines, "grab 0: 1, grab 0: 2, release 0, release 1");
    s.say(7, "00000000 01000000");
    s.say(9, "00000000");
    grab(s, 0, {1}); // ours now: the guest's end is no news
    g_assert_false(s.until([&] { return s.observer.lines.size() > 5; }, 700));
    s.say(9, "00000000");
    s.agent.gone(); // it does not come after the agent's end
    g_assert_false(s.until([&] { return s.observer.lines.size() > 5; }, 700));
}

void test_agent_ends() {
    Setup s;
    s.arrive(modern_caps);
    s.say(7, "00000000 00000000 01000000");
    s.say(7, "02000000 00000000 01000000");
    grab(s, 1, {1});
    s.observer.lines.clear();
    s.agent.gone();
    assert_lines(s.observer.lines, "release 0, release 2");
    s.arrive(modern_caps);
    s.say(8, "01000000 01000000");
    assert_lines(Lines{s.port.take()}, "4:0100000000000000"); // our grab went with the other agent
}

void test_limit() {
    Setup s;
    s.arrive(modern_caps);
    grab(s, 0, {1});
    s.port.sent.clear();
    s.port.wishes.max_clipboard = 10;
    s.agent.max_clipboard_changed();
    assert_lines(Lines{s.port.take()}, "14:0a000000");
    s.agent.clipboard().data(0, 1, bytes("123456789"));
    g_assert_cmpuint(s.port.sent.size(), ==, 1);
    s.agent.left(s.port.sent[0].mark);
    s.port.sent.clear();
    s.agent.clipboard().data(0, 1, bytes("1234567890"));
    assert_lines(Lines{s.port.take()}, "4:0000000000000000");
    s.port.wishes.max_clipboard = -1;
    s.agent.max_clipboard_changed();
    assert_lines(Lines{s.port.take()}, "14:ffffffff");
    const std::string large(1 << 20, 'x');
    s.agent.clipboard().data(0, 1, bytes(large));
    g_assert_cmpuint(s.port.sent[0].body.size(), ==, large.size() + 8);
    s.port.wishes.max_clipboard = 0;
    s.port.sent.clear();
    s.agent.clipboard().data(0, 1, {});
    assert_lines(Lines{s.port.take()}, "4:0000000000000000");
    g_assert_true(spice::agent::message_limit(-1) == UINT32_MAX && spice::agent::message_limit(5) == (100u << 20) + 5);
}

// A guest that asks again and again but takes nothing does not fill our memory.
void test_slow_guest() {
    Setup s;
    s.arrive(modern_caps);
    grab(s, 0, {1});
    s.port.sent.clear();
    s.port.wishes.max_clipboard = 1000;
    const std::string content(600, 'x');
    for (int i = 0; i < 100; ++i) {
        s.say(8, "00000000 01000000");
        s.agent.clipboard().data(0, 1, bytes(content));
    }
    std::size_t held = 0;
    for (const auto &message : s.port.sent) held += message.body.size();
    g_assert_cmpuint(held, <, 2000);
    s.agent.left(s.port.sent[0].mark); // it has taken the first
    s.port.sent.clear();
    s.agent.clipboard().data(0, 1, bytes(content));
    g_assert_cmpuint(s.port.sent.at(0).body.size(), ==, 608);
}

// What is too large to be kept answers the request with nothing.
void test_guest_has_too_much() {
    Setup s;
    s.arrive(modern_caps);
    s.agent.message({4, spice::wire::from_hex("01000000 02000000 aabbccdd 00112233"), true});
    s.agent.message({6, spice::wire::from_hex("00000000"), true});
    assert_lines(s.observer.lines, "data 1 2 0");
}

void test_answer_in_handler() {
    Setup s;
    s.arrive(modern_caps);
    s.observer.on_line = [&](const std::string &line) {
        if (line.starts_with("request")) s.agent.clipboard().data(0, 1, bytes("at once"));
    };
    s.say(8, "00000000 01000000"); // nobody has grabbed, but somebody answers
    g_assert_cmpuint(s.port.sent.size(), ==, 1);
    s.port.sent.clear();
    s.observer.on_line = [&](const std::string &) { s.agent.gone(); };
    s.say(8, "00000000 01000000");
    assert_lines(Lines{s.port.take()}, "");
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/agent/clipboard/client-owns", test_client_owns);
    g_test_add_func("/agent/clipboard/old-agent", test_old_agent);
    g_test_add_func("/agent/clipboard/guest-owns", test_guest_owns);
    g_test_add_func("/agent/clipboard/serial-race", test_serial_race);
    g_test_add_func("/agent/clipboard/serial-wraps", test_serial_wraps);
    g_test_add_func("/agent/clipboard/delayed-release", test_delayed_release);
    g_test_add_func("/agent/clipboard/agent-ends", test_agent_ends);
    g_test_add_func("/agent/clipboard/limit", test_limit);
    g_test_add_func("/agent/clipboard/slow-guest", test_slow_guest);
    g_test_add_func("/agent/clipboard/guest-has-too-much", test_guest_has_too_much);
    g_test_add_func("/agent/clipboard/answer-in-handler", test_answer_in_handler);
    return g_test_run();
}
