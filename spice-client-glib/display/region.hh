// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <pixman.h>

#include <cstdint>
#include <span>
#include <vector>

namespace spice::display {

// Pixels [x1, x2) × [y1, y2) of a surface.
using Box = pixman_box32_t;

constexpr bool empty(const Box &b) noexcept { return b.x1 >= b.x2 || b.y1 >= b.y2; }
constexpr int64_t width(const Box &b) noexcept { return int64_t{b.x2} - b.x1; }
constexpr int64_t height(const Box &b) noexcept { return int64_t{b.y2} - b.y1; }
Box intersect(const Box &a, const Box &b) noexcept;
// `b` moved by an offset of any size, restricted to `bounds`.
Box moved_inside(const Box &b, int64_t dx, int64_t dy, const Box &bounds) noexcept;

// Crossing boxes make as many disjoint ones as the square of their number.
constexpr std::size_t max_united_boxes = 65536;
// False: their union may be of more than max_united_boxes. True for any 181 of them.
bool can_unite(std::span<const Box> boxes);

// Any set of pixels. Thread-bound.
class Region {
public:
    Region() noexcept { pixman_region32_init(&region_); }
    ~Region() { pixman_region32_fini(&region_); }
    Region(const Region &) = delete;
    Region &operator=(const Region &) = delete;

    void add(const Box &box) noexcept;
    void set(std::span<const Box> boxes) noexcept; // in any order; they may overlap
    void subtract(const Region &other) noexcept;
    std::span<const Box> boxes() const noexcept; // disjoint
    Box extents() const noexcept;

private:
    pixman_region32_t region_;
};

// The disjoint boxes a drawing may touch, in bands from top to bottom, each from left to right. Thread-bound; reused
// from drawing to drawing, so that the usual single box costs no allocation.
class Area {
public:
    Area() noexcept { pixman_region32_init(&region_); }
    ~Area() { pixman_region32_fini(&region_); }
    Area(const Area &) = delete;
    Area &operator=(const Area &) = delete;

    void set(const Box &bounds) noexcept;
    // bounds ∩ (union of the boxes that `next` yields until it returns false). Boxes may overlap and be unordered.
    // False: too many to unite; the area is empty.
    template <class Next> bool set(const Box &bounds, Next &&next) {
        parts_.clear();
        for (Box b; next(b);) {
            b = intersect(b, bounds);
            if (!empty(b)) parts_.push_back(b);
        }
        return unite_parts();
    }

    bool is_empty() const noexcept { return boxes_.empty(); }
    std::span<const Box> boxes() const noexcept { return boxes_; }
    // The smallest box around all boxes.
    const Box &extents() const noexcept { return extents_; }
    void release_large(std::size_t keep_bytes); // the area is empty then

private:
    bool unite_parts();
    std::vector<Box> parts_;
    std::span<const Box> boxes_; // of parts_ or of region_
    Box extents_{};
    pixman_region32_t region_;
};

}
