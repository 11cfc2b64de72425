// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-dash.hh"

#include <random>
#include <set>
#include <string>

#include <glib.h>

using namespace spice;
using namespace spice::display;

namespace {

using Pixels = std::set<std::pair<int, int>>;
constexpr Box everything{-1000, -1000, 1000, 1000};

std::optional<Dashes> make(std::vector<int32_t> lengths, bool gap = false) {
    wire::LineAttr line;
    line.flags = static_cast<uint8_t>(SPICE_LINE_FLAGS_STYLED | (gap ? SPICE_LINE_FLAGS_START_WITH_GAP : 0));
    for (auto &v : lengths)
        v *= 16;
    line.style = std::move(lengths);
    return Dashes::create(line);
}

Pixels drawn(const Dashes &dashes, const std::vector<PathPoint> &points, const Box &box = everything,
             bool once = true) {
    Pixels out;
    DashPen pen{dashes, box, once};
    pen.draw(points, [&](const Span &s) {
        g_assert_cmpint(s.x1, <, s.x2);
        for (int x = s.x1; x < s.x2; ++x) {
            const bool fresh = out.insert({x, s.y}).second;
            g_assert_true(fresh || !once);
        }
    });
    return out;
}

std::string row(const std::vector<int32_t> &lengths, bool gap = false) {
    std::string s(24, '.');
    for (const auto &p : drawn(*make(lengths, gap), {{0, 0}, {24, 0}}))
        s[static_cast<std::size_t>(p.first)] = '#';
    return s;
}

// As measured.
void test_patterns() {
    g_assert_true(row({3, 2}) == "###..###..###..###..###.");
    g_assert_true(row({5, 3, 2}) == "#####...#######...######");
    g_assert_true(row({5, 3, 2}, true) == "..########..########..##");
    g_assert_true(row({4, 0, 2, 3}) == "######...######...######");
    g_assert_true(row({4, 0, 2, 3}, true) == "..###......###......###.");
    g_assert_true(row({0, 3, 4, 2}) == "...####.....####.....###");
    g_assert_true(row({0, 3, 4, 2}, true) == "....#####....#####....##");
    g_assert_true(row({5}, true) == "########################");
    g_assert_true(row({256 + 3, 3}) == "###...###...###...###...");
    g_assert_false(make({}).has_value());
    g_assert_false(make({0, 0}).has_value());
    g_assert_false(make({256, 0}).has_value()); // 8 bits
}

// spec/display.md §10.12, the sample.
void test_slanted() {
    const Pixels expected{
        {5, 5},   {6, 5},   {6, 6},   {7, 6},   {8, 6},   {8, 7},   {12, 8},  {12, 9},  {13, 9},  {14, 9},  {14, 10},
        {18, 11}, {18, 12}, {19, 12}, {20, 12}, {20, 13}, {21, 13}, {24, 14}, {24, 15}, {25, 15}, {26, 15}, {26, 16},
        {27, 16}, {30, 18}, {31, 18}, {32, 18}, {32, 19}, {33, 19}, {37, 21}, {38, 21}, {38, 22}, {39, 22}, {40, 22},
        {43, 24}, {44, 24}, {44, 25}};
    g_assert_true(drawn(*make({4, 3}), {{5, 5}, {45, 25}}) == expected);
}

// A closed polyline with sharp and blunt corners, as measured.
void test_corners() {
    constexpr const char *rows[] = {
        "............................",
        "............................",
        "..............#.............",
        "...............#............",
        "...............#............",
        "................#...........",
        ".........#.##...##..........",
        ".........###.....#..........",
        "........#.###...............",
        "..........#.##..............",
        ".........#.........#........",
        ".......#...........##.......",
        "......#.........#...#.......",
        "......##.........#...#......",
        "......##..........#..#......",
        ".....##............##.......",
        ".....##.....................",
        ".....#...............##.....",
        "....#.................###...",
        "...##...................#...",
        "...#.....................#..",
        "..........................#.",
    };
    const auto dashes = make({9, 2, 6, 3});
    const std::vector<PathPoint> points{{3, 20}, {14, 2}, {25, 20}, {9, 6}, {3, 20}};
    Pixels expected;
    for (int y = 0; y < static_cast<int>(std::size(rows)); ++y)
        for (int x = 0; rows[y][x] != '\0'; ++x)
            if (rows[y][x] == '#') expected.insert({x, y});
    g_assert_true(drawn(*dashes, points, everything, true) == expected);
    g_assert_true(drawn(*dashes, points, everything, false) == expected);
    // Only raster operations that must not meet a pixel twice have all of their joins drawn.
    const std::vector<PathPoint> sharp{{7, 5}, {5, 3}, {15, 20}};
    g_assert_cmpuint(drawn(*make({5, 1}), sharp, everything, true).count({4, 2}), ==, 1);
    g_assert_cmpuint(drawn(*make({5, 1}), sharp, everything, false).count({4, 2}), ==, 0);
}

// What is outside the box changes nothing inside, and nothing outside is drawn.
void test_clipping() {
    std::mt19937 random{31};
    const auto upto = [&](unsigned n) { return static_cast<int>(random() % n); };
    for (int round = 0; round < 1500; ++round) {
        std::vector<PathPoint> points(static_cast<std::size_t>(2 + upto(5)));
        for (auto &p : points)
            p = {upto(120) - 30, upto(120) - 30};
        if (upto(3) == 0) points.push_back(points.front());
        const auto dashes = make({1 + upto(12), upto(9), upto(7), 1 + upto(30)}, upto(2) == 0);
        const bool once = upto(2) == 0;
        const int x = upto(60), y = upto(60);
        const Box box{x, y, x + 1 + upto(30), y + 1 + upto(30)};
        Pixels visible;
        for (const auto &p : drawn(*dashes, points, everything, once))
            if (p.first >= box.x1 && p.first < box.x2 && p.second >= box.y1 && p.second < box.y2) visible.insert(p);
        g_assert_true(drawn(*dashes, points, box, once) == visible);
    }
}

// Lines far longer than any surface, and what follows them.
void test_long_lines() {
    constexpr int far = 1 << 27;
    const Box screen{0, 0, 300, 200};
    const auto dashes = make({3, 1});
    for (const bool once : {true, false}) {
        const auto flat = drawn(*dashes, {{-far, 10}, {far, 10}, {far, -far}, {-far, far}}, screen, once);
        g_assert_cmpuint(flat.size(), >, 225);
        for (int x = 0; x < 300; ++x)
            g_assert_true(flat.count({x, 10}) == (x % 4 != 3));
        const auto diagonal = drawn(*dashes, {{-far, -far}, {far, far}}, screen, once);
        g_assert_cmpuint(diagonal.size(), >, 100);
        for (const auto &p : diagonal)
            g_assert_cmpint(std::abs(p.first - p.second), <=, 1);
        g_assert_true(drawn(*dashes, {{-far, far}, {-far + 5, -far}}, screen, once).empty());
    }
    // Drawn by other arithmetic beyond some length, with the same dashes.
    const auto step_by_step = drawn(*dashes, {{0, 7}, {32000, 7}}, screen);
    g_assert_true(drawn(*dashes, {{0, 7}, {40000, 7}}, screen) == step_by_step);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/display/dash/patterns", test_patterns);
    g_test_add_func("/display/dash/slanted", test_slanted);
    g_test_add_func("/display/dash/corners", test_corners);
    g_test_add_func("/display/dash/clipping", test_clipping);
    g_test_add_func("/display/dash/long-lines", test_long_lines);
    return g_test_run();
}
