// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-polygon.hh"

#include <algorithm>
#include <cmath>

namespace spice::display {
namespace {

int64_t ceiling(double v) noexcept { return static_cast<int64_t>(std::ceil(v)); }

// A side, walked from row to row in integers.
struct Edge {
    int64_t x = 0, error = 0;   // the error is at most 0
    int64_t step = 0, sign = 1; // per row: whole columns, and where the rest leads
    int64_t rest = 0, rows_per_column = 1;
    int64_t height = 0;

    void next_row() noexcept {
        x += step;
        error += rest;
        if (error <= 0) return;
        x += sign;
        error -= rows_per_column;
    }
};

// The edge at its first row, which is ceiling(y0).
Edge make_edge(double y0, const Side &side, int64_t offset) noexcept {
    const int64_t turn = side.dy < 0 ? -1 : 1;
    const int64_t dx = side.dx * turn, dy = side.dy * turn;
    const int64_t place = ceiling(side.k * static_cast<double>(turn)) + ceiling(y0) * dx; // x·dy on that row
    // The last column before x, also when x is a whole number.
    const int64_t x = place <= 0 ? -(-place / dy) - 1 : (place - 1) / dy;
    const int64_t error = place - x * dy;
    Edge edge;
    edge.x = x + offset;
    edge.rows_per_column = dy;
    edge.step = dx / dy;
    edge.rest = std::abs(dx % dy);
    edge.sign = dx >= 0 ? 1 : -1;
    edge.error = (dx >= 0 ? error : dy - error + 1) - dy;
    return edge;
}

// The sides from the top corner to the bottom one, in one of the two directions.
struct Chain {
    std::array<Edge, 4> edges;
    unsigned count = 0;
    int64_t top = 0; // first row, when count > 0
    unsigned used = 0;
    int64_t left_rows = 0; // of the current edge, edges[used - 1]

    bool more() const noexcept { return used < count || left_rows > 0; }
    void load() noexcept {
        if (left_rows == 0 && used < count) left_rows = std::max<int64_t>(edges[used++].height, 0);
    }
    Edge &current() noexcept { return edges[used - 1]; }
};

Chain make_chain(const Polygon &polygon, unsigned top, unsigned bottom, bool forward, PathPoint origin,
                 int64_t end_row, int64_t column) noexcept {
    const unsigned n = polygon.count, by = forward ? 1 : n - 1;
    Chain chain;
    int64_t last = 0;
    for (unsigned corner = top, side = forward ? top : (top + n - 1) % n; corner != bottom;
         corner = (corner + by) % n, side = (side + by) % n) {
        if (polygon.sides[side].dy == 0) continue;
        const double y0 = polygon.corners[corner].y;
        const int64_t row = ceiling(y0) + origin.y;
        if (chain.count > 0)
            chain.edges[chain.count - 1].height = row - last;
        else
            chain.top = row;
        chain.edges[chain.count++] = make_edge(y0, polygon.sides[side], origin.x + column);
        last = row;
    }
    if (chain.count > 0) chain.edges[chain.count - 1].height = end_row - last;
    return chain;
}

void add_row(int64_t y, int64_t x1, int64_t x2, const Box &box, std::vector<Span> &out) {
    if (y < box.y1 || y >= box.y2) return;
    const auto from = std::max<int64_t>(x1, box.x1), to = std::min<int64_t>(x2, box.x2);
    if (from < to) out.push_back({static_cast<int32_t>(y), static_cast<int32_t>(from), static_cast<int32_t>(to)});
}

}

void fill_polygon(const Polygon &polygon, PathPoint origin, const Box &box, std::vector<Span> &out) {
    const unsigned n = polygon.count;
    unsigned top = 0, bottom = 0;
    for (unsigned i = 1; i < n; ++i) {
        if (polygon.corners[i].y < polygon.corners[top].y) top = i;
        if (polygon.corners[i].y >= polygon.corners[bottom].y) bottom = i;
    }
    const int64_t end_row = ceiling(polygon.corners[bottom].y) + origin.y;
    // Which way round the right border goes.
    const Side &before = polygon.sides[(top + n - 1) % n], &after = polygon.sides[top];
    const bool forward = before.dy * after.dx <= after.dy * before.dx;
    auto right = make_chain(polygon, top, bottom, forward, origin, end_row, 0);
    auto left = make_chain(polygon, top, bottom, !forward, origin, end_row, 1);
    for (int64_t y = right.top; left.more() && right.more();) {
        left.load();
        right.load();
        const int64_t rows = std::min(left.left_rows, right.left_rows), end = y + rows;
        left.left_rows -= rows;
        right.left_rows -= rows;
        for (; y < end; ++y) {
            add_row(y, left.current().x, right.current().x + 1, box, out);
            left.current().next_row();
            right.current().next_row();
        }
    }
}

}
