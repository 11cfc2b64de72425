// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-over.hh"

#include <algorithm>
#include <random>

#include <glib.h>

using namespace spice::display;

namespace {

uint32_t mul(uint32_t a, uint32_t b) {
    const uint32_t t = a * b + 128;
    return (t + (t >> 8)) >> 8;
}

void test_multiply() {
    for (uint32_t a = 0; a < 256; ++a)
        for (uint32_t b = 0; b < 256; ++b)
            g_assert_cmphex(scale_channels(a * 0x01010101u, b), ==, mul(a, b) * 0x01010101u);
}

void test_over() {
    std::mt19937 random{9};
    for (int round = 0; round < 200'000; ++round) {
        const auto s = static_cast<uint32_t>(random()), d = static_cast<uint32_t>(random());
        uint32_t expected = 0;
        for (unsigned shift = 0; shift < 32; shift += 8) {
            const uint32_t c = (s >> shift & 0xff) + mul(d >> shift & 0xff, 255 - (s >> 24));
            expected |= std::min(c, 255u) << shift;
        }
        g_assert_cmphex(over(s, d), ==, expected);
    }
    g_assert_cmphex(over_without_alpha(0xff123456, 0xffffffff), ==, 0x123456);
    g_assert_cmphex(over_without_alpha(0, 0x99abcdef), ==, 0x99abcdef);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/display/over/multiply", test_multiply);
    g_test_add_func("/display/over/over", test_over);
    return g_test_run();
}
