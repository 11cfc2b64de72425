// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstdint>
#include <string>

namespace spice::testserver {

// Turns PC scancodes (set 1) into what a US keyboard would type, and keeps the lock lights. Plain value.
class Keyboard {
public:
    std::string feed(uint8_t code);                 // text typed by this byte: empty, one character, '\n' or '\b'
    uint8_t leds() const noexcept { return leds_; } // SPICE_KEYBOARD_MODIFIER_FLAGS_*
    void set_leds(uint8_t leds) noexcept { leds_ = leds; }

private:
    bool extended_ = false, shift_ = false;
    uint8_t leds_ = 0;
};

}
