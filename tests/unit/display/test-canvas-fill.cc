// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "scene.hh"

#include <glib.h>

using namespace scene;

namespace {

struct Format {
    SurfaceFormat format;
    uint32_t pixel_mask;
};
constexpr Format formats[] = {{SurfaceFormat::xrgb, 0xffffffff}, {SurfaceFormat::argb, 0xffffffff},
                              {SurfaceFormat::rgb555, 0xffff},   {SurfaceFormat::rgb565, 0xffff},
                              {SurfaceFormat::a8, 0xff},         {SurfaceFormat::a1, 1}};

// Colours are raw pixels of the surface; raster operations work on all their bits; neighbours stay.
void test_formats() {
    for (const auto &f : formats) {
        SurfaceSet set;
        Surface &s = **set.create(4, f.format, 19, 7, 0);
        Random random{1};
        randomise(s, random);
        Canvas canvas{set};
        DrawOp op;
        const uint32_t colour = 0x9abcdef1;
        for (const uint16_t rop : {uint16_t{0x8}, uint16_t{0x40}, uint16_t{0x200}, uint16_t{0x420}}) {
            const uint32_t outside = pixel(s, 2, 3), old = pixel(s, 3, 3), last = pixel(s, 17, 5);
            op.message = fill(4, rect(3, 2, 18, 6), colour, rop);
            g_assert_false(canvas.draw(op).fault.has_value());
            const auto expected = [&](uint32_t d) {
                const uint32_t all = rop == 0x8 ? colour : rop == 0x40 ? colour ^ d : rop == 0x200 ? ~d : ~(colour & d);
                return all & f.pixel_mask;
            };
            g_assert_cmphex(pixel(s, 3, 3), ==, expected(old));
            g_assert_cmphex(pixel(s, 17, 5), ==, expected(last));
            g_assert_cmphex(pixel(s, 2, 3), ==, outside);
        }
        wire::DrawWhiteness white;
        white.base = {4, rect(0, 0, 5, 5), {}};
        op.message = white;
        canvas.draw(op);
        g_assert_cmphex(pixel(s, 4, 4), ==, f.pixel_mask);
        wire::DrawBlackness black;
        black.base = {4, rect(0, 0, 5, 5), {}};
        op.message = black;
        canvas.draw(op);
        g_assert_cmphex(pixel(s, 4, 4), ==, 0);
    }
}

void test_pattern() {
    SurfaceSet set;
    Surface &s = **set.create(0, SurfaceFormat::xrgb, 20, 20, 0);
    Canvas canvas{set};
    std::vector<uint32_t> pixels(15);
    for (uint32_t i = 0; i < 15; ++i)
        pixels[i] = i + 100;
    DrawOp op;
    op.images.brush = picture_of(5, 3, pixels);
    for (const wire::Point at :
         {wire::Point{0, 0}, wire::Point{7, -4}, wire::Point{-13, 100}, wire::Point{INT32_MIN, INT32_MAX}}) {
        auto m = fill(0, rect(-5, -5, 50, 50), 0);
        m.brush = tile(some_image(), at.x, at.y);
        op.message = m;
        g_assert_false(canvas.draw(op).fault.has_value());
        for (int y = 0; y < 20; ++y)
            for (int x = 0; x < 20; ++x) {
                const int64_t tx = ((x - int64_t{at.x}) % 5 + 5) % 5, ty = ((y - int64_t{at.y}) % 3 + 3) % 3;
                g_assert_cmphex(pixel(s, x, y), ==, pixels[static_cast<std::size_t>(ty * 5 + tx)]);
            }
    }
}

// A surface as its own pattern.
void test_own_pattern() {
    SurfaceSet set;
    Surface &s = **set.create(0, SurfaceFormat::rgb555, 6, 4, 0);
    Random random{8};
    randomise(s, random);
    Canvas canvas{set};
    std::vector<uint32_t> before;
    for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 6; ++x)
            before.push_back(pixel(s, x, y));
    auto m = fill(0, rect(0, 0, 6, 4), 0);
    m.brush = tile(surface_image(0), 1, 1);
    DrawOp op;
    op.message = m;
    canvas.draw(op);
    for (int y = 0; y < 4; ++y)
        for (int x = 0; x < 6; ++x)
            g_assert_cmphex(pixel(s, x, y), ==, before[static_cast<std::size_t>((y + 3) % 4 * 6 + (x + 5) % 6)]);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/display/fill/formats", test_formats);
    g_test_add_func("/display/fill/pattern", test_pattern);
    g_test_add_func("/display/fill/own-pattern", test_own_pattern);
    return g_test_run();
}
