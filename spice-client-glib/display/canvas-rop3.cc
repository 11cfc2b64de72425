// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-draw.hh"

namespace spice::display {
namespace {

class Rop3Painter final : public Painter {
public:
    Rop3Painter(const Target &target, DrawScratch &scratch, const BrushRef &brush, uint8_t rop3) noexcept
        : target_{target}, scratch_{scratch}, brush_{brush}, rop3_{rop3} {}
    void span(int32_t y, int32_t x1, int32_t x2) override {
        const auto source = scratch_.source.row(y, x1, x2);
        if (source.x1 != x1 || source.x2 != x2) return;
        const auto bytes = target_.size(int64_t{x2} - x1);
        if (brush_.solid) return rop3_solid(rop3_, target_.pixel(x1, y), source.pixels, brush_.colour, bytes);
        rop3_row(rop3_, target_.pixel(x1, y), source.pixels, scratch_.brush.row(y, x1, x2).pixels, bytes);
    }

private:
    const Target &target_;
    DrawScratch &scratch_;
    BrushRef brush_;
    uint8_t rop3_;
};

}

void draw_rop3(Draw &draw, const wire::DrawRop3 &message) {
    if (!draw.set_mask(message.mask)) return;
    const auto source = draw.image(message.src, draw.images().source);
    if (!source) return;
    const auto &area = message.src_area;
    const bool covers = area.left >= 0 && area.top >= 0 && area.right <= int64_t{source->view.width} &&
                        area.bottom <= int64_t{source->view.height};
    if (same_size(area, draw.box()) && !covers) {
        draw.fail(FaultKind::bad_source_area);
        return;
    }
    if (!draw.set_source(*source, area, message.scale_mode, false, ScaleStart::whole_steps)) return;
    const auto brush = draw.set_brush(message.brush, draw.images().brush);
    if (!brush) return;
    Rop3Painter painter{draw.target(), draw.scratch(), *brush, message.rop3};
    draw.paint(painter);
}

}
