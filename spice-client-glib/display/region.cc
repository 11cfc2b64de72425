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

void Area::unite_parts() {
    if (parts_.size() <= 1) {
        set(parts_.empty() ? Box{} : parts_.front());
        return;
    }
    pixman_region32_fini(&region_);
    if (!pixman_region32_init_rects(&region_, parts_.data(), static_cast<int>(parts_.size()))) {
        pixman_region32_init(&region_);
        set(Box{});
        return;
    }
    int count = 0;
    const Box *boxes = pixman_region32_rectangles(&region_, &count);
    boxes_ = {boxes, static_cast<std::size_t>(count)};
    extents_ = *pixman_region32_extents(&region_);
}

}
