// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"

#include <cstdint>

namespace spice::display {

// Writes pixels [x, x + count) of a row to `out` in another layout.
using ConvertRow = void (*)(const uint8_t *row, int64_t x, int64_t count, uint8_t *out) noexcept;

// How an image becomes pixels of a surface, spec/display.md §5.2. Alpha and x bytes of 32-bit pixels are kept as they
// are. Null when the pair has no meaning (a mask as colours).
ConvertRow converter(codec::Layout from, codec::Layout to) noexcept;

// Whether pixels need no conversion.
constexpr bool same_pixels(codec::Layout a, codec::Layout b) noexcept {
    const auto wide = [](codec::Layout l) { return l == codec::Layout::bgrx || l == codec::Layout::bgra; };
    return a == b || (wide(a) && wide(b));
}

// For blending: every layout as premultiplied ARGB, opaque where it has no alpha.
ConvertRow blend_converter(codec::Layout from) noexcept;

constexpr uint8_t widen5(unsigned c) noexcept { return static_cast<uint8_t>((c & 31) << 3 | (c & 31) >> 2); }
constexpr uint8_t widen6(unsigned c) noexcept { return static_cast<uint8_t>((c & 63) << 2 | (c & 63) >> 4); }
constexpr uint32_t from_555(uint16_t p) noexcept {
    return 0xff000000u | uint32_t{widen5(p >> 10)} << 16 | uint32_t{widen5(p >> 5)} << 8 | widen5(p);
}
constexpr uint32_t from_565(uint16_t p) noexcept {
    return 0xff000000u | uint32_t{widen5(p >> 11)} << 16 | uint32_t{widen6(p >> 5)} << 8 | widen5(p);
}
constexpr uint16_t to_555(uint32_t p) noexcept {
    return static_cast<uint16_t>((p >> 9 & 0x7c00) | (p >> 6 & 0x03e0) | (p >> 3 & 0x001f));
}
constexpr uint16_t to_565(uint32_t p) noexcept {
    return static_cast<uint16_t>((p >> 8 & 0xf800) | (p >> 5 & 0x07e0) | (p >> 3 & 0x001f));
}

// Pixel access for kernels that compute in 32 bits, for surfaces of any depth of at least a byte.
uint32_t load_argb(codec::Layout layout, const uint8_t *pixel) noexcept;
void store_argb(codec::Layout layout, uint8_t *pixel, uint32_t argb) noexcept;

}
