// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-dash.hh"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace spice::display {
namespace {

constexpr double half_width = 0.5;
constexpr double miter_limit = 108.856472512142; // 1 / sin²(11°/2)
// The dashes of longer lines are placed one by one rather than step by step, since few of them can be visible.
constexpr double far_length = 32768;
constexpr int64_t reach = 8; // no pixel of a line or a join is farther from the line

double real(int64_t v) noexcept { return static_cast<double>(v); }

Corner operator+(Corner a, Corner b) noexcept { return {a.x + b.x, a.y + b.y}; }
Corner operator-(Corner a) noexcept { return {-a.x, -a.y}; }

Side reversed(const Side &s) noexcept { return {-s.dx, -s.dy, -s.k}; }

bool near(const Box &box, PathPoint a, PathPoint b) noexcept {
    const auto [left, right] = std::minmax({int64_t{a.x}, int64_t{b.x}});
    const auto [top, bottom] = std::minmax({int64_t{a.y}, int64_t{b.y}});
    return left - reach < box.x2 && right + reach >= box.x1 && top - reach < box.y2 && bottom + reach >= box.y1;
}

}

std::optional<Dashes> Dashes::create(const wire::LineAttr &line) {
    Dashes dashes;
    for (const int32_t v : line.style) {
        dashes.lengths_.push_back(round_fix(v) & 0xff);
        dashes.total_ += dashes.lengths_.back();
    }
    if (dashes.total_ == 0) return std::nullopt;
    const bool gap = (line.flags & SPICE_LINE_FLAGS_START_WITH_GAP) != 0;
    if (gap) std::rotate(dashes.lengths_.begin(), dashes.lengths_.begin() + 1, dashes.lengths_.end());
    dashes.start_.remain = dashes.lengths_[0];
    if (gap) dashes.next(dashes.start_);
    while (dashes.start_.remain == 0)
        dashes.next(dashes.start_);
    return dashes;
}

struct DashPen::Line {
    Line(PathPoint a, PathPoint b) noexcept : from{a}, to{b}, dx{int64_t{b.x} - a.x}, dy{int64_t{b.y} - a.y} {
        if (dx == 0 || dy == 0) {
            length = real(std::abs(dx) + std::abs(dy));
            side = {half_width * (dy > 0 ? 1 : dy < 0 ? -1 : 0), -half_width * (dx > 0 ? 1 : dx < 0 ? -1 : 0)};
        } else {
            length = std::hypot(real(dx), real(dy));
            const double r = half_width / length;
            side = {r * real(dy), -(r * real(dx))};
        }
        k = half_width * length;
    }
    Corner along(double pixels) const noexcept { return {pixels * real(dx) / length, pixels * real(dy) / length}; }
    // Of no length, at its beginning: corners 0 and 1 on one side of the line, 2 and 3 on the other.
    Polygon start() const noexcept {
        return {{side, side, -side, -side}, {Side{dx, dy, k}, {-dy, dx, 0}, {-dx, -dy, k}, {dy, -dx, 0}}, 4};
    }

    PathPoint from, to;
    int64_t dx, dy;
    double length = 0, k = 0;
    Corner side;
};

void DashPen::begin(std::span<const PathPoint> points) {
    place_ = dashes_.start();
    closed_ = points.size() > 1 && points.front() == points.back();
    first_.reset();
    last_.reset();
    last_on_ = false;
}

void DashPen::add_line(PathPoint from, PathPoint to) {
    if (from == to) return;
    const Line line{from, to};
    const bool on = Dashes::on(place_);
    if (!near(box_, from, to))
        skip(line.length);
    else if (line.length > far_length)
        walk_far(line);
    else
        walk(line);
    const Face start{from, line.dx, line.dy, line.side, line.k};
    if (!last_)
        first_ = start, first_on_ = on;
    else if (on && last_on_)
        join(start, *last_);
    last_ = Face{to, -line.dx, -line.dy, -line.side, line.k};
    last_on_ = dashes_.ended_on(place_);
}

void DashPen::end() {
    if (closed_ && first_ && first_on_ && last_on_) join(*first_, *last_);
}

// The next line begins at a whole pixel of the pattern; `left` of the present dash was used.
void DashPen::settle(double left) noexcept {
    place_.remain = static_cast<int64_t>(real(place_.remain) - left);
    if (place_.remain == 0) dashes_.next(place_);
}

// What the walks do to the place, without drawing: exact, as only whole numbers are subtracted.
void DashPen::skip(double length) noexcept {
    const double rounds = std::floor(length / real(dashes_.total())) - 1;
    if (rounds > 0) length -= rounds * real(dashes_.total());
    for (; length > real(place_.remain); dashes_.next(place_))
        length -= real(place_.remain);
    settle(length);
}

void DashPen::walk(const Line &line) {
    Polygon p = line.start();
    auto &c = p.corners;
    auto &s = p.sides;
    double left = line.length;
    for (; left > real(place_.remain); dashes_.next(place_)) {
        const Corner step = line.along(real(place_.remain));
        c[1] = c[1] + step;
        c[2] = c[2] + step;
        s[1].k = c[1].x * real(s[1].dy) - c[1].y * real(s[1].dx);
        if (Dashes::on(place_)) fill_polygon(p, line.from, box_, spans_);
        left -= real(place_.remain);
        c[0] = c[1];
        c[3] = c[2];
        s[3].k = -s[1].k;
    }
    if (Dashes::on(place_)) { // the last dash is drawn from the line's end
        const Corner back{real(-line.dx), real(-line.dy)};
        c[0] = c[0] + back;
        c[3] = c[3] + back;
        c[1] = line.side;
        c[2] = -line.side;
        s[1].k = 0;
        s[3].k -= real(line.dx) * real(s[3].dy) - real(line.dy) * real(s[3].dx);
        fill_polygon(p, line.to, box_, spans_);
    }
    settle(left);
}

// As walk(), for lines that nobody sees whole: every dash by itself, so that those outside the box may be left out.
void DashPen::walk_far(const Line &line) {
    // The stretch of the line that comes near the box.
    double begin = 0, end = line.length;
    const auto cut = [&](int64_t delta, int32_t start, int32_t low, int32_t high) {
        if (delta == 0) return;
        double a = (real(low) - real(start) - reach) * line.length / real(delta);
        double b = (real(high) - real(start) + reach) * line.length / real(delta);
        if (a > b) std::swap(a, b);
        begin = std::max(begin, a);
        end = std::min(end, b);
    };
    cut(line.dx, line.from.x, box_.x1, box_.x2);
    cut(line.dy, line.from.y, box_.y1, box_.y2);
    auto place = place_;
    const double total = real(dashes_.total());
    double at = std::max(0.0, std::floor(begin / total) - 1) * total; // where the present dash begins
    while (at < end) {
        const double next = std::min(at + real(place.remain), line.length);
        if (Dashes::on(place) && next > begin) {
            Polygon p = line.start();
            for (const std::size_t i : {0u, 3u})
                p.corners[i] = p.corners[i] + line.along(at);
            for (const std::size_t i : {1u, 2u})
                p.corners[i] = p.corners[i] + line.along(next);
            p.sides[1].k = next * line.length;
            p.sides[3].k = -(at * line.length);
            fill_polygon(p, line.from, box_, spans_);
        }
        at += real(place.remain);
        dashes_.next(place);
    }
    skip(line.length);
}

// Fills the notch on the outer side of the corner. `left` begins where `right` ended.
void DashPen::join(Face left, Face right) {
    if (!near(box_, left.at, left.at)) return;
    // Where pixels may be drawn twice, a line that leaves the corner to the right or straight down has drawn it.
    const auto covers = [](const Face &f) { return f.dx > 0 || (f.dx == 0 && f.dy > 0); };
    if (!once_ && (covers(left) || covers(right))) return;
    const double turn = real(right.dx) * real(left.dy) - real(left.dx) * real(right.dy);
    if (turn == 0) return;
    Face &back = turn > 0 ? left : right;
    back.side = -back.side;
    back.dx = -back.dx;
    back.dy = -back.dy;
    const double ldx = real(left.dx), ldy = real(left.dy), rdx = real(right.dx), rdy = real(right.dy);
    Polygon p;
    p.corners = {right.side, Corner{}, left.side, Corner{}};
    p.sides[0] = {-right.dy, right.dx, 0};
    p.sides[1] = {left.dy, -left.dx, 0};
    // The tip, where the two outer borders meet.
    Corner tip;
    tip.y = (ldy * (right.side.x * rdy - right.side.y * rdx) - rdy * (left.side.x * ldy - left.side.y * ldx)) / turn;
    tip.x = left.dy != 0 ? left.side.x + (tip.y - left.side.y) * ldx / ldy
                         : right.side.x + (tip.y - right.side.y) * rdx / rdy;
    if ((tip.x * tip.x + tip.y * tip.y) * 4 <= miter_limit) {
        p.sides[2] = {left.dx, left.dy, left.k};
        p.sides[3] = {right.dx, right.dy, right.k};
        if (turn < 0) p.sides[2] = reversed(p.sides[2]), p.sides[3] = reversed(p.sides[3]);
        p.corners[3] = tip;
    } else { // too sharp: cut straight
        const double dx = right.side.x - left.side.x, dy = right.side.y - left.side.y;
        const double scale = std::max(std::abs(dx), std::abs(dy));
        Side &cut = p.sides[2];
        cut.dx = static_cast<int64_t>(dx * 65536 / scale);
        cut.dy = static_cast<int64_t>(dy * 65536 / scale);
        cut.k = ((left.side.x + right.side.x) * real(cut.dy) - (left.side.y + right.side.y) * real(cut.dx)) / 2;
        p.count = 3;
    }
    fill_polygon(p, left.at, box_, spans_);
}

// Unites what overlaps.
void DashPen::compact() {
    std::sort(spans_.begin(), spans_.end(),
              [](const Span &a, const Span &b) { return std::tie(a.y, a.x1) < std::tie(b.y, b.x1); });
    std::size_t kept = 0;
    for (const Span &span : spans_) {
        if (kept > 0 && spans_[kept - 1].y == span.y && span.x1 <= spans_[kept - 1].x2)
            spans_[kept - 1].x2 = std::max(spans_[kept - 1].x2, span.x2);
        else
            spans_[kept++] = span;
    }
    spans_.resize(kept);
    limit_ = std::max<std::size_t>(1 << 16, kept * 2); // disjoint spans are no more than half the pixels
}

}
