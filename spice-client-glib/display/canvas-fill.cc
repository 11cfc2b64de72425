// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-draw.hh"

namespace spice::display {

void BrushPainter::span(int32_t y, int32_t x1, int32_t x2) {
    if (brush_.solid) return rop2_solid(rop_, target_.pixel(x1, y), brush_.colour, target_.size(int64_t{x2} - x1));
    const auto row = pattern_.row(y, x1, x2);
    rop2_row(rop_, target_.pixel(row.x1, y), row.pixels, target_.size(int64_t{row.x2} - row.x1));
}

void BrushPainter::block(const Box &box) {
    if (!brush_.solid || rop_ != rop2_copy) return Painter::block(box);
    const bool done = pixman_fill(reinterpret_cast<uint32_t *>(target_.data), static_cast<int>(target_.stride / 4),
                                  static_cast<int>(target_.bytes * 8), box.x1, box.y1, static_cast<int>(width(box)),
                                  static_cast<int>(height(box)), brush_.colour);
    if (!done) Painter::block(box);
}

void draw_fill(Draw &draw, const wire::DrawFill &message) {
    const Rop2 rop = rop2_from_descriptor(message.rop, RopInputs::brush_dest);
    if (!draw.set_mask(message.mask) || rop == rop2_dest) return;
    BrushRef brush;
    if (rop.uses_source()) {
        const auto set = draw.set_brush(message.brush, draw.images().brush);
        if (!set) return;
        brush = *set;
    }
    BrushPainter painter{draw.target(), draw.scratch().brush, brush, rop};
    draw.paint(painter);
}

void draw_constant(Draw &draw, const wire::MaskFields &message, Rop2 rop) {
    if (!draw.set_mask(message.mask)) return;
    BrushPainter painter{draw.target(), draw.scratch().brush, BrushRef{}, rop};
    draw.paint(painter);
}

}
