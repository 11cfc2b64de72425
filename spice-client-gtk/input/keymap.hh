// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "glue.hh"
#include "input/scancodes.hh"

#include <gdk/gdk.h>

namespace spice::gtk {

// Finds the scancode of a key event. Keycodes are trusted only when the keymap places well-known keys where evdev
// does: tools that type text upload keymaps of their own, in which keycodes mean nothing. Main thread.
class Keymap {
public:
    explicit Keymap(GdkDisplay *display);
    // shift: the key needs Shift to be down as well.
    UsKey translate(unsigned keycode, unsigned keyval) const noexcept;
    UsKey find(unsigned keyval) const; // the key that a program means by this keyval

private:
    enum class Kind { evdev, xkbd, keysyms };
    void inspect();
    void watch(GdkSeat *seat);
    bool has_key_at(unsigned keyval, unsigned keycode) const;

    GdkDisplay *display_;
    Kind kind_ = Kind::evdev;
    Connection on_changed_, on_seat_;
};

}
