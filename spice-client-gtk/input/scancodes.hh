// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

// PC set 1 ("XT") scancodes as the inputs channel takes them: keys with an E0 prefix are 0x100 | code.
namespace spice::gtk {

// X and Wayland keycode (Linux input code + 8). 0: no such key.
unsigned evdev_to_scancode(unsigned keycode) noexcept;
// Keycodes of X servers that use the old "xfree86" keyboard driver.
unsigned xkbd_to_scancode(unsigned keycode) noexcept;

struct UsKey {
    unsigned scancode = 0; // 0: not on a US keyboard
    bool shift = false;
};
// The key of a US keyboard that types this symbol; for keymaps whose keycodes mean nothing.
UsKey us_key(unsigned keyval) noexcept;

inline constexpr unsigned scancode_left_shift = 0x2a, scancode_right_shift = 0x36;

}
