// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "display/canvas-polygon.hh"
#include "wire/messages-draw.hh"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

// Dashed lines of STROKE (spec/display.md §10.12): dashes are polygons one pixel wide along the line, as X11 draws wide
// lines with butt caps and miter joins; their pixels are the result of its arithmetic, which is kept as it is.
namespace spice::display {

// On and off lengths in pixels; those at even places are on. An odd number is not doubled: the last and the first dash
// then make one.
class Dashes {
public:
    // Nothing: lengths that do not add up to anything.
    static std::optional<Dashes> create(const wire::LineAttr &line);

    // A place in the pattern.
    struct Place {
        std::size_t index = 0;
        int64_t remain = 0; // pixels to the end of that dash
    };
    Place start() const noexcept { return start_; } // where a polyline begins
    int64_t total() const noexcept { return total_; }
    void next(Place &place) const noexcept {
        place.index = (place.index + 1) % lengths_.size();
        place.remain = lengths_[place.index];
    }
    static bool on(const Place &place) noexcept { return place.index % 2 == 0; }
    // Whether the line that ended there ended with a pixel.
    bool ended_on(const Place &place) const noexcept { return on(place) == (place.remain != lengths_[place.index]); }

private:
    std::vector<int64_t> lengths_;
    int64_t total_ = 0;
    Place start_;
};

// Turns polylines into spans. Thread-bound; of one drawing.
class DashPen {
public:
    // `once`: no pixel twice in a polyline, for raster operations that would not bear it; it also decides which joins
    // are drawn.
    DashPen(const Dashes &dashes, const Box &box, bool once) : dashes_{dashes}, box_{box}, once_{once} {}

    // Calls f(span) for what lies in the box.
    template <class F> void draw(std::span<const PathPoint> points, F &&f) {
        begin(points);
        for (std::size_t i = 1; i < points.size(); ++i) {
            add_line(points[i - 1], points[i]);
            if (spans_.size() >= limit_) once_ ? compact() : emit(f);
        }
        end();
        if (once_) compact();
        emit(f);
    }

private:
    struct Line;
    struct Face { // how a line meets its end: direction away from it, and the corner at its side
        PathPoint at;
        int64_t dx, dy;
        Corner side;
        double k;
    };
    void begin(std::span<const PathPoint> points);
    void add_line(PathPoint from, PathPoint to);
    void end();
    void walk(const Line &line);
    void walk_far(const Line &line);
    void skip(double length) noexcept;
    void settle(double left) noexcept;
    void join(Face left, Face right);
    void compact();
    template <class F> void emit(F &f) {
        for (const Span &span : spans_)
            f(span);
        spans_.clear();
    }

    const Dashes &dashes_;
    Box box_;
    bool once_;
    std::vector<Span> spans_;
    std::size_t limit_ = 1 << 16;
    Dashes::Place place_; // and the rest: of the polyline under way
    bool closed_ = false, first_on_ = false, last_on_ = false;
    std::optional<Face> first_, last_;
};

}
