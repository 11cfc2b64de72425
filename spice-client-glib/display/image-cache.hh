// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "display/image-slot.hh"

#include <cstdint>
#include <map>
#include <mutex>
#include <unordered_map>

namespace spice::display {

// The image cache of a session, shared by its display channels (spec/display.md §7.1). Thread-safe. The server decides
// what is in it; entries are registered in wire order by the engines, decoded or not.
class ImageCache {
public:
    // Servers account by pixels and evict by themselves; these bound one that does not.
    static constexpr std::size_t max_entries = 1u << 20;
    static constexpr uint64_t unlimited = UINT64_MAX;

    // `max_pixels`: of all entries together, apart from the largest one.
    explicit ImageCache(uint64_t max_pixels = unlimited) : max_pixels_{max_pixels} {}

    // CACHE_ME: a new entry, or another reference to an existing one with a new image. False: the cache is full.
    bool put(uint64_t id, SlotPtr image, bool lossy, uint64_t pixels = 0);
    // CACHE_REPLACE_ME: a lossless image for the same references.
    bool replace(uint64_t id, SlotPtr image, uint64_t pixels = 0);
    // Drops one reference; unknown ids are ignored.
    void invalidate(uint64_t id);
    void clear();

    struct Found {
        SlotPtr image;
        bool awaited = false; // not there: settles when another channel delivers it, or by give_up()
    };
    Found find(uint64_t id, bool lossless);
    // Nobody will deliver what these awaited images stand for.
    void give_up(const SlotPtr &awaited);
    bool anybody_waits() const { return awaited() > 0; }
    std::size_t awaited() const;

    std::size_t entries() const;

private:
    struct Entry {
        SlotPtr image;
        bool lossy = false;
        uint32_t references = 0;
        uint64_t pixels = 0;
    };
    struct Awaited {
        SlotPtr image;
        bool lossless;
    };
    Entry *make_room(uint64_t id, uint64_t pixels);
    std::vector<SlotPtr> take_waiters(uint64_t id, bool lossy);
    static void chain(const SlotPtr &from, std::vector<SlotPtr> to);

    const uint64_t max_pixels_;
    mutable std::mutex mutex_; // guards what follows
    uint64_t pixels_ = 0, largest_ = 0;
    std::unordered_map<uint64_t, Entry> entries_;
    std::multimap<uint64_t, Awaited> awaited_;
};

}
