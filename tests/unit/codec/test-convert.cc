// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-test.hh"

#include "codec/convert.hh"
#include "codec/copies.hh"
#include "codec/simd.hh"

#include <algorithm>
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
    row_without_x(px, px, 1);
    g_assert_cmphex(px[0], ==, 0x00010203u);
}

// Calls a row function on copies that begin anywhere in a word of memory and end where nothing may be written.
template <class To, class From, class Row>
void check_versions(const char *name, unsigned elements_per_pixel, Row row) {
    if (!use_simd(Simd::avx2)) return;
    constexpr std::size_t longest = 2 * 32 / std::min(sizeof(To), sizeof(From)) + 1;
    uint32_t random = 1;
    for (std::size_t n = 0; n <= longest; ++n)
        for (std::size_t shift = 0; shift < 4; ++shift) {
            // Of exactly this size, so that AddressSanitizer sees every read beyond it.
            std::vector<From> src(shift + n * elements_per_pixel);
            for (auto &v : src) v = static_cast<From>((random = random * 1664525 + 1013904223) >> 3);
            std::vector<To> fast(shift + n + 8, To{0x5a}), plain = fast;
            use_simd(Simd::avx2);
            row(fast.data() + shift, src.data() + shift, n);
            use_simd(Simd::scalar);
            row(plain.data() + shift, src.data() + shift, n);
            if (fast != plain) g_error("%s: %zu pixels from %zu differ", name, n, shift);
            for (std::size_t i = 0; i < shift; ++i) g_assert_true(fast[i] == To{0x5a});
            for (std::size_t i = shift + n; i < fast.size(); ++i) g_assert_true(fast[i] == To{0x5a});
        }
    use_simd(Simd::avx2);
}

void test_versions() {
    if (!use_simd(Simd::avx2)) return g_test_skip("one version only on this processor");
    check_versions<uint32_t, uint16_t>("555 to 32", 1, [](auto *d, auto *s, auto n) { row_555_to_bgrx(d, s, n, 1u << 31); });
    check_versions<uint32_t, uint16_t>("565 to 32", 1, [](auto *d, auto *s, auto n) { row_565_to_bgrx(d, s, n, 1u << 31); });
    check_versions<uint16_t, uint16_t>("555 to 565", 1, row_555_to_565);
    check_versions<uint16_t, uint16_t>("565 to 555", 1, row_565_to_555);
    check_versions<uint16_t, uint32_t>("32 to 555", 1, row_bgrx_to_555);
    check_versions<uint16_t, uint32_t>("32 to 565", 1, row_bgrx_to_565);
    check_versions<uint32_t, uint8_t>("24 to 32", 3, row_bgr_to_bgrx);
    check_versions<uint32_t, uint8_t>("grey to 32", 1, row_gray_to_bgrx);
    check_versions<uint8_t, uint32_t>("alpha of 32", 1, row_alpha_of);
    check_versions<uint32_t, uint32_t>("swap", 1, [](auto *d, auto *s, auto n) {
        swap_words(reinterpret_cast<std::byte *>(d), reinterpret_cast<const std::byte *>(s), n);
    });
    check_versions<uint32_t, uint8_t>("merge alpha", 1, merge_alpha);
    check_versions<uint32_t, uint32_t>("opaque", 1, [](auto *d, auto *s, auto n) {
        std::copy_n(s, n, d);
        make_opaque(d, n);
    });
    check_versions<uint32_t, uint32_t>("without x", 1, row_without_x);
}

// Three bytes per pixel against their definition, at every length.
void test_24_to_32() {
    for (const auto version : {Simd::avx2, Simd::scalar}) {
        if (!use_simd(version)) continue;
        for (std::size_t n = 0; n < 70; ++n) {
            std::vector<uint8_t> src(3 * n);
            for (std::size_t i = 0; i < src.size(); ++i) src[i] = static_cast<uint8_t>(i * 37 + 5);
            std::vector<uint32_t> dst(n);
            row_bgr_to_bgrx(dst.data(), src.data(), n);
            for (std::size_t i = 0; i < n; ++i)
                g_assert_cmphex(dst[i], ==, unsigned(src[3 * i] | src[3 * i + 1] << 8 | src[3 * i + 2] << 16));
        }
    }
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
    g_test_add_func("/convert/versions", test_versions);
    g_test_add_func("/convert/24-to-32", test_24_to_32);
    g_test_add_func("/convert/surfaces", test_surfaces);
    g_test_add_func("/convert/flipped-view", test_flipped_view);
    g_test_add_func("/convert/high-bits", test_high_bits);
    return g_test_run();
}
