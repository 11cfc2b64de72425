// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"

#include <cstdint>

namespace spice::display {

// A 1-bit mask placed on a surface: (x, y) is drawn where bit (x + dx, y + dy) differs from `inverted`, and never
// outside the bitmap (spec/display.md §10.2). Immutable; borrows the bits.
class Mask {
public:
    Mask(const codec::BitmapView &bits, int64_t dx, int64_t dy, bool inverted) noexcept
        : bits_{bits}, dx_{dx}, dy_{dy}, inverted_{inverted} {}

    // Calls f(x1, x2) for each run of drawn pixels of row y within [x1, x2), from left to right.
    template <class F> void runs(int32_t y, int32_t x1, int32_t x2, F &&f) const {
        const int64_t my = y + dy_;
        if (my < 0 || my >= bits_.height) return;
        const auto *row = reinterpret_cast<const uint8_t *>(bits_.row(static_cast<uint32_t>(my)));
        int64_t x = x1 + dx_ < 0 ? 0 : x1 + dx_;
        const int64_t end = x2 + dx_ < bits_.width ? x2 + dx_ : int64_t{bits_.width};
        while (x < end) {
            const int64_t from = find(row, x, end, !inverted_);
            x = find(row, from, end, inverted_);
            if (from < x) f(static_cast<int32_t>(from - dx_), static_cast<int32_t>(x - dx_));
        }
    }

private:
    // First bit of [x, end) with this value, or end.
    static int64_t find(const uint8_t *row, int64_t x, int64_t end, bool value) noexcept;

    codec::BitmapView bits_;
    int64_t dx_, dy_;
    bool inverted_;
};

}
