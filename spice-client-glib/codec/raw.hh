// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"

#include <optional>
#include <span>

namespace spice::codec {

// An uncompressed image as it is on the wire (spec/display.md §5.1).
struct RawImage {
    uint8_t format = 0; // SPICE_BITMAP_FMT_*
    bool top_down = false;
    Size size;
    uint32_t stride = 0;
    std::span<const std::byte> data;
    std::span<const uint32_t> palette;
};

// How the image is going to be used. Indexed images take the form of the surface they are drawn to: on 16-bit
// surfaces a palette entry is a raw pixel. Masks stay one bit per pixel.
struct RawTarget {
    Layout surface = Layout::bgrx;
    bool mask = false;
};

Result<Bitmap> decode_raw(const RawImage &image, RawTarget target, const Limits &limits);
// The image's own bytes as pixels, where nothing needs to be converted: 32 bits per pixel, rows aligned to them.
std::optional<BitmapView> view_raw(const RawImage &image, const Limits &limits) noexcept;

}
