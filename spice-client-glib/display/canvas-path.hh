// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "display/region.hh"
#include "wire/messages-draw.hh"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

// Paths and solid lines of STROKE (spec/display.md §10.12), without pixels.
namespace spice::display {

struct PathPoint {
    int32_t x = 0, y = 0;
    bool operator==(const PathPoint &) const = default;
};

// Rounds 28.4 to whole pixels; exactly one half rounds down.
int32_t round_fix(int32_t v) noexcept;

struct Polylines {
    std::vector<PathPoint> points;
    std::vector<std::size_t> ends; // index behind the last point of each polyline
};
// Nothing: a curve without its points, or more points than anybody draws.
std::optional<Polylines> flatten(const wire::Path &path);

// A line of 1-pixel steps. The pixel of its second end is not part of it, and clipping does not move the others.
class Line {
public:
    Line(PathPoint from, PathPoint to) noexcept;
    // Calls f(y, x1, x2) for each horizontal run of pixels inside the box.
    template <class F> void runs(const Box &box, F &&f) const {
        auto [step, last] = visible(box);
        if (step >= last) return;
        int32_t run_y = 0, run_x1 = 0, run_x2 = 0; // empty: none
        for (; step < last; ++step) {
            const PathPoint p = at(step);
            if (run_x1 < run_x2 && p.y == run_y && (p.x == run_x2 || p.x + 1 == run_x1)) {
                if (p.x == run_x2)
                    ++run_x2;
                else
                    --run_x1;
                continue;
            }
            if (run_x1 < run_x2) f(run_y, run_x1, run_x2);
            run_y = p.y;
            run_x1 = p.x;
            run_x2 = p.x + 1;
        }
        if (run_x1 < run_x2) f(run_y, run_x1, run_x2);
    }

private:
    PathPoint at(int64_t step) const noexcept;
    int64_t minor(int64_t step) const noexcept; // how far the line went across after so many steps
    std::pair<int64_t, int64_t> visible(const Box &box) const noexcept;

    PathPoint from_;
    bool steep_ = false; // steps go along y
    int32_t sx_ = 1, sy_ = 1;
    int64_t steps_ = 0, across_ = 0; // extents along and across
    int64_t error_ = 0;              // Bresenham's at the first pixel
};

}
