// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "input/key-state.hh"

#include <utility>

namespace spice::gtk {

void KeyState::flush() {
    if (pending_ == 0) return;
    sink_.cancel_delay();
    sink_.send_press(std::exchange(pending_, 0u));
}

void KeyState::press(unsigned scancode, unsigned delay_ms) {
    if (scancode == 0 || scancode >= down_.size()) return;
    flush();
    if (delay_ms != 0 && !down_[scancode]) {
        pending_ = scancode;
        sink_.arm_delay(delay_ms);
    } else {
        sink_.send_press(scancode);
    }
    down_[scancode] = true;
}

void KeyState::release(unsigned scancode) {
    if (!is_down(scancode)) return;
    down_[scancode] = false;
    if (pending_ == scancode) {
        sink_.cancel_delay();
        sink_.send_click(std::exchange(pending_, 0u));
        return;
    }
    flush();
    sink_.send_release(scancode);
}

void KeyState::delay_elapsed() {
    if (pending_ != 0) sink_.send_press(std::exchange(pending_, 0u));
}

void KeyState::release_all() {
    if (pending_ != 0) release(pending_); // still a click
    for (unsigned sc = 1; sc < down_.size() && down_.any(); ++sc) release(sc);
}

void KeyState::forget() {
    down_.reset();
    if (std::exchange(pending_, 0u) != 0) sink_.cancel_delay();
}

}
