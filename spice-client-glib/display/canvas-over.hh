// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstdint>

// 8-bit premultiplied arithmetic on all four channels of a pixel, two channels to a word (spec/display.md §10.9).
namespace spice::display {

constexpr uint32_t scale_channels(uint32_t p, uint32_t a) noexcept {
    const auto half = [a](uint32_t two) {
        const uint32_t t = two * a + 0x800080u;
        return (t + (t >> 8 & 0xff00ffu)) >> 8 & 0xff00ffu;
    };
    return half(p & 0xff00ffu) | half(p >> 8 & 0xff00ffu) << 8;
}

constexpr uint32_t add_saturated(uint32_t a, uint32_t b) noexcept {
    const auto half = [](uint32_t x, uint32_t y) {
        uint32_t t = x + y;
        t |= 0x1000100u - (t >> 8 & 0xff00ffu);
        return t & 0xff00ffu;
    };
    return half(a & 0xff00ffu, b & 0xff00ffu) | half(a >> 8 & 0xff00ffu, b >> 8 & 0xff00ffu) << 8;
}

constexpr uint32_t over(uint32_t source, uint32_t dest) noexcept {
    return add_saturated(source, scale_channels(dest, 255 - (source >> 24)));
}

// On a surface without alpha: the x byte is blended like a channel, but where an opaque pixel replaces the old one it
// becomes 0, as the previous client leaves it for opaque images.
constexpr uint32_t over_without_alpha(uint32_t source, uint32_t dest) noexcept {
    return source >= 0xff000000u ? source & 0xffffffu : over(source, dest);
}

}
