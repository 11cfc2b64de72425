// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "keyboard.hh"

#include <spice/enums.h>

#include <string_view>
#include <utility>

namespace spice::testserver {
namespace {

// Index is the scancode; a NUL types nothing.
constexpr std::string_view plain{"\0\0"
                                 "1234567890-=\b\t"
                                 "qwertyuiop[]\n\0"
                                 "asdfghjkl;'`\0\\"
                                 "zxcvbnm,./\0*\0 ",
                                 58};
constexpr std::string_view shifted{"\0\0"
                                   "!@#$%^&*()_+\b\t"
                                   "QWERTYUIOP{}\n\0"
                                   "ASDFGHJKL:\"~\0|"
                                   "ZXCVBNM<>?\0*\0 ",
                                   58};
constexpr uint8_t left_shift = 0x2a, right_shift = 0x36, caps_lock = 0x3a, num_lock = 0x45, scroll_lock = 0x46;

}

std::string Keyboard::feed(uint8_t code) {
    if (code == 0xe0 || code == 0xe1) {
        extended_ = true;
        return {};
    }
    const bool extended = std::exchange(extended_, false), down = !(code & 0x80);
    const uint8_t key = code & 0x7f;
    if (extended) return down && key == 0x1c ? "\n" : down && key == 0x35 ? "/" : "";
    if (key == left_shift || key == right_shift) shift_ = down;
    if (!down) return {};
    if (key == caps_lock) leds_ ^= SPICE_KEYBOARD_MODIFIER_FLAGS_CAPS_LOCK;
    if (key == num_lock) leds_ ^= SPICE_KEYBOARD_MODIFIER_FLAGS_NUM_LOCK;
    if (key == scroll_lock) leds_ ^= SPICE_KEYBOARD_MODIFIER_FLAGS_SCROLL_LOCK;
    if (key >= plain.size() || plain[key] == '\0') return {};
    const char c = plain[key];
    const bool letter = c >= 'a' && c <= 'z', caps = leds_ & SPICE_KEYBOARD_MODIFIER_FLAGS_CAPS_LOCK;
    return {1, shift_ != (letter && caps) ? shifted[key] : c};
}

}
