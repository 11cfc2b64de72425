// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/convert.hh"

#include "codec/bytes.hh"
#include "codec/copies.hh"
#include "codec/simd.hh"
#include "codec/units.hh"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace spice::codec {
namespace {

constexpr uint32_t opaque = 0xff000000u;

const uint32_t *src32(const std::byte *p) noexcept { return reinterpret_cast<const uint32_t *>(p); }
const uint16_t *src16(const std::byte *p) noexcept { return reinterpret_cast<const uint16_t *>(p); }

bool is_32bit(Layout layout) noexcept { return layout == Layout::bgrx || layout == Layout::bgra; }

// A loop over pixels, compiled for every processor and for those with AVX2.
template <class To, class From, class Pixel>
[[gnu::always_inline]] inline void loop(To *dst, const From *src, std::size_t n, Pixel pixel) noexcept {
    for (std::size_t i = 0; i < n; ++i)
        dst[i] = static_cast<To>(pixel(src[i]));
}
#ifdef SPICE_HAVE_AVX2
template <class To, class From, class Pixel>
[[SPICE_TARGET_AVX2]] void loop_avx2(To *dst, const From *src, std::size_t n, Pixel pixel) noexcept {
    loop(dst, src, n, pixel);
}
#endif
template <class To, class From, class Pixel>
void for_each(To *dst, const From *src, std::size_t n, Pixel pixel) noexcept {
#ifdef SPICE_HAVE_AVX2
    if (simd() == Simd::avx2) return loop_avx2(dst, src, n, pixel);
#endif
    loop(dst, src, n, pixel);
}

// One row to 32 bits per pixel.
void row_to_32(uint32_t *dst, const std::byte *src, Layout from, std::size_t n) noexcept {
    switch (from) {
    case Layout::bgrx:
    case Layout::bgra:
        std::memcpy(dst, src, n * 4);
        break;
    case Layout::rgb555:
        row_555_to_bgrx(dst, src16(src), n, opaque);
        break;
    case Layout::rgb565:
        row_565_to_bgrx(dst, src16(src), n, opaque);
        break;
    case Layout::gray8:
        row_gray_to_bgrx(dst, u8(src), n);
        break;
    case Layout::a8:
    case Layout::a1:
        std::fill_n(dst, n, opaque);
        break;
    }
}

// One row to 16 bits per pixel; alpha-only images are black there.
void row_to_16(uint16_t *dst, Layout to, const std::byte *src, Layout from, std::size_t n) noexcept {
    const bool to555 = to == Layout::rgb555;
    if (from == to)
        std::memcpy(dst, src, n * 2);
    else if (is_32bit(from))
        to555 ? row_bgrx_to_555(dst, src32(src), n) : row_bgrx_to_565(dst, src32(src), n);
    else if (from == Layout::rgb555)
        row_555_to_565(dst, src16(src), n);
    else if (from == Layout::rgb565)
        row_565_to_555(dst, src16(src), n);
    else if (from == Layout::gray8)
        for (std::size_t i = 0; i < n; ++i) {
            const uint32_t pixel = u8(src)[i] * 0x00010101u;
            to555 ? row_bgrx_to_555(dst + i, &pixel, 1) : row_bgrx_to_565(dst + i, &pixel, 1);
        }
    else
        std::fill_n(dst, n, uint16_t{0});
}

void row_to_a8(uint8_t *dst, const std::byte *src, Layout from, std::size_t n) noexcept {
    switch (from) {
    case Layout::a8:
        std::memcpy(dst, src, n);
        break;
    case Layout::a1:
        row_a1_to_a8(dst, u8(src), n);
        break;
    case Layout::bgra:
        row_alpha_of(dst, src32(src), n);
        break;
    default:
        std::memset(dst, 0xff, n);
        break;
    }
}

}

void row_555_to_bgrx(uint32_t *dst, const uint16_t *src, std::size_t n, uint32_t x_bits) noexcept {
    for_each(dst, src, n, [x_bits](uint32_t v) { return expand_555(v) | x_bits; });
}

void row_565_to_bgrx(uint32_t *dst, const uint16_t *src, std::size_t n, uint32_t x_bits) noexcept {
    for_each(dst, src, n, [x_bits](uint32_t v) {
        const uint32_t rb = (v & 0xf800) << 8 | (v & 0x1f) << 3;
        const uint32_t g = (v & 0x7e0) << 5;
        return rb | (rb >> 5 & 0x00070007u) | g | (g >> 6 & 0x00000300u) | x_bits;
    });
}

void row_555_to_565(uint16_t *dst, const uint16_t *src, std::size_t n) noexcept {
    // Green gains its low bit from its own top bit, as expanding to 8 bits and truncating would give.
    for_each(dst, src, n, [](uint32_t v) { return (v & 0x7fe0) << 1 | (v >> 4 & 0x20) | (v & 0x1f); });
}

void row_565_to_555(uint16_t *dst, const uint16_t *src, std::size_t n) noexcept {
    for_each(dst, src, n, [](uint32_t v) { return (v >> 1 & 0x7fe0) | (v & 0x1f); });
}

void row_bgrx_to_555(uint16_t *dst, const uint32_t *src, std::size_t n) noexcept {
    for_each(dst, src, n, [](uint32_t v) { return (v >> 9 & 0x7c00) | (v >> 6 & 0x3e0) | (v >> 3 & 0x1f); });
}

void row_bgrx_to_565(uint16_t *dst, const uint32_t *src, std::size_t n) noexcept {
    for_each(dst, src, n, [](uint32_t v) { return (v >> 8 & 0xf800) | (v >> 5 & 0x7e0) | (v >> 3 & 0x1f); });
}

void row_bgr_to_bgrx(uint32_t *dst, const uint8_t *src, std::size_t n) noexcept {
    // The quick way reads and writes more than it should, so the last pixels go another one.
    constexpr std::size_t step = 8;
    const std::size_t wide = n < 2 * step ? 0 : (n - step) / step * step;
    if (wide > 0) expand_bgr()(dst, src, wide);
    for (std::size_t i = wide; i < n; ++i)
        dst[i] = static_cast<uint32_t>(src[3 * i] | src[3 * i + 1] << 8 | src[3 * i + 2] << 16);
}

void row_gray_to_bgrx(uint32_t *dst, const uint8_t *src, std::size_t n) noexcept {
    for_each(dst, src, n, [](uint32_t v) { return v * 0x00010101u; });
}

void row_alpha_of(uint8_t *dst, const uint32_t *src, std::size_t n) noexcept {
    for_each(dst, src, n, [](uint32_t v) { return v >> 24; });
}

void row_a1_to_a8(uint8_t *dst, const uint8_t *src, std::size_t n) noexcept {
    static constexpr auto bytes_of = [] { // eight pixels for each byte
        std::array<std::array<uint8_t, 8>, 256> table{};
        for (unsigned v = 0; v < 256; ++v)
            for (unsigned i = 0; i < 8; ++i)
                table[v][i] = v >> i & 1 ? 0xff : 0;
        return table;
    }();
    for (; n >= 8; n -= 8, dst += 8)
        std::memcpy(dst, bytes_of[*src++].data(), 8);
    if (n > 0) std::memcpy(dst, bytes_of[*src].data(), n);
}

void make_opaque(uint32_t *pixels, std::size_t n) noexcept {
    for_each(pixels, pixels, n, [](uint32_t v) { return v | opaque; });
}

void row_without_x(uint32_t *dst, const uint32_t *src, std::size_t n) noexcept {
    for_each(dst, src, n, [](uint32_t v) { return v & ~opaque; });
}

void swap_words(std::byte *dst, const std::byte *src, std::size_t n) noexcept {
    struct Word {
        std::byte bytes[4]; // at any address
    };
    for_each(reinterpret_cast<Word *>(dst), reinterpret_cast<const Word *>(src), n,
             [](Word v) { return std::bit_cast<Word>(swap32(std::bit_cast<uint32_t>(v))); });
}

void set_high_bits(const PixelRows &rows) noexcept {
    if (rows.layout != Layout::bgrx) return;
    for (uint32_t y = 0; y < rows.height; ++y)
        make_opaque(u32(rows.row(y)), rows.width);
}

Result<Bitmap> copy_bitmap(const BitmapView &src, const Limits &limits) {
    auto out = make_bitmap({src.width, src.height}, src.layout, limits);
    if (!out) return out;
    const std::size_t bytes = packed_row_bytes(src.width, src.layout);
    for (uint32_t y = 0; y < src.height; ++y) {
        std::memcpy(out->row(y), src.row(y), bytes);
        std::memset(out->row(y) + bytes, 0, out->stride - bytes);
    }
    return out;
}

Result<Bitmap> convert_bitmap(const BitmapView &src, Layout target, const Limits &limits) {
    if (target == src.layout || (is_32bit(target) && is_32bit(src.layout))) return copy_bitmap(src, limits);
    if (target == Layout::a1 || target == Layout::gray8) return Error{Error::Kind::unsupported, "no such conversion"};
    // Only images that bring alpha have any: everything else is bgrx on a surface with alpha, too.
    auto out = make_bitmap({src.width, src.height}, is_32bit(target) ? Layout::bgrx : target, limits);
    if (!out) return out;
    for (uint32_t y = 0; y < src.height; ++y) {
        if (is_32bit(target))
            row_to_32(u32(out->row(y)), src.row(y), src.layout, src.width);
        else if (target == Layout::a8)
            row_to_a8(u8(out->row(y)), src.row(y), src.layout, src.width);
        else
            row_to_16(u16(out->row(y)), target, src.row(y), src.layout, src.width);
    }
    return out;
}

}
