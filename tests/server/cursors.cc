// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "cursors.hh"

#include "paint.hh"

#include <spice/enums.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace spice::testserver {
namespace {

constexpr int side = 32;

struct Spot {
    double x, y;
};

// Painting white on black once for the shape and once for its body tells coverage and colour apart.
CursorShape from_masks(const Picture &outline, const Picture &body, uint64_t unique, uint16_t hot_x, uint16_t hot_y) {
    CursorShape shape{SPICE_CURSOR_TYPE_ALPHA, side, side, hot_x, hot_y, unique, {}};
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            const auto alpha = static_cast<uint8_t>(outline.get(x, y) & 255u);
            const auto level = static_cast<uint8_t>(body.get(x, y) & 255u); // premultiplied: never above alpha
            shape.data.insert(shape.data.end(), {level, level, level, alpha});
        }
    }
    return shape;
}

bool inside(const std::vector<Spot> &polygon, double x, double y) {
    bool in = false;
    for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
        const auto a = polygon[i], b = polygon[j];
        if ((a.y > y) != (b.y > y) && x < (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x) in = !in;
    }
    return in;
}

void fill_polygon(Picture &dst, const std::vector<Spot> &polygon, double grow) {
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            int hits = 0;
            for (int s = 0; s < 16; ++s)
                hits += inside(polygon, x + (s % 4 + 0.5) / 4, y + (s / 4 + 0.5) / 4);
            dst.blend(x, y, 0xffffff, hits / 16.0);
        }
    }
    for (std::size_t i = 0; grow > 0 && i < polygon.size(); ++i) {
        const auto a = polygon[i], b = polygon[(i + 1) % polygon.size()];
        line(dst, a.x, a.y, b.x, b.y, grow, 0xffffff);
    }
}

CursorShape polygon_shape(const std::vector<Spot> &polygon, uint64_t unique, uint16_t hot_x, uint16_t hot_y) {
    Picture outline(side, side), body(side, side);
    fill_polygon(outline, polygon, 1.2);
    fill_polygon(body, polygon, 0);
    return from_masks(outline, body, unique, hot_x, hot_y);
}

CursorShape wait_shape() {
    Picture outline(side, side), body(side, side);
    for (int i = 0; i < 12; ++i) {
        const double a = i * std::numbers::pi / 6, x = 16 + 10 * std::cos(a), y = 16 + 10 * std::sin(a);
        disc(outline, x, y, 3, 0xffffff);
        disc(body, x, y, 2, rgb(20 * i + 30, 20 * i + 30, 20 * i + 30));
    }
    return from_masks(outline, body, 4, 16, 16);
}

// An I-beam that inverts what is under it: AND mask all ones, XOR mask the shape.
CursorShape text_shape() {
    CursorShape shape{SPICE_CURSOR_TYPE_MONO, side, side, 15, 15, 5, {}};
    shape.data.assign(side * side / 8, 0xff);
    for (int y = 0; y < side; ++y)
        for (int byte = 0; byte < side / 8; ++byte) {
            const bool serif = y == 6 || y == 25, stem = y > 6 && y < 25;
            const uint8_t left = serif ? 0x06 : stem ? 0x01 : 0, right = serif ? 0x60 : 0;
            shape.data.push_back(byte == 1 ? left : byte == 2 ? right : uint8_t{0});
        }
    return shape;
}

CursorShape cross_shape() { // COLOR32: opaque pixels, then a mask whose set bits are transparent
    CursorShape shape{SPICE_CURSOR_TYPE_COLOR32, side, side, 16, 16, 6, {}};
    std::vector<uint8_t> mask(side * side / 8, 0xff);
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            const int d = std::min(std::abs(x - 16), std::abs(y - 16));
            const bool drawn = d <= 1 && std::max(std::abs(x - 16), std::abs(y - 16)) <= 12;
            if (drawn) mask[static_cast<std::size_t>(y * side + x) / 8] &= static_cast<uint8_t>(~(0x80 >> (x % 8)));
            const uint8_t red = drawn ? (d == 0 ? 0xe0 : 0xff) : 0, rest = drawn && d == 1 ? 0xff : 0;
            shape.data.insert(shape.data.end(), {rest, rest, red, 0});
        }
    }
    shape.data.insert(shape.data.end(), mask.begin(), mask.end());
    return shape;
}

}

std::optional<CursorShape> cursor_shape(std::string_view name) {
    if (name == "arrow")
        return polygon_shape({{2, 2}, {2, 19.5}, {6.2, 15.6}, {9, 22}, {12, 20.7}, {9.3, 14.6}, {14.8, 14.4}}, 1, 2, 2);
    if (name == "hand")
        return polygon_shape({{11, 3},
                              {14, 3},
                              {14.5, 11},
                              {22, 12.5},
                              {24, 15},
                              {22.5, 24},
                              {21, 28},
                              {12, 28},
                              {10, 24},
                              {5, 18},
                              {6.5, 15.5},
                              {10.5, 18}},
                             2, 12, 3);
    if (name == "move")
        return polygon_shape({{16, 2},  {20, 7},  {17.5, 7},  {17.5, 14.5}, {25, 14.5}, {25, 12},
                              {30, 16}, {25, 20}, {25, 17.5}, {17.5, 17.5}, {17.5, 25}, {20, 25},
                              {16, 30}, {12, 25}, {14.5, 25}, {14.5, 17.5}, {7, 17.5},  {7, 20},
                              {2, 16},  {7, 12},  {7, 14.5},  {14.5, 14.5}, {14.5, 7},  {12, 7}},
                             3, 16, 16);
    if (name == "wait") return wait_shape();
    if (name == "text") return text_shape();
    if (name == "cross") return cross_shape();
    return {};
}

}
