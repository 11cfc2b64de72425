// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "input/grab-combination.hh"

#include <algorithm>

namespace spice::gtk {

void GrabCombination::set_keys(std::span<const unsigned> keyvals) {
    keys_.clear();
    for (unsigned k : keyvals) keys_.push_back({k, false});
    pressed_ = false;
}

void GrabCombination::clear_flags() {
    for (auto &k : keys_) k.hit = false;
}

void GrabCombination::reset() {
    clear_flags();
    pressed_ = false;
}

GrabCombination::Event GrabCombination::key(unsigned keyval, bool press) {
    if (keys_.empty()) return Event::none;
    if (press == pressed_) { // a release while keys are collected, or a press while releases are
        reset();
        return Event::none;
    }
    for (auto &k : keys_) k.hit |= k.keyval == keyval;
    if (!std::all_of(keys_.begin(), keys_.end(), [](auto &k) { return k.hit; })) return Event::none;
    clear_flags();
    pressed_ = press;
    return press ? Event::pressed : Event::released;
}

}
