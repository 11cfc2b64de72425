// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/scale.hh"

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

#include <glib.h>
#include <pixman.h>

using namespace spice::display;

namespace {

struct Case {
    int start, size, dest, count;
};

Case random_case(std::mt19937 &random) {
    const auto up_to = [&](unsigned n) { return static_cast<int>(random() % n); };
    return {up_to(20) - 8, 1 + up_to(40), 1 + up_to(60), 1 + up_to(30)};
}

// spec/display.md §10.1, as written.
int64_t formula(const Case &c, int64_t i) {
    const int64_t f = int64_t{c.size} * 65536 / c.dest;
    return ((f * (i * 65536 + 32768) + 32768) >> 16) + int64_t{c.start} * 65536;
}

void test_nearest() {
    std::mt19937 random{11};
    for (int round = 0; round < 2000; ++round) {
        const Case c = random_case(random);
        const ScaleAxis axis{c.start, c.size, c.dest};
        std::vector<uint32_t> source(static_cast<std::size_t>(c.count));
        for (auto &p : source)
            p = static_cast<uint32_t>(random()) | 1;
        const int from = static_cast<int>(random() % static_cast<unsigned>(c.dest));
        std::vector<uint32_t> out(static_cast<std::size_t>(c.dest - from), 0xdeadbeef);
        scale_nearest_row<uint32_t>(axis, from, c.dest, source.data(), c.count, out.data());
        for (int i = from; i < c.dest; ++i) {
            const int64_t x = (formula(c, i) - 1) >> 16;
            const uint32_t expected = x >= 0 && x < c.count ? source[static_cast<std::size_t>(x)] : 0;
            g_assert_cmphex(out[static_cast<std::size_t>(i - from)], ==, expected);
        }
    }
}

void test_bilinear() {
    std::mt19937 random{12};
    for (int round = 0; round < 500; ++round) {
        const Case c = random_case(random);
        const ScaleAxis axis{c.start, c.size, c.dest};
        const auto n = static_cast<std::size_t>(c.count);
        std::vector<uint32_t> rows[2] = {std::vector<uint32_t>(n), std::vector<uint32_t>(n)};
        for (auto &row : rows)
            for (auto &p : row)
                p = static_cast<uint32_t>(random());
        const uint32_t wy = random() % 128 * 2;
        const uint32_t *upper = random() % 5 ? rows[0].data() : nullptr;
        const uint32_t *lower = random() % 5 ? rows[1].data() : nullptr;
        std::vector<uint32_t> out(static_cast<std::size_t>(c.dest), 0xdeadbeef);
        scale_bilinear_row(axis, 0, c.dest, upper, lower, c.count, wy, out.data());
        for (int i = 0; i < c.dest; ++i) {
            const int64_t x = formula(c, i) - 32768, x0 = x >> 16;
            const auto wx = static_cast<uint32_t>((x >> 9) & 127) * 2;
            const auto at = [&](const uint32_t *row, int64_t at_x) {
                return row && at_x >= 0 && at_x < c.count ? row[at_x] : 0u;
            };
            for (unsigned shift = 0; shift < 32; shift += 8) {
                const auto channel = [&](uint32_t p) { return p >> shift & 0xff; };
                const uint32_t expected =
                    (channel(at(upper, x0)) * (256 - wx) * (256 - wy) + channel(at(upper, x0 + 1)) * wx * (256 - wy) +
                     channel(at(lower, x0)) * (256 - wx) * wy + channel(at(lower, x0 + 1)) * wx * wy) >>
                    16;
                g_assert_cmphex(channel(out[static_cast<std::size_t>(i)]), ==, expected);
            }
        }
    }
}

// The previous client scaled with pixman: its filter is a second opinion on the formula.
void test_bilinear_like_pixman() {
    constexpr int sw = 13, sh = 9, dw = 31, dh = 22;
    std::mt19937 random{13};
    std::vector<uint32_t> source(sw * sh), theirs(dw * dh), ours(dw * dh);
    for (auto &p : source)
        p = static_cast<uint32_t>(random());
    auto *from = pixman_image_create_bits(PIXMAN_a8r8g8b8, sw, sh, source.data(), sw * 4);
    auto *to = pixman_image_create_bits(PIXMAN_a8r8g8b8, dw, dh, theirs.data(), dw * 4);
    const pixman_transform_t t{{{sw * 65536 / dw, 0, 0}, {0, sh * 65536 / dh, 0}, {0, 0, 65536}}};
    pixman_image_set_transform(from, &t);
    pixman_image_set_filter(from, PIXMAN_FILTER_BILINEAR, nullptr, 0);
    pixman_image_composite32(PIXMAN_OP_SRC, from, nullptr, to, 0, 0, 0, 0, 0, 0, dw, dh);
    pixman_image_unref(from);
    pixman_image_unref(to);
    const ScaleAxis columns{0, sw, dw}, rows{0, sh, dh};
    for (int y = 0; y < dh; ++y) {
        const auto [index, weight] = rows.bilinear(y);
        const auto row = [&](int64_t r) { return r >= 0 && r < sh ? source.data() + r * sw : nullptr; };
        scale_bilinear_row(columns, 0, dw, row(index), row(index + 1), sw, weight, ours.data() + y * dw);
    }
    for (std::size_t i = 0; i < ours.size(); ++i)
        g_assert_cmphex(ours[i], ==, theirs[i]);
}

void test_one_channel() {
    const uint8_t upper[] = {0, 255, 10}, lower[] = {255, 255, 20};
    const uint32_t wide_upper[] = {0, 255, 10}, wide_lower[] = {255, 255, 20};
    const ScaleAxis axis{0, 3, 11};
    uint8_t out[11];
    uint32_t wide[11];
    scale_bilinear_row(axis, 0, 11, upper, lower, 3, 100, out);
    scale_bilinear_row(axis, 0, 11, wide_upper, wide_lower, 3, 100, wide);
    for (int i = 0; i < 11; ++i)
        g_assert_cmpuint(out[i], ==, wide[i]);
}

void test_extremes() {
    constexpr int64_t low = std::numeric_limits<int32_t>::min(), high = std::numeric_limits<int32_t>::max();
    const uint16_t source[] = {1, 2, 3};
    for (const int64_t start : {low, high})
        for (const int64_t size : {int64_t{1}, high - low})
            for (const int64_t dest : {int64_t{5}, high, high - low}) // every column that a box of this size has
                for (const int64_t from : {int64_t{0}, dest / 2, dest - 5}) {
                    const ScaleAxis axis{start, size, dest};
                    const int64_t end = std::min(from + 5, dest);
                    uint16_t out[5];
                    scale_nearest_row<uint16_t>(axis, from, end, source, 3, out);
                    uint8_t one[5];
                    const uint8_t bytes[] = {1, 2, 3};
                    scale_bilinear_row(axis, from, end, bytes, bytes, 3, 100, one);
                }
    // One column of a huge box lands on the only sample; without overflow nothing else does.
    uint16_t out[3];
    scale_nearest_row<uint16_t>(ScaleAxis{low, high - low, high - low}, -low - 1, -low + 2, source, 3, out);
    g_assert_cmpuint(out[0], ==, 0);
    g_assert_cmpuint(out[1], ==, 1);
    g_assert_cmpuint(out[2], ==, 2);
}

// ROP3's first sample lies a whole number of pixels from the left edge of the image; pixels as measured.
void test_whole_steps() {
    std::vector<uint32_t> source(24);
    for (uint32_t x = 0; x < 24; ++x)
        source[x] = x * 10 << 16 | (x * x & 255);
    constexpr uint32_t seven[] = {0x6c0075, 0x70007f, 0x750089, 0x790093, 0x7d009e, 0x8100a8, 0x8600b4};
    uint32_t out[7];
    scale_bilinear_row(ScaleAxis{11, 3, 7, ScaleStart::whole_steps}, 0, 7, source.data(), source.data(), 24, 0, out);
    for (std::size_t i = 0; i < 7; ++i)
        g_assert_cmphex(out[i], ==, seven[i]);
    scale_bilinear_row(ScaleAxis{11, 3, 7, ScaleStart::whole_steps, 9}, 2, 4, source.data() + 9, source.data() + 9, 15,
                       0, out);
    g_assert_cmphex(out[0], ==, seven[2]);
    g_assert_cmphex(out[1], ==, seven[3]);
    const auto start = [](int64_t from, int64_t size, int64_t dest) {
        const ScaleAxis axis{from, size, dest, ScaleStart::whole_steps}, none{0, size, dest};
        return (axis.position(0) - none.position(0)) / axis.step();
    };
    g_assert_cmpint(start(3, 2, 3), ==, 5); // one half goes up
    g_assert_cmpint(start(20, 40, 29), ==, 14); // but not where the quotient of doubles is a little less
    g_assert_cmpint(start(523, 51, 100), ==, 1025);
    g_assert_cmpint(start(-17, 60, 41), ==, -12);
    g_assert_cmpint(start(-3, 4, 2), ==, -1);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/display/scale/nearest", test_nearest);
    g_test_add_func("/display/scale/bilinear", test_bilinear);
    g_test_add_func("/display/scale/bilinear-like-pixman", test_bilinear_like_pixman);
    g_test_add_func("/display/scale/one-channel", test_one_channel);
    g_test_add_func("/display/scale/extremes", test_extremes);
    g_test_add_func("/display/scale/whole-steps", test_whole_steps);
    return g_test_run();
}
