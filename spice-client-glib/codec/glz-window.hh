// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/glz.hh"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace spice::codec {

// The GLZ dictionary of a session: the images that later ones may refer to. Shared by the decode jobs of all display
// channels; thread-safe. Images become visible when they are inserted, complete. Waiters are called without the lock.
class GlzWindow {
public:
    enum class Wake : uint8_t { inserted, gone };
    // Called exactly once, on whatever thread inserts the image or gives it up.
    using Waiter = std::function<void(Wake)>;

    // `window_pixels` is what the client announced in DISPLAY_INIT.
    explicit GlzWindow(uint64_t window_pixels) : window_pixels_{window_pixels} {}
    ~GlzWindow() { close(); }
    GlzWindow(const GlzWindow &) = delete;
    GlzWindow &operator=(const GlzWindow &) = delete;

    // Publishes a decoded image (or a blank one that stands in for it). Refused: an id that is present, more memory
    // than an honest server can cause, a closed window.
    Status insert(uint64_t id, uint32_t win_head_dist, SharedBitmap32 image);

    GlzLookup find(uint64_t id) const;
    // As find(), but an image that may still come gets the waiter.
    GlzLookup find_or_park(uint64_t id, Waiter waiter);

    // Nobody expects this image any more; should it come after all, it is stored.
    void mark_absent(uint64_t id);
    // Forgets everything, as after a reconnection or migration: the first id is unknown again.
    void clear();
    // As clear(), for good: everything is absent from now on.
    void close();

    std::size_t images() const;
    uint64_t pixels() const;

private:
    struct Entry {
        uint32_t win_head_dist = 0;
        SharedBitmap32 image;
    };
    using Images = std::map<uint64_t, Entry>;
    using Waiters = std::multimap<uint64_t, Waiter>;

    GlzLookup find_locked(uint64_t id) const;
    void advance();
    void note_absent(uint64_t id);
    void release_below(uint64_t oldest, std::vector<SharedBitmap32> &freed);
    std::vector<Waiter> take_waiters(Waiters::iterator first, Waiters::iterator last);
    void forget_everything(std::unique_lock<std::mutex> lock);

    const uint64_t window_pixels_;
    mutable std::mutex mutex_; // guards everything below
    bool closed_ = false;
    Images images_;
    std::set<uint64_t> absent_;
    Waiters waiters_;
    std::optional<uint64_t> gap_;  // smallest id not decoded yet; unknown until the first image of an encoder was seen
    uint64_t oldest_ = 0;          // images below it are never referred to again
    uint64_t pixels_ = 0;
    uint64_t largest_ = 0;
};

}
