// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "scene.hh"

#include <glib.h>

using namespace scene;

namespace {

struct Board {
    Board() {
        surface = *set.create(0, SurfaceFormat::xrgb, 16, 16, 0);
        (void)set.create(1, SurfaceFormat::a1, 16, 16, 0);
    }
    std::optional<FaultKind> fault(DrawMessage message, DrawImages images = {}) {
        DrawOp op;
        op.message = std::move(message);
        op.images = std::move(images);
        return canvas.draw(op).fault;
    }
    SurfaceSet set;
    Surface *surface = nullptr;
    Canvas canvas{set};
    Random random{1};
};

constexpr wire::Rect box{1, 1, 9, 9};

void test_faults() {
    Board board;
    DrawImages colour, bits;
    colour.source = colour.mask = make_picture(8, 8, codec::Layout::bgrx, board.random);
    bits.source = bits.mask = make_picture(8, 8, codec::Layout::a1, board.random);
    const auto area = rect(0, 0, 8, 8);
    g_assert_true(board.fault(fill(9, box, 1)) == FaultKind::unknown_surface);
    g_assert_true(board.fault(copy(0, box, some_image(), area)) == FaultKind::no_image);
    g_assert_true(board.fault(copy(0, box, surface_image(9), area)) == FaultKind::unknown_source_surface);
    g_assert_true(board.fault(copy(0, box, some_image(), area), bits) == FaultKind::bad_pixel_format);
    g_assert_true(board.fault(copy(0, box, some_image(), rect(3, 3, 3, 9)), colour) == FaultKind::bad_source_area);
    auto scaled = copy(0, box, some_image(), area);
    scaled.scale_mode = 9;
    g_assert_true(board.fault(scaled, colour) == FaultKind::bad_scale_mode);
    wire::DrawCopy null_source;
    null_source.base.box = box;
    null_source.src_area = area;
    g_assert_true(board.fault(null_source, colour) == FaultKind::no_image);
    auto masked = fill(0, box, 1);
    masked.mask.image = some_image();
    g_assert_true(board.fault(masked, colour) == FaultKind::bad_mask);
    g_assert_false(board.fault(masked, bits).has_value());
    masked.mask.image = surface_image(0);
    g_assert_true(board.fault(masked) == FaultKind::bad_mask);
    masked.mask.image = surface_image(1);
    g_assert_false(board.fault(masked).has_value());
    wire::DrawRop3 rop3;
    rop3.base.box = box;
    rop3.src = some_image();
    rop3.src_area = rect(1, 0, 9, 8); // one column beyond the image
    g_assert_true(board.fault(rop3, colour) == FaultKind::bad_source_area);
}

// A fault changes nothing, and an empty drawing is no fault even if the rest of it is nonsense.
void test_no_effect() {
    Board board;
    randomise(*board.surface, board.random);
    const auto before = bytes(*board.surface);
    board.fault(copy(0, box, surface_image(9), box));
    g_assert_false(board.fault(copy(0, rect(5, 5, 5, 9), surface_image(9), box)).has_value());
    g_assert_false(board.fault(copy(0, rect(9, 9, 5, 5), surface_image(9), box)).has_value());
    auto clipped = fill(0, box, 7);
    clipped.base.clip.type = wire::ClipType::rects;
    g_assert_false(board.fault(clipped).has_value());
    g_assert_true(before == bytes(*board.surface));
}

// A 1-bit surface as its own mask: the bits that counted are those from before.
void test_own_mask() {
    Board board;
    Surface &bits = *board.set.find(1);
    randomise(bits, board.random);
    std::vector<uint32_t> before;
    for (int x = 0; x < 16; ++x)
        before.push_back(pixel(bits, x, 3));
    auto m = fill(1, rect(0, 0, 16, 16), 0, 0x200); // invert
    m.mask.image = surface_image(1);
    m.mask.pos = {1, 0};
    g_assert_false(board.fault(m).has_value());
    for (int x = 0; x < 15; ++x) {
        const auto i = static_cast<std::size_t>(x);
        g_assert_cmpuint(pixel(bits, x, 3), ==, before[i + 1] ? !before[i] : before[i]);
    }
}

void test_text_colour() {
    SurfaceSet set;
    Surface &s = **set.create(0, SurfaceFormat::argb, 8, 8, 0);
    Canvas canvas{set};
    const std::byte rows[] = {std::byte{0xf0}, std::byte{0x08}}; // bottom row, then top row
    wire::DrawText m;
    m.base.box = rect(0, 0, 8, 8);
    m.string.flags = 2;
    m.string.glyphs.push_back({{2, 3}, {1, -1}, 2, 2, rows, 4});
    m.fore = solid(0x00ffffff);
    DrawOp op;
    op.message = m;
    g_assert_false(canvas.draw(op).fault.has_value());
    g_assert_cmphex(pixel(s, 3, 3), ==, 0xf0f0f0f0); // bottom left
    g_assert_cmphex(pixel(s, 4, 3), ==, 0);
    g_assert_cmphex(pixel(s, 3, 2), ==, 0);
    g_assert_cmphex(pixel(s, 4, 2), ==, 0x80808080); // top right
}

// The bottom row is first in A8 as well, whatever the flag says, and where glyphs overlap the larger alpha stays.
void test_text_rows() {
    SurfaceSet set;
    Surface &s = **set.create(0, SurfaceFormat::argb, 8, 8, 0);
    Canvas canvas{set};
    const auto text = [&](uint8_t flags, std::vector<wire::Glyph> glyphs) {
        canvas.draw({fill(0, rect(0, 0, 8, 8), 0), {}});
        wire::DrawText m;
        m.base.box = rect(0, 0, 8, 8);
        m.string.flags = flags;
        m.string.glyphs = std::move(glyphs);
        m.fore = solid(0x00ffffff);
        DrawOp op;
        op.message = m;
        g_assert_false(canvas.draw(op).fault.has_value());
    };
    const std::byte a8[] = {std::byte{0x11}, std::byte{0x22}, std::byte{0x33}};
    for (const uint8_t flags : {uint8_t{4}, uint8_t{4 | 8}}) {
        text(flags, {{{2, 3}, {0, 0}, 1, 3, a8, 8}});
        g_assert_cmphex(pixel(s, 2, 5), ==, 0x11111111);
        g_assert_cmphex(pixel(s, 2, 4), ==, 0x22222222);
        g_assert_cmphex(pixel(s, 2, 3), ==, 0x33333333);
        g_assert_cmphex(pixel(s, 2, 2), ==, 0);
        g_assert_cmphex(pixel(s, 2, 6), ==, 0);
    }
    const std::byte strong[] = {std::byte{0x9c}}, weak[] = {std::byte{0x37}};
    text(2, {{{2, 3}, {0, 0}, 2, 1, strong, 4}, {{2, 3}, {0, 0}, 2, 1, weak, 4}});
    g_assert_cmphex(pixel(s, 2, 3), ==, 0x90909090);
    g_assert_cmphex(pixel(s, 3, 3), ==, 0xc0c0c0c0); // an odd column
}

// Images take the format of the surface before they are composited, surfaces do not (spec/display.md §5.2).
void test_composite_formats() {
    SurfaceSet set;
    Surface &colour = **set.create(0, SurfaceFormat::xrgb, 8, 8, 0);
    Surface &small = **set.create(1, SurfaceFormat::rgb555, 8, 8, 0);
    Surface &alpha = **set.create(2, SurfaceFormat::a8, 8, 8, 0);
    Canvas canvas{set};
    Random random{5};
    const auto over = [&](uint32_t id, const Picture &source, wire::Image mask, const Picture &bits) {
        wire::DrawComposite m;
        m.base.surface_id = id;
        m.base.box = rect(0, 0, 8, 8);
        m.flags = 3 | SPICE_COMPOSITE_HAS_MASK;
        m.src = some_image();
        m.mask = std::move(mask);
        DrawOp op;
        op.message = m;
        op.images.source = source;
        op.images.mask = bits;
        g_assert_false(canvas.draw(op).fault.has_value());
    };
    const auto white = picture_of(8, 8, std::vector<uint32_t>(64, 0xffffffffu));
    over(0, white, some_image(), make_picture(8, 8, codec::Layout::a8, random));
    g_assert_cmphex(pixel(colour, 3, 3) & 0xffffff, ==, 0xffffff); // such a mask hides nothing
    alpha.data()[0] = 0x80;
    canvas.draw({fill(0, rect(0, 0, 8, 8), 0), {}});
    over(0, white, surface_image(2), {});
    g_assert_cmphex(pixel(colour, 0, 0) & 0xffffff, ==, 0x808080);
    g_assert_cmphex(pixel(colour, 1, 0) & 0xffffff, ==, 0);
    auto clear = picture_of(8, 8, std::vector<uint32_t>(64, 0x00ff0000u));
    clear.view.layout = codec::Layout::bgra;
    over(1, clear, some_image(), clear);
    g_assert_cmphex(pixel(small, 2, 2), ==, 0x7c00); // 16-bit pixels have no alpha
}

// A pattern for text takes the surface's format too, and glyph boxes clear the bit that 555 pixels do not use.
void test_text_formats() {
    SurfaceSet set;
    Surface &s = **set.create(0, SurfaceFormat::rgb555, 8, 8, 0);
    Canvas canvas{set};
    canvas.draw({fill(0, rect(0, 0, 8, 8), 0xffff), {}});
    const std::byte rows[] = {std::byte{0x80}}; // one pixel of two
    wire::DrawText m;
    m.base.box = rect(0, 0, 8, 8);
    m.string.flags = 1;
    m.string.glyphs.push_back({{2, 3}, {0, 0}, 2, 1, rows, 1});
    m.fore = tile(some_image(), 0, 0);
    DrawOp op;
    op.message = m;
    op.images.brush = picture_of(1, 1, {0x00ff0000u});
    op.images.brush.view.layout = codec::Layout::bgra; // its alpha is lost
    g_assert_false(canvas.draw(op).fault.has_value());
    g_assert_cmphex(pixel(s, 2, 3), ==, 0x7c00);
    g_assert_cmphex(pixel(s, 3, 3), ==, 0x7fff);
    g_assert_cmphex(pixel(s, 4, 3), ==, 0xffff);
}

// Scaling 555 pixels clears the bit that they do not use, copying them does not.
void test_scaled_555() {
    SurfaceSet set;
    Surface &s = **set.create(0, SurfaceFormat::rgb555, 8, 8, 0);
    Surface &from = **set.create(1, SurfaceFormat::rgb555, 4, 4, 0);
    Canvas canvas{set};
    canvas.draw({fill(1, rect(0, 0, 4, 4), 0x9234), {}});
    g_assert_cmphex(pixel(from, 0, 0), ==, 0x9234);
    canvas.draw({copy(0, rect(0, 0, 4, 4), surface_image(1), rect(0, 0, 4, 4)), {}});
    g_assert_cmphex(pixel(s, 1, 1), ==, 0x9234);
    canvas.draw({copy(0, rect(0, 0, 8, 8), surface_image(1), rect(0, 0, 4, 4)), {}});
    g_assert_cmphex(pixel(s, 1, 1), ==, 0x1234);
}

// Scaled into a surface with alpha, pixels without it are opaque; copied, they keep their x bytes.
void test_scaled_alpha() {
    SurfaceSet set;
    Surface &s = **set.create(0, SurfaceFormat::argb, 8, 8, 0);
    Canvas canvas{set};
    DrawImages images;
    images.source = picture_of(4, 4, std::vector<uint32_t>(16, 0x37112233u));
    canvas.draw({copy(0, rect(0, 0, 4, 4), some_image(), rect(0, 0, 4, 4)), images});
    g_assert_cmphex(pixel(s, 1, 1), ==, 0x37112233);
    canvas.draw({copy(0, rect(0, 0, 8, 8), some_image(), rect(0, 0, 4, 4)), images});
    g_assert_cmphex(pixel(s, 1, 1), ==, 0xff112233);
    canvas.draw({fill(0, rect(0, 0, 8, 8), 0), {}});
    canvas.draw({copy(0, rect(0, 0, 8, 8), some_image(), rect(0, 0, 4, 4), 0x40), images}); // by way of a copy
    g_assert_cmphex(pixel(s, 1, 1), ==, 0x37112233);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/display/draw/faults", test_faults);
    g_test_add_func("/display/draw/no-effect", test_no_effect);
    g_test_add_func("/display/draw/own-mask", test_own_mask);
    g_test_add_func("/display/draw/text-colour", test_text_colour);
    g_test_add_func("/display/draw/text-rows", test_text_rows);
    g_test_add_func("/display/draw/composite-formats", test_composite_formats);
    g_test_add_func("/display/draw/text-formats", test_text_formats);
    g_test_add_func("/display/draw/scaled-555", test_scaled_555);
    g_test_add_func("/display/draw/scaled-alpha", test_scaled_alpha);
    return g_test_run();
}
