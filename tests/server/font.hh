// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <vector>

namespace spice::testserver {

struct Segment {
    double x0, y0, x1, y1;
};

// A glyph of the built-in stroke font: straight pieces on a grid where capitals reach from y = 0 to y = 8 and
// descenders to y = 11.
struct Glyph {
    std::vector<Segment> segments;
    double width = 0;
};

inline constexpr double cap_height = 8;

const Glyph &font_glyph(char c); // unknown characters give a box

}
