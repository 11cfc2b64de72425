// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas.hh"

#include "display/canvas-draw.hh"

namespace spice::display {
namespace {

void apply(Draw &draw, const wire::DrawFill &m) { draw_fill(draw, m); }
void apply(Draw &draw, const wire::DrawCopy &m) { draw_copy(draw, m); }
void apply(Draw &draw, const wire::CopyBits &m) { draw_copy_bits(draw, m); }
void apply(Draw &draw, const wire::DrawOpaque &m) { draw_opaque(draw, m); }
void apply(Draw &draw, const wire::DrawBlend &m) { draw_copy(draw, m); }
void apply(Draw &draw, const wire::DrawBlackness &m) { draw_constant(draw, m, rop2_black); }
void apply(Draw &draw, const wire::DrawWhiteness &m) { draw_constant(draw, m, rop2_white); }
void apply(Draw &draw, const wire::DrawInvers &m) { draw_constant(draw, m, rop2_invert); }
void apply(Draw &draw, const wire::DrawRop3 &m) { draw_rop3(draw, m); }
void apply(Draw &draw, const wire::DrawTransparent &m) { draw_transparent(draw, m); }
void apply(Draw &draw, const wire::DrawAlphaBlend &m) { draw_alpha_blend(draw, m); }
void apply(Draw &draw, const wire::DrawComposite &m) { draw_composite(draw, m); }
void apply(Draw &draw, const wire::DrawText &m) { draw_text(draw, m); }
void apply(Draw &draw, const wire::DrawStroke &m) { draw_stroke(draw, m); }

bool reads(const wire::Image &image, uint32_t id) {
    const auto *named = std::get_if<wire::SurfaceImage>(&image.data);
    return named && named->surface_id == id;
}
bool reads(const std::optional<wire::Image> &image, uint32_t id) { return image && reads(*image, id); }
bool reads(const wire::Brush &brush, uint32_t id) {
    const auto *tile = std::get_if<wire::PatternBrush>(&brush.data);
    return tile && reads(tile->image, id);
}

// Whether any image of the message is the surface it draws to.
template <class M> bool reads_destination(const M &m) {
    const uint32_t id = m.base.surface_id;
    bool found = false;
    if constexpr (requires { m.src_pos; }) found = true; // COPY_BITS
    if constexpr (requires { m.src; }) found |= reads(m.src, id);
    if constexpr (requires { m.brush; }) found |= reads(m.brush, id);
    if constexpr (requires { m.mask.image; })
        found |= reads(m.mask.image, id);
    else if constexpr (requires { m.mask; })
        found |= reads(m.mask, id);
    if constexpr (requires { m.fore; }) found |= reads(m.fore, id) || reads(m.back, id);
    return found;
}

}

const char *describe(FaultKind kind) noexcept {
    switch (kind) {
    case FaultKind::unknown_surface:
        return "drawing to an unknown surface";
    case FaultKind::bad_clip:
        return "clip of too many crossing rectangles";
    case FaultKind::no_image:
        return "drawing without its image";
    case FaultKind::unknown_source_surface:
        return "drawing from an unknown surface";
    case FaultKind::bad_source_area:
        return "empty or impossible source area";
    case FaultKind::bad_scale_mode:
        return "unknown scale mode";
    case FaultKind::bad_mask:
        return "mask that is not of 1-bit pixels";
    case FaultKind::bad_pixel_format:
        return "image that does not fit the surface's format";
    case FaultKind::bad_path:
        return "impossible path";
    case FaultKind::bad_dash:
        return "impossible dash pattern";
    case FaultKind::bad_text:
        return "impossible text";
    case FaultKind::bad_composite:
        return "impossible composite parameters";
    }
    return "unknown";
}

Canvas::Canvas(SurfaceSet &surfaces) : surfaces_{surfaces}, scratch_{std::make_unique<DrawScratch>()} {}
Canvas::~Canvas() = default;

Outcome Canvas::draw(const DrawOp &op, Band band) {
    Draw draw{surfaces_, *scratch_, op.images};
    std::visit(
        [&](const auto &m) {
            if (draw.begin(m.base.surface_id, m.base.box, m.base.clip, band)) apply(draw, m);
        },
        op.message);
    return draw.finish();
}

void Canvas::prepare(DrawOp &op) {
    auto *composite = std::get_if<wire::DrawComposite>(&op.message);
    const Surface *surface = composite ? surfaces_.find(composite->base.surface_id) : nullptr;
    if (!surface) return;
    adapt_picture(op.images.source, layout_of(surface->format));
    adapt_picture(op.images.mask, layout_of(surface->format));
}

bool Canvas::must_be_whole(const DrawOp &op) const {
    return std::visit(
        [&](const auto &m) {
            const Surface *surface = surfaces_.find(m.base.surface_id);
            return !surface || surface->format == SurfaceFormat::a1 || reads_destination(m);
        },
        op.message);
}

Box Canvas::extents(const DrawOp &op) const {
    return std::visit(
        [&](const auto &m) {
            const Surface *surface = surfaces_.find(m.base.surface_id);
            if (!surface) return Box{};
            const Box bounds{0, 0, static_cast<int32_t>(surface->width), static_cast<int32_t>(surface->height)};
            const Box b = intersect(to_box(m.base.box), bounds);
            return empty(b) ? Box{} : b;
        },
        op.message);
}

}
