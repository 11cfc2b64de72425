// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstdint>
#include <utility>

namespace spice::display {

// Where the first sample lies: at the start of the source area, or at the start rounded (half up) to a whole number of
// destination pixels, as ROP3 has it.
enum class ScaleStart : uint8_t { exact, whole_steps };

// The map from destination columns (or rows) to source positions in 16.16, spec/display.md §10.1. Column 0 is the
// left edge of the drawing's box. Immutable. Nothing here can overflow 64 bits
// when the rectangles are of 32 bits.
class ScaleAxis {
public:
    ScaleAxis() = default;
    // `dest_size` > 0, `source_size` > 0. `origin`: what the rows (columns) that samples are taken from begin with.
    ScaleAxis(int64_t source_start, int64_t source_size, int64_t dest_size, ScaleStart start = ScaleStart::exact,
              int64_t origin = 0) noexcept;

    int64_t nearest(int64_t i) const noexcept { return (first_ + step_ * i - 1) >> 16; }
    // Left (upper) neighbour of a bilinear sample and the weight, 0 … 254, of the other one.
    struct Pair {
        int64_t index;
        uint32_t weight;
    };
    Pair bilinear(int64_t i) const noexcept {
        const int64_t x = first_ + step_ * i - 32768;
        return {x >> 16, static_cast<uint32_t>((x >> 9) & 127) * 2};
    }
    // Of the columns [begin, end): those whose nearest sample is one of [0, count). May be empty.
    std::pair<int64_t, int64_t> nearest_inside(int64_t begin, int64_t end, int64_t count) const noexcept;
    // The same for the left neighbour of the bilinear sample.
    std::pair<int64_t, int64_t> bilinear_inside(int64_t begin, int64_t end, int64_t count) const noexcept;
    int64_t position(int64_t i) const noexcept { return first_ + step_ * i; }
    int64_t step() const noexcept { return step_; }

private:
    int64_t step_ = 65536, first_ = 65536;
};

// Kernels for destination columns [begin, end). `source` holds `count` pixels and may be null (an outside row, all 0);
// samples outside it are 0. Px is uint8_t, uint16_t or uint32_t.
template <class Px>
void scale_nearest_row(const ScaleAxis &axis, int64_t begin, int64_t end, const Px *source, int64_t count, Px *out);
// Four 8-bit channels per pixel, or one. `upper` and `lower` may be null like `source`; `weight` is that of `lower`.
void scale_bilinear_row(const ScaleAxis &axis, int64_t begin, int64_t end, const uint32_t *upper, const uint32_t *lower,
                        int64_t count, uint32_t weight, uint32_t *out);
void scale_bilinear_row(const ScaleAxis &axis, int64_t begin, int64_t end, const uint8_t *upper, const uint8_t *lower,
                        int64_t count, uint32_t weight, uint8_t *out);

}
