// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "display/geometry.hh"

#include <spice-client.h>

#include <cstdint>
#include <vector>

namespace spice::gtk {

// A GL scanout read through the CPU: the buffer is mapped and copied, which works for linear buffers of any renderer.
// Main thread.
class Scanout {
public:
    Scanout() = default;
    Scanout(const Scanout &) = delete;
    Scanout &operator=(const Scanout &) = delete;
    ~Scanout() { close(); }
    bool open(const SpiceGlScanout &scanout); // false: it cannot be read
    void close();
    void refresh(const Rect &changed); // copies what the server has drawn
    bool readable() const noexcept { return map_ != nullptr; }
    int width() const noexcept { return width_; }
    int height() const noexcept { return height_; }
    int stride() const noexcept { return width_ * 4; }
    const uint8_t *pixels() const noexcept { return reinterpret_cast<const uint8_t *>(copy_.data()); }

private:
    int fd_ = -1, width_ = 0, height_ = 0;
    std::size_t stride_ = 0, size_ = 0;
    bool bottom_up_ = false, swap_red_blue_ = false;
    const uint8_t *map_ = nullptr;
    std::vector<uint32_t> copy_;
};

}
