// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/decode-queue.hh"
#include "channel/display-caches.hh"
#include "display/image-slot.hh"
#include "display/palette-cache.hh"
#include "link/stream.hh"

#include <functional>
#include <memory>
#include <vector>

namespace spice::channel {

// An image of a drawing: a slot that settles when its pixels are there, and the decode budget it uses until it has
// been drawn. Without a slot the drawing has no such image, or it names a surface.
struct ResolvedImage {
    display::SlotPtr slot;
    DecodeQueue::Lease lease;
    bool decoded_at_once = false; // its pixels are no part of the budget
};

// Turns the images of messages into slots, in wire order: looks up and fills the caches, starts decoding. One per
// display channel, bound to its engine's thread.
class ImageResolver {
public:
    using Warn = std::function<void(uint32_t kind, const char *what)>;
    // Below this a hop to a worker costs more than decoding at once, on the engine's thread.
    static constexpr uint64_t small_image_pixels = 64 * 64;
    // What is waited for at the longest, although the other channels never are quiet.
    static constexpr auto longest_patience = std::chrono::seconds(30);

    ImageResolver(std::shared_ptr<DisplayCaches> caches, uint8_t channel, Warn warn);

    ResolvedImage resolve(wire::Image image, codec::DecodeTarget target, const std::shared_ptr<std::byte[]> &keep);

    static bool decoded_at_once(const wire::Image &image) noexcept;
    display::PaletteCache &palettes() noexcept { return palettes_; }

    // Another channel waits for an image that this one may have to bring.
    bool others_wait() const;
    bool waiting() const { return !awaited_.empty() || caches_->decode->waits_for_unsent(channel_); }
    // Gives up what will not come any more; called from time to time while waiting().
    void give_up_overdue();
    // The channel is gone: nobody waits for its images any more.
    void abandon();

private:
    struct Awaited {
        display::SlotPtr slot;
        link::Clock::time_point since;
    };
    ResolvedImage from_cache(uint64_t id, bool lossless);
    ResolvedImage failed(const wire::Image &image);
    void remember(const wire::Image &image, const display::SlotPtr &slot);

    std::shared_ptr<DisplayCaches> caches_;
    uint8_t channel_;
    uint64_t presence_; // in the decode queue
    Warn warn_;
    display::PaletteCache palettes_;
    std::vector<Awaited> awaited_;
    std::optional<link::Clock::time_point> parked_since_; // a GLZ image of ours waits
};

}
