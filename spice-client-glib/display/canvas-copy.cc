// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-draw.hh"

#include <cstring>

namespace spice::display {
namespace {

class CopyPainter final : public Painter {
public:
    CopyPainter(const Target &target, Source &source, Rop2 rop) noexcept
        : target_{target}, source_{source}, rop_{rop} {}
    void span(int32_t y, int32_t x1, int32_t x2) override {
        const auto row = source_.row(y, x1, x2);
        if (row.x1 < row.x2)
            rop2_row(rop_, target_.pixel(row.x1, y), row.pixels, target_.size(int64_t{row.x2} - row.x1));
    }

private:
    const Target &target_;
    Source &source_;
    Rop2 rop_;
};

// The image first, then the brush over it, row by row.
class OpaquePainter final : public Painter {
public:
    OpaquePainter(CopyPainter &copy, BrushPainter &brush) noexcept : copy_{copy}, brush_{brush} {}
    void span(int32_t y, int32_t x1, int32_t x2) override {
        copy_.span(y, x1, x2);
        brush_.span(y, x1, x2);
    }

private:
    CopyPainter &copy_;
    BrushPainter &brush_;
};

void move_rows(const Target &target, const Box &box, int64_t dx, int64_t dy) noexcept {
    const auto bytes = target.size(width(box));
    for (int64_t i = 0; i < height(box); ++i) {
        const auto y = static_cast<int32_t>(dy > 0 ? box.y2 - 1 - i : box.y1 + i); // moving down: from the bottom
        std::memmove(target.pixel(box.x1, y),
                     target.pixel(static_cast<int32_t>(box.x1 - dx), static_cast<int32_t>(y - dy)), bytes);
    }
}

// Copies within the destination by (dx, dy), whatever overlaps: boxes go in the order in which no box overwrites what
// a later one reads. Pixels from outside the surface leave theirs unchanged.
void move_area(const Target &target, const Area &area, int64_t dx, int64_t dy) noexcept {
    const Box reachable = moved_inside(target.bounds, dx, dy, target.bounds);
    const auto boxes = area.boxes();
    const auto move = [&](std::size_t i) {
        const Box b = intersect(boxes[i], reachable);
        if (!empty(b)) move_rows(target, b, dx, dy);
    };
    const auto move_band = [&](std::size_t from, std::size_t to) { // boxes of equal rows
        for (std::size_t i = 0; i < to - from; ++i)
            move(dx > 0 ? to - 1 - i : from + i);
    };
    const auto same_band = [&](std::size_t a, std::size_t b) { return boxes[a].y1 == boxes[b].y1; };
    if (dy > 0) {
        for (std::size_t to = boxes.size(), from = to; to > 0; to = from) {
            for (from = to - 1; from > 0 && same_band(from - 1, to - 1);)
                --from;
            move_band(from, to);
        }
    } else {
        for (std::size_t from = 0, to = 0; from < boxes.size(); from = to) {
            for (to = from + 1; to < boxes.size() && same_band(to, from);)
                ++to;
            move_band(from, to);
        }
    }
}

// Pixels without alpha are opaque where they are scaled into a surface with alpha; otherwise their x bytes are copied,
// as is, like the rest.
bool scaled_to_alpha(const Draw &draw, const ImageRef &source, const wire::Rect &area) noexcept {
    return draw.target().layout == codec::Layout::bgra && source.view.layout == codec::Layout::bgrx &&
           !same_size(area, draw.box());
}

}

void draw_copy(Draw &draw, const wire::CopyFields &message) {
    const Rop2 rop = rop2_from_descriptor(message.rop, RopInputs::source_dest);
    if (!draw.set_mask(message.mask)) return;
    const auto source = draw.image(message.src, draw.images().source);
    if (!source) return;
    if (source->same && rop == rop2_copy && !draw.mask() && same_size(message.src_area, draw.box()) &&
        message.scale_mode <= static_cast<uint8_t>(ScaleMode::nearest)) { // scrolling
        return move_area(draw.target(), draw.area(), int64_t{draw.box().left} - message.src_area.left,
                         int64_t{draw.box().top} - message.src_area.top);
    }
    const bool opaque = rop == rop2_copy && scaled_to_alpha(draw, *source, message.src_area);
    if (!draw.set_source(*source, message.src_area, message.scale_mode, opaque) || rop == rop2_dest) return;
    CopyPainter painter{draw.target(), draw.scratch().source, rop};
    draw.paint(painter);
}

void draw_opaque(Draw &draw, const wire::DrawOpaque &message) {
    const Rop2 rop = rop2_from_descriptor(message.rop, RopInputs::brush_source);
    if (!draw.set_mask(message.mask)) return;
    const auto source = draw.image(message.src, draw.images().source);
    if (!source) return;
    const bool opaque = scaled_to_alpha(draw, *source, message.src_area);
    if (!draw.set_source(*source, message.src_area, message.scale_mode, opaque)) return;
    BrushRef brush;
    if (rop.uses_source()) {
        const auto set = draw.set_brush(message.brush, draw.images().brush);
        if (!set) return;
        brush = *set;
    }
    CopyPainter copy{draw.target(), draw.scratch().source, rop2_copy};
    BrushPainter fill{draw.target(), draw.scratch().brush, brush, rop};
    OpaquePainter painter{copy, fill};
    draw.paint(painter);
}

void draw_copy_bits(Draw &draw, const wire::CopyBits &message) {
    move_area(draw.target(), draw.area(), int64_t{draw.box().left} - message.src_pos.x,
              int64_t{draw.box().top} - message.src_pos.y);
}

Outcome Canvas::draw_frame(uint32_t surface_id, const codec::BitmapView &frame, const wire::Rect &dest,
                           const wire::Clip &clip, bool top_down, Band band) {
    const DrawImages none;
    Draw draw{surfaces_, *scratch_, none};
    if (!draw.begin(surface_id, dest, clip, band)) return draw.finish();
    codec::BitmapView view = frame;
    if (frame.width == 0 || frame.height == 0) {
        draw.fail(FaultKind::no_image);
        return draw.finish();
    }
    if (!top_down) {
        view.data = frame.row(frame.height - 1);
        view.stride = -frame.stride;
    }
    const wire::Rect area{0, 0, static_cast<int32_t>(frame.height), static_cast<int32_t>(frame.width)};
    if (draw.set_source(ImageRef{view}, area, static_cast<uint8_t>(ScaleMode::nearest))) {
        CopyPainter painter{draw.target(), draw.scratch().source, rop2_copy};
        draw.paint(painter);
    }
    return draw.finish();
}

}
