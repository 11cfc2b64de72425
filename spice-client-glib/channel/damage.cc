// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/damage.hh"

#include <algorithm>
#include <cstdint>

namespace spice::channel {

namespace {

using display::Box;

int64_t area(const Box &b) noexcept { return display::width(b) * display::height(b); }

Box hull(const Box &a, const Box &b) noexcept {
    return {std::min(a.x1, b.x1), std::min(a.y1, b.y1), std::max(a.x2, b.x2), std::max(a.y2, b.y2)};
}

// Pixels that would be reported without having changed if both became one box; negative when they overlap much.
int64_t waste(const Box &a, const Box &b) noexcept { return area(hull(a, b)) - area(a) - area(b); }

}

void Damage::add(const Box &box) noexcept {
    if (display::empty(box)) return;
    std::size_t best = count_;
    int64_t best_waste = 0;
    for (std::size_t i = 0; i < count_; ++i) {
        const auto w = waste(boxes_[i], box);
        if (best == count_ || w < best_waste) {
            best = i;
            best_waste = w;
        }
        if (w <= 0) break;
    }
    if (best < count_ && (best_waste <= 0 || count_ == max_boxes)) boxes_[best] = hull(boxes_[best], box);
    else boxes_[count_++] = box;
}

}
