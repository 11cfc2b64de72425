// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "display/canvas-path.hh"
#include "display/region.hh"

#include <array>
#include <cstdint>
#include <vector>

namespace spice::display {

struct Span {
    int32_t y, x1, x2;
    bool operator==(const Span &) const = default;
};

// A corner, relative to the polygon's origin.
struct Corner {
    double x = 0, y = 0;
};

// The line on which the side from a corner to the next one lies: x·dy − y·dx = k. It is given, not computed from the
// corners, so that neighbouring polygons share their borders exactly.
struct Side {
    int64_t dx = 0, dy = 0;
    double k = 0;
};

// Convex, with three or four corners in either direction.
struct Polygon {
    std::array<Corner, 4> corners;
    std::array<Side, 4> sides;
    unsigned count = 4;
};

// Appends the pixels whose centres (at whole coordinates) are inside the polygon, those on a left border not, and that
// lie in the box: the rule of X11's wide lines.
void fill_polygon(const Polygon &polygon, PathPoint origin, const Box &box, std::vector<Span> &out);

}
