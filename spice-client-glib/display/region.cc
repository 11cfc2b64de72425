// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/region.hh"

#include <algorithm>

namespace spice::display {

Box intersect(const Box &a, const Box &b) noexcept {
    return Box{std::max(a.x1, b.x1), std::max(a.y1, b.y1), std::min(a.x2, b.x2), std::min(a.y2, b.y2)};
}

Box moved_inside(const Box &b, int64_t dx, int64_t dy, const Box &bounds) noexcept {
    const auto x = [&](int64_t v) { return static_cast<int32_t>(std::clamp<int64_t>(v + dx, bounds.x1, bounds.x2)); };
    const auto y = [&](int64_t v) { return static_cast<int32_t>(std::clamp<int64_t>(v + dy, bounds.y1, bounds.y2)); };
    return Box{x(b.x1), y(b.y1), x(b.x2), y(b.y2)};
}

// Counts each box as often as other boxes' edges divide it, which is what pixman makes of it before it joins any.
bool can_unite(std::span<const Box> boxes) {
    constexpr std::size_t always = 181; // at most 2 · 181 - 1 parts of each
    if (boxes.size() <= always) return true;
    if (boxes.size() > max_united_boxes) return false;
    std::vector<int32_t> edges;
    edges.reserve(2 * boxes.size());
    for (const auto &b : boxes) edges.insert(edges.end(), {b.y1, b.y2});
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    const auto place = [&](int32_t y) { return std::lower_bound(edges.begin(), edges.end(), y); };
    std::size_t parts = 0;
    for (const auto &b : boxes) {
        if (!empty(b)) parts += static_cast<std::size_t>(place(b.y2) - place(b.y1));
        if (parts > max_united_boxes) return false;
    }
    return true;
}

void Region::add(const Box &box) noexcept {
    if (empty(box)) return;
    pixman_region32_union_rect(&region_, &region_, box.x1, box.y1, static_cast<unsigned>(width(box)),
                               static_cast<unsigned>(height(box)));
}

void Region::set(std::span<const Box> boxes) noexcept {
    pixman_region32_fini(&region_);
    if (!pixman_region32_init_rects(&region_, boxes.data(), static_cast<int>(boxes.size()))) pixman_region32_init(&region_);
}

void Region::subtract(const Region &other) noexcept { pixman_region32_subtract(&region_, &region_, &other.region_); }

std::span<const Box> Region::boxes() const noexcept {
    int count = 0;
    const Box *boxes = pixman_region32_rectangles(&region_, &count);
    return {boxes, static_cast<std::size_t>(count)};
}

Box Region::extents() const noexcept { return *pixman_region32_extents(&region_); }

void Area::set(const Box &bounds) noexcept {
    extents_ = bounds;
    boxes_ = empty(bounds) ? std::span<const Box>{} : std::span<const Box>{&extents_, 1};
}

bool Area::unite_parts() {
    if (parts_.size() <= 1) {
        set(parts_.empty() ? Box{} : parts_.front());
        return true;
    }
    if (!can_unite(parts_)) {
        set(Box{});
        return false;
    }
    pixman_region32_fini(&region_);
    if (!pixman_region32_init_rects(&region_, parts_.data(), static_cast<int>(parts_.size()))) {
        pixman_region32_init(&region_);
        set(Box{});
        return false;
    }
    int count = 0;
    const Box *boxes = pixman_region32_rectangles(&region_, &count);
    boxes_ = {boxes, static_cast<std::size_t>(count)};
    extents_ = *pixman_region32_extents(&region_);
    return true;
}

void Area::release_large(std::size_t keep_bytes) {
    if (std::max(parts_.capacity(), boxes_.size()) * sizeof(Box) <= keep_bytes) return;
    set(Box{});
    std::vector<Box>{}.swap(parts_);
    pixman_region32_fini(&region_);
    pixman_region32_init(&region_);
}

}
