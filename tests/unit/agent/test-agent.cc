// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
// The agent's life and the monitors.
#include "fake-agent.hh"

using namespace spice::test;

namespace {

constexpr uint32_t sparse = 1u << 7;

// Bytes of spec/agent.md §8.
void test_start() {
    Setup s;
    s.agent.came();
    g_assert_true(s.agent.connected());
    g_assert_cmpint(s.port.started, ==, 1);
    assert_lines(Lines{s.port.take()}, "6:0100000077500300");
    g_assert_false(s.agent.has(VD_AGENT_CAP_REPLY));
    s.port.wishes.disable_wallpaper = s.port.wishes.disable_animation = true;
    s.announce(modern_caps | 1u << 4, 1);
    assert_lines(s.observer.lines, "caps");
    assert_lines(Lines{s.port.take()}, "6:0000000077500300, 5:0500000000000000, 14:00004006");
    g_assert_true(s.agent.has(VD_AGENT_CAP_REPLY));
    g_assert_cmphex(s.agent.first_caps(), ==, modern_caps | 1u << 4);
    s.announce(modern_caps); // again: nothing is said twice
    assert_lines(s.observer.lines, "caps, caps");
    assert_lines(Lines{s.port.take()}, "");
    s.agent.gone();
    g_assert_false(s.agent.connected() || s.agent.has(VD_AGENT_CAP_REPLY));
    g_assert_cmphex(s.agent.first_caps(), ==, modern_caps); // as programs know it
    s.agent.came();
    g_assert_cmpint(s.port.started, ==, 2);
}

void test_caps_words() {
    Setup s;
    s.agent.came();
    s.say(6, "00000000");
    g_assert_false(s.agent.has(0));
    s.say(6, "00000000 01000000 01000000 ff"); // more words, and half of one
    g_assert_true(s.agent.has(0) && s.agent.has(32) && !s.agent.has(1) && !s.agent.has(1000));
}

void test_malformed() {
    Setup s;
    s.arrive(modern_caps);
    g_test_expect_message(nullptr, G_LOG_LEVEL_WARNING, "*");
    for (const auto &[type, body] : {std::pair{6u, "000000"}, {3u, "00"}, {4u, ""}, {4u, "00000000 010000"}, {7u, "000000"},
                                     {7u, "00000000 0000"}, {8u, "00000000"}, {9u, ""}, {11u, "01000000 030000"}, {17u, ""},
                                     {4000000000u, "00"}, {1u, ""}})
        s.say(type, body);
    for (int selection = 3; selection < 256; selection += 100) {
        char text[64];
        g_snprintf(text, sizeof text, "%02x000000 00000000 01000000", selection);
        for (const uint32_t type : {4u, 7u, 8u, 9u}) s.say(type, text);
    }
    assert_lines(s.observer.lines, "");
    assert_lines(Lines{s.port.take()}, "");
    s.say(8, "00000000 01000000"); // it is still understood
    assert_lines(s.observer.lines, "request 0 1");
}

void test_read_only() {
    Setup s;
    s.port.writable = false;
    s.agent.came();
    g_assert_cmpint(s.port.started, ==, 0);
    s.agent.clipboard().grab(0, std::array{1u});
    g_assert_false(s.agent.send_monitors());
    assert_lines(Lines{s.port.take()}, "");
    s.port.writable = true; // SpiceSession:read-only may change at any time
    g_assert_true(s.agent.send_monitors());
    g_assert_cmpint(s.port.started, ==, 1);
    assert_lines(Lines{s.port.take()}, "6:0100000077500300, 2:0000000001000000");

    Setup other;
    other.port.writable = false;
    other.agent.came();
    other.port.writable = true;
    other.agent.may_send_changed(); // the agent need not wait until there is something to say
    other.agent.may_send_changed();
    g_assert_cmpint(other.port.started, ==, 1);
    assert_lines(Lines{other.port.take()}, "6:0100000077500300");
}

void test_full_queue() {
    Setup s;
    s.arrive(modern_caps);
    s.port.full = true;
    s.agent.clipboard().grab(0, std::array{1u});
    s.port.full = false;
    s.say(8, "00000000 01000000"); // the grab has not reached the guest: there is nothing to be had
    assert_lines(Lines{s.port.take()}, "4:0000000000000000");
}

struct Volumes final : spice::agent::VolumeSource {
    std::vector<std::pair<bool, Answer>> asked;
    void ask_volume(bool playback, Answer answer) override { asked.emplace_back(playback, std::move(answer)); }
};

void test_volume() {
    Setup s;
    Volumes volumes;
    s.agent.set_volume_source(&volumes);
    s.agent.came();
    s.announce(1u << 11);
    g_assert_true(volumes.asked.size() == 2 && volumes.asked[0].first && !volumes.asked[1].first);
    s.port.sent.clear();
    volumes.asked[0].second({false, {0x8000, 0xffff}});
    volumes.asked[1].second({true, {}}); // not known
    volumes.asked[1].second({true, {7}});
    assert_lines(Lines{s.port.take()}, "15:0100020080ffff, 15:0001010700");
    s.announce(1u << 11);
    g_assert_cmpuint(volumes.asked.size(), ==, 2); // once for each agent
    s.agent.gone();
    volumes.asked[0].second({false, {1}});
    s.agent.came();
    s.port.sent.clear();
    volumes.asked[0].second({false, {1}}); // was asked for another agent
    assert_lines(Lines{s.port.take()}, "");
}

void test_disconnect_in_handler() {
    Setup s;
    s.observer.on_line = [&](const std::string &) { s.agent.gone(); };
    s.agent.came();
    s.port.sent.clear();
    s.announce(modern_caps, 1);
    assert_lines(Lines{s.port.take()}, "");
}

// --- monitors

void test_monitor_bytes() {
    Setup s;
    s.arrive(modern_caps);
    s.agent.place_monitor(0, 100, 50, 800, 600, false);
    s.agent.measure_monitor(0, 300, 200, false);
    s.agent.enable_monitor(0, true, false);
    s.agent.place_monitor(2, 0, 0, 640, 480, false);
    s.agent.enable_monitor(2, true, false);
    s.agent.place_monitor(1, 9, 9, 9, 9, false); // never enabled
    g_assert_true(s.agent.send_monitors());
    assert_lines(Lines{s.port.take()}, "2:0200000003000000"
                                       "5802000020030000200000008002000000000000"
                                       "e001000080020000200000000000000000000000"
                                       "c8002c0100000000");
    s.port.wishes.disable_display_align = true;
    s.agent.measure_monitor(0, 0, 0, false);
    g_assert_true(s.agent.send_monitors()); // no sizes known: no tail, which old agents refuse
    assert_lines(Lines{s.port.take()}, "2:0200000000000000"
                                       "5802000020030000200000006400000032000000"
                                       "e001000080020000200000000000000000000000");
    s.port.wishes.disable_display_position = false;
    g_assert_true(s.agent.send_monitors());
    g_assert_true(s.port.take().starts_with("2:0200000001000000"));
}

void test_monitors_sparse() {
    Setup s;
    s.arrive(modern_caps | sparse);
    s.agent.place_monitor(1, 5, 5, 640, 480, false);
    s.agent.measure_monitor(1, 10, 20, false);
    s.agent.enable_monitor(1, true, false);
    g_assert_true(s.agent.send_monitors());
    g_assert_cmpuint(s.port.sent.size(), ==, 1);
    const auto &body = s.port.sent[0].body;
    g_assert_cmpuint(body.size(), ==, 392);
    g_assert_true(spice::wire::to_hex(body).starts_with("1000000003000000"
                                                        "0000000000000000000000000000000000000000"
                                                        "e001000080020000200000000000000000000000"));
    s.agent.measure_monitor(1, 0, 0, false);
    g_assert_true(s.agent.send_monitors());
    g_assert_cmpuint(s.port.sent[1].body.size(), ==, 328);
    g_assert_cmpuint(spice::wire::Reader{s.port.sent[1].body}.at(4, "flags").scalar<uint32_t>("flags"), ==, 1);
}

void test_monitors_settle() {
    Setup s;
    s.agent.set_displays(2);
    s.arrive(modern_caps);
    const auto before = g_get_monotonic_time();
    s.agent.enable_monitor(-1, true, true);
    for (int width = 640; width <= 800; width += 10) s.agent.place_monitor(0, 0, 0, width, 600, true);
    g_assert_true(s.until([&] { return !s.port.sent.empty(); }));
    g_assert_cmpint(g_get_monotonic_time() - before, >=, 1000 * (spice::agent::Agent::settle_ms - 10));
    g_assert_cmpuint(s.port.sent.size(), ==, 1); // the last of them only
    s.port.sent.clear();
    s.agent.place_monitor(0, 0, 0, 800, 600, true); // nothing new
    s.agent.place_monitor(0, 0, 0, 810, 600, false); // not to be sent by itself
    g_assert_false(s.until([&] { return !s.port.sent.empty(); }, 1300));
    s.agent.place_monitor(0, 0, 0, 820, 600, true);
    g_assert_true(s.agent.send_monitors());
    g_assert_false(s.until([&] { return s.port.sent.size() > 1; }, 1300)); // that has replaced it
}

void test_monitors_complete() {
    Setup s;
    s.agent.set_displays(2);
    s.agent.place_monitor(0, 0, 0, 800, 600, false);
    s.agent.enable_monitor(0, true, false);
    s.agent.came();
    s.announce(modern_caps); // the second display is undecided
    s.port.sent.clear();
    g_assert_false(s.until([&] { return !s.port.sent.empty(); }, 100));
    s.announce(modern_caps | sparse); // with holes that does not matter
    s.port.sent.clear();
    g_assert_true(s.until([&] { return !s.port.sent.empty(); }, 500));
    s.agent.enable_monitor(1, false, false);
    s.announce(modern_caps);
    s.port.sent.clear();
    g_assert_true(s.until([&] { return !s.port.sent.empty(); }, 500));
    s.agent.gone();
    s.port.sent.clear();
    s.agent.place_monitor(0, 0, 0, 900, 600, true);
    g_assert_false(s.until([&] { return !s.port.sent.empty(); }, 1200)); // nobody is there
    Setup none;
    none.agent.came();
    none.agent.enable_monitor(-1, true, false);
    none.announce(modern_caps);
    none.port.sent.clear();
    g_assert_false(none.until([&] { return !none.port.sent.empty(); }, 100)); // no monitor has a size
}

// --- sizes in millimetres: what the agents of doc/decisions/0008-physical-sizes.md get to see

struct Sized : Setup {
    bool credit = true; // of the guest: what is sent leaves soon
    Sized() {
        port.on_post = [this](uint64_t mark) {
            if (!credit) return;
            auto *idle = g_idle_source_new();
            auto *call = new std::function<void()>{[this, mark] { agent.left(mark); }};
            g_source_set_callback(
                idle, [](gpointer f) -> gboolean { return (*static_cast<std::function<void()> *>(f))(), G_SOURCE_REMOVE; },
                call, [](gpointer f) { delete static_cast<std::function<void()> *>(f); });
            g_source_attach(idle, context.get());
            g_source_unref(idle);
        };
        begin();
    }
    void begin() {
        arrive(modern_caps | sparse);
        agent.measure_monitor(0, 300, 200, false);
        agent.enable_monitor(0, true, false);
    }
    void resize(int width) {
        agent.place_monitor(0, 0, 0, width, 600, false);
        g_assert_true(agent.send_monitors());
    }
    void reply(uint32_t result) {
        say(VD_AGENT_REPLY, result == VD_AGENT_SUCCESS ? "02000000 01000000" : "02000000 02000000");
    }
    // "800 mm, 800": width and form of each configuration so far.
    std::string told() const {
        Lines lines;
        for (const auto &message : port.sent) {
            g_assert_cmpuint(message.type, ==, VD_AGENT_MONITORS_CONFIG);
            spice::wire::AgentMonitorsConfig config;
            spice::wire::Reader reader{message.body};
            g_assert_true(spice::wire::parse_into(reader, config));
            lines.push_back(std::to_string(config.monitors[0].width) + (config.sizes.empty() ? "" : " mm"));
        }
        return join(lines);
    }
    bool quiet() {
        const auto before = port.sent.size();
        return !until([&] { return port.sent.size() != before; }, spice::agent::Agent::reply_ms + 300);
    }
};

void test_sizes_taken() {
    Sized s;
    s.resize(800);
    s.reply(VD_AGENT_SUCCESS);
    g_assert_true(s.quiet());
    s.resize(900);
    g_assert_true(s.quiet()); // no answer is waited for any more
    assert_lines(Lines{s.told()}, "800 mm, 900 mm");
}

void test_sizes_refused() {
    Sized s;
    s.resize(800);
    g_assert_true(s.until([&] { return s.port.sent.size() == 2; }));
    s.reply(VD_AGENT_SUCCESS);
    g_assert_true(s.quiet());
    s.resize(900);
    assert_lines(Lines{s.told()}, "800 mm, 800, 900");
    s.agent.gone(); // the next one may be another
    s.begin();
    s.resize(1000);
    s.reply(VD_AGENT_ERROR); // it says so
    s.reply(VD_AGENT_SUCCESS);
    g_assert_true(s.quiet());
    assert_lines(Lines{s.told()}, "1000 mm, 1000");
}

// The server keeps the configuration for the display device, which nobody answers for.
void test_sizes_unanswered() {
    Sized s;
    s.resize(800);
    g_assert_true(s.until([&] { return s.port.sent.size() == 3; }));
    s.resize(900);
    g_assert_true(s.quiet());
    assert_lines(Lines{s.told()}, "800 mm, 800, 800 mm, 900 mm");
}

// An old agent that is slow: its answer says in the end what it takes.
void test_sizes_answered_late() {
    Sized s;
    s.resize(800);
    g_assert_true(s.until([&] { return s.port.sent.size() == 3; }));
    s.reply(VD_AGENT_SUCCESS); // for the second
    s.resize(900);
    assert_lines(Lines{s.told()}, "800 mm, 800, 800 mm, 900");
    s.agent.gone();
    s.begin();
    s.agent.measure_monitor(0, 0, 0, false);
    s.resize(1000);
    s.agent.measure_monitor(0, 300, 200, false);
    s.resize(1100);
    s.reply(VD_AGENT_SUCCESS); // for 1000, which tells nothing about sizes
    g_assert_true(s.until([&] { return s.port.sent.size() == 3; }));
    s.reply(VD_AGENT_SUCCESS);
    s.resize(1200);
    assert_lines(Lines{s.told()}, "1000, 1100 mm, 1100, 1200");
}

// A guest that gives no credit has not heard what it could answer.
void test_sizes_waiting() {
    Sized s;
    s.credit = false;
    s.resize(800);
    g_assert_true(s.quiet());
    s.agent.left(s.port.sent[0].mark);
    s.credit = true;
    g_assert_true(s.until([&] { return s.port.sent.size() == 2; }));
    s.reply(VD_AGENT_SUCCESS);
    g_assert_true(s.quiet());
    assert_lines(Lines{s.told()}, "800 mm, 800");
}

void test_sizes_unknown() {
    Sized s;
    s.resize(800);
    s.agent.measure_monitor(0, 0, 0, false);
    s.resize(900);
    s.reply(VD_AGENT_SUCCESS); // tells nothing about sizes
    g_assert_true(s.quiet());
    s.agent.measure_monitor(0, 300, 200, false);
    s.resize(1000);
    g_assert_true(s.until([&] { return s.port.sent.size() == 4; }));
    s.agent.gone(); // while an answer is waited for
    g_assert_true(s.quiet());
    assert_lines(Lines{s.told()}, "800 mm, 900, 1000 mm, 1000");
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/agent/start", test_start);
    g_test_add_func("/agent/caps-words", test_caps_words);
    g_test_add_func("/agent/malformed", test_malformed);
    g_test_add_func("/agent/read-only", test_read_only);
    g_test_add_func("/agent/full-queue", test_full_queue);
    g_test_add_func("/agent/volume", test_volume);
    g_test_add_func("/agent/disconnect-in-handler", test_disconnect_in_handler);
    g_test_add_func("/agent/monitors/bytes", test_monitor_bytes);
    g_test_add_func("/agent/monitors/sparse", test_monitors_sparse);
    g_test_add_func("/agent/monitors/settle", test_monitors_settle);
    g_test_add_func("/agent/monitors/complete", test_monitors_complete);
    g_test_add_func("/agent/sizes/taken", test_sizes_taken);
    g_test_add_func("/agent/sizes/refused", test_sizes_refused);
    g_test_add_func("/agent/sizes/unanswered", test_sizes_unanswered);
    g_test_add_func("/agent/sizes/answered-late", test_sizes_answered_late);
    g_test_add_func("/agent/sizes/waiting", test_sizes_waiting);
    g_test_add_func("/agent/sizes/unknown", test_sizes_unknown);
    return g_test_run();
}
