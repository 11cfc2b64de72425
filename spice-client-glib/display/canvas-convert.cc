// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-convert.hh"

#include "codec/convert.hh"

#include <cstring>

namespace spice::display {
namespace {

using codec::Layout;

template <class Px> Px get(const uint8_t *p) noexcept {
    Px v;
    std::memcpy(&v, p, sizeof v);
    return v;
}

template <class Px> void put(uint8_t *p, Px v) noexcept { std::memcpy(p, &v, sizeof v); }

template <class Px> void copy_row(const uint8_t *row, int64_t x, int64_t count, uint8_t *out) noexcept {
    std::memcpy(out, row + x * int64_t{sizeof(Px)}, static_cast<std::size_t>(count) * sizeof(Px));
}

template <class Px, Px Value> void constant_row(const uint8_t *, int64_t, int64_t count, uint8_t *out) noexcept {
    for (int64_t i = 0; i < count; ++i)
        put<Px>(out + i * int64_t{sizeof(Px)}, Value);
}

template <class Px> const Px *in(const uint8_t *row, int64_t x) noexcept {
    return reinterpret_cast<const Px *>(row) + x;
}
template <class Px> Px *as(uint8_t *out) noexcept { return reinterpret_cast<Px *>(out); }
std::size_t number(int64_t count) noexcept { return static_cast<std::size_t>(count); }

// One row function of the codecs between two pixel types.
template <auto Row, class From, class To>
void through(const uint8_t *row, int64_t x, int64_t count, uint8_t *out) noexcept {
    Row(as<To>(out), in<From>(row, x), number(count));
}

template <auto Row> void wide_opaque(const uint8_t *row, int64_t x, int64_t count, uint8_t *out) noexcept {
    Row(as<uint32_t>(out), in<uint16_t>(row, x), number(count), 0xff000000u);
}

template <auto Narrow> void narrow_gray(const uint8_t *row, int64_t x, int64_t count, uint8_t *out) noexcept {
    for (int64_t i = 0; i < count; ++i)
        put<uint16_t>(out + i * 2, Narrow(row[x + i] * 0x010101u));
}

// Rows of bits cannot be entered in the middle of a byte by the codecs' function.
void widen_bits(const uint8_t *row, int64_t x, int64_t count, uint8_t *out) noexcept {
    for (int64_t i = 0; i < count; ++i)
        out[i] = (row[(x + i) / 8] >> ((x + i) % 8) & 1) != 0 ? uint8_t{0xff} : uint8_t{0};
}

void opaque(const uint8_t *row, int64_t x, int64_t count, uint8_t *out) noexcept {
    copy_row<uint32_t>(row, x, count, out);
    codec::make_opaque(as<uint32_t>(out), number(count));
}

void opaque_gray(const uint8_t *row, int64_t x, int64_t count, uint8_t *out) noexcept {
    for (int64_t i = 0; i < count; ++i)
        put<uint32_t>(out + i * 4, 0xff000000u | row[x + i] * 0x010101u);
}

void only_alpha(const uint8_t *row, int64_t x, int64_t count, uint8_t *out) noexcept {
    for (int64_t i = 0; i < count; ++i)
        put<uint32_t>(out + i * 4, uint32_t{row[x + i]} << 24);
}

ConvertRow to_32(Layout from) noexcept {
    switch (from) {
    case Layout::bgrx:
    case Layout::bgra:
        return copy_row<uint32_t>;
    case Layout::rgb555:
        return wide_opaque<codec::row_555_to_bgrx>;
    case Layout::rgb565:
        return wide_opaque<codec::row_565_to_bgrx>;
    case Layout::gray8:
        return through<codec::row_gray_to_bgrx, uint8_t, uint32_t>;
    case Layout::a8:
        return constant_row<uint32_t, 0xff000000u>; // a quirk servers and drivers know
    case Layout::a1:
        return nullptr;
    }
    return nullptr;
}

ConvertRow to_16_555(Layout from) noexcept {
    switch (from) {
    case Layout::bgrx:
    case Layout::bgra:
        return through<codec::row_bgrx_to_555, uint32_t, uint16_t>;
    case Layout::rgb555:
        return copy_row<uint16_t>;
    case Layout::rgb565:
        return through<codec::row_565_to_555, uint16_t, uint16_t>;
    case Layout::gray8:
        return narrow_gray<to_555>;
    case Layout::a8:
        return constant_row<uint16_t, uint16_t{0}>;
    case Layout::a1:
        return nullptr;
    }
    return nullptr;
}

ConvertRow to_16_565(Layout from) noexcept {
    switch (from) {
    case Layout::bgrx:
    case Layout::bgra:
        return through<codec::row_bgrx_to_565, uint32_t, uint16_t>;
    case Layout::rgb555:
        return through<codec::row_555_to_565, uint16_t, uint16_t>;
    case Layout::rgb565:
        return copy_row<uint16_t>;
    case Layout::gray8:
        return narrow_gray<to_565>;
    case Layout::a8:
        return constant_row<uint16_t, uint16_t{0}>;
    case Layout::a1:
        return nullptr;
    }
    return nullptr;
}

ConvertRow to_8(Layout from) noexcept {
    switch (from) {
    case Layout::bgra:
        return through<codec::row_alpha_of, uint32_t, uint8_t>;
    case Layout::a8:
        return copy_row<uint8_t>;
    case Layout::a1:
        return widen_bits;
    case Layout::bgrx:
    case Layout::rgb555:
    case Layout::rgb565:
    case Layout::gray8:
        return constant_row<uint8_t, uint8_t{0xff}>;
    }
    return nullptr;
}

}

ConvertRow converter(Layout from, Layout to) noexcept {
    switch (to) {
    case Layout::bgrx:
    case Layout::bgra:
        return to_32(from);
    case Layout::rgb555:
        return to_16_555(from);
    case Layout::rgb565:
        return to_16_565(from);
    case Layout::a8:
        return to_8(from);
    case Layout::gray8:
    case Layout::a1:
        return nullptr;
    }
    return nullptr;
}

ConvertRow blend_converter(Layout from) noexcept {
    switch (from) {
    case Layout::bgrx:
        return opaque;
    case Layout::bgra:
        return copy_row<uint32_t>;
    case Layout::rgb555:
        return wide_opaque<codec::row_555_to_bgrx>;
    case Layout::rgb565:
        return wide_opaque<codec::row_565_to_bgrx>;
    case Layout::gray8:
        return opaque_gray;
    case Layout::a8:
        return only_alpha;
    case Layout::a1:
        return nullptr;
    }
    return nullptr;
}

uint32_t load_argb(Layout layout, const uint8_t *pixel) noexcept {
    switch (layout) {
    case Layout::rgb555:
        return from_555(get<uint16_t>(pixel));
    case Layout::rgb565:
        return from_565(get<uint16_t>(pixel));
    case Layout::a8:
        return uint32_t{*pixel} << 24;
    case Layout::bgrx:
    case Layout::bgra:
    case Layout::gray8:
    case Layout::a1:
        return get<uint32_t>(pixel);
    }
    return 0;
}

void store_argb(Layout layout, uint8_t *pixel, uint32_t argb) noexcept {
    switch (layout) {
    case Layout::rgb555:
        return put<uint16_t>(pixel, to_555(argb));
    case Layout::rgb565:
        return put<uint16_t>(pixel, to_565(argb));
    case Layout::a8:
        return put<uint8_t>(pixel, static_cast<uint8_t>(argb >> 24));
    case Layout::bgrx:
    case Layout::bgra:
    case Layout::gray8:
    case Layout::a1:
        return put<uint32_t>(pixel, argb);
    }
}

}
