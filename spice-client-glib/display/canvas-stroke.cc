// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-dash.hh"
#include "display/canvas-draw.hh"
#include "display/canvas-path.hh"

#include <algorithm>

namespace spice::display {
namespace {

void stroke_solid(Painter &painter, const Area &area, std::span<const PathPoint> points) {
    for (std::size_t i = 1; i < points.size(); ++i) {
        const Line line{points[i - 1], points[i]};
        for (const Box &box : area.boxes())
            line.runs(box, [&](int32_t y, int32_t x1, int32_t x2) { painter.span(y, x1, x2); });
    }
}

// The parts of a span that are inside the area.
void paint_span(Painter &painter, const Area &area, const Span &span) {
    const auto boxes = area.boxes(); // in bands: the first one that may hold the row is found by halving
    auto box = std::partition_point(boxes.begin(), boxes.end(), [&](const Box &b) { return b.y2 <= span.y; });
    for (; box != boxes.end() && box->y1 <= span.y && box->x1 < span.x2; ++box) {
        const int32_t x1 = std::max(span.x1, box->x1), x2 = std::min(span.x2, box->x2);
        if (x1 < x2) painter.span(span.y, x1, x2);
    }
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
    std::optional<DashPen> pen;
    if (dashes) pen.emplace(*dashes, draw.area().extents(), rop.inverts());
    std::size_t start = 0;
    for (const std::size_t end : lines->ends) {
        const auto points = std::span{lines->points}.subspan(start, end - start);
        if (pen)
            pen->draw(points, [&](const Span &span) { paint_span(painter, draw.area(), span); });
        else
            stroke_solid(painter, draw.area(), points);
        start = end;
    }
}

}
