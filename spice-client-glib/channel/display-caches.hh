// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/activity-board.hh"
#include "channel/decode-queue.hh"
#include "codec/glz-window.hh"
#include "display/image-cache.hh"
#include "display/surface.hh"

#include <chrono>
#include <memory>

namespace spice::channel {

// What the display channels of one session share: made when the main channel learns the sizes, replaced at the next
// connect, kept alive by the engines and drawings that use it. Thread-safe.
struct DisplayCaches {
    DisplayCaches(uint64_t cache_pixels, uint64_t window_pixels)
        : cache_size{cache_pixels}, window_size{window_pixels}, images{2 * cache_pixels},
          glz{std::make_shared<codec::GlzWindow>(window_pixels)},
          decode{std::make_shared<DecodeQueue>(glz, window_pixels, [board = board] { board->wake_all(); })} {}

    const uint64_t cache_size, window_size; // pixels, as DISPLAY_INIT announces them
    // Limits, which tests lower before the first channel connects. What an image that may still come from another
    // channel is waited for once those channels are quiet; what a channel may have queued while others need it to be
    // read on; what one channel may have of surfaces; how many images may be waited for.
    std::chrono::milliseconds patience{5000};
    std::size_t read_on_bytes = 256u << 20;
    display::SurfaceLimits surface_limits;
    std::size_t max_awaited = 16'384;
    display::ImageCache images;
    const std::shared_ptr<ActivityBoard> board = std::make_shared<ActivityBoard>();
    const std::shared_ptr<codec::GlzWindow> glz;
    const std::shared_ptr<DecodeQueue> decode;
};

}
