// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/inputs-model.hh"
#include "model-setup.hh"

#include <spice/protocol.h>

using namespace spice::test;
using spice::channel::Event;
using spice::channel::InputsModel;

// spec/channels.md §2: what goes over the wire is compared byte by byte.
namespace {

struct Observer final : Recorder<InputsModel::Observer> {
    void on_modifiers() override { note("modifiers"); }
};

struct Setup : ModelSetup<InputsModel, Observer> {
    ChannelScript &script{server.inputs()};
    std::size_t looked = 0;

    // Everything sent since the last call, as "type: hex bytes" lines; waits until it has arrived.
    std::string sent() {
        bool flushed = false;
        model.flush([&](bool ok) { flushed = ok; });
        g_assert_true(loop.until([&] { return flushed; }));
        ++pings;
        script.ping(pings).expect_pong(pings); // PONG follows what was sent before it
        g_assert_true(finished(script));
        std::string out;
        const auto all = script.received();
        for (; looked < all.size(); ++looked) {
            if (all[looked].type == SPICE_MSGC_PONG) continue;
            out += (out.empty() ? "" : ", ") + std::to_string(all[looked].type) + ":";
            for (const auto byte : all[looked].body) {
                char hex[4];
                g_snprintf(hex, sizeof hex, " %02x", std::to_integer<unsigned>(byte));
                out += hex;
            }
        }
        return out;
    }
    void start() {
        open();
        const auto first = sent();
        g_assert_cmpstr(first.c_str(), ==, "103: 00 00");
    }
    // The server acknowledges four motions.
    void acknowledge() {
        script.send(SPICE_MSG_INPUTS_MOUSE_MOTION_ACK).inputs_init(static_cast<uint16_t>(++acks & 7));
        g_assert_true(wait("modifiers", acks));
    }
    uint32_t pings = 0;
    std::size_t acks = 0;
};

#define assert_sent(setup_, wanted_)                                                                                   \
    do {                                                                                                               \
        const auto got_text = (setup_).sent();                                                                         \
        const std::string wanted_text = wanted_;                                                                       \
        g_assert_cmpstr(got_text.c_str(), ==, wanted_text.c_str());                                                    \
    } while (false)

void test_keys() {
    Setup s;
    s.start();
    s.model.key_press(0x1e);
    s.model.key_release(0x1e);
    assert_sent(s, "101: 1e 00 00 00, 102: 9e 00 00 00");
    s.model.key_press(0x11d); // right Ctrl
    s.model.key_release(0x11d);
    assert_sent(s, "101: e0 1d 00 00, 102: e0 9d 00 00");
    s.model.key_press(0x21d); // Pause
    s.model.key_press(0x45);
    s.model.key_release(0x21d);
    s.model.key_release(0x45);
    assert_sent(s, "101: e1 1d 00 00, 101: 45 00 00 00, 102: e1 9d 00 00, 102: c5 00 00 00");
}

void test_press_and_release() {
    Setup s;
    s.start();
    s.model.key_press_and_release(0x1e);
    s.model.key_press_and_release(0x11c);
    assert_sent(s, "104: 1e 9e, 104: e0 1c e0 9c");
}

void test_press_and_release_without_capability() {
    Setup s;
    s.server.link_plan({.default_channel_caps = false});
    s.start();
    s.model.key_press_and_release(0x1e);
    assert_sent(s, "101: 1e 00 00 00, 102: 9e 00 00 00");
}

void test_buttons() {
    Setup s;
    s.start();
    s.model.button_press(SPICE_MOUSE_BUTTON_LEFT, 0);
    s.model.button_release(SPICE_MOUSE_BUTTON_LEFT, SPICE_MOUSE_BUTTON_MASK_LEFT | SPICE_MOUSE_BUTTON_MASK_RIGHT);
    assert_sent(s, "113: 01 01 00, 114: 01 04 00"); // no position was ever set, so none is sent
    s.model.button_press(SPICE_MOUSE_BUTTON_MIDDLE, SPICE_MOUSE_BUTTON_MASK_LEFT);
    s.model.button_press(SPICE_MOUSE_BUTTON_RIGHT, 0);
    s.model.button_press(SPICE_MOUSE_BUTTON_SIDE, 0);
    s.model.button_press(SPICE_MOUSE_BUTTON_EXTRA, 0);
    assert_sent(s, "113: 02 03 00, 113: 03 04 00, 113: 06 20 00, 113: 07 40 00");
    s.model.button_press(SPICE_MOUSE_BUTTON_UP, 0); // the wheel has no state
    s.model.button_release(SPICE_MOUSE_BUTTON_UP, 0);
    s.model.button_press(SPICE_MOUSE_BUTTON_DOWN, 1);
    s.model.button_release(SPICE_MOUSE_BUTTON_DOWN, 1);
    assert_sent(s, "113: 04 00 00, 114: 04 00 00, 113: 05 01 00, 114: 05 01 00");
}

// The recorded trace of §2.4: one position and seven motions fill the window, the rest is gathered.
void test_motion_window() {
    Setup s;
    s.start();
    s.model.position(100, 200, 1, 0);
    for (int i = 1; i <= 7; ++i) s.model.motion(i, 0, 0);
    for (int i = 7; i <= 11; ++i) s.model.motion(i, 1, i); // 45 in all, and 5 down
    s.model.position(1, 1, 0, 0);
    s.model.position(300, 5, 2, SPICE_MOUSE_BUTTON_MASK_RIGHT); // only the newest is kept
    std::string wanted = "112: 64 00 00 00 c8 00 00 00 00 00 01";
    for (int i = 1; i <= 7; ++i) wanted += ", 111: 0" + std::to_string(i) + " 00 00 00 00 00 00 00 00 00";
    assert_sent(s, wanted);
    s.acknowledge();
    assert_sent(s, "111: 2d 00 00 00 05 00 00 00 0b 00, 112: 2c 01 00 00 05 00 00 00 04 00 02");
    s.acknowledge();
    assert_sent(s, ""); // nothing is left, and no motion by nothing is sent
    for (int i = 0; i < 8; ++i) s.model.motion(0, -1, 0); // two are in flight
    std::string six;
    for (int i = 0; i < 6; ++i) six += std::string{i ? ", " : ""} + "111: 00 00 00 00 ff ff ff ff 00 00";
    assert_sent(s, six);
    s.acknowledge();
    assert_sent(s, "111: 00 00 00 00 fe ff ff ff 00 00");
}

void test_zero_motion() {
    Setup s;
    s.start();
    s.model.motion(0, 0, 0);
    s.model.motion(5, 5, 0);
    assert_sent(s, "111: 05 00 00 00 05 00 00 00 00 00");
    for (int i = 0; i < 7; ++i) s.model.position(i, i, 0, 0);
    s.sent();
    s.model.motion(5, 0, 0);
    s.model.motion(-5, 0, 0); // there and back again
    s.acknowledge();
    assert_sent(s, "");
}

// A button finds the pointer where it was pressed, whatever the window says; what went out then counts.
void test_buttons_flush() {
    Setup s;
    s.start();
    for (int i = 0; i < 8; ++i) s.model.motion(1, 0, 0);
    s.sent();
    s.model.motion(9, 0, 0);
    s.model.motion(1, 0, 0);
    s.model.position(3, 4, 0, 0);
    assert_sent(s, "");
    s.model.button_press(SPICE_MOUSE_BUTTON_LEFT, 0);
    assert_sent(s, "111: 0a 00 00 00 00 00 00 00 00 00, 112: 03 00 00 00 04 00 00 00 00 00 00, 113: 01 01 00");
    s.model.motion(1, 1, 1);
    s.acknowledge(); // ten in flight, now six
    assert_sent(s, "111: 01 00 00 00 01 00 00 00 01 00");
    s.model.motion(1, 1, 1); // the eighth
    assert_sent(s, "111: 01 00 00 00 01 00 00 00 01 00");
    s.model.motion(1, 1, 1);
    assert_sent(s, "");
    s.model.button_release(SPICE_MOUSE_BUTTON_LEFT, 1);
    assert_sent(s, "111: 01 00 00 00 01 00 00 00 01 00, 114: 01 00 00");
}

void test_extreme_motion() {
    Setup s;
    s.start();
    for (int i = 0; i < 8; ++i) s.model.position(i, 0, 0, 0);
    s.sent();
    for (int i = 0; i < 3; ++i) s.model.motion(G_MAXINT, G_MININT, 0);
    s.acknowledge();
    assert_sent(s, "111: ff ff ff 7f 00 00 00 80 00 00"); // clamped, not wrapped
}

void test_too_many_acknowledgements() {
    Setup s;
    s.start();
    for (int i = 0; i < 5; ++i) s.acknowledge();
    for (int i = 0; i < 9; ++i) s.model.motion(1, 0, 0);
    s.sent();
    g_assert_cmpuint(s.script.received(SPICE_MSGC_INPUTS_MOUSE_MOTION).size(), ==, 8); // they do not add up
}

void test_window_after_reconnect() {
    Setup s;
    s.start();
    for (int i = 0; i < 12; ++i) s.model.motion(1, 0, 0);
    s.model.position(1, 1, 0, 0);
    s.sent(); // what is queued at a disconnect would not go out
    s.model.disconnect(Event::none);
    g_assert_true(s.wait("closed"));
    s.script.next_connection();
    g_assert_true(s.model.connect());
    g_assert_true(s.wait("opened", 2));
    s.sent();
    const auto before = s.script.received(SPICE_MSGC_INPUTS_MOUSE_MOTION).size();
    g_assert_cmpuint(before, ==, 8); // what was gathered for the old connection is gone
    g_assert_true(s.script.received(SPICE_MSGC_INPUTS_MOUSE_POSITION).empty());
    for (int i = 0; i < 12; ++i) s.model.motion(1, 0, 0);
    s.sent();
    g_assert_cmpuint(s.script.received(SPICE_MSGC_INPUTS_MOUSE_MOTION).size(), ==, before + 8);
}

void test_locks() {
    Setup s;
    s.model.set_key_locks(SPICE_KEYBOARD_MODIFIER_FLAGS_CAPS_LOCK); // is remembered
    s.open();
    assert_sent(s, "103: 04 00");
    s.model.set_key_locks(3);
    assert_sent(s, "103: 03 00");
}

void test_modifiers() {
    Setup s;
    s.script.inputs_init(2).send(SPICE_MSG_INPUTS_KEY_MODIFIERS, Bytes().u16(5));
    std::vector<int> seen;
    s.observer.on_line = [&](const std::string &line) {
        if (line == "modifiers") seen.push_back(s.model.key_modifiers());
    };
    g_assert_cmpint(s.model.key_modifiers(), ==, 0);
    s.open();
    g_assert_true(s.wait("modifiers", 2));
    g_assert_true((seen == std::vector<int>{2, 5}));
}

void use_everything(InputsModel &model) {
    model.motion(1, 1, 0);
    model.position(1, 1, 0, 0);
    model.button_press(1, 0);
    model.button_release(1, 0);
    model.key_press(1);
    model.key_release(1);
    model.key_press_and_release(1);
    model.set_key_locks(1);
}

void test_read_only() {
    Setup s;
    s.host.is_read_only = true;
    s.open();
    use_everything(s.model);
    assert_sent(s, "");
    s.host.is_read_only = false; // may be switched at any time, and nothing was gathered
    s.model.key_press(0x1e);
    assert_sent(s, "101: 1e 00 00 00");
}

void test_unconnected() {
    Setup s;
    use_everything(s.model);
    s.model.leave_session();
    use_everything(s.model);
    g_assert_true(s.observer.lines.empty());
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/inputs-model/keys", test_keys);
    g_test_add_func("/inputs-model/press-and-release", test_press_and_release);
    g_test_add_func("/inputs-model/press-and-release-without-capability", test_press_and_release_without_capability);
    g_test_add_func("/inputs-model/buttons", test_buttons);
    g_test_add_func("/inputs-model/motion-window", test_motion_window);
    g_test_add_func("/inputs-model/zero-motion", test_zero_motion);
    g_test_add_func("/inputs-model/buttons-flush", test_buttons_flush);
    g_test_add_func("/inputs-model/extreme-motion", test_extreme_motion);
    g_test_add_func("/inputs-model/too-many-acknowledgements", test_too_many_acknowledgements);
    g_test_add_func("/inputs-model/window-after-reconnect", test_window_after_reconnect);
    g_test_add_func("/inputs-model/locks", test_locks);
    g_test_add_func("/inputs-model/modifiers", test_modifiers);
    g_test_add_func("/inputs-model/read-only", test_read_only);
    g_test_add_func("/inputs-model/unconnected", test_unconnected);
    return g_test_run();
}
