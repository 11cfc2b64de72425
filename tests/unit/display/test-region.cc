// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/region.hh"

#include <limits>
#include <random>
#include <vector>

#include <glib.h>

using namespace spice::display;

namespace {

constexpr int32_t lowest = std::numeric_limits<int32_t>::min(), highest = std::numeric_limits<int32_t>::max();

void test_boxes() {
    g_assert_true(empty({3, 0, 3, 5}));
    g_assert_true(empty({3, 0, 2, 5}));
    g_assert_cmpint(width({lowest, 0, highest, 1}), ==, 0xffffffffll);
    const Box b = moved_inside({lowest, lowest, highest, highest}, int64_t{1} << 33, -(int64_t{1} << 33), {0, 0, 9, 9});
    g_assert_true(empty(b));
    const Box c = moved_inside({1, 2, 5, 6}, 3, -4, {0, 0, 7, 7});
    g_assert_true(c.x1 == 4 && c.y1 == 0 && c.x2 == 7 && c.y2 == 2);
}

// Against a grid of cells.
void test_union() {
    std::mt19937 random{3};
    const auto coordinate = [&] { return static_cast<int32_t>(random() % 40) - 8; };
    Area area;
    for (int round = 0; round < 500; ++round) {
        std::vector<Box> boxes(random() % 8);
        bool wanted[24][24] = {};
        const Box bounds{2, 3, 22, 20};
        for (auto &b : boxes) {
            b = {coordinate(), coordinate(), coordinate(), coordinate()};
            for (int y = bounds.y1; y < bounds.y2; ++y)
                for (int x = bounds.x1; x < bounds.x2; ++x)
                    if (x >= b.x1 && x < b.x2 && y >= b.y1 && y < b.y2) wanted[y][x] = true;
        }
        std::size_t next = 0;
        area.set(bounds, [&](Box &b) {
            if (next == boxes.size()) return false;
            b = boxes[next++];
            return true;
        });
        unsigned found[24][24] = {};
        for (const Box &b : area.boxes())
            for (int y = b.y1; y < b.y2; ++y)
                for (int x = b.x1; x < b.x2; ++x) {
                    ++found[y][x];
                    const Box &e = area.extents();
                    g_assert_true(x >= e.x1 && x < e.x2 && y >= e.y1 && y < e.y2);
                }
        bool any = false;
        for (int y = 0; y < 24; ++y)
            for (int x = 0; x < 24; ++x) {
                g_assert_cmpuint(found[y][x], ==, wanted[y][x] ? 1 : 0); // boxes are disjoint
                any |= wanted[y][x];
            }
        g_assert_true(area.is_empty() == !any);
    }
}

void test_single() {
    Area area;
    area.set({4, 4, 4, 9});
    g_assert_true(area.is_empty());
    area.set({4, 4, 5, 9});
    g_assert_cmpuint(area.boxes().size(), ==, 1);
    area.set({0, 0, 5, 5}, [](Box &) { return false; });
    g_assert_true(area.is_empty());
}

std::vector<Box> crossing_stripes(int32_t each) {
    std::vector<Box> stripes;
    for (int32_t i = 0; i < each; ++i) {
        stripes.push_back({2 * i, 0, 2 * i + 1, 2 * each});
        stripes.push_back({0, 2 * i, 2 * each, 2 * i + 1});
    }
    return stripes;
}

bool set(Area &area, const std::vector<Box> &boxes) {
    std::size_t next = 0;
    return area.set({0, 0, 16384, 16384}, [&](Box &b) {
        if (next == boxes.size()) return false;
        b = boxes[next++];
        return true;
    });
}

// Stripes that cross make the square of their number; as many boxes side by side are themselves.
void test_too_many() {
    Area area;
    g_assert_true(set(area, crossing_stripes(100)));
    g_assert_cmpuint(area.boxes().size(), >, 100 * 100);
    for (const int32_t each : {300, 8192}) {
        g_assert_false(set(area, crossing_stripes(each)));
        g_assert_true(area.is_empty());
    }
    std::vector<Box> rows;
    for (int32_t i = 0; i < 60'000; ++i) rows.push_back({i % 200 * 2, i / 200, i % 200 * 2 + 1 + i / 200 % 2, i / 200 + 1});
    g_assert_true(set(area, rows));
    area.release_large(1000);
    g_assert_true(area.is_empty());
    g_assert_true(can_unite({}));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/display/region/boxes", test_boxes);
    g_test_add_func("/display/region/union", test_union);
    g_test_add_func("/display/region/single", test_single);
    g_test_add_func("/display/region/too-many", test_too_many);
    return g_test_run();
}
