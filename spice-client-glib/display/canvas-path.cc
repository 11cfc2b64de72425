// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-path.hh"

#include <algorithm>
#include <cstdlib>

namespace spice::display {
namespace {

constexpr std::size_t max_points = 1 << 20;
constexpr unsigned max_depth = 16;

// 28.4, in 64 bits: differences and sums of 32-bit points fit.
struct Fix {
    int64_t x, y;
};
Fix operator-(Fix a, Fix b) noexcept { return {a.x - b.x, a.y - b.y}; }
Fix middle(Fix a, Fix b) noexcept { return {(a.x + b.x) / 2, (a.y + b.y) / 2}; }
int64_t dot(Fix a, Fix b) noexcept { return (a.x * b.x + a.y * b.y) >> 4; }

// Whether a control point at `a` from an end of the chord `b` is close to it: (|a|²|b|² − (a·b)²) / 8 < |b|².
bool close_to(Fix a, Fix b) noexcept {
    constexpr int64_t exact = 1 << 16; // products of four such numbers fit 64 bits
    if (std::max({std::abs(a.x), std::abs(a.y), std::abs(b.x), std::abs(b.y)}) < exact) {
        const int64_t ab = dot(a, b), bb = dot(b, b);
        return (dot(a, a) * bb - ab * ab) >> 3 < bb;
    }
    const auto real = [](Fix p, Fix q) {
        return (static_cast<double>(p.x) * static_cast<double>(q.x) +
                static_cast<double>(p.y) * static_cast<double>(q.y)) /
               16;
    };
    const double ab = real(a, b), bb = real(b, b);
    return (real(a, a) * bb - ab * ab) / 8 < bb;
}

int32_t rounded(int64_t v) noexcept { return static_cast<int32_t>((v >> 4) + ((v & 15) > 8 ? 1 : 0)); }

class Flattener {
public:
    bool segment(const wire::PathSegment &segment);
    Polylines finish() {
        end();
        return std::move(lines_);
    }

private:
    bool pending() const noexcept { return lines_.points.size() > start_; }
    bool append(int64_t x, int64_t y) {
        if (lines_.points.size() >= max_points) return false;
        lines_.points.push_back({rounded(x), rounded(y)});
        return true;
    }
    void end() {
        if (!pending()) return;
        start_ = lines_.points.size();
        lines_.ends.push_back(start_);
    }
    bool curve(Fix p0, Fix p1, Fix p2, Fix p3, unsigned depth);

    Polylines lines_;
    std::size_t start_ = 0; // of the polyline that is being built
};

bool Flattener::curve(Fix p0, Fix p1, Fix p2, Fix p3, unsigned depth) {
    if (depth == 0 || (close_to(p1 - p0, p3 - p0) && close_to(p2 - p3, p0 - p3))) return append(p3.x, p3.y);
    const Fix a = middle(p0, p1), b = middle(p1, p2), c = middle(p2, p3);
    const Fix d = middle(a, b), e = middle(b, c), f = middle(d, e);
    return curve(p0, a, d, f, depth - 1) && curve(f, e, c, p3, depth - 1);
}

bool Flattener::segment(const wire::PathSegment &segment) {
    auto points = std::span{segment.points};
    if ((segment.flags & SPICE_PATH_BEGIN) != 0) {
        end();
        if (points.empty()) return false;
        if (!append(points[0].x, points[0].y)) return false;
        points = points.subspan(1);
    }
    if ((segment.flags & SPICE_PATH_BEZIER) != 0) {
        if (points.size() % 3 != 0 || (!points.empty() && !pending())) return false;
        for (; !points.empty(); points = points.subspan(3)) {
            const PathPoint last = lines_.points.back(); // curves begin at the pixel, not at the point
            const auto fix = [&](std::size_t i) { return Fix{points[i].x, points[i].y}; };
            if (!curve({int64_t{last.x} * 16, int64_t{last.y} * 16}, fix(0), fix(1), fix(2), max_depth)) return false;
        }
    } else {
        for (const auto &p : points)
            if (!append(p.x, p.y)) return false;
    }
    if ((segment.flags & SPICE_PATH_END) == 0) return true;
    if ((segment.flags & SPICE_PATH_CLOSE) != 0 && pending()) {
        const PathPoint first = lines_.points[start_];
        if (!append(int64_t{first.x} * 16, int64_t{first.y} * 16)) return false;
    }
    end();
    return true;
}

// First step of [begin, end) from which on `reached` holds.
template <class F> int64_t first_where(int64_t begin, int64_t end, F &&reached) noexcept {
    while (begin < end) {
        const int64_t half = begin + (end - begin) / 2;
        if (reached(half))
            end = half;
        else
            begin = half + 1;
    }
    return begin;
}

}

int32_t round_fix(int32_t v) noexcept { return rounded(v); }

std::optional<Polylines> flatten(const wire::Path &path) {
    Flattener flattener;
    for (const auto &segment : path.segments)
        if (!flattener.segment(segment)) return std::nullopt;
    return flattener.finish();
}

Line::Line(PathPoint from, PathPoint to) noexcept : from_{from} {
    const int64_t dx = int64_t{to.x} - from.x, dy = int64_t{to.y} - from.y;
    sx_ = dx < 0 ? -1 : 1;
    sy_ = dy < 0 ? -1 : 1;
    steep_ = std::abs(dx) <= std::abs(dy);
    steps_ = steep_ ? std::abs(dy) : std::abs(dx);
    across_ = steep_ ? std::abs(dx) : std::abs(dy);
    error_ = 2 * across_ - steps_ - ((steep_ ? dy : dx) < 0 ? 1 : 0);
}

// Bresenham's error before step k, less the part that minor steps took off it, is error + 2·across·k; each minor step
// takes off 2·steps, and one is made whenever the rest is not negative. Hence the closed form.
int64_t Line::minor(int64_t step) const noexcept {
    if (step == 0) return 0;
    const int64_t n = error_ + 2 * across_ * (step - 1), d = 2 * steps_;
    return (n >= 0 ? n / d : -1 - (-n - 1) / d) + 1;
}

PathPoint Line::at(int64_t step) const noexcept {
    const auto along = static_cast<int32_t>(step), across = static_cast<int32_t>(minor(step));
    return steep_ ? PathPoint{from_.x + sx_ * across, from_.y + sy_ * along}
                  : PathPoint{from_.x + sx_ * along, from_.y + sy_ * across};
}

std::pair<int64_t, int64_t> Line::visible(const Box &box) const noexcept {
    // Distances from the first pixel, in the direction of travel, that are inside the box: [from, to).
    const auto inside = [](int64_t start, int32_t sign, int64_t low, int64_t high) {
        return sign > 0 ? std::pair{low - start, high - start} : std::pair{start - high + 1, start - low + 1};
    };
    const auto x = inside(from_.x, sx_, box.x1, box.x2), y = inside(from_.y, sy_, box.y1, box.y2);
    const auto along = steep_ ? y : x, across = steep_ ? x : y;
    const int64_t begin = std::max<int64_t>(along.first, 0), end = std::min(along.second, steps_);
    if (begin >= end) return {0, 0};
    const int64_t first = first_where(begin, end, [&](int64_t k) { return minor(k) >= across.first; });
    return {first, first_where(first, end, [&](int64_t k) { return minor(k) >= across.second; })};
}

}
