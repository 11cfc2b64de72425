// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-test.hh"

#include "codec/raw.hh"

#include <spice/enums.h>

using namespace spice::codec;
using namespace spice::test;

namespace {

constexpr uint32_t palette[] = {0x00102030, 0x00405060, 0x00708090, 0xffa0b0c0};

RawImage raw(uint8_t format, Size size, uint32_t stride, const std::vector<std::byte> &data, bool top_down = true) {
    return {format, top_down, size, stride, data, palette};
}

Bitmap decoded(const RawImage &image, RawTarget target = {}) {
    auto out = decode_raw(image, target, {});
    assert_ok(out);
    return std::move(*out);
}

void test_1bit() {
    Stream s; // 10 pixels, two rows, a byte of padding each
    s.bytes({0b1010'0000, 0b0100'0000, 0xee, 0b0000'0001, 0b1000'0000, 0xee});
    const auto image = raw(SPICE_BITMAP_FMT_1BIT_BE, {10, 2}, 3, s.get());
    const auto indexed = decoded(image);
    g_assert_true(indexed.layout == Layout::bgrx);
    const unsigned ones[2] = {1u << 0 | 1u << 2 | 1u << 9, 1u << 7 | 1u << 8};
    for (uint32_t y = 0; y < 2; ++y)
        for (uint32_t x = 0; x < 10; ++x)
            g_assert_cmphex(pixel32(indexed.view(), x, y), ==, palette[ones[y] >> x & 1]);

    const auto mask = decoded(image, {Layout::bgrx, true});
    g_assert_true(mask.layout == Layout::a1);
    for (uint32_t y = 0; y < 2; ++y)
        for (uint32_t x = 0; x < 10; ++x)
            g_assert_cmphex(pixel8(mask.view(), x / 8, y) >> (x % 8) & 1, ==, ones[y] >> x & 1);

    Stream le;
    le.bytes({0b0000'0101, 0b0000'0010});
    const auto le_mask = decoded(raw(SPICE_BITMAP_FMT_1BIT_LE, {10, 1}, 2, le.get()));
    g_assert_true(le_mask.layout == Layout::a1);
    g_assert_cmphex(pixel8(le_mask.view(), 0, 0), ==, 0x05);
    g_assert_cmphex(pixel8(le_mask.view(), 1, 0), ==, 0x02);
}

// Only where decode_raw() would copy bytes, and the pixels are aligned.
void test_view() {
    alignas(4) static std::byte memory[64];
    for (std::size_t i = 0; i < sizeof memory; ++i) memory[i] = static_cast<std::byte>(i);
    const auto at = [&](std::size_t offset, uint8_t format, uint32_t stride, bool top_down = true) {
        return RawImage{format, top_down, {2, 3}, stride, std::span{memory}.subspan(offset), palette};
    };
    for (const bool top_down : {true, false})
        for (const uint8_t format : {SPICE_BITMAP_FMT_32BIT, SPICE_BITMAP_FMT_RGBA}) {
            const auto image = at(4, format, 12, top_down);
            const auto seen = view_raw(image, {});
            g_assert_true(seen.has_value());
            const auto copy = decoded(image);
            g_assert_true(seen->layout == copy.layout);
            for (uint32_t y = 0; y < 3; ++y)
                for (uint32_t x = 0; x < 2; ++x) g_assert_cmphex(pixel32(*seen, x, y), ==, pixel32(copy.view(), x, y));
        }
    g_assert_false(view_raw(at(1, SPICE_BITMAP_FMT_32BIT, 12), {}).has_value());      // not aligned
    g_assert_false(view_raw(at(0, SPICE_BITMAP_FMT_32BIT, 10), {}).has_value());      // nor are its rows
    g_assert_false(view_raw(at(0, SPICE_BITMAP_FMT_16BIT, 12), {}).has_value());      // to be converted
    g_assert_false(view_raw(at(0, SPICE_BITMAP_FMT_32BIT, 4), {}).has_value());       // rows overlap
    g_assert_false(view_raw(at(32, SPICE_BITMAP_FMT_32BIT, 12), {}).has_value());     // too short
    g_assert_false(view_raw(at(0, SPICE_BITMAP_FMT_32BIT, 12), {1, 100}).has_value()); // too large
}

void test_4bit() {
    Stream s;
    s.bytes({0x12, 0x3f});
    const auto be = decoded(raw(SPICE_BITMAP_FMT_4BIT_BE, {3, 1}, 2, s.get()));
    const auto le = decoded(raw(SPICE_BITMAP_FMT_4BIT_LE, {4, 1}, 2, s.get()));
    for (uint32_t x = 0; x < 3; ++x) g_assert_cmphex(pixel32(be.view(), x, 0), ==, palette[x + 1]);
    g_assert_cmphex(pixel32(le.view(), 0, 0), ==, palette[2]);
    g_assert_cmphex(pixel32(le.view(), 1, 0), ==, palette[1]);
    g_assert_cmphex(pixel32(le.view(), 2, 0), ==, 0); // index 15: beyond the palette
    g_assert_cmphex(pixel32(le.view(), 3, 0), ==, palette[3]);
}

void test_8bit_surfaces() {
    Stream s;
    s.bytes({3, 0, 200, 0xee});
    const auto image = raw(SPICE_BITMAP_FMT_8BIT, {3, 1}, 4, s.get());
    const auto wide = decoded(image);
    g_assert_cmphex(pixel32(wide.view(), 0, 0), ==, 0xffa0b0c0u); // the entry's x byte stays
    g_assert_cmphex(pixel32(wide.view(), 2, 0), ==, 0);
    for (const auto surface : {Layout::rgb555, Layout::rgb565}) { // an entry is a pixel of the surface
        const auto narrow = decoded(image, {surface, false});
        g_assert_true(narrow.layout == surface);
        g_assert_cmphex(pixel16(narrow.view(), 0, 0), ==, 0xb0c0);
        g_assert_cmphex(pixel16(narrow.view(), 1, 0), ==, 0x2030);
    }
}

void test_true_colour() {
    Stream s;
    s.bytes({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    const auto rgb24 = decoded(raw(SPICE_BITMAP_FMT_24BIT, {2, 2}, 8, s.get()));
    g_assert_cmphex(pixel32(rgb24.view(), 1, 1), ==, 0x000e0d0cu);
    const auto rgb32 = decoded(raw(SPICE_BITMAP_FMT_32BIT, {1, 2}, 8, s.get()));
    g_assert_true(rgb32.layout == Layout::bgrx);
    g_assert_cmphex(pixel32(rgb32.view(), 0, 1), ==, 0x0c0b0a09u); // the x byte stays
    const auto rgba = decoded(raw(SPICE_BITMAP_FMT_RGBA, {2, 2}, 8, s.get()));
    g_assert_true(rgba.layout == Layout::bgra);
    const auto rgb16 = decoded(raw(SPICE_BITMAP_FMT_16BIT, {3, 2}, 7, s.get()));
    g_assert_true(rgb16.layout == Layout::rgb555 && rgb16.stride == 8);
    g_assert_cmphex(pixel16(rgb16.view(), 2, 1), ==, 0x0d0c);
    const auto a8 = decoded(raw(SPICE_BITMAP_FMT_8BIT_A, {3, 2}, 5, s.get()));
    g_assert_true(a8.layout == Layout::a8);
    g_assert_cmphex(pixel8(a8.view(), 1, 1), ==, 7);
}

void test_bottom_up() {
    Stream s;
    s.bytes({1, 2, 3, 4, 5, 6});
    const auto a8 = decoded(raw(SPICE_BITMAP_FMT_8BIT_A, {2, 3}, 2, s.get(), false));
    for (uint32_t y = 0; y < 3; ++y) g_assert_cmphex(pixel8(a8.view(), 1, y), ==, 2 * (2 - y) + 2);
    Stream bits;
    bits.bytes({0x80, 0x00});
    const auto image = decoded(raw(SPICE_BITMAP_FMT_1BIT_BE, {1, 2}, 1, bits.get(), false));
    g_assert_cmphex(pixel32(image.view(), 0, 0), ==, palette[0]);
    g_assert_cmphex(pixel32(image.view(), 0, 1), ==, palette[1]);
}

void test_refused() {
    Stream s;
    for (unsigned i = 0; i < 16; ++i) s.byte(i);
    const auto &data = s.get();
    const auto refused = [](const RawImage &image) { return !decode_raw(image, {}, Limits{}); };
    g_assert_true(refused(raw(0, {1, 1}, 4, data)));
    g_assert_true(refused(raw(11, {1, 1}, 4, data)));
    g_assert_true(refused(raw(SPICE_BITMAP_FMT_32BIT, {2, 2}, 7, data)));
    g_assert_true(refused(raw(SPICE_BITMAP_FMT_1BIT_BE, {9, 1}, 1, data)));
    g_assert_true(refused(raw(SPICE_BITMAP_FMT_4BIT_BE, {3, 1}, 1, data)));
    g_assert_true(refused(raw(SPICE_BITMAP_FMT_32BIT, {2, 3}, 8, data)));
    g_assert_true(refused(raw(SPICE_BITMAP_FMT_32BIT, {1, 2}, 0x80000000u, data)));
    g_assert_true(refused(raw(SPICE_BITMAP_FMT_8BIT_A, {0, 2}, 1, data)));
    auto no_palette = raw(SPICE_BITMAP_FMT_8BIT, {4, 4}, 4, data);
    no_palette.palette = {};
    g_assert_true(refused(no_palette));
    auto one_entry = raw(SPICE_BITMAP_FMT_1BIT_BE, {4, 4}, 4, data);
    one_entry.palette = one_entry.palette.first(1);
    g_assert_true(refused(one_entry));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/raw/1-bit", test_1bit);
    g_test_add_func("/raw/view", test_view);
    g_test_add_func("/raw/4-bit", test_4bit);
    g_test_add_func("/raw/8-bit-surfaces", test_8bit_surfaces);
    g_test_add_func("/raw/true-colour", test_true_colour);
    g_test_add_func("/raw/bottom-up", test_bottom_up);
    g_test_add_func("/raw/refused", test_refused);
    return g_test_run();
}
