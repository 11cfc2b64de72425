// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/band-height.hh"

#include <glib.h>

using spice::channel::BandHeight;

namespace {

struct Drawn {
    int bands = 0;
    int64_t longest_us = 0;
};

// A drawing that takes `fixed` microseconds a band and `per_pixel` nanoseconds a pixel.
Drawn draw(int64_t width, int64_t height, int64_t fixed, int64_t per_pixel) {
    BandHeight height_of{width};
    Drawn drawn;
    for (int64_t y = 0; y < height; ++drawn.bands) {
        const auto rows = std::min<int64_t>(height_of.rows(), height - y);
        const auto us = fixed + rows * width * per_pixel / 1000;
        drawn.longest_us = std::max(drawn.longest_us, us);
        height_of.learn(us);
        y += rows;
    }
    return drawn;
}

void test_cheap_pixels() {
    const auto drawn = draw(3840, 2160, 1, 1);
    g_assert_cmpint(drawn.longest_us, >=, BandHeight::wanted_us / 2);
    g_assert_cmpint(drawn.longest_us, <=, 3 * BandHeight::wanted_us);
    g_assert_cmpint(drawn.bands, <, 40);
}

// Where a pixel takes long, no band takes longer than the first, or than is wanted.
void test_costly_pixels() {
    for (const int64_t width : {1, 100, 1920, 16384})
        for (const int64_t per_pixel : {10, 50, 200}) {
            const auto first = std::max<int64_t>(BandHeight::first_pixels, width) * per_pixel / 1000;
            g_assert_cmpint(draw(width, 2160, 1, per_pixel).longest_us, <=, std::max(2 * first + 2, 3 * BandHeight::wanted_us));
        }
}

// What each band repeats is not repeated hundreds of times.
void test_fixed_cost() { g_assert_cmpint(draw(3840, 2160, 3000, 1).bands, <, 14); }

void test_limits() {
    BandHeight height_of{0};
    for (int i = 0; i < 100; ++i) height_of.learn(0);
    g_assert_cmpint(height_of.rows(), ==, 1 << 14);
    g_assert_cmpint(BandHeight{INT64_MAX}.rows(), ==, 1);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/band-height/cheap-pixels", test_cheap_pixels);
    g_test_add_func("/band-height/costly-pixels", test_costly_pixels);
    g_test_add_func("/band-height/fixed-cost", test_fixed_cost);
    g_test_add_func("/band-height/limits", test_limits);
    return g_test_run();
}
