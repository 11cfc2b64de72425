// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-draw.hh"
#include "display/canvas-over.hh"

#include <cstring>

namespace spice::display {
namespace {

using codec::Layout;

constexpr uint8_t always_nearest = static_cast<uint8_t>(ScaleMode::nearest);

// Copies the pixels that differ from the key in the bits of `mask`.
template <class Px> void copy_unless(uint8_t *dest, const uint8_t *source, int64_t count, Px key, Px mask) noexcept {
    for (int64_t i = 0; i < count; ++i, dest += sizeof(Px), source += sizeof(Px)) {
        Px p;
        std::memcpy(&p, source, sizeof p);
        if (((p ^ key) & mask) != 0) std::memcpy(dest, &p, sizeof p);
    }
}

class TransparentPainter final : public Painter {
public:
    TransparentPainter(const Target &target, Source &source, uint32_t colour) noexcept
        : target_{target}, source_{source}, colour_{colour} {}
    void span(int32_t y, int32_t x1, int32_t x2) override {
        const auto row = source_.row(y, x1, x2);
        if (row.x1 >= row.x2) return;
        auto *dest = target_.pixel(row.x1, y);
        const int64_t count = int64_t{row.x2} - row.x1;
        switch (target_.layout) {
        case Layout::rgb555:
            return copy_unless<uint16_t>(dest, row.pixels, count, to_555(colour_), 0x7fff);
        case Layout::rgb565:
            return copy_unless<uint16_t>(dest, row.pixels, count, to_565(colour_), 0xffff);
        case Layout::a8:
            return copy_unless<uint8_t>(dest, row.pixels, count, static_cast<uint8_t>(colour_), 0xff);
        case Layout::bgrx:
        case Layout::bgra:
        case Layout::gray8:
        case Layout::a1:
            return copy_unless<uint32_t>(dest, row.pixels, count, colour_, 0xffffff);
        }
    }

private:
    const Target &target_;
    Source &source_;
    uint32_t colour_;
};

class AlphaPainter final : public Painter {
public:
    AlphaPainter(const Target &target, Source &source, uint8_t alpha, bool has_alpha) noexcept
        : target_{target}, source_{source}, alpha_{alpha}, has_alpha_{has_alpha} {}
    void span(int32_t y, int32_t x1, int32_t x2) override {
        const auto row = source_.row(y, x1, x2);
        auto *dest = target_.pixel(row.x1, y);
        const int64_t count = int64_t{row.x2} - row.x1;
        if (target_.bytes != 4) return any_row(dest, row.pixels, count);
        if (has_alpha_) return row_32<over>(dest, row.pixels, count);
        row_32<over_without_alpha>(dest, row.pixels, count);
    }

private:
    uint32_t source_pixel(const uint8_t *source, int64_t i) const noexcept {
        uint32_t s;
        std::memcpy(&s, source + i * 4, sizeof s);
        return alpha_ == 255 ? s : scale_channels(s, alpha_);
    }
    template <uint32_t (*Blend)(uint32_t, uint32_t) noexcept>
    void row_32(uint8_t *dest, const uint8_t *source, int64_t count) const noexcept {
        for (int64_t i = 0; i < count; ++i, dest += 4) {
            uint32_t d;
            std::memcpy(&d, dest, sizeof d);
            d = Blend(source_pixel(source, i), d);
            std::memcpy(dest, &d, sizeof d);
        }
    }
    void any_row(uint8_t *dest, const uint8_t *source, int64_t count) const noexcept {
        for (int64_t i = 0; i < count; ++i, dest += target_.bytes)
            store_argb(target_.layout, dest, over(source_pixel(source, i), load_argb(target_.layout, dest)));
    }

    const Target &target_;
    Source &source_;
    uint8_t alpha_;
    bool has_alpha_;
};

}

void draw_transparent(Draw &draw, const wire::DrawTransparent &message) {
    const auto source = draw.image(message.src, draw.images().source);
    if (!source || !draw.set_source(*source, message.src_area, always_nearest)) return;
    TransparentPainter painter{draw.target(), draw.scratch().source, message.true_color};
    draw.paint(painter);
}

void draw_alpha_blend(Draw &draw, const wire::DrawAlphaBlend &message) {
    if (message.alpha == 0) return;
    const bool dest_has_alpha = (message.flags & SPICE_ALPHA_FLAGS_DEST_HAS_ALPHA) != 0;
    const bool source_has_alpha = (message.flags & SPICE_ALPHA_FLAGS_SRC_SURFACE_HAS_ALPHA) != 0;
    auto source = draw.image(message.src, draw.images().source);
    if (!source) return;
    if (source->surface && source_has_alpha && source->view.layout == Layout::bgrx) source->view.layout = Layout::bgra;
    if (!draw.set_source(*source, message.src_area, always_nearest, true)) return;
    const bool has_alpha = draw.target().layout != Layout::bgrx || dest_has_alpha;
    AlphaPainter painter{draw.target(), draw.scratch().source, message.alpha, has_alpha};
    draw.paint(painter);
}

}
