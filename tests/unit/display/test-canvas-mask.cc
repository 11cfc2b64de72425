// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-mask.hh"

#include <random>
#include <vector>

#include <glib.h>

using namespace spice;
using namespace spice::display;

namespace {

// Bit by bit, spec/display.md §10.2.
void test_runs() {
    std::mt19937 engine{5};
    const auto random = [&] { return static_cast<uint32_t>(engine()); };
    for (int round = 0; round < 3000; ++round) {
        const uint32_t w = 1 + random() % 70, h = 1 + random() % 4;
        const std::size_t stride = (w + 31) / 32 * 4;
        std::vector<std::byte> bits(stride * h);
        for (auto &b : bits)
            b = static_cast<std::byte>(random() % 3 ? random() : random() % 2 * 255);
        const codec::BitmapView view{bits.data(), w, h, static_cast<std::ptrdiff_t>(stride), codec::Layout::a1};
        const int dx = static_cast<int>(random() % 60) - 30, dy = static_cast<int>(random() % 8) - 4;
        const bool inverted = random() % 2;
        const Mask mask{view, dx, dy, inverted};
        const int x1 = static_cast<int>(random() % 50) - 20, x2 = x1 + static_cast<int>(random() % 90);
        const int y = static_cast<int>(random() % 8) - 2;
        std::vector<bool> drawn(150);
        int last = x1 - 1;
        mask.runs(y, x1, x2, [&](int from, int to) {
            g_assert_cmpint(from, <, to);
            g_assert_cmpint(from, >, last - (last < x1 ? 1 : 0)); // runs are apart and in order
            g_assert_cmpint(to, <=, x2);
            for (int x = from; x < to; ++x)
                drawn[static_cast<std::size_t>(x + 30)] = true;
            last = to;
        });
        for (int x = x1; x < x2; ++x) {
            const int mx = x + dx, my = y + dy;
            bool expected = false;
            if (mx >= 0 && my >= 0 && mx < static_cast<int>(w) && my < static_cast<int>(h)) {
                const auto at = static_cast<std::size_t>(my) * stride + static_cast<std::size_t>(mx) / 8;
                const auto byte = std::to_integer<unsigned>(bits[at]);
                expected = ((byte >> (mx % 8) & 1) != 0) != inverted;
            }
            g_assert_true(drawn[static_cast<std::size_t>(x + 30)] == expected);
        }
    }
}

void test_far_away() {
    const std::byte bits[4] = {std::byte{0xff}};
    const codec::BitmapView view{bits, 8, 1, 4, codec::Layout::a1};
    const int64_t far = int64_t{1} << 33;
    for (const int64_t dx : {-far, far})
        for (const int64_t dy : {-far, int64_t{0}, far})
            Mask{view, dx, dy, true}.runs(0, INT32_MIN, INT32_MAX, [](int32_t, int32_t) { g_assert_not_reached(); });
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/display/mask/runs", test_runs);
    g_test_add_func("/display/mask/far-away", test_far_away);
    return g_test_run();
}
