// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-draw.hh"

#include <cstdlib>
#include <memory>

namespace spice::display {
namespace {

using codec::Layout;

struct Unref {
    void operator()(pixman_image_t *image) const noexcept { pixman_image_unref(image); }
};
using ImageHandle = std::unique_ptr<pixman_image_t, Unref>;

// The wire's numbers of operators, filters and repeats are pixman's (spec/display.md §10.10).
struct Sampling {
    unsigned filter, repeat;
    const wire::Transform *transform; // null: identity
};

bool known_operator(unsigned op) noexcept {
    return op <= PIXMAN_OP_SATURATE || (op >= PIXMAN_OP_DISJOINT_CLEAR && op <= PIXMAN_OP_DISJOINT_XOR) ||
           (op >= PIXMAN_OP_CONJOINT_CLEAR && op <= PIXMAN_OP_CONJOINT_XOR) ||
           (op >= PIXMAN_OP_MULTIPLY && op <= PIXMAN_OP_HSL_LUMINOSITY);
}

std::optional<pixman_format_code_t> pixman_format(Layout layout) noexcept {
    switch (layout) {
    case Layout::bgrx:
        return PIXMAN_x8r8g8b8;
    case Layout::bgra:
        return PIXMAN_a8r8g8b8;
    case Layout::rgb555:
        return PIXMAN_x1r5g5b5;
    case Layout::rgb565:
        return PIXMAN_r5g6b5;
    case Layout::a8:
        return PIXMAN_a8;
    case Layout::a1:
        return PIXMAN_a1;
    case Layout::gray8:
        return std::nullopt;
    }
    return std::nullopt;
}

ImageHandle wrap(const std::byte *data, std::ptrdiff_t stride, uint32_t w, uint32_t h, Layout layout) {
    const auto format = pixman_format(layout);
    if (!format) return nullptr;
    // pixman only writes to the destination, which is ours.
    auto *bits = const_cast<uint32_t *>(reinterpret_cast<const uint32_t *>(data));
    return ImageHandle{pixman_image_create_bits_no_clear(*format, static_cast<int>(w), static_cast<int>(h), bits,
                                                         static_cast<int>(stride))};
}

bool set_sampling(pixman_image_t *image, const Sampling &sampling) {
    if (sampling.filter > PIXMAN_FILTER_BILINEAR) return false;
    pixman_image_set_filter(image, static_cast<pixman_filter_t>(sampling.filter), nullptr, 0);
    pixman_image_set_repeat(image, static_cast<pixman_repeat_t>(sampling.repeat));
    if (const auto *t = sampling.transform) {
        if (int64_t{t->t00} * t->t11 == int64_t{t->t01} * t->t10) return false;
        const pixman_transform_t matrix{{{t->t00, t->t01, t->t02}, {t->t10, t->t11, t->t12}, {0, 0, 0x10000}}};
        return pixman_image_set_transform(image, &matrix);
    }
    return true;
}

ImageHandle operand(Draw &draw, ImageRef image, const Sampling &sampling, std::vector<uint8_t> &snapshot) {
    if (image.same) draw.detach(image, draw.target().bounds, snapshot);
    if (!draw.adapt(image, snapshot)) return nullptr;
    auto handle = wrap(image.view.data, image.view.stride, image.view.width, image.view.height, image.view.layout);
    if (!handle)
        draw.fail(FaultKind::bad_pixel_format);
    else if (!set_sampling(handle.get(), sampling))
        draw.fail(FaultKind::bad_composite), handle.reset();
    return handle;
}

// pixman takes 32-bit positions; farther away there is nothing it could sample.
std::optional<int> position(int64_t v) noexcept {
    constexpr int64_t limit = int64_t{1} << 30;
    if (v < -limit || v > limit) return std::nullopt;
    return static_cast<int>(v);
}

ImageHandle destination(const Draw &draw) {
    const Target &t = draw.target();
    auto handle = wrap(reinterpret_cast<const std::byte *>(t.data), t.stride, static_cast<uint32_t>(t.bounds.x2),
                       static_cast<uint32_t>(t.bounds.y2), t.layout);
    if (!handle) return nullptr;
    const auto boxes = draw.area().boxes();
    pixman_region32_t region;
    if (!pixman_region32_init_rects(&region, boxes.data(), static_cast<int>(boxes.size()))) return nullptr;
    const bool set = pixman_image_set_clip_region32(handle.get(), &region);
    pixman_region32_fini(&region);
    if (!set) handle.reset();
    return handle;
}

void composite(Draw &draw, const wire::DrawComposite &m, pixman_image_t *source, pixman_image_t *mask) {
    const Box &b = draw.area().extents();
    const int64_t i = int64_t{b.x1} - draw.box().left, j = int64_t{b.y1} - draw.box().top;
    const auto sx = position(i + m.src_origin.x), sy = position(j + m.src_origin.y);
    const auto mx = position(i + m.mask_origin.x), my = position(j + m.mask_origin.y);
    const auto dest = destination(draw);
    if (!sx || !sy || !mx || !my || !dest) {
        draw.fail(FaultKind::bad_composite);
        return;
    }
    pixman_image_composite32(static_cast<pixman_op_t>(m.flags & 0xff), source, mask, dest.get(), *sx, *sy, *mx, *my,
                             b.x1, b.y1, static_cast<int>(width(b)), static_cast<int>(height(b)));
}

}

// An A8 image on a 32-bit surface is opaque black after the conversion, and 16-bit surfaces know no alpha: drivers that
// mean alpha use surfaces.
void draw_composite(Draw &draw, const wire::DrawComposite &message) {
    if (!known_operator(message.flags & 0xff)) {
        draw.fail(FaultKind::bad_composite);
        return;
    }
    auto source = draw.image(message.src, draw.images().source);
    if (!source) return;
    if (source->surface && (message.flags & SPICE_COMPOSITE_SOURCE_OPAQUE) != 0 && source->view.layout == Layout::bgra)
        source->view.layout = Layout::bgrx;
    const auto first = operand(draw, *source,
                               {message.flags >> 8 & 7, message.flags >> 14 & 3,
                                message.has_src_transform() ? &message.src_transform : nullptr},
                               draw.scratch().snapshot);
    if (!first) return;
    if (!message.has_mask()) return composite(draw, message, first.get(), nullptr);
    const auto mask = draw.image(message.mask, draw.images().mask);
    if (!mask) return;
    const auto second = operand(draw, *mask,
                                {message.flags >> 11 & 7, message.flags >> 16 & 3,
                                 message.has_mask_transform() ? &message.mask_transform : nullptr},
                                draw.scratch().snapshot2);
    if (!second) return;
    pixman_image_set_component_alpha(second.get(), (message.flags & SPICE_COMPOSITE_COMPONENT_ALPHA) != 0);
    composite(draw, message, first.get(), second.get());
}

}
