// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/activity-board.hh"
#include "channel/decode-queue.hh"
#include "codec/glz-window.hh"
#include "display/image-cache.hh"

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
    // What an image that may still come from another channel is waited for once those channels are quiet. Tests
    // shorten it before the first channel connects.
    std::chrono::milliseconds patience{5000};
    display::ImageCache images;
    const std::shared_ptr<ActivityBoard> board = std::make_shared<ActivityBoard>();
    const std::shared_ptr<codec::GlzWindow> glz;
    const std::shared_ptr<DecodeQueue> decode;
};

}
