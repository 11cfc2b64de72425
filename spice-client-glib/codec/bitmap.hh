// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace spice::codec {

// How pixels lie in memory. 32-bit pixels are host-order 0xXXRRGGBB (bytes B,G,R,X on little-endian machines),
// 16-bit ones host-order as well. a1: one bit per pixel, leftmost pixel in bit 0.
enum class Layout : uint8_t { bgrx, bgra, rgb555, rgb565, a8, gray8, a1 };

unsigned bits_per_pixel(Layout layout) noexcept;

struct Size {
    uint32_t width = 0;
    uint32_t height = 0;
    bool operator==(const Size &) const = default;
    uint64_t pixels() const noexcept { return uint64_t{width} * height; }
};

// What we are willing to allocate for one image, whatever its header claims.
struct Limits {
    uint32_t max_side = 16384;
    uint64_t max_pixels = uint64_t{1} << 28;
};

// Owned pixel memory. Move-only; its bytes are unspecified until written. Large blocks are recycled.
class PixelBuffer {
public:
    PixelBuffer() noexcept = default;
    PixelBuffer(PixelBuffer &&o) noexcept
        : data_{std::exchange(o.data_, nullptr)}, size_{std::exchange(o.size_, 0)},
          capacity_{std::exchange(o.capacity_, 0)} {}
    PixelBuffer &operator=(PixelBuffer &&o) noexcept {
        std::swap(data_, o.data_);
        std::swap(size_, o.size_);
        std::swap(capacity_, o.capacity_);
        return *this;
    }
    PixelBuffer(const PixelBuffer &) = delete;
    PixelBuffer &operator=(const PixelBuffer &) = delete;
    ~PixelBuffer();

    // Empty (and false) when there is no memory.
    static PixelBuffer allocate(std::size_t size) noexcept;
    static PixelBuffer allocate_zeroed(std::size_t size) noexcept;

    explicit operator bool() const noexcept { return data_ != nullptr; }
    std::byte *data() noexcept { return data_; }
    const std::byte *data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }

private:
    PixelBuffer(std::byte *data, std::size_t size, std::size_t capacity) noexcept
        : data_{data}, size_{size}, capacity_{capacity} {}
    std::byte *data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

// Borrowed pixels. The stride may be negative; `data` is the first byte of the top row.
struct BitmapView {
    const std::byte *data = nullptr;
    uint32_t width = 0;
    uint32_t height = 0;
    std::ptrdiff_t stride = 0;
    Layout layout = Layout::bgrx;
    const std::byte *row(uint32_t y) const noexcept { return data + stride * static_cast<std::ptrdiff_t>(y); }
};

// Pixels of the caller to decode into, top row first. The stride may be negative; rows do not overlap and begin at
// multiples of the pixel's size.
struct PixelRows {
    std::byte *data = nullptr;
    uint32_t width = 0;
    uint32_t height = 0;
    std::ptrdiff_t stride = 0;
    Layout layout = Layout::bgrx;

    std::byte *row(uint32_t y) const noexcept { return data + stride * static_cast<std::ptrdiff_t>(y); }
    Size size() const noexcept { return {width, height}; }
};

// An image with its top row first; stride is a multiple of 4. Codecs leave the X byte of bgrx 0, except where the
// format carries one (LZ4 and uncompressed 32-bit).
struct Bitmap {
    uint32_t width = 0;
    uint32_t height = 0;
    std::size_t stride = 0;
    Layout layout = Layout::bgrx;
    PixelBuffer data;

    std::byte *row(uint32_t y) noexcept { return data.data() + stride * y; }
    const std::byte *row(uint32_t y) const noexcept { return data.data() + stride * y; }
    Size size() const noexcept { return {width, height}; }
    BitmapView view() const noexcept {
        return {data.data(), width, height, static_cast<std::ptrdiff_t>(stride), layout};
    }
    PixelRows rows() noexcept { return {data.data(), width, height, static_cast<std::ptrdiff_t>(stride), layout}; }
};

std::size_t packed_row_bytes(uint32_t width, Layout layout) noexcept;
std::size_t row_stride(uint32_t width, Layout layout) noexcept;

Status check_size(Size size, const Limits &limits);
// Checks the limits, then allocates.
Result<Bitmap> make_bitmap(Size size, Layout layout, const Limits &limits);

// Codecs whose units run on over row ends write rows without padding; this moves them to the bitmap's stride.
void spread_packed_rows(Bitmap &bitmap) noexcept;
void flip_rows(const PixelRows &rows) noexcept;
PixelRows flipped(const PixelRows &rows) noexcept; // the same rows from the bottom up
bool is_packed(const PixelRows &rows) noexcept;    // each row follows the one above it without a gap
// What every decoder into rows of the caller asks for first.
Status check_rows(const PixelRows &rows, Size size, Layout layout);

inline Error codec_error(const char *what) { return Error{Error::Kind::protocol, what}; }

}
