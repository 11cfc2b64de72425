// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-path.hh"

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>

#include <glib.h>

using namespace spice;
using namespace spice::display;

namespace {

using Pixels = std::set<std::pair<int, int>>;

// spec/display.md §10.12, step by step.
Pixels bresenham(PathPoint a, PathPoint b) {
    Pixels out;
    const int dx = b.x - a.x, dy = b.y - a.y, adx = std::abs(dx), ady = std::abs(dy);
    const int sx = dx < 0 ? -1 : 1, sy = dy < 0 ? -1 : 1;
    int x = a.x, y = a.y;
    if (adx > ady) {
        int e = 2 * ady - adx - (dx < 0 ? 1 : 0);
        for (int i = 0; i < adx; ++i, x += sx) {
            out.insert({x, y});
            if (e >= 0) y += sy, e -= 2 * adx;
            e += 2 * ady;
        }
    } else {
        int e = 2 * adx - ady - (dy < 0 ? 1 : 0);
        for (int i = 0; i < ady; ++i, y += sy) {
            out.insert({x, y});
            if (e >= 0) x += sx, e -= 2 * ady;
            e += 2 * adx;
        }
    }
    return out;
}

Pixels drawn(PathPoint a, PathPoint b, const Box &box) {
    Pixels out;
    Line{a, b}.runs(box, [&](int y, int x1, int x2) {
        g_assert_cmpint(x1, <, x2);
        for (int x = x1; x < x2; ++x)
            g_assert_true(out.insert({x, y}).second); // each once: XOR needs it
    });
    return out;
}

void test_lines() {
    std::mt19937 random{21};
    const auto c = [&] { return static_cast<int>(random() % 80) - 20; };
    for (int round = 0; round < 4000; ++round) {
        const PathPoint a{c(), c()}, b{c(), c()};
        const Pixels all = bresenham(a, b);
        g_assert_true(drawn(a, b, {-100, -100, 100, 100}) == all);
        const Box box{5, 7, 30, 26};
        Pixels visible;
        for (const auto &p : all)
            if (p.first >= box.x1 && p.first < box.x2 && p.second >= box.y1 && p.second < box.y2) visible.insert(p);
        g_assert_true(drawn(a, b, box) == visible);
    }
}

void test_long_lines() {
    constexpr int far = 1 << 27;
    const Box screen{0, 0, 4000, 3000};
    g_assert_cmpuint(drawn({-far, 10}, {far, 10}, screen).size(), ==, 4000);
    g_assert_cmpuint(drawn({7, far}, {7, -far}, screen).size(), ==, 3000);
    g_assert_cmpuint(drawn({-far, -far}, {far, far}, screen).size(), ==, 3000);
    g_assert_cmpuint(drawn({-far, far}, {-far + 5, -far}, screen).size(), ==, 0);
}

wire::PathSegment segment(uint8_t flags, std::vector<wire::PointFix> points) { return {flags, std::move(points)}; }
wire::PointFix at(int x, int y) { return {x * 16, y * 16}; }

void test_rounding() {
    g_assert_cmpint(round_fix(16 * 5 + 8), ==, 5);
    g_assert_cmpint(round_fix(16 * 5 + 9), ==, 6);
    g_assert_cmpint(round_fix(-16 * 5 + 8), ==, -5);
    g_assert_cmpint(round_fix(-1), ==, 0);
    g_assert_cmpint(round_fix(INT32_MAX), ==, 1 << 27);
}

void test_polylines() {
    wire::Path path;
    path.segments = {segment(SPICE_PATH_BEGIN, {at(1, 1), at(2, 2)}), segment(0, {at(3, 3)}),
                     segment(SPICE_PATH_BEGIN | SPICE_PATH_END | SPICE_PATH_CLOSE, {at(5, 5), at(6, 5), at(6, 6)})};
    const auto lines = flatten(path);
    g_assert_true(lines.has_value());
    g_assert_cmpuint(lines->ends.size(), ==, 2);
    g_assert_cmpuint(lines->ends[0], ==, 3);
    g_assert_cmpuint(lines->points.size(), ==, 7);
    g_assert_true((lines->points.back() == PathPoint{5, 5}));
    path.segments = {segment(SPICE_PATH_BEZIER, {at(1, 1), at(2, 2), at(3, 3)})};
    g_assert_false(flatten(path).has_value()); // nowhere to start from
    path.segments = {segment(SPICE_PATH_BEGIN | SPICE_PATH_BEZIER, {at(1, 1), at(2, 2), at(3, 3)})};
    g_assert_false(flatten(path).has_value()); // two points are no curve
    path.segments = {segment(SPICE_PATH_BEGIN, {})};
    g_assert_false(flatten(path).has_value());
    path.segments = {};
    g_assert_true(flatten(path)->ends.empty());
}

// Curves end where they should, whatever their size, and do not go on for ever.
void test_curves() {
    for (const int32_t big : {100, 5000, 1 << 20, INT32_MAX}) {
        wire::Path path;
        path.segments = {segment(SPICE_PATH_BEGIN | SPICE_PATH_BEZIER, {{0, 0}, {big, -big}, {-big, big}, {big, big}})};
        const auto lines = flatten(path);
        g_assert_true(lines.has_value());
        g_assert_true((lines->points.back() == PathPoint{round_fix(big), round_fix(big)}));
        g_assert_cmpuint(lines->points.size(), <=, 65537);
        g_assert_cmpuint(lines->points.size(), >, 2);
    }
    wire::Path path;
    auto s = segment(SPICE_PATH_BEGIN | SPICE_PATH_BEZIER, {{0, 0}});
    for (int i = 0; i < 500; ++i)
        for (const auto &p : {wire::PointFix{INT32_MIN, INT32_MIN}, {INT32_MAX, INT32_MIN}, {0, i}})
            s.points.push_back(p);
    path.segments = {s};
    g_assert_false(flatten(path).has_value());
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/display/path/lines", test_lines);
    g_test_add_func("/display/path/long-lines", test_long_lines);
    g_test_add_func("/display/path/rounding", test_rounding);
    g_test_add_func("/display/path/polylines", test_polylines);
    g_test_add_func("/display/path/curves", test_curves);
    return g_test_run();
}
