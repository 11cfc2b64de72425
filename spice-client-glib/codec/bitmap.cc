// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/bitmap.hh"

#include "base/recycler.hh"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace spice::codec {

PixelBuffer::~PixelBuffer() {
    if (data_) Recycler::release({data_, capacity_});
}

PixelBuffer PixelBuffer::allocate(std::size_t size) noexcept {
    const auto block = Recycler::allocate(size);
    return block.data ? PixelBuffer{block.data, size, block.capacity} : PixelBuffer{};
}

PixelBuffer PixelBuffer::allocate_zeroed(std::size_t size) noexcept {
    const auto block = Recycler::allocate_zeroed(size);
    return block.data ? PixelBuffer{block.data, size, block.capacity} : PixelBuffer{};
}

unsigned bits_per_pixel(Layout layout) noexcept {
    switch (layout) {
    case Layout::bgrx:
    case Layout::bgra: return 32;
    case Layout::rgb555:
    case Layout::rgb565: return 16;
    case Layout::a8:
    case Layout::gray8: return 8;
    case Layout::a1: break;
    }
    return 1;
}

std::size_t packed_row_bytes(uint32_t width, Layout layout) noexcept {
    return static_cast<std::size_t>((uint64_t{width} * bits_per_pixel(layout) + 7) / 8);
}

std::size_t row_stride(uint32_t width, Layout layout) noexcept {
    return (packed_row_bytes(width, layout) + 3) & ~std::size_t{3};
}

Status check_size(Size size, const Limits &limits) {
    if (size.width == 0 || size.height == 0) return codec_error("image without pixels");
    if (size.width > limits.max_side || size.height > limits.max_side || size.pixels() > limits.max_pixels)
        return codec_error("image too large");
    return success();
}

Result<Bitmap> make_bitmap(Size size, Layout layout, const Limits &limits) {
    if (auto ok = check_size(size, limits); !ok) return ok.error();
    const std::size_t stride = row_stride(size.width, layout);
    if (stride > SIZE_MAX / size.height) return codec_error("image too large");
    Bitmap bitmap{size.width, size.height, stride, layout, PixelBuffer::allocate(stride * size.height)};
    if (!bitmap.data) return Error{Error::Kind::internal, "no memory for an image"};
    return bitmap;
}

void spread_packed_rows(Bitmap &bitmap) noexcept {
    const std::size_t packed = packed_row_bytes(bitmap.width, bitmap.layout);
    if (packed == bitmap.stride) return;
    // From the last row upwards, so that no row is overwritten before it has moved.
    for (uint32_t y = bitmap.height; y-- > 0;) {
        std::memmove(bitmap.row(y), bitmap.data.data() + packed * y, packed);
        std::memset(bitmap.row(y) + packed, 0, bitmap.stride - packed);
    }
}

void flip_rows(const PixelRows &rows) noexcept {
    const std::size_t bytes = packed_row_bytes(rows.width, rows.layout);
    for (uint32_t top = 0, bottom = rows.height - 1; top < bottom; ++top, --bottom)
        std::swap_ranges(rows.row(top), rows.row(top) + bytes, rows.row(bottom));
}

PixelRows flipped(const PixelRows &rows) noexcept {
    return {rows.row(rows.height - 1), rows.width, rows.height, -rows.stride, rows.layout};
}

bool is_packed(const PixelRows &rows) noexcept {
    return rows.stride == static_cast<std::ptrdiff_t>(packed_row_bytes(rows.width, rows.layout)) &&
           uint64_t{rows.width} * bits_per_pixel(rows.layout) % 8 == 0;
}

Status check_rows(const PixelRows &rows, Size size, Layout layout) {
    if (rows.size() != size || rows.layout != layout) return codec_error("image does not fit where it should go");
    return success();
}

}
