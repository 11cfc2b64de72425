// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/cursor-model.hh"
#include "channel/display-model.hh"
#include "channel/inputs-model.hh"
#include "fake-session.hh"
#include "scripted-server.hh"

#include <spice/protocol.h>

using namespace spice::test;
using spice::channel::CursorModel;
using spice::channel::DisplayModel;
using spice::channel::Event;
using spice::channel::InputsModel;
using spice::channel::Model;

// What every channel does by itself: acknowledgements, pings, waits, messages in messages (spec/link.md §7, §8).
namespace {

struct InputsObserver final : Recorder<InputsModel::Observer> {
    void on_modifiers() override { note("modifiers"); }
};
struct CursorObserver final : Recorder<CursorModel::Observer> {
    void on_cursor_set() override { note("set"); }
    void on_cursor_move(int x, int y) override { note("move " + std::to_string(x) + " " + std::to_string(y)); }
    void on_cursor_hide() override { note("hide"); }
    void on_cursor_reset() override { note("reset"); }
};
struct DisplayObserver final : Recorder<DisplayModel::Observer> {
    void on_primary_create() override { note("create"); }
    void on_primary_destroy() override { note("destroy"); }
    void on_invalidate(int, int, int, int) override { note("invalidate"); }
    void on_mark(bool marked) override { note(marked ? "mark" : "unmark"); }
    void on_monitors() override { note("monitors"); }
};

struct Setup {
    ScriptedServer server;
    Loop loop;
    FakeHost host;
    InputsObserver inputs_observer;
    CursorObserver cursor_observer;
    DisplayObserver display_observer, second_observer;
    InputsModel inputs{inputs_observer, &host, loop.context(), 0};
    CursorModel cursor{cursor_observer, &host, loop.context(), 0};
    DisplayModel display{display_observer, &host, loop.context(), 0}, second{second_observer, &host, loop.context(), 1};

    Setup() {
        g_assert_true(server.start());
        host.connect_to(server.port());
    }
    ~Setup() {
        for (auto *model : all()) model->disconnect(Event::none);
        g_assert_true(loop.until([this] {
            for (auto *model : all())
                if (model->state() != Model::State::unconnected) return false;
            return true;
        }));
        g_assert_true(threads_gone(loop));
    }
    Setup(const Setup &) = delete;
    Setup &operator=(const Setup &) = delete;
    std::vector<Model *> all() { return {&inputs, &cursor, &display, &second}; }
};

constexpr ChannelKey inputs_key{SPICE_CHANNEL_INPUTS, 0}, cursor_key{SPICE_CHANNEL_CURSOR, 0},
    second_key{SPICE_CHANNEL_DISPLAY, 1};

std::size_t acks(ScriptedServer &server) { return server.inputs().received(SPICE_MSGC_ACK).size(); }

void test_ack_window() {
    Setup s;
    auto &script = s.server.inputs();
    script.ping(1).set_ack(7, 20); // what came before does not count, nor does SET_ACK itself
    for (int i = 0; i < 18; ++i) script.inputs_init(0);
    script.ping(2).expect_pong(2);
    g_assert_true(s.inputs.connect());
    g_assert_true(script.finished());
    g_assert_cmpuint(acks(s.server), ==, 0); // 19 of 20
    const auto sync = script.received(SPICE_MSGC_ACK_SYNC);
    g_assert_cmpuint(sync.size(), ==, 1);
    g_assert_true(sync[0].body.size() == 4 && sync[0].u(0, 4) == 7);
    script.send(77).ping(3).expect_pong(3); // one that nobody knows counts as well
    g_assert_true(script.finished());
    g_assert_cmpuint(acks(s.server), ==, 1);
    for (int i = 0; i < 38; ++i) script.inputs_init(0);
    script.ping(4).expect_pong(4);
    g_assert_true(script.finished());
    g_assert_cmpuint(acks(s.server), ==, 3);
    g_assert_true(script.received(SPICE_MSGC_ACK)[0].body.empty());
}

void test_ack_window_changes() {
    Setup s;
    auto &script = s.server.inputs();
    script.set_ack(1, 1);
    for (int i = 0; i < 5; ++i) script.inputs_init(0);
    script.ping(1).expect_pong(1);
    g_assert_true(s.inputs.connect());
    g_assert_true(script.finished());
    g_assert_cmpuint(acks(s.server), ==, 6);
    script.set_ack(2, 0); // still counted by the window before it
    for (int i = 0; i < 50; ++i) script.inputs_init(0);
    script.ping(2).expect_pong(2);
    g_assert_true(script.finished());
    g_assert_cmpuint(acks(s.server), ==, 7);
    script.set_ack(3, 2).inputs_init(0).ping(3).expect_pong(3);
    g_assert_true(script.finished());
    g_assert_cmpuint(acks(s.server), ==, 8);
    g_assert_cmpuint(script.received(SPICE_MSGC_ACK_SYNC).back().u(0, 4), ==, 3);
}

// The main loop does not turn: whatever is answered here waits for no application.
void test_ping_is_immediate() {
    Setup s;
    auto &script = s.server.inputs();
    script.ping(5, 300'000).expect_pong(5).inputs_init(0).ping(6).expect_pong(6);
    g_assert_true(s.inputs.connect());
    g_assert_true(script.finished());
    for (const auto &pong : script.received(SPICE_MSGC_PONG)) {
        g_assert_cmpuint(pong.body.size(), ==, 12); // without the data
        g_assert_cmpuint(pong.u(4, 8), ==, 0x1122334455667788u + pong.u(0, 4));
    }
    g_assert_true(s.inputs_observer.lines.empty());
}

// On display PONG says that everything before it has been drawn and told.
void test_ping_is_a_barrier_on_display() {
    Setup s;
    auto &script = s.server.display();
    script.surface_create(0, 8, 8).fill(0, {0, 0, 8, 8}, 0xff).ping(1).set_ack(9, 0).expect(SPICE_MSGC_ACK_SYNC);
    g_assert_true(s.display.connect());
    g_assert_true(script.finished()); // it has read past the ping
    g_assert_true(script.received(SPICE_MSGC_PONG).empty());
    s.display_observer.on_line = [&](const std::string &line) {
        if (line == "invalidate") g_assert_true(script.received(SPICE_MSGC_PONG).empty());
    };
    g_assert_true(s.loop.until([&] { return !script.received(SPICE_MSGC_PONG).empty(); }));
    assert_lines(s.display_observer.lines, "opened, monitors, create, invalidate");
    s.display_observer.on_line = [](const std::string &) {};
}

void test_wait_for_what_is_done() {
    Setup s;
    auto &cursor = s.server.cursor();
    cursor.cursor_init().ping(1).expect_pong(1);
    g_assert_true(s.cursor.connect());
    g_assert_true(cursor.finished());
    auto &inputs = s.server.inputs();
    inputs.wait_for({{cursor_key, 2}}).ping(2).expect_pong(2);
    g_assert_true(s.inputs.connect());
    g_assert_true(inputs.finished());
}

// The other order: what is waited for comes later.
void test_wait_for_what_comes() {
    Setup s;
    auto &cursor = s.server.cursor();
    cursor.cursor_init().gate().send(SPICE_MSG_CURSOR_MOVE, Bytes().u16(1).u16(2)).gate().ping(1);
    g_assert_true(s.cursor.connect());
    g_assert_true(s.loop.until([&] { return s.cursor_observer.has("hide"); }));
    auto &inputs = s.server.inputs();
    inputs.ping(1).wait_for({{cursor_key, 3}, {cursor_key, 1}}).inputs_init(0).ping(2).expect_pong(2);
    g_assert_true(s.inputs.connect());
    g_assert_true(inputs.wait_received(SPICE_MSGC_PONG).has_value());
    g_assert_true(s.loop.until([&] { return s.inputs_observer.has("opened"); }));
    cursor.open_gate();
    g_assert_true(s.loop.until([&] { return s.cursor_observer.has("move 1 2"); }));
    g_assert_cmpuint(inputs.received(SPICE_MSGC_PONG).size(), ==, 1); // two are done, the third is not
    g_assert_false(s.inputs_observer.has("modifiers"));
    s.inputs.key_press(0x1e); // commands go out all the same
    g_assert_true(inputs.wait_received(SPICE_MSGC_INPUTS_KEY_DOWN).has_value());
    g_assert_cmpuint(inputs.received(SPICE_MSGC_PONG).size(), ==, 1);
    cursor.open_gate();
    g_assert_true(inputs.finished());
    g_assert_true(s.loop.until([&] { return s.inputs_observer.has("modifiers"); }));
    g_assert_false(s.inputs_observer.has("closed"));
}

void test_wait_for_nobody() {
    Setup s;
    auto &inputs = s.server.inputs();
    inputs.wait_for({{inputs_key, 1'000'000}, {{SPICE_CHANNEL_PLAYBACK, 3}, 5}, {{200, 200}, UINT64_MAX}}).wait_for({});
    inputs.ping(1).expect_pong(1);
    g_assert_true(s.inputs.connect());
    g_assert_true(inputs.finished());
}

void test_wait_ends_with_the_other() {
    Setup s;
    auto &cursor = s.server.cursor();
    cursor.cursor_init();
    g_assert_true(s.cursor.connect());
    g_assert_true(s.loop.until([&] { return s.cursor_observer.has("hide"); }));
    auto &inputs = s.server.inputs();
    inputs.ping(1).wait_for({{cursor_key, 1000}}).ping(2).expect_pong(2);
    g_assert_true(s.inputs.connect());
    g_assert_true(inputs.wait_received(SPICE_MSGC_PONG).has_value());
    s.cursor.disconnect(Event::none);
    g_assert_true(inputs.finished());
}

void test_wait_ends_with_disconnect() {
    Setup s;
    auto &cursor = s.server.cursor();
    cursor.cursor_init();
    g_assert_true(s.cursor.connect());
    g_assert_true(s.loop.until([&] { return s.cursor_observer.has("hide"); }));
    auto &inputs = s.server.inputs();
    inputs.ping(1).wait_for({{cursor_key, 1000}});
    g_assert_true(s.inputs.connect());
    g_assert_true(inputs.wait_received(SPICE_MSGC_PONG).has_value());
    g_assert_true(s.loop.until([&] { return s.inputs_observer.has("opened"); }));
    s.inputs.disconnect(Event::none);
    g_assert_true(inputs.closed());
    g_assert_true(s.loop.until([&] { return s.inputs_observer.has("closed"); }));
}

ByteVector list_of(const std::vector<std::pair<uint16_t, ByteVector>> &parts) {
    Bytes b;
    b.u16(parts.size());
    std::size_t at = 2 + 4 * parts.size();
    for (const auto &[type, body] : parts) {
        b.u32(at);
        at += 6 + body.size();
    }
    for (const auto &[type, body] : parts) b.u16(type).u32(body.size()).raw(body);
    return b.take();
}

ByteVector invalidate(uint64_t id) { return Bytes().u16(1).u8(SPICE_RES_TYPE_PIXMAP).u64(id); }

spice::display::SlotPtr dummy_slot() {
    auto slot = std::make_shared<spice::display::ImageSlot>();
    slot->fail();
    return slot;
}

// What servers with several displays send when they evict an image: first wait, then forget it.
void test_list_of_wait_and_invalidate() {
    Setup s;
    auto &cache = s.host.caches->images;
    cache.put(7, dummy_slot(), false);
    cache.put(8, dummy_slot(), false);
    auto &second = s.server.display(1);
    second.set_ack(1, 0).expect(SPICE_MSGC_ACK_SYNC).gate().mark();
    g_assert_true(s.second.connect());
    g_assert_true(s.loop.until([&] { return s.second_observer.has("monitors"); }));
    g_assert_true(second.wait_received(SPICE_MSGC_ACK_SYNC).has_value());
    auto &first = s.server.display(0);
    const auto wait = Bytes().u8(1).u8(second_key.type).u8(second_key.id).u64(2).take();
    first.set_ack(1, 3).send(SPICE_MSG_LIST, list_of({{SPICE_MSG_WAIT_FOR_CHANNELS, wait},
                                                      {SPICE_MSG_DISPLAY_INVAL_LIST, invalidate(7)}}));
    first.mark().set_ack(2, 0).expect(SPICE_MSGC_ACK_SYNC).expect(SPICE_MSGC_ACK_SYNC);
    g_assert_true(s.display.connect());
    g_assert_true(first.wait_received(SPICE_MSGC_ACK_SYNC).has_value());
    s.loop.drain();
    g_assert_cmpuint(cache.entries(), ==, 2);
    second.open_gate();
    g_assert_true(first.finished());
    g_assert_cmpuint(cache.entries(), ==, 1);
    g_assert_cmpuint(first.received(SPICE_MSGC_ACK).size(), ==, 1); // the list counted once: LIST, MARK, SET_ACK
    g_assert_true(s.loop.until([&] { return s.display_observer.has("mark"); }));
}

// With full headers the same comes as sub-messages of a drawing.
void test_sub_messages() {
    Setup s;
    s.server.link_plan({.common_caps = {3}});
    s.host.caches->images.put(7, dummy_slot(), false);
    auto &first = s.server.display(0);
    first.surface_create(0, 4, 4);
    auto body = Bytes().u32(0).u32(0).u32(0).u32(4).u32(4).u8(0).u8(SPICE_BRUSH_TYPE_SOLID).u32(0xff).u16(8).u8(0).u32(0).u32(0)
                    .u32(0).take();
    const auto sub_list = static_cast<uint32_t>(body.size());
    for (const auto byte : list_of({{SPICE_MSG_DISPLAY_INVAL_LIST, invalidate(7)}})) body.push_back(byte);
    // Offsets count from the start of the body.
    for (std::size_t i = 0, v = sub_list + 6; i < 4; ++i, v >>= 8) body[sub_list + 2 + i] = static_cast<std::byte>(v);
    first.send(SPICE_MSG_DISPLAY_DRAW_FILL, body, sub_list).ping(1).expect_pong(1);
    g_assert_true(s.display.connect());
    g_assert_true(s.loop.until([&] { return first.finished(Milliseconds{0}); }));
    g_assert_cmpuint(s.host.caches->images.entries(), ==, 0);
    assert_lines(s.display_observer.lines, "opened, monitors, create, invalidate");
}

void test_bad_lists() {
    for (const auto &body : {Bytes().u16(1).take(), Bytes().u16(1).u32(6).take(), Bytes().u16(1).u32(0xffffffff).take(),
                             Bytes().u16(0xffff).zeros(8).take(), Bytes().u16(1).u32(6).u16(4).u32(100).take(),
                             Bytes().u16(1).u32(6).u16(3).u32(7).zeros(7).take(), ByteVector{}}) {
        Setup s;
        s.server.inputs().send(SPICE_MSG_LIST, body);
        g_assert_true(s.inputs.connect());
        g_assert_true(s.loop.until([&] { return s.inputs_observer.has("closed"); }));
        assert_lines(s.inputs_observer.lines, "opened, error-io, closed");
    }
}

void test_unknown_messages() {
    Setup s;
    auto &script = s.server.inputs();
    for (const unsigned type : {0u, 9u, 50u, 99u, 100u, 110u, 200u, 65535u})
        script.send(static_cast<uint16_t>(type), Bytes().zeros(type % 40));
    script.notify("hello").notify("", 2).send(SPICE_MSG_DISCONNECTING, Bytes().u64(1).u32(2)).ping(1).expect_pong(1);
    g_assert_true(s.inputs.connect());
    g_assert_true(script.finished());
    s.loop.drain();
    assert_lines(s.inputs_observer.lines, "opened");
}

void test_malformed_base_messages() {
    const std::pair<uint16_t, ByteVector> messages[] = {
        {SPICE_MSG_SET_ACK, Bytes().u32(1)},
        {SPICE_MSG_PING, Bytes().u32(1).u32(2)},
        {SPICE_MSG_WAIT_FOR_CHANNELS, Bytes().u8(2).zeros(10)},
        {SPICE_MSG_WAIT_FOR_CHANNELS, {}},
        {SPICE_MSG_NOTIFY, Bytes().u64(0).u32(0).u32(0).u32(0).u32(1000).text("short")},
        {SPICE_MSG_DISCONNECTING, Bytes().u64(0)},
    };
    for (const auto &[type, body] : messages) {
        Setup s;
        s.server.inputs().send(type, body);
        g_assert_true(s.inputs.connect());
        g_assert_true(s.loop.until([&] { return s.inputs_observer.has("closed"); }));
        assert_lines(s.inputs_observer.lines, "opened, error-io, closed");
    }
}

// A channel whose application does not look stops reading, and goes on when it does.
void test_back_pressure() {
    Setup s;
    auto &script = s.server.inputs();
    constexpr unsigned messages = 200'000;
    Bytes flood;
    for (unsigned i = 0; i < messages; ++i) flood.u16(SPICE_MSG_INPUTS_KEY_MODIFIERS).u32(2).u16(1);
    const auto size = flood.size();
    script.send_raw(flood.take()).ping(1).expect_pong(1, Milliseconds{20'000});
    unsigned seen = 0;
    s.inputs_observer.on_line = [&](const std::string &line) {
        if (line != "modifiers" || ++seen > 1) return;
        // Nothing was delivered yet, so no more was read than the outbox and a block hold.
        g_assert_cmpuint(s.inputs.total_read_bytes(), <, size / 2);
    };
    g_assert_true(s.inputs.connect());
    const auto deadline = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
    while (s.inputs.total_read_bytes() < 4096 * 4 && g_get_monotonic_time() < deadline) g_thread_yield();
    g_assert_true(s.loop.until([&] { return seen == messages; }));
    g_assert_true(script.finished());
    s.inputs_observer.on_line = [](const std::string &) {};
}

void test_serials_are_counted() {
    Setup s;
    auto &script = s.server.inputs();
    for (uint32_t i = 0; i < 5; ++i) script.ping(i).expect_pong(i);
    g_assert_true(s.inputs.connect());
    g_assert_true(script.finished());
    bool reached = s.host.shared_state->serials.reached({SPICE_CHANNEL_INPUTS, 0}, 5, [] {});
    g_assert_true(s.loop.until([&] {
        return reached || (reached = s.host.shared_state->serials.reached({SPICE_CHANNEL_INPUTS, 0}, 5, [] {}));
    }));
    g_assert_false(s.host.shared_state->serials.reached({SPICE_CHANNEL_INPUTS, 0}, 6, [] {}));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    const struct {
        const char *name;
        void (*run)();
    } tests[] = {
        {"ack-window", test_ack_window},
        {"ack-window-changes", test_ack_window_changes},
        {"ping-is-immediate", test_ping_is_immediate},
        {"ping-is-a-barrier-on-display", test_ping_is_a_barrier_on_display},
        {"wait-for-what-is-done", test_wait_for_what_is_done},
        {"wait-for-what-comes", test_wait_for_what_comes},
        {"wait-for-nobody", test_wait_for_nobody},
        {"wait-ends-with-the-other", test_wait_ends_with_the_other},
        {"wait-ends-with-disconnect", test_wait_ends_with_disconnect},
        {"list-of-wait-and-invalidate", test_list_of_wait_and_invalidate},
        {"sub-messages", test_sub_messages},
        {"bad-lists", test_bad_lists},
        {"unknown-messages", test_unknown_messages},
        {"malformed-base-messages", test_malformed_base_messages},
        {"back-pressure", test_back_pressure},
        {"serials-are-counted", test_serials_are_counted},
    };
    for (const auto &test : tests) g_test_add_func((std::string{"/engine/"} + test.name).c_str(), test.run);
    return g_test_run();
}
