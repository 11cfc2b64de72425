// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/cursor-shape.hh"

#include <glib.h>
#include <spice/enums.h>

#include <string>

using spice::channel::convert_cursor;
using spice::channel::CursorShape;

// Expected pixels are worked out by hand from spec/channels.md §3.2.
namespace {

using Bytes = std::vector<std::byte>;

constexpr uint32_t dark = 0xc0303030, light = 0x30505050; // what stands for inversion

spice::wire::CursorHeader header(int type, uint16_t width, uint16_t height) {
    spice::wire::CursorHeader h;
    h.type = static_cast<uint8_t>(type);
    h.width = width;
    h.height = height;
    return h;
}

Bytes bytes(std::initializer_list<unsigned> list) {
    Bytes out;
    for (const auto b : list) out.push_back(static_cast<std::byte>(b));
    return out;
}

uint32_t argb(const CursorShape &shape, std::size_t i) {
    const auto *p = shape.rgba.data() + 4 * i;
    return uint32_t{p[3]} << 24 | uint32_t{p[0]} << 16 | uint32_t{p[1]} << 8 | p[2];
}

// Data of exactly the right size gives these pixels; anything shorter is refused, and more is not looked at.
void check(int type, uint16_t width, uint16_t height, const Bytes &data, const std::vector<uint32_t> &wanted) {
    auto shape = convert_cursor(header(type, width, height), data);
    g_assert_true(static_cast<bool>(shape));
    g_assert_cmpuint(shape->rgba.size(), ==, 4 * wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) g_assert_cmphex(argb(*shape, i), ==, wanted[i]);
    for (std::size_t n = 0; n < data.size(); ++n) {
        const Bytes cut(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(n)); // its own block: overruns are seen
        g_assert_false(static_cast<bool>(convert_cursor(header(type, width, height), cut)));
    }
    auto longer = data;
    longer.resize(data.size() + 5, std::byte{0xee});
    auto same = convert_cursor(header(type, width, height), longer);
    g_assert_true(same && same->rgba == shape->rgba);
}

void test_alpha() {
    check(SPICE_CURSOR_TYPE_ALPHA, 2, 1, bytes({1, 2, 3, 4, 0xff, 0xfe, 0xfd, 0}), {0x04030201, 0x00fdfeff});
}

void test_color32() {
    check(SPICE_CURSOR_TYPE_COLOR32, 3, 2,
          bytes({0x33, 0x22, 0x11, 0, 0x33, 0x22, 0x11, 0, 0xff, 0xff, 0xff, 0,
                 0xff, 0xff, 0xff, 0, 0xff, 0xff, 0xff, 0, 0xff, 0xff, 0xff, 0x01,
                 0b01011100}),
          {0xff112233, 0x00112233, 0xffffffff, dark, light, 0x01ffffff}); // the whole word is compared
}

void test_color16() {
    check(SPICE_CURSOR_TYPE_COLOR16, 4, 1,
          bytes({0x1f, 0x00, 0xe0, 0x03, 0xff, 0x7f, 0x00, 0x7c, 0b01100000}),
          {0xff0000f8, 0x0000f800, light, 0xfff80000});
}

void test_color24() {
    check(SPICE_CURSOR_TYPE_COLOR24, 2, 2,
          bytes({1, 2, 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 4, 5, 6, 0b01010000}),
          {0xff030201, dark, 0xffffffff, 0x00060504});
}

void test_color8() {
    auto data = bytes({0, 255, 7, 7});
    Bytes palette(1024);
    const auto entry = [&](std::size_t i, uint32_t rgb) {
        for (std::size_t b = 0; b < 4; ++b) palette[4 * i + b] = static_cast<std::byte>(rgb >> (8 * b));
    };
    entry(0, 0x00ffffff);
    entry(255, 0x00abcdef);
    entry(7, 0x00010203);
    data.insert(data.end(), palette.begin(), palette.end());
    data.push_back(std::byte{0b10010000});
    check(SPICE_CURSOR_TYPE_COLOR8, 2, 2, data, {light, 0xffabcdef, 0xff010203, 0x00010203});
}

void test_color4() {
    auto data = bytes({0x1f, 0x21});
    for (uint32_t i = 0; i < 16; ++i)
        for (const auto b : {i, i * 2, i * 3, 0u}) data.push_back(static_cast<std::byte>(i == 15 ? (b ? 0xff : 0) : b));
    data.push_back(std::byte{0b01100000});
    // Indices 1, 15, 2, 1: high nibble first.
    check(SPICE_CURSOR_TYPE_COLOR4, 4, 1, data, {0xff030201, dark, 0x00060402, 0xff030201});
}

void test_mono() {
    // Rows are padded to whole bytes: 9 pixels take two. AND 0 is drawn, XOR gives black or white.
    check(SPICE_CURSOR_TYPE_MONO, 9, 1, bytes({0b00111111, 0x80, 0b01010000, 0x80}),
          {0xff000000, 0xffffffff, 0, 0xffffffff, 0, 0, 0, 0, 0xffffffff});
}

// A shape that only inverts gets a black outline, but not on the edge of the picture.
void test_outline() {
    Bytes data(10, std::byte{0xff});
    const unsigned rows[] = {0, 0, 0b00100000, 0, 0b10000000};
    for (std::size_t y = 0; y < 5; ++y) data[5 + y] = static_cast<std::byte>(rows[y]);
    constexpr uint32_t w = 0xffffffff, b = 0xff000000;
    check(SPICE_CURSOR_TYPE_MONO, 6, 5, data, {0, 0, 0, 0, 0, 0,
                                               0, b, b, b, 0, 0,
                                               0, b, w, b, 0, 0,
                                               0, b, b, b, 0, 0,
                                               w, 0, 0, 0, 0, 0});
    data[0] = std::byte{0x7f}; // one drawn pixel: it is not a shape that only inverts
    auto shape = convert_cursor(header(SPICE_CURSOR_TYPE_MONO, 6, 5), data);
    g_assert_true(static_cast<bool>(shape));
    g_assert_cmphex(argb(*shape, 7), ==, 0);
    g_assert_cmphex(argb(*shape, 0), ==, b);
}

void test_sizes() {
    const Bytes plenty(1100 * 1100 * 4 + 2000);
    for (int type = 0; type <= SPICE_CURSOR_TYPE_COLOR32; ++type) {
        for (const auto &[w, h] : {std::pair{0, 1}, {1, 0}, {0, 0}, {1025, 1}, {1, 1025}, {65535, 65535}})
            g_assert_false(static_cast<bool>(
                convert_cursor(header(type, static_cast<uint16_t>(w), static_cast<uint16_t>(h)), plenty)));
        g_assert_true(static_cast<bool>(convert_cursor(header(type, 1024, 1024), plenty)));
        g_assert_true(static_cast<bool>(convert_cursor(header(type, 1, 1), plenty)));
        g_assert_false(static_cast<bool>(convert_cursor(header(type, 1024, 1024), {})));
    }
    for (const int type : {7, 100, 255}) g_assert_false(static_cast<bool>(convert_cursor(header(type, 1, 1), plenty)));
}

void test_hot_spot() {
    auto h = header(SPICE_CURSOR_TYPE_ALPHA, 4, 2);
    h.hot_x = 3;
    h.hot_y = 65535;
    auto shape = convert_cursor(h, Bytes(32));
    g_assert_true(static_cast<bool>(shape));
    g_assert_cmpuint(shape->hot_x, ==, 3);
    g_assert_cmpuint(shape->hot_y, ==, 2);
    g_assert_cmpint(shape->type, ==, SPICE_CURSOR_TYPE_ALPHA);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/cursor-shape/alpha", test_alpha);
    g_test_add_func("/cursor-shape/color32", test_color32);
    g_test_add_func("/cursor-shape/color16", test_color16);
    g_test_add_func("/cursor-shape/color24", test_color24);
    g_test_add_func("/cursor-shape/color8", test_color8);
    g_test_add_func("/cursor-shape/color4", test_color4);
    g_test_add_func("/cursor-shape/mono", test_mono);
    g_test_add_func("/cursor-shape/outline", test_outline);
    g_test_add_func("/cursor-shape/sizes", test_sizes);
    g_test_add_func("/cursor-shape/hot-spot", test_hot_spot);
    return g_test_run();
}
