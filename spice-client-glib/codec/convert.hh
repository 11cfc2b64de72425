// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"

#include <span>

// Pixel conversions (spec/display.md §5.2). The row functions handle any length and may not be given overlapping rows; they come in the
// versions of codec/simd.hh.
namespace spice::codec {

void row_555_to_bgrx(uint32_t *dst, const uint16_t *src, std::size_t n, uint32_t x_bits) noexcept;
void row_565_to_bgrx(uint32_t *dst, const uint16_t *src, std::size_t n, uint32_t x_bits) noexcept;
void row_555_to_565(uint16_t *dst, const uint16_t *src, std::size_t n) noexcept;
void row_565_to_555(uint16_t *dst, const uint16_t *src, std::size_t n) noexcept;
void row_bgrx_to_555(uint16_t *dst, const uint32_t *src, std::size_t n) noexcept;
void row_bgrx_to_565(uint16_t *dst, const uint32_t *src, std::size_t n) noexcept;
void row_bgr_to_bgrx(uint32_t *dst, const uint8_t *src, std::size_t n) noexcept; // three bytes per source pixel, X = 0
void row_gray_to_bgrx(uint32_t *dst, const uint8_t *src, std::size_t n) noexcept; // X = 0
void row_without_x(uint32_t *dst, const uint32_t *src, std::size_t n) noexcept; // X = 0
void row_alpha_of(uint8_t *dst, const uint32_t *src, std::size_t n) noexcept;
void row_a1_to_a8(uint8_t *dst, const uint8_t *src, std::size_t n) noexcept;

void make_opaque(uint32_t *pixels, std::size_t n) noexcept; // X = 0xff
void swap_words(std::byte *dst, const std::byte *src, std::size_t n) noexcept; // n times four bytes, reversed

// Sets the X byte of every pixel to 0xff, as the image flag HIGH_BITS_SET asks; other layouts than bgrx stay.
void set_high_bits(const PixelRows &rows) noexcept;

// A copy with the top row first and the same layout.
Result<Bitmap> copy_bitmap(const BitmapView &src, const Limits &limits);

// The image as a surface of layout `target` wants it. 32-bit images stay what they are on 32-bit surfaces, 555 expands
// with X = 0xff, alpha-only becomes opaque black; alpha is dropped on 16-bit surfaces. Unsupported: to a1 or gray8.
Result<Bitmap> convert_bitmap(const BitmapView &src, Layout target, const Limits &limits);

}
