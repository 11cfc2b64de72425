// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <span>
#include <vector>

namespace spice::gtk {

// Recognises the key combination that takes and gives back the grab: all keys down without a release in between,
// then all of them up without another press. Keys are keyvals; no key means that there is no combination.
class GrabCombination {
public:
    enum class Event { none, pressed, released };

    void set_keys(std::span<const unsigned> keyvals);
    Event key(unsigned keyval, bool press);
    // The pointer moved or focus came: forget a half-released combination.
    void reset();

private:
    void clear_flags();
    struct Key {
        unsigned keyval = 0;
        bool hit = false;
    };
    std::vector<Key> keys_;
    bool pressed_ = false;
};

}
