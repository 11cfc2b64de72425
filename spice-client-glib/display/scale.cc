// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/scale.hh"

#include <algorithm>
#include <cmath>

namespace spice::display {
namespace {

// First i of [begin, end) for which `reached` holds; it holds from some i on.
template <class F> int64_t first_where(int64_t begin, int64_t end, F &&reached) noexcept {
    while (begin < end) {
        const int64_t middle = begin + (end - begin) / 2;
        if (reached(middle))
            end = middle;
        else
            begin = middle + 1;
    }
    return begin;
}

// start * dest / source, rounded half up. The order of the divisions decides where a half falls: measured.
int64_t scaled_start(int64_t start, int64_t source, int64_t dest) noexcept {
    const double pace = static_cast<double>(source) / static_cast<double>(dest);
    return static_cast<int64_t>(std::floor(static_cast<double>(start) / pace + 0.5));
}

struct Weights {
    Weights(uint32_t wx, uint32_t wy) noexcept
        : w00{(256 - wx) * (256 - wy)}, w10{wx * (256 - wy)}, w01{(256 - wx) * wy}, w11{wx * wy} {}
    uint32_t w00, w10, w01, w11;
};

uint8_t blend(uint8_t p00, uint8_t p10, uint8_t p01, uint8_t p11, const Weights &w) noexcept {
    return static_cast<uint8_t>((p00 * w.w00 + p10 * w.w10 + p01 * w.w01 + p11 * w.w11) >> 16);
}

// Two channels in the two halves of a word: a weighted sum stays below 2^24, so they do not meet.
uint64_t even(uint32_t p) noexcept { return (p & 0xffu) | uint64_t{p & 0xff0000u} << 16; }
uint64_t odd(uint32_t p) noexcept { return even(p >> 8); }

uint32_t blend(uint32_t p00, uint32_t p10, uint32_t p01, uint32_t p11, const Weights &w) noexcept {
    const uint64_t e = even(p00) * w.w00 + even(p10) * w.w10 + even(p01) * w.w01 + even(p11) * w.w11;
    const uint64_t o = odd(p00) * w.w00 + odd(p10) * w.w10 + odd(p01) * w.w01 + odd(p11) * w.w11;
    return static_cast<uint32_t>((e >> 16 & 0xff) | (e >> 32 & 0xff0000) | (o >> 8 & 0xff00) | (o >> 24 & 0xff000000));
}

template <class Px> void bilinear_row(const ScaleAxis &axis, int64_t begin, int64_t end, const Px *upper,
                                      const Px *lower, int64_t count, uint32_t weight, Px *out) noexcept {
    const auto at = [count](const Px *row, int64_t x) { return row && x >= 0 && x < count ? row[x] : Px{0}; };
    const auto edge = [&](int64_t from, int64_t to) {
        for (int64_t i = from; i < to; ++i) {
            const auto [x, wx] = axis.bilinear(i);
            out[i - begin] = blend(at(upper, x), at(upper, x + 1), at(lower, x), at(lower, x + 1), {wx, weight});
        }
    };
    if (!upper && !lower) return static_cast<void>(std::fill_n(out, end - begin, Px{0}));
    if (!upper || !lower) return edge(begin, end);
    const auto [from, to] = axis.bilinear_inside(begin, end, count - 1);
    edge(begin, from);
    for (int64_t i = from; i < to; ++i) {
        const auto [x, wx] = axis.bilinear(i);
        out[i - begin] = blend(upper[x], upper[x + 1], lower[x], lower[x + 1], {wx, weight});
    }
    edge(to, end);
}

}

ScaleAxis::ScaleAxis(int64_t source_start, int64_t source_size, int64_t dest_size, ScaleStart start,
                     int64_t origin) noexcept
    : step_{source_size * 65536 / dest_size}, first_{((step_ * 32768 + 32768) >> 16) - origin * 65536} {
    first_ += start == ScaleStart::exact ? source_start * 65536
                                         : step_ * scaled_start(source_start, source_size, dest_size);
}

std::pair<int64_t, int64_t> ScaleAxis::nearest_inside(int64_t begin, int64_t end, int64_t count) const noexcept {
    const int64_t from = first_where(begin, end, [&](int64_t i) { return nearest(i) >= 0; });
    return {from, first_where(from, end, [&](int64_t i) { return nearest(i) >= count; })};
}

std::pair<int64_t, int64_t> ScaleAxis::bilinear_inside(int64_t begin, int64_t end, int64_t count) const noexcept {
    const int64_t from = first_where(begin, end, [&](int64_t i) { return bilinear(i).index >= 0; });
    return {from, first_where(from, end, [&](int64_t i) { return bilinear(i).index >= count; })};
}

template <class Px>
void scale_nearest_row(const ScaleAxis &axis, int64_t begin, int64_t end, const Px *source, int64_t count, Px *out) {
    if (!source) return static_cast<void>(std::fill_n(out, end - begin, Px{0}));
    const auto [from, to] = axis.nearest_inside(begin, end, count);
    std::fill_n(out, from - begin, Px{0});
    int64_t x = axis.position(from) - 1;
    Px *p = out + (from - begin);
    for (int64_t i = from; i < to; ++i, x += axis.step())
        *p++ = source[x >> 16];
    std::fill_n(p, end - to, Px{0});
}
template void scale_nearest_row(const ScaleAxis &, int64_t, int64_t, const uint8_t *, int64_t, uint8_t *);
template void scale_nearest_row(const ScaleAxis &, int64_t, int64_t, const uint16_t *, int64_t, uint16_t *);
template void scale_nearest_row(const ScaleAxis &, int64_t, int64_t, const uint32_t *, int64_t, uint32_t *);

void scale_bilinear_row(const ScaleAxis &axis, int64_t begin, int64_t end, const uint32_t *upper, const uint32_t *lower,
                        int64_t count, uint32_t weight, uint32_t *out) {
    bilinear_row(axis, begin, end, upper, lower, count, weight, out);
}

void scale_bilinear_row(const ScaleAxis &axis, int64_t begin, int64_t end, const uint8_t *upper, const uint8_t *lower,
                        int64_t count, uint32_t weight, uint8_t *out) {
    bilinear_row(axis, begin, end, upper, lower, count, weight, out);
}

}
