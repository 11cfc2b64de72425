// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-draw.hh"
#include "display/canvas-over.hh"

#include <algorithm>
#include <cstring>

namespace spice::display {
namespace {

using codec::Layout;

// Where a glyph lies; its position is the sum of two 32-bit points.
struct Extent {
    int64_t x1, y1, x2, y2;
};

Extent extent(const wire::Glyph &g) noexcept {
    const int64_t x = int64_t{g.render_pos.x} + g.origin.x, y = int64_t{g.render_pos.y} + g.origin.y;
    return {x, y, x + g.width, y + g.height};
}

// The part of a text's alpha mask that can be seen.
struct Coverage {
    Box box{};
    uint8_t *alpha = nullptr;
    uint8_t *at(int32_t x, int32_t y) const noexcept { return alpha + (y - box.y1) * width(box) + (x - box.x1); }
};

uint8_t glyph_alpha(const uint8_t *row, int64_t x, unsigned bits) noexcept {
    if (bits == 1) return (row[x / 8] >> (7 - x % 8) & 1) != 0 ? uint8_t{0xff} : uint8_t{0};
    if (bits == 4) return static_cast<uint8_t>(x % 2 == 0 ? row[x / 2] & 0xf0 : row[x / 2] << 4);
    return row[x];
}

// Overlapping glyphs: the larger alpha wins.
void add_glyph(const Coverage &coverage, const wire::Glyph &glyph) noexcept {
    const Extent e = extent(glyph);
    const Box &b = coverage.box;
    const int64_t x1 = std::max<int64_t>(e.x1, b.x1), x2 = std::min<int64_t>(e.x2, b.x2);
    const int64_t y1 = std::max<int64_t>(e.y1, b.y1), y2 = std::min<int64_t>(e.y2, b.y2);
    const int64_t stride = (int64_t{glyph.bits} * glyph.width + 7) / 8;
    const auto *data = reinterpret_cast<const uint8_t *>(glyph.data.data());
    for (int64_t y = y1; y < y2; ++y) {
        const auto *row = data + (e.y2 - 1 - y) * stride; // the bottom row comes first, whatever the flags say
        for (int64_t x = x1; x < x2; ++x) {
            auto *alpha = coverage.at(static_cast<int32_t>(x), static_cast<int32_t>(y));
            *alpha = std::max(*alpha, glyph_alpha(row, x - e.x1, glyph.bits));
        }
    }
}

class TextPainter final : public Painter {
public:
    // `pattern` null: everything in `colour`.
    TextPainter(const Target &target, const Coverage &coverage, Source *pattern, uint32_t colour) noexcept
        : target_{target}, coverage_{coverage}, pattern_{pattern}, colour_{colour}, has_alpha_{target.layout !=
                                                                                               Layout::bgrx} {}
    void block(const Box &box) override { Painter::block(intersect(box, coverage_.box)); }
    void span(int32_t y, int32_t x1, int32_t x2) override {
        if (x1 >= x2) return;
        const uint8_t *pattern = pattern_ ? pattern_->row(y, x1, x2).pixels : nullptr;
        const uint8_t *alpha = coverage_.at(x1, y);
        auto *dest = target_.pixel(x1, y);
        for (int32_t x = x1; x < x2; ++x, ++alpha, dest += target_.bytes) {
            if (*alpha == 0) {
                // The unused bit is cleared wherever a glyph's box reaches.
                if (target_.layout == Layout::rgb555) store_argb(target_.layout, dest, load_argb(target_.layout, dest));
                continue;
            }
            uint32_t colour = colour_;
            if (pattern) std::memcpy(&colour, pattern + (int64_t{x} - x1) * 4, sizeof colour);
            const uint32_t s = scale_channels(colour, *alpha), d = load_argb(target_.layout, dest);
            store_argb(target_.layout, dest, has_alpha_ ? over(s, d) : over_without_alpha(s, d));
        }
    }

private:
    const Target &target_;
    const Coverage &coverage_;
    Source *pattern_;
    uint32_t colour_;
    bool has_alpha_;
};

// Another painter's work inside one box.
class BoxedPainter final : public Painter {
public:
    BoxedPainter(Painter &inner, const Box &box) noexcept : inner_{inner}, box_{box} {}
    void block(const Box &box) override {
        const Box b = intersect(box, box_);
        if (!empty(b)) inner_.block(b);
    }
    void span(int32_t y, int32_t x1, int32_t x2) override { block({x1, y, x2, y + 1}); }

private:
    Painter &inner_;
    Box box_;
};

uint32_t text_colour(uint32_t colour, const Target &target) noexcept {
    switch (target.layout) {
    case Layout::rgb555:
    case Layout::rgb565:
        return from_555(static_cast<uint16_t>(colour)); // raw 555 on both
    case Layout::bgrx:
    case Layout::bgra:
    case Layout::a8:
    case Layout::gray8:
    case Layout::a1:
        return colour | 0xff000000u;
    }
    return colour;
}

bool fill_back(Draw &draw, const wire::DrawText &message) {
    if (message.back_area.empty()) return true;
    const auto brush = draw.set_brush(message.back, draw.images().back);
    if (!brush) return false;
    BrushPainter fill{draw.target(), draw.scratch().brush, *brush, rop2_copy};
    BoxedPainter painter{fill, to_box(message.back_area)};
    draw.paint(painter);
    return true;
}

bool valid(const wire::String &string) noexcept {
    return string.known_raster() && std::all_of(string.glyphs.begin(), string.glyphs.end(),
                                                [](const auto &g) { return g.data.size() >= g.data_size(); });
}

}

void draw_text(Draw &draw, const wire::DrawText &message) {
    if (!valid(message.string)) {
        draw.fail(FaultKind::bad_text);
        return;
    }
    if (!fill_back(draw, message)) return;
    const auto &glyphs = message.string.glyphs;
    if (glyphs.empty() || message.fore.type == wire::BrushType::none) return;
    Extent all = extent(glyphs.front());
    for (const auto &glyph : glyphs) {
        const Extent e = extent(glyph);
        all = {std::min(all.x1, e.x1), std::min(all.y1, e.y1), std::max(all.x2, e.x2), std::max(all.y2, e.y2)};
    }
    const Box &seen = draw.area().extents();
    const auto limit = [](int64_t v, int32_t from, int32_t to) {
        return static_cast<int32_t>(std::clamp<int64_t>(v, from, to));
    };
    Coverage coverage;
    coverage.box = {limit(all.x1, seen.x1, seen.x2), limit(all.y1, seen.y1, seen.y2), limit(all.x2, seen.x1, seen.x2),
                    limit(all.y2, seen.y1, seen.y2)};
    if (empty(coverage.box)) return;
    auto &memory = draw.scratch().coverage;
    memory.assign(static_cast<std::size_t>(width(coverage.box) * height(coverage.box)), 0);
    coverage.alpha = memory.data();
    for (const auto &glyph : glyphs)
        add_glyph(coverage, glyph);

    Source *pattern = nullptr;
    uint32_t colour = 0;
    if (const auto *tile = std::get_if<wire::PatternBrush>(&message.fore.data)) {
        auto image = draw.image(tile->image, draw.images().brush);
        if (!image) return;
        auto &copy = draw.scratch().snapshot2;
        if (image->same) draw.detach(*image, draw.target().bounds, copy);
        if (!draw.adapt(*image, copy)) return;
        pattern = &draw.scratch().brush;
        // A pattern is anchored at the text, not at the surface.
        pattern->set_tiled(image->view, draw.target().layout, all.x1 + tile->pos.x, all.y1 + tile->pos.y);
        if (!pattern->blend()) {
            draw.fail(FaultKind::bad_pixel_format);
            return;
        }
    } else if (const auto *solid = std::get_if<wire::SolidBrush>(&message.fore.data)) {
        colour = text_colour(solid->color, draw.target());
    }
    TextPainter painter{draw.target(), coverage, pattern, colour};
    draw.paint(painter);
}

}
