// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-convert.hh"

#include <cstring>

#include <glib.h>

using namespace spice::display;
using spice::codec::Layout;

namespace {

// One pixel, taken from position 1 of a row.
template <class To, class From> uint32_t one(ConvertRow convert, From pixel) {
    g_assert_nonnull(convert);
    const From row[3] = {static_cast<From>(~pixel), pixel, static_cast<From>(~pixel)};
    To out[2] = {0, 0x5a};
    convert(reinterpret_cast<const uint8_t *>(row), 1, 1, reinterpret_cast<uint8_t *>(out));
    g_assert_cmphex(out[1], ==, 0x5a);
    return out[0];
}

void test_pairs() {
    const auto to = converter;
    g_assert_cmphex((one<uint32_t, uint32_t>(to(Layout::bgrx, Layout::bgra), 0x12345678)), ==, 0x12345678);
    g_assert_cmphex((one<uint32_t, uint32_t>(to(Layout::bgra, Layout::bgrx), 0x12345678)), ==, 0x12345678);
    g_assert_cmphex((one<uint32_t, uint16_t>(to(Layout::rgb555, Layout::bgrx), 0x8000 | 31 << 10 | 16 << 5 | 1)), ==,
                    0xffff8408);
    g_assert_cmphex((one<uint32_t, uint16_t>(to(Layout::rgb565, Layout::bgrx), 0xfc21)), ==, 0xffff8608);
    g_assert_cmphex((one<uint32_t, uint8_t>(to(Layout::a8, Layout::bgrx), 0x44)), ==, 0xff000000);
    g_assert_cmphex((one<uint16_t, uint32_t>(to(Layout::bgra, Layout::rgb555), 0x12ff8409)), ==, 0x7e01);
    g_assert_cmphex((one<uint16_t, uint32_t>(to(Layout::bgrx, Layout::rgb565), 0x12ff8709)), ==, 0xfc21);
    g_assert_cmphex((one<uint16_t, uint16_t>(to(Layout::rgb555, Layout::rgb555), 0xfedc)), ==, 0xfedc); // bit 15 too
    g_assert_cmphex((one<uint16_t, uint16_t>(to(Layout::rgb565, Layout::rgb565), 0xfedc)), ==, 0xfedc);
    g_assert_cmphex((one<uint16_t, uint8_t>(to(Layout::a8, Layout::rgb555), 0x44)), ==, 0);
    g_assert_cmphex((one<uint8_t, uint8_t>(to(Layout::a8, Layout::a8), 0x44)), ==, 0x44);
    g_assert_cmphex((one<uint8_t, uint32_t>(to(Layout::bgra, Layout::a8), 0x44123456)), ==, 0x44);
    g_assert_cmphex((one<uint8_t, uint32_t>(to(Layout::bgrx, Layout::a8), 0x44123456)), ==, 0xff);
    g_assert_null(converter(Layout::a1, Layout::bgrx));
    g_assert_null(converter(Layout::a1, Layout::rgb555));
    for (uint32_t p = 0; p < 0x10000; ++p) {
        const auto pixel = static_cast<uint16_t>(p);
        g_assert_cmphex(to_555(from_555(pixel)), ==, pixel & 0x7fff);
        g_assert_cmphex(to_565(from_565(pixel)), ==, pixel);
    }
}

void test_bits() {
    const uint8_t row[] = {0xa5, 0x01};
    uint8_t out[9];
    converter(Layout::a1, Layout::a8)(row, 1, 8, out);
    const uint8_t expected[8] = {0, 255, 0, 0, 255, 0, 255, 255};
    g_assert_cmpmem(out, 8, expected, 8);
}

void test_blend() {
    g_assert_cmphex((one<uint32_t, uint32_t>(blend_converter(Layout::bgrx), 0x12345678)), ==, 0xff345678);
    g_assert_cmphex((one<uint32_t, uint32_t>(blend_converter(Layout::bgra), 0x12345678)), ==, 0x12345678);
    g_assert_cmphex((one<uint32_t, uint8_t>(blend_converter(Layout::a8), 0x44)), ==, 0x44000000);
    g_assert_cmphex((one<uint32_t, uint8_t>(blend_converter(Layout::gray8), 0x44)), ==, 0xff444444);
    g_assert_null(blend_converter(Layout::a1));
}

void test_access() {
    uint8_t p[4] = {};
    store_argb(Layout::rgb555, p, 0xfff8f8f8);
    g_assert_cmphex(load_argb(Layout::rgb555, p), ==, 0xffffffff);
    store_argb(Layout::a8, p, 0x77123456);
    g_assert_cmphex(load_argb(Layout::a8, p), ==, 0x77000000);
    store_argb(Layout::bgrx, p, 0x77123456);
    g_assert_cmphex(load_argb(Layout::bgrx, p), ==, 0x77123456);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/display/convert/pairs", test_pairs);
    g_test_add_func("/display/convert/bits", test_bits);
    g_test_add_func("/display/convert/blend", test_blend);
    g_test_add_func("/display/convert/access", test_access);
    return g_test_run();
}
