// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "scene.hh"

#include <array>
#include <limits>

// Drawings of every kind with random parameters.
namespace scene {

class RandomOps {
public:
    // `wild`: coordinates of any size, parameters of any value.
    RandomOps(uint32_t seed, bool wild) : random_{seed}, wild_{wild} {}
    Random &random() { return random_; }

    DrawOp next() {
        DrawOp op;
        switch (random_.between(0, 13)) {
        case 0:
            op.message = make<wire::DrawFill>(op);
            break;
        case 1:
            op.message = make<wire::DrawCopy>(op);
            break;
        case 2:
            op.message = make<wire::CopyBits>(op);
            break;
        case 3:
            op.message = make<wire::DrawOpaque>(op);
            break;
        case 4:
            op.message = make<wire::DrawBlend>(op);
            break;
        case 5:
            op.message = make<wire::DrawBlackness>(op);
            break;
        case 6:
            op.message = make<wire::DrawWhiteness>(op);
            break;
        case 7:
            op.message = make<wire::DrawInvers>(op);
            break;
        case 8:
            op.message = make<wire::DrawRop3>(op);
            break;
        case 9:
            op.message = make<wire::DrawTransparent>(op);
            break;
        case 10:
            op.message = make<wire::DrawAlphaBlend>(op);
            break;
        case 11:
            op.message = make<wire::DrawComposite>(op);
            break;
        case 12:
            op.message = make<wire::DrawText>(op);
            break;
        default:
            op.message = make<wire::DrawStroke>(op);
            break;
        }
        return op;
    }

private:
    int32_t coordinate(int32_t low, int32_t high) {
        if (wild_ && random_.one_in(6)) {
            constexpr auto lowest = std::numeric_limits<int32_t>::min(), highest = std::numeric_limits<int32_t>::max();
            const std::array<int32_t, 8> odd{lowest, highest, lowest + 1, highest - 1,
                                             0,      -1,      1 << 27,    static_cast<int32_t>(random_.word())};
            return odd[static_cast<std::size_t>(random_.between(0, 7))];
        }
        return random_.between(low, high);
    }
    wire::Point point(int32_t low, int32_t high) { return {coordinate(low, high), coordinate(low, high)}; }
    wire::Rect area(int32_t low, int32_t high) {
        wire::Rect r = rect(coordinate(low, high), coordinate(low, high), 0, 0);
        const bool any = wild_ && random_.one_in(8);
        r.right = any ? coordinate(low, high) : limited(int64_t{r.left} + random_.between(1, 30));
        r.bottom = any ? coordinate(low, high) : limited(int64_t{r.top} + random_.between(1, 30));
        return r;
    }
    static int32_t limited(int64_t v) { return static_cast<int32_t>(std::min<int64_t>(v, INT32_MAX)); }
    wire::Image image(Picture &picture) {
        if (random_.one_in(4)) return surface_image(static_cast<uint32_t>(random_.between(0, wild_ ? 7 : 5)));
        if (wild_ && random_.one_in(12)) return some_image();
        constexpr codec::Layout layouts[] = {codec::Layout::bgrx, codec::Layout::bgra, codec::Layout::rgb555,
                                             codec::Layout::a8,   codec::Layout::a1,   codec::Layout::gray8};
        const auto w = static_cast<uint32_t>(random_.between(1, 40)), h = static_cast<uint32_t>(random_.between(1, 30));
        picture = make_picture(w, h, layouts[random_.between(0, 5)], random_);
        return some_image();
    }
    wire::Brush brush(Picture &picture) {
        if (random_.one_in(8)) return {};
        if (random_.one_in(2)) return solid(random_.word());
        auto from = image(picture);
        const auto at = point(-40, 40);
        return tile(std::move(from), at.x, at.y);
    }
    void mask(wire::QMask &m, Picture &picture) {
        if (!random_.one_in(3)) return;
        m.flags = static_cast<uint8_t>(random_.between(0, 1));
        m.pos = point(-10, 10);
        if (random_.one_in(4)) {
            m.image = wild_ ? image(picture) : surface_image(5);
        } else {
            m.image = some_image();
            picture = make_picture(static_cast<uint32_t>(random_.between(1, 60)),
                                   static_cast<uint32_t>(random_.between(1, 60)), codec::Layout::a1, random_);
        }
    }
    void base(wire::DrawBase &b) {
        b.surface_id = static_cast<uint32_t>(random_.between(0, wild_ ? 6 : 5));
        b.box = area(-10, 50);
        if (!random_.one_in(3)) return;
        b.clip.type = wire::ClipType::rects;
        b.clip.rects.resize(static_cast<std::size_t>(random_.between(0, 5)));
        for (auto &r : b.clip.rects)
            r = area(-10, 50);
    }
    void source(std::optional<wire::Image> &src, wire::Rect &from, const wire::Rect &box, Picture &picture) {
        if (!wild_ || !random_.one_in(20)) src = image(picture);
        from = area(-5, 20);
        if (random_.one_in(2)) { // of the box's size
            from.right = limited(from.left + box.width());
            from.bottom = limited(from.top + box.height());
        }
    }
    uint8_t scale_mode() { return static_cast<uint8_t>(wild_ && random_.one_in(20) ? 9 : random_.between(0, 1)); }
    uint16_t rop() { return static_cast<uint16_t>(random_.between(0, 0x7ff)); }

    void path(wire::Path &p) {
        p.segments.resize(static_cast<std::size_t>(random_.between(1, 3)));
        for (auto &s : p.segments) {
            s.flags = static_cast<uint8_t>(random_.word() & 0x1b);
            s.points.resize(static_cast<std::size_t>(random_.between(1, 7)));
            for (auto &at : s.points)
                at = {coordinate(-200, 1000), coordinate(-200, 1000)};
        }
        p.segments[0].flags |= SPICE_PATH_BEGIN;
    }
    void line(wire::LineAttr &l) {
        if (!random_.one_in(3)) return;
        l.flags = static_cast<uint8_t>(SPICE_LINE_FLAGS_STYLED | (random_.word() & 4));
        l.style.resize(static_cast<std::size_t>(random_.between(wild_ ? 0 : 1, 5)));
        for (auto &v : l.style)
            v = coordinate(0, 100);
        l.style_count = static_cast<uint8_t>(l.style.size());
    }
    void string(wire::String &s) {
        s.flags = static_cast<uint8_t>(1 << random_.between(0, wild_ ? 3 : 2));
        if (!s.known_raster()) return;
        glyph_bytes_.resize(64);
        for (auto &b : glyph_bytes_)
            b = static_cast<std::byte>(random_.word());
        s.glyphs.resize(static_cast<std::size_t>(random_.between(0, 4)));
        for (auto &g : s.glyphs) {
            g.render_pos = point(-5, 40);
            g.origin = point(-8, 8);
            g.width = static_cast<uint16_t>(random_.between(0, 8));
            g.height = static_cast<uint16_t>(random_.between(0, 8));
            g.bits = s.bits();
            g.data = std::span{glyph_bytes_}.first(static_cast<std::size_t>(g.data_size()));
        }
        s.length = static_cast<uint16_t>(s.glyphs.size());
    }
    void composite(wire::DrawComposite &m, DrawImages &images) {
        m.flags = static_cast<uint32_t>(random_.between(0, wild_ ? 0x3f : 13)) | (random_.word() & 0x1ff0000u) |
                  static_cast<uint32_t>(random_.between(0, 4)) << 8 |
                  static_cast<uint32_t>(random_.between(0, 4)) << 11 |
                  static_cast<uint32_t>(random_.between(0, 3)) << 14;
        m.src = image(images.source);
        if (m.has_mask()) m.mask = image(images.mask);
        const auto element = [this] {
            return wild_ ? coordinate(-200'000, 200'000) : random_.between(20'000, 200'000);
        };
        if (m.has_src_transform()) m.src_transform = {element(), 0, element(), 0, element(), element()};
        if (m.has_mask_transform()) m.mask_transform = {element(), element(), 0, element(), element() / -2, 0};
        m.src_origin = {static_cast<int16_t>(random_.between(-20, 20)), static_cast<int16_t>(random_.between(-20, 20))};
    }

    template <class M> M make(DrawOp &op) {
        M m;
        base(m.base);
        if constexpr (requires { m.src_area; }) source(m.src, m.src_area, m.base.box, op.images.source);
        if constexpr (requires { m.brush; }) m.brush = brush(op.images.brush);
        if constexpr (requires { m.mask.flags; }) mask(m.mask, op.images.mask);
        if constexpr (requires { m.rop; }) m.rop = rop();
        if constexpr (requires { m.rop3; }) m.rop3 = static_cast<uint8_t>(random_.word());
        if constexpr (requires { m.scale_mode; }) m.scale_mode = scale_mode();
        if constexpr (requires { m.src_pos; }) m.src_pos = point(-10, 50);
        if constexpr (requires { m.true_color; }) m.true_color = random_.word();
        if constexpr (requires { m.alpha; }) {
            m.alpha = static_cast<uint8_t>(random_.word());
            m.flags = static_cast<uint8_t>(random_.word() & 3);
        }
        if constexpr (requires { m.src_transform; }) composite(m, op.images);
        if constexpr (requires { m.path; }) {
            path(m.path);
            line(m.line);
            m.fore_mode = rop();
        }
        if constexpr (requires { m.string; }) {
            string(m.string);
            m.back_area = random_.one_in(2) ? area(-10, 50) : wire::Rect{};
            m.fore = brush(op.images.brush);
            m.back = brush(op.images.back);
        }
        return m;
    }

    Random random_;
    bool wild_;
    std::vector<std::byte> glyph_bytes_;
};

// One surface of each format, ids 0 to 5 (5 is the 1-bit one), with random pixels.
inline void fill_set(SurfaceSet &set, uint32_t seed) {
    Random random{seed};
    constexpr SurfaceFormat formats[] = {SurfaceFormat::xrgb,   SurfaceFormat::argb, SurfaceFormat::rgb555,
                                         SurfaceFormat::rgb565, SurfaceFormat::a8,   SurfaceFormat::a1};
    for (uint32_t id = 0; id < 6; ++id) {
        auto made = set.create(id, formats[id], 41 - id, 33 + id, 0);
        if (made) randomise(**made, random);
    }
}

}
