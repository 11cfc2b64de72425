// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/image-cache.hh"

#include <algorithm>

namespace spice::display {

// With the lock held.
std::vector<SlotPtr> ImageCache::take_waiters(uint64_t id, bool lossy) {
    std::vector<SlotPtr> waiters;
    auto [at, end] = awaited_.equal_range(id);
    while (at != end) {
        if (lossy && at->second.lossless) {
            ++at;
            continue;
        }
        waiters.push_back(std::move(at->second.image));
        at = awaited_.erase(at);
    }
    return waiters;
}

void ImageCache::chain(const SlotPtr &from, std::vector<SlotPtr> to) {
    for (auto &waiter : to)
        from->when_settled([from, waiter = std::move(waiter)] {
            if (from->state() == ImageSlot::State::ready) waiter->complete(from->picture());
            else waiter->fail();
        });
}

// With the lock held: the entry of that id, new or not, or null when it would be too much.
ImageCache::Entry *ImageCache::make_room(uint64_t id, uint64_t pixels) {
    const auto found = entries_.find(id);
    const uint64_t before = found == entries_.end() ? 0 : found->second.pixels;
    const uint64_t largest = std::max(largest_, pixels);
    const bool too_many = found == entries_.end() && entries_.size() >= max_entries;
    if (too_many || (max_pixels_ != unlimited && pixels_ - before + pixels > max_pixels_ + largest)) return nullptr;
    auto &entry = entries_[id];
    pixels_ = pixels_ - before + pixels;
    largest_ = largest;
    entry.pixels = pixels;
    return &entry;
}

bool ImageCache::put(uint64_t id, SlotPtr image, bool lossy, uint64_t pixels) {
    std::vector<SlotPtr> waiters;
    {
        std::lock_guard lock{mutex_};
        auto *entry = make_room(id, pixels);
        if (!entry) return false;
        entry->image = image;
        entry->lossy = lossy;
        ++entry->references;
        waiters = take_waiters(id, lossy);
    }
    chain(image, std::move(waiters));
    return true;
}

bool ImageCache::replace(uint64_t id, SlotPtr image, uint64_t pixels) {
    std::vector<SlotPtr> waiters;
    {
        std::lock_guard lock{mutex_};
        auto *entry = make_room(id, pixels);
        if (!entry) return false;
        entry->image = image;
        entry->lossy = false;
        if (entry->references == 0) entry->references = 1;
        waiters = take_waiters(id, false);
    }
    chain(image, std::move(waiters));
    return true;
}

void ImageCache::invalidate(uint64_t id) {
    SlotPtr dropped; // freed without the lock
    std::lock_guard lock{mutex_};
    const auto found = entries_.find(id);
    if (found == entries_.end() || --found->second.references > 0) return;
    dropped = std::move(found->second.image);
    pixels_ -= found->second.pixels;
    entries_.erase(found);
}

void ImageCache::clear() {
    std::unordered_map<uint64_t, Entry> dropped;
    std::lock_guard lock{mutex_};
    dropped.swap(entries_);
    pixels_ = 0;
}

ImageCache::Found ImageCache::find(uint64_t id, bool lossless) {
    std::lock_guard lock{mutex_};
    const auto found = entries_.find(id);
    if (found != entries_.end() && !(lossless && found->second.lossy)) return {found->second.image, false};
    auto slot = std::make_shared<ImageSlot>();
    awaited_.emplace(id, Awaited{slot, lossless});
    return {std::move(slot), true};
}

void ImageCache::give_up(const SlotPtr &awaited) {
    {
        std::lock_guard lock{mutex_};
        for (auto at = awaited_.begin(); at != awaited_.end(); ++at)
            if (at->second.image == awaited) {
                awaited_.erase(at);
                break;
            }
    }
    awaited->fail();
}

std::size_t ImageCache::awaited() const {
    std::lock_guard lock{mutex_};
    return awaited_.size();
}

std::size_t ImageCache::entries() const {
    std::lock_guard lock{mutex_};
    return entries_.size();
}

}
