// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/damage.hh"

#include <glib.h>

#include <algorithm>
#include <vector>

using spice::channel::Damage;
using spice::display::Box;

namespace {

constexpr int side = 64;

bool inside(const Box &b, int x, int y) { return x >= b.x1 && x < b.x2 && y >= b.y1 && y < b.y2; }

bool covered(const Damage &damage, int x, int y) {
    const auto boxes = damage.boxes();
    return std::any_of(boxes.begin(), boxes.end(), [=](const Box &b) { return inside(b, x, y); });
}

Box random_box() {
    const int x = g_test_rand_int_range(0, side), y = g_test_rand_int_range(0, side);
    return {x, y, g_test_rand_int_range(x, side + 1), g_test_rand_int_range(y, side + 1)};
}

// Whatever was added is covered, by few boxes, and none of them is empty or outside of everything that was added.
void test_coverage() {
    for (int round = 0; round < 400; ++round) {
        Damage damage;
        std::vector<bool> wanted(side * side);
        Box all{side, side, 0, 0};
        const int count = g_test_rand_int_range(0, 60);
        for (int i = 0; i < count; ++i) {
            auto box = random_box();
            if (i % 3 == 0) box = {box.x1, box.y1, std::min(box.x1 + 3, side), std::min(box.y1 + 3, side)};
            damage.add(box);
            if (box.x1 >= box.x2 || box.y1 >= box.y2) continue;
            all = {std::min(all.x1, box.x1), std::min(all.y1, box.y1), std::max(all.x2, box.x2), std::max(all.y2, box.y2)};
            for (int y = box.y1; y < box.y2; ++y)
                for (int x = box.x1; x < box.x2; ++x) wanted[static_cast<std::size_t>(y * side + x)] = true;
        }
        g_assert_cmpuint(damage.boxes().size(), <=, Damage::max_boxes);
        for (const auto &b : damage.boxes()) {
            g_assert_true(b.x1 < b.x2 && b.y1 < b.y2);
            g_assert_true(b.x1 >= all.x1 && b.y1 >= all.y1 && b.x2 <= all.x2 && b.y2 <= all.y2);
        }
        for (int y = 0; y < side; ++y)
            for (int x = 0; x < side; ++x)
                if (wanted[static_cast<std::size_t>(y * side + x)]) g_assert_true(covered(damage, x, y));
    }
}

void test_merging() {
    Damage damage;
    g_assert_true(damage.empty());
    damage.add({5, 5, 5, 9}); // empty
    damage.add({9, 9, 5, 5});
    g_assert_true(damage.empty());
    damage.add({0, 0, 10, 10});
    damage.add({10, 0, 20, 10}); // side by side: one box without waste
    damage.add({2, 2, 3, 3});    // inside
    g_assert_cmpuint(damage.boxes().size(), ==, 1);
    g_assert_true(damage.boxes()[0].x2 == 20 && damage.boxes()[0].y2 == 10);
    damage.add({1000, 1000, 1001, 1001}); // far away: merging would repaint everything
    g_assert_cmpuint(damage.boxes().size(), ==, 2);
    damage.clear();
    g_assert_true(damage.empty() && damage.boxes().empty());
}

void test_extreme_boxes() {
    Damage damage;
    constexpr int far = 1 << 30; // further than any surface reaches
    for (int i = 0; i < 20; ++i) {
        damage.add({-far, -far, 1 - far, 1 - far});
        damage.add({far - 1, far - 1, far, far});
        damage.add({i, -i, i + 1, -i + 1});
    }
    g_assert_cmpuint(damage.boxes().size(), <=, Damage::max_boxes);
    g_assert_true(covered(damage, 3, -3) && covered(damage, -far, -far));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/damage/coverage", test_coverage);
    g_test_add_func("/damage/merging", test_merging);
    g_test_add_func("/damage/extreme-boxes", test_extreme_boxes);
    return g_test_run();
}
