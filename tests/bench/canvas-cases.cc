// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "bench.hh"

#include "scene.hh"

#include "codec/convert.hh"

#include <memory>

namespace spice::bench {
namespace {

using namespace scene;

constexpr int32_t width = 1280, height = 720;

struct Board {
    explicit Board(SurfaceFormat format) {
        auto made = set.create(0, format, width, height, 0);
        if (made) std::memset((*made)->data(), 0x5a, (*made)->stride * height);
    }
    SurfaceSet set;
    Canvas canvas{set};
};

const wire::Rect whole = rect(0, 0, width, height);

void add(std::vector<Case> &cases, const char *name, DrawOp op, SurfaceFormat format = SurfaceFormat::xrgb) {
    auto shared = std::make_shared<const DrawOp>(std::move(op));
    cases.push_back({"canvas",
                     name,
                     uint64_t{width} * height,
                     [format, shared, board = std::shared_ptr<Board>{}]() mutable {
                         if (!board) board = std::make_shared<Board>(format); // not for cases that are left out
                         return !board->canvas.draw(*shared).fault.has_value();
                     },
                     0,
                     {}});
}

DrawOp copied(uint32_t w, uint32_t h, codec::Layout layout, uint16_t rop = put) {
    Random random{3};
    DrawOp op;
    op.message = copy(0, whole, some_image(), rect(0, 0, static_cast<int32_t>(w), static_cast<int32_t>(h)), rop);
    op.images.source = make_picture(w, h, layout, random);
    return op;
}

DrawOp blended(uint8_t alpha, codec::Layout layout) {
    Random random{4};
    DrawOp op;
    wire::DrawAlphaBlend m;
    m.base.surface_id = 0;
    m.base.box = whole;
    m.alpha = alpha;
    m.src = some_image();
    m.src_area = whole;
    op.message = m;
    op.images.source = make_picture(width, height, layout, random);
    return op;
}

void add_canvas(std::vector<Case> &cases) {
    DrawOp op;
    op.message = fill(0, whole, 0x123456);
    add(cases, "fill", op);
    op.message = fill(0, whole, 0x123456, 0x40);
    add(cases, "fill, xor", op);
    add(cases, "copy", copied(width, height, codec::Layout::bgrx));
    add(cases, "copy, or", copied(width, height, codec::Layout::bgrx, 0x10));
    add(cases, "copy, and", copied(width, height, codec::Layout::bgrx, 0x20));
    add(cases, "copy, 555 to 32 bits", copied(width, height, codec::Layout::rgb555));
    add(cases, "copy, 32 bits to 565", copied(width, height, codec::Layout::bgrx), SurfaceFormat::rgb565);
    add(cases, "copy, scaled 2:3", copied(width * 2 / 3, height * 2 / 3, codec::Layout::bgrx));
    auto smooth = copied(width * 2 / 3, height * 2 / 3, codec::Layout::bgrx);
    std::get<wire::DrawCopy>(smooth.message).scale_mode = 0;
    add(cases, "copy, scaled 2:3, mode 0", smooth);
    add(cases, "blend, constant alpha", blended(128, codec::Layout::bgrx));
    add(cases, "blend, pixel alpha", blended(255, codec::Layout::bgra));
    wire::DrawInvers invert;
    invert.base.box = whole;
    op.message = invert;
    add(cases, "invert", op);
    wire::CopyBits scroll;
    scroll.base.box = rect(0, 0, width, height - 16);
    scroll.src_pos = {0, 16};
    op.message = scroll;
    add(cases, "scroll", op);
}

template <class To, class From, class Row> void add_row(std::vector<Case> &cases, const char *name, Row row) {
    constexpr std::size_t n = 4096; // stays in the first-level cache
    auto from = std::make_shared<std::vector<From>>(n * 3);
    auto to = std::make_shared<std::vector<To>>(n);
    Random random{5};
    for (auto &v : *from)
        v = static_cast<From>(random.word());
    cases.push_back({"convert",
                     name,
                     n,
                     [from, to, row] {
                         row(to->data(), from->data(), n);
                         return true;
                     },
                     0,
                     {}});
}

void add_conversions(std::vector<Case> &cases) {
    using namespace codec;
    add_row<uint32_t, uint16_t>(cases, "555 to 32 bits", [](auto *d, auto *s, auto n) { row_555_to_bgrx(d, s, n, 0); });
    add_row<uint32_t, uint16_t>(cases, "565 to 32 bits", [](auto *d, auto *s, auto n) { row_565_to_bgrx(d, s, n, 0); });
    add_row<uint16_t, uint16_t>(cases, "555 to 565", row_555_to_565);
    add_row<uint16_t, uint16_t>(cases, "565 to 555", row_565_to_555);
    add_row<uint16_t, uint32_t>(cases, "32 bits to 555", row_bgrx_to_555);
    add_row<uint16_t, uint32_t>(cases, "32 bits to 565", row_bgrx_to_565);
    add_row<uint32_t, uint8_t>(cases, "24 to 32 bits", row_bgr_to_bgrx);
    add_row<uint32_t, uint8_t>(cases, "grey to 32 bits", row_gray_to_bgrx);
    add_row<uint8_t, uint32_t>(cases, "alpha of 32 bits", row_alpha_of);
    add_row<uint8_t, uint8_t>(cases, "mask to alpha", row_a1_to_a8);
    add_row<uint32_t, uint32_t>(cases, "opaque", [](auto *d, auto *, auto n) { make_opaque(d, n); });
}

}

std::vector<Case> canvas_cases() {
    std::vector<Case> cases;
    add_canvas(cases);
    add_conversions(cases);
    return cases;
}

}
