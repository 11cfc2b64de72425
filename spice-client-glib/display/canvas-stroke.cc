// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-draw.hh"
#include "display/canvas-path.hh"

#include <cmath>

namespace spice::display {
namespace {

struct Pen {
    Painter &painter;
    const Area &area;
    const Dashes *dashes; // null: solid
};

void stroke_line(const Pen &pen, PathPoint from, PathPoint to, double &position) {
    const Line line{from, to};
    for (const Box &box : pen.area.boxes())
        line.runs(box, pen.dashes, position, [&](int32_t y, int32_t x1, int32_t x2) { pen.painter.span(y, x1, x2); });
    // The dashes run on around corners.
    if (pen.dashes) position = std::fmod(position + line.length(), pen.dashes->total());
}

}

void draw_stroke(Draw &draw, const wire::DrawStroke &message) {
    const Rop2 rop = rop2_from_descriptor(message.fore_mode, RopInputs::brush_dest);
    std::optional<Dashes> dashes;
    if (message.line.styled()) {
        dashes = Dashes::create(message.line);
        if (!dashes) {
            draw.fail(FaultKind::bad_dash);
            return;
        }
    }
    const auto lines = flatten(message.path);
    if (!lines) {
        draw.fail(FaultKind::bad_path);
        return;
    }
    const auto brush = draw.set_brush(message.brush, draw.images().brush);
    if (!brush || rop == rop2_dest) return;
    BrushPainter painter{draw.target(), draw.scratch().brush, *brush, rop};
    const Pen pen{painter, draw.area(), dashes ? &*dashes : nullptr};
    std::size_t start = 0;
    for (const std::size_t end : lines->ends) {
        double position = dashes ? dashes->phase() : 0;
        for (std::size_t i = start + 1; i < end; ++i)
            stroke_line(pen, lines->points[i - 1], lines->points[i], position);
        start = end;
    }
}

}
