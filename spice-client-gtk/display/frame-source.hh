// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "display/geometry.hh"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace spice::gtk {

// Pixels ready to draw: 32 bits, x8r8g8b8 in host byte order, the first byte of every pixel's alpha is undefined.
struct Frame {
    const uint8_t *pixels = nullptr; // top left pixel of the area
    int stride = 0, width = 0, height = 0;
    bool operator==(const Frame &) const = default;
};

// The guest surface that a display shows: live memory of the display channel for 32-bit formats, an own converted
// copy for the 16-bit ones, which is brought up to date by convert(). Main thread.
class FrameSource {
public:
    enum class Format { none, rgb32, rgb565, rgb555 };
    // data must stay valid until clear().
    void set(Format format, int width, int height, int stride, const uint8_t *data);
    void clear();
    int width() const noexcept { return width_; }
    int height() const noexcept { return height_; }
    bool empty() const noexcept { return data_ == nullptr; }
    bool converts() const noexcept { return format_ != Format::rgb32 && format_ != Format::none; }

    // Brings the converted copy of this rectangle up to date; nothing to do for 32-bit surfaces.
    void convert(const Rect &r);
    // The part of the surface that is shown; must lie inside it.
    Frame frame(const Rect &area) const noexcept;

private:
    const uint8_t *row(int y) const noexcept { return data_ + static_cast<std::ptrdiff_t>(y) * stride_; }
    Format format_ = Format::none;
    int width_ = 0, height_ = 0, stride_ = 0;
    const uint8_t *data_ = nullptr;
    std::vector<uint32_t> copy_;
};

}
