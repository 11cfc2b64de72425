// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-test.hh"

#include "codec/convert.hh"

#include <array>

using namespace spice::codec;
using namespace spice::test;

namespace {

constexpr std::size_t all16 = 1 << 16;

unsigned expand5(unsigned v) { return v << 3 | v >> 2; }
unsigned expand6(unsigned v) { return v << 2 | v >> 4; }

// Every 16-bit pixel against the definition, written out per channel.
void test_16_to_32() {
    std::vector<uint16_t> src(all16);
    for (std::size_t i = 0; i < all16; ++i) src[i] = static_cast<uint16_t>(i);
    std::vector<uint32_t> dst(all16);
    row_555_to_bgrx(dst.data(), src.data(), all16, 0xff000000u);
    for (uint32_t v = 0; v < all16; ++v)
        g_assert_cmphex(dst[v], ==, 0xff000000u | expand5(v >> 10 & 31) << 16 | expand5(v >> 5 & 31) << 8 | expand5(v & 31));
    row_565_to_bgrx(dst.data(), src.data(), all16, 0);
    for (uint32_t v = 0; v < all16; ++v)
        g_assert_cmphex(dst[v], ==, expand5(v >> 11) << 16 | expand6(v >> 5 & 63) << 8 | expand5(v & 31));
}

// Between the 16-bit formats the way leads through 8 bits per channel.
void test_16_to_16() {
    std::vector<uint16_t> src(all16), direct(all16), through(all16);
    std::vector<uint32_t> wide(all16);
    for (std::size_t i = 0; i < all16; ++i) src[i] = static_cast<uint16_t>(i);
    row_555_to_565(direct.data(), src.data(), all16);
    row_555_to_bgrx(wide.data(), src.data(), all16, 0);
    row_bgrx_to_565(through.data(), wide.data(), all16);
    g_assert_true(direct == through);
    row_565_to_555(direct.data(), src.data(), all16);
    row_565_to_bgrx(wide.data(), src.data(), all16, 0);
    row_bgrx_to_555(through.data(), wide.data(), all16);
    g_assert_true(direct == through);
}

void test_truncation() {
    const uint32_t src[2] = {0xaa123456u, 0xffffffffu};
    uint16_t dst[2];
    row_bgrx_to_555(dst, src, 2);
    g_assert_cmphex(dst[0], ==, (0x12 >> 3) << 10 | (0x34 >> 3) << 5 | 0x56 >> 3);
    g_assert_cmphex(dst[1], ==, 0x7fff);
    row_bgrx_to_565(dst, src, 2);
    g_assert_cmphex(dst[0], ==, (0x12 >> 3) << 11 | (0x34 >> 2) << 5 | 0x56 >> 3);
    g_assert_cmphex(dst[1], ==, 0xffff);
}

void test_bytes() {
    const uint8_t bgr[6] = {1, 2, 3, 4, 5, 6};
    uint32_t wide[2];
    row_bgr_to_bgrx(wide, bgr, 2);
    g_assert_cmphex(wide[0], ==, 0x00030201u);
    g_assert_cmphex(wide[1], ==, 0x00060504u);
    row_gray_to_bgrx(wide, bgr + 4, 1);
    g_assert_cmphex(wide[0], ==, 0x00050505u);
    const uint8_t bits[2] = {0x05, 0x02};
    uint8_t a8[10];
    row_a1_to_a8(a8, bits, 10);
    const uint8_t expected[10] = {255, 0, 255, 0, 0, 0, 0, 0, 0, 255};
    g_assert_cmpmem(a8, 10, expected, 10);
    uint32_t px[2] = {0x80010203u, 0x00040506u};
    make_opaque(px, 1);
    g_assert_cmphex(px[0], ==, 0xff010203u);
    g_assert_cmphex(px[1], ==, 0x00040506u);
    clear_x(px, 1);
    g_assert_cmphex(px[0], ==, 0x00010203u);
}

Bitmap image(Layout layout, uint32_t width = 3, uint32_t height = 2) {
    auto bitmap = make_bitmap({width, height}, layout, {});
    assert_ok(bitmap);
    for (std::size_t i = 0; i < bitmap->data.size(); ++i) bitmap->data.data()[i] = static_cast<std::byte>(i * 37 + 11);
    return std::move(*bitmap);
}

Bitmap converted(const Bitmap &src, Layout target) {
    auto out = convert_bitmap(src.view(), target, {});
    assert_ok(out);
    return std::move(*out);
}

void test_surfaces() {
    const auto argb = image(Layout::bgra);
    const auto same = converted(argb, Layout::bgrx); // alpha images keep their alpha on any 32-bit surface
    g_assert_true(same.layout == Layout::bgra);
    g_assert_cmphex(pixel32(same.view(), 2, 1), ==, pixel32(argb.view(), 2, 1));
    const auto xrgb = image(Layout::bgrx);
    const auto on_argb = converted(xrgb, Layout::bgra); // and x bytes stay what they are
    g_assert_true(on_argb.layout == Layout::bgrx);
    g_assert_cmphex(pixel32(on_argb.view(), 1, 0), ==, pixel32(xrgb.view(), 1, 0));

    const auto rgb555 = image(Layout::rgb555);
    const auto wide = converted(rgb555, Layout::bgrx);
    g_assert_cmphex(pixel32(wide.view(), 0, 0) >> 24, ==, 0xff);
    const auto raw = converted(rgb555, Layout::rgb555); // bit 15 included
    g_assert_cmphex(pixel16(raw.view(), 2, 1), ==, pixel16(rgb555.view(), 2, 1));

    const auto a8 = image(Layout::a8);
    g_assert_cmphex(pixel32(converted(a8, Layout::bgrx).view(), 1, 1), ==, 0xff000000u);
    g_assert_cmphex(pixel8(converted(a8, Layout::a8).view(), 1, 1), ==, pixel8(a8.view(), 1, 1));
    g_assert_cmphex(pixel16(converted(a8, Layout::rgb565).view(), 1, 1), ==, 0);
    g_assert_cmphex(pixel8(converted(argb, Layout::a8).view(), 1, 1), ==, pixel32(argb.view(), 1, 1) >> 24);
    g_assert_cmphex(pixel8(converted(xrgb, Layout::a8).view(), 1, 1), ==, 0xff);
    g_assert_false(convert_bitmap(xrgb.view(), Layout::a1, {}));
}

void test_flipped_view() {
    const auto src = image(Layout::bgrx, 2, 3);
    BitmapView flipped = src.view();
    flipped.data = src.row(2);
    flipped.stride = -flipped.stride;
    auto copy = copy_bitmap(flipped, {});
    assert_ok(copy);
    for (uint32_t y = 0; y < 3; ++y)
        g_assert_cmphex(pixel32(copy->view(), 1, y), ==, pixel32(src.view(), 1, 2 - y));
}

void test_high_bits() {
    auto xrgb = image(Layout::bgrx);
    const auto before = pixel32(xrgb.view(), 2, 1);
    set_high_bits(xrgb.rows());
    g_assert_cmphex(pixel32(xrgb.view(), 2, 1), ==, before | 0xff000000u);
    auto argb = image(Layout::bgra);
    const auto alpha = pixel32(argb.view(), 2, 1);
    set_high_bits(argb.rows());
    g_assert_cmphex(pixel32(argb.view(), 2, 1), ==, alpha);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/convert/16-to-32", test_16_to_32);
    g_test_add_func("/convert/16-to-16", test_16_to_16);
    g_test_add_func("/convert/truncation", test_truncation);
    g_test_add_func("/convert/bytes", test_bytes);
    g_test_add_func("/convert/surfaces", test_surfaces);
    g_test_add_func("/convert/flipped-view", test_flipped_view);
    g_test_add_func("/convert/high-bits", test_high_bits);
    return g_test_run();
}
