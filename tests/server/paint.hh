// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "picture.hh"

#include <string_view>

namespace spice::testserver {

// Anti-aliased drawing by distance: enough for a desktop without a graphics library.
void disc(Picture &dst, double cx, double cy, double radius, Color c, double alpha = 1);
void line(Picture &dst, double x0, double y0, double x1, double y1, double radius, Color c, double alpha = 1);
void rounded(Picture &dst, const Rect &area, double radius, Color c, double alpha = 1);
void rounded_gradient(Picture &dst, const Rect &area, double radius, Color top, Color bottom);
void shadow(Picture &dst, const Rect &area, double radius, double blur, double alpha);

// Text in the built-in stroke font (font.cc). `size` is the height of a capital letter in pixels; `y` is the
// baseline; `pitch` > 0 gives every character that width (terminals).
struct TextStyle {
    double size = 9;
    Color color = 0;
    bool bold = false;
    double pitch = 0;
    double alpha = 1;
};
double text_width(std::string_view text, const TextStyle &style);
void text(Picture &dst, double x, double y, std::string_view text, const TextStyle &style);

}
