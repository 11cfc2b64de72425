// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "input/grab-combination.hh"
#include "input/key-state.hh"
#include "input/scancodes.hh"

#include <gdk/gdkkeysyms.h>
#include <glib.h>

#include <array>
#include <string>
#include <utility>

using namespace spice::gtk;

namespace {
// Writes down what the guest would see.
struct Log final : KeyState::Sink {
    void send_press(unsigned sc) override { add('+', sc); }
    void send_release(unsigned sc) override { add('-', sc); }
    void send_click(unsigned sc) override { add('*', sc); }
    void arm_delay(unsigned ms) override { armed = ms; }
    void cancel_delay() override { armed = 0; }
    void add(char what, unsigned sc) {
        char hex[16];
        g_snprintf(hex, sizeof hex, "%c%x ", what, sc);
        text += hex;
    }
    std::string take() { return std::exchange(text, {}); }
    std::string text;
    unsigned armed = 0;
};
void assert_sent(Log &log, const char *expected) {
    const auto sent = log.take();
    g_assert_cmpstr(sent.c_str(), ==, expected);
}

void evdev_table() {
    g_assert_cmphex(evdev_to_scancode(9), ==, 0x01);    // Escape
    g_assert_cmphex(evdev_to_scancode(38), ==, 0x1e);   // A
    g_assert_cmphex(evdev_to_scancode(65), ==, 0x39);   // space
    g_assert_cmphex(evdev_to_scancode(91), ==, 0x53);   // keypad period
    g_assert_cmphex(evdev_to_scancode(94), ==, 0x56);   // the extra key of ISO keyboards
    g_assert_cmphex(evdev_to_scancode(95), ==, 0x57);   // F11
    g_assert_cmphex(evdev_to_scancode(104), ==, 0x11c); // keypad Enter
    g_assert_cmphex(evdev_to_scancode(105), ==, 0x11d); // right Ctrl
    g_assert_cmphex(evdev_to_scancode(111), ==, 0x148); // Up
    g_assert_cmphex(evdev_to_scancode(119), ==, 0x153); // Delete
    g_assert_cmphex(evdev_to_scancode(133), ==, 0x15b); // Super
    g_assert_cmphex(evdev_to_scancode(247), ==, 0x174); // the last one
    for (const unsigned none : {0u, 7u, 8u, 248u, 100000u, ~0u}) g_assert_cmphex(evdev_to_scancode(none), ==, 0);
    for (unsigned code = 0; code < 300; ++code) g_assert_cmphex(evdev_to_scancode(code), <, 0x200);
}

void xkbd_table() {
    g_assert_cmphex(xkbd_to_scancode(9), ==, 0x01);
    g_assert_cmphex(xkbd_to_scancode(99), ==, 0x149); // Page Up
    g_assert_cmphex(xkbd_to_scancode(108), ==, 0x11c);
    g_assert_cmphex(xkbd_to_scancode(250), ==, 0);
}

void us_table() {
    g_assert_cmphex(us_key(GDK_KEY_a).scancode, ==, 0x1e);
    g_assert_false(us_key(GDK_KEY_a).shift);
    g_assert_cmphex(us_key(GDK_KEY_A).scancode, ==, 0x1e);
    g_assert_true(us_key(GDK_KEY_A).shift);
    g_assert_cmphex(us_key(GDK_KEY_at).scancode, ==, 0x03);
    g_assert_true(us_key(GDK_KEY_at).shift);
    g_assert_cmphex(us_key(GDK_KEY_Delete).scancode, ==, 0x153);
    g_assert_cmphex(us_key(GDK_KEY_F12).scancode, ==, 0x58);
    g_assert_cmphex(us_key(GDK_KEY_eacute).scancode, ==, 0);
}

void plain_keys() {
    Log log;
    KeyState keys{log};
    keys.press(0x1e, 0);
    keys.press(0x1e, 0); // typematic
    keys.release(0x1e);
    keys.release(0x1e); // it is up already
    assert_sent(log, "+1e +1e -1e ");
    keys.press(0, 0);
    keys.press(0xfffff, 0);
    keys.release(0xfffff);
    assert_sent(log, "");
}

void delayed_tap() {
    Log log;
    KeyState keys{log};
    keys.press(0x1e, 100);
    g_assert_cmpuint(log.armed, ==, 100);
    assert_sent(log, "");
    keys.release(0x1e);
    assert_sent(log, "*1e ");
    g_assert_cmpuint(log.armed, ==, 0);
}

void delayed_hold() {
    Log log;
    KeyState keys{log};
    keys.press(0x1e, 100);
    keys.delay_elapsed();
    assert_sent(log, "+1e ");
    keys.press(0x1e, 100); // repeats are not delayed again
    keys.release(0x1e);
    assert_sent(log, "+1e -1e ");
}

void delayed_then_other() {
    Log log;
    KeyState keys{log};
    keys.press(0x1e, 100);
    keys.press(0x30, 100); // order is kept
    assert_sent(log, "+1e ");
    keys.release(0x1e);
    assert_sent(log, "+30 -1e ");
    keys.release(0x30);
    assert_sent(log, "-30 ");
    keys.press(0x1e, 100);
    keys.press(0x2a, 0); // a modifier
    assert_sent(log, "+1e +2a ");
}

void everything_released() {
    Log log;
    KeyState keys{log};
    keys.press(0x1d, 0);
    keys.press(0x138, 0);
    keys.press(0x1e, 100);
    log.take();
    keys.release_all();
    assert_sent(log, "*1e -1d -138 ");
    g_assert_false(keys.any_down());
    keys.release_all();
    assert_sent(log, "");
    keys.press(0x1d, 100);
    keys.forget();
    keys.release_all();
    keys.delay_elapsed();
    assert_sent(log, "");
}

using Event = GrabCombination::Event;

void combination() {
    GrabCombination c;
    const std::array<unsigned, 2> keys{GDK_KEY_Control_L, GDK_KEY_Alt_L};
    c.set_keys(keys);
    g_assert_true(c.key(GDK_KEY_Alt_L, true) == Event::none);
    g_assert_true(c.key(GDK_KEY_Control_L, true) == Event::pressed);
    g_assert_true(c.key(GDK_KEY_Control_L, false) == Event::none);
    g_assert_true(c.key(GDK_KEY_Alt_L, false) == Event::released);
}

void combination_broken() {
    GrabCombination c;
    const std::array<unsigned, 2> keys{GDK_KEY_Control_L, GDK_KEY_Alt_L};
    c.set_keys(keys);
    c.key(GDK_KEY_Control_L, true);
    c.key(GDK_KEY_Control_L, false); // released in between
    g_assert_true(c.key(GDK_KEY_Alt_L, true) == Event::none);
    g_assert_true(c.key(GDK_KEY_Control_L, true) == Event::pressed);
    c.key(GDK_KEY_Delete, true); // used as a modifier: no release of the grab
    g_assert_true(c.key(GDK_KEY_Control_L, false) == Event::none);
    g_assert_true(c.key(GDK_KEY_Alt_L, false) == Event::none);
    c.key(GDK_KEY_Control_L, true);
    c.key(GDK_KEY_Alt_L, true);
    c.reset(); // the pointer moved
    g_assert_true(c.key(GDK_KEY_Control_L, false) == Event::none);
    g_assert_true(c.key(GDK_KEY_Alt_L, false) == Event::none);
}

void combination_empty() {
    GrabCombination c;
    g_assert_true(c.key(GDK_KEY_Control_L, true) == Event::none);
    const std::array<unsigned, 1> one{GDK_KEY_F12};
    c.set_keys(one);
    g_assert_true(c.key(GDK_KEY_F12, true) == Event::pressed);
    g_assert_true(c.key(GDK_KEY_F12, false) == Event::released);
}
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/gtk/keys/table/evdev", evdev_table);
    g_test_add_func("/gtk/keys/table/xkbd", xkbd_table);
    g_test_add_func("/gtk/keys/table/us", us_table);
    g_test_add_func("/gtk/keys/state/plain", plain_keys);
    g_test_add_func("/gtk/keys/state/delayed-tap", delayed_tap);
    g_test_add_func("/gtk/keys/state/delayed-hold", delayed_hold);
    g_test_add_func("/gtk/keys/state/delayed-order", delayed_then_other);
    g_test_add_func("/gtk/keys/state/release-all", everything_released);
    g_test_add_func("/gtk/keys/combination/plain", combination);
    g_test_add_func("/gtk/keys/combination/broken", combination_broken);
    g_test_add_func("/gtk/keys/combination/empty", combination_empty);
    return g_test_run();
}
