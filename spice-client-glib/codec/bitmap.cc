// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/bitmap.hh"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <mutex>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SPICE_EXACT_ALLOCATION 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SPICE_EXACT_ALLOCATION 1
#endif

namespace spice::codec {
namespace {

#ifdef SPICE_EXACT_ALLOCATION
constexpr bool recycle = false;
#else
constexpr bool recycle = true;
#endif

// Smaller blocks stay with malloc, which recycles them well itself.
constexpr std::size_t min_pooled = std::size_t{64} << 10;
constexpr std::size_t max_blocks = PixelPool::max_bytes / min_pooled;

class Pool {
public:
    struct Block {
        std::byte *data = nullptr;
        std::size_t capacity = 0;
    };
    // The most recently returned block that fits without wasting more than half of the wanted size.
    Block take(std::size_t size) noexcept {
        std::lock_guard lock{mutex_};
        for (std::size_t i = count_; i-- > 0;) {
            if (blocks_[i].capacity < size || blocks_[i].capacity > size + size / 2) continue;
            const Block found = blocks_[i];
            remove(i);
            return found;
        }
        return {};
    }
    void give(Block block) noexcept {
        if (block.capacity < min_pooled || block.capacity > PixelPool::max_bytes) return std::free(block.data);
        std::lock_guard lock{mutex_};
        while (count_ > 0 && (bytes_ + block.capacity > PixelPool::max_bytes || count_ == max_blocks)) drop_oldest();
        blocks_[count_++] = block;
        bytes_ += block.capacity;
    }
    void trim() noexcept {
        std::lock_guard lock{mutex_};
        while (count_ > 0) drop_oldest();
    }
    std::size_t bytes() noexcept {
        std::lock_guard lock{mutex_};
        return bytes_;
    }

private:
    void remove(std::size_t i) noexcept {
        bytes_ -= blocks_[i].capacity;
        std::move(blocks_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                  blocks_.begin() + static_cast<std::ptrdiff_t>(count_), blocks_.begin() + static_cast<std::ptrdiff_t>(i));
        --count_;
    }
    void drop_oldest() noexcept {
        std::free(blocks_[0].data);
        remove(0);
    }
    std::mutex mutex_;
    std::array<Block, max_blocks> blocks_{}; // oldest first; this and the next two are guarded by mutex_
    std::size_t count_ = 0;
    std::size_t bytes_ = 0;
};

// Never destroyed: worker threads may still return memory while the process exits.
Pool &pool() noexcept {
    static Pool *instance = new Pool;
    return *instance;
}

}

PixelBuffer::~PixelBuffer() {
    if (!data_) return;
    if (recycle)
        pool().give({data_, capacity_});
    else
        std::free(data_);
}

PixelBuffer PixelBuffer::allocate(std::size_t size) noexcept {
    std::size_t capacity = std::max<std::size_t>(size, 1);
    if (recycle && capacity >= min_pooled) {
        const auto found = pool().take(capacity);
        if (found.data) return {found.data, size, found.capacity};
        constexpr std::size_t page = 4096;
        if (capacity > SIZE_MAX - page) return {};
        capacity = (capacity + page - 1) / page * page;
    }
    auto *data = static_cast<std::byte *>(std::malloc(capacity));
    return data ? PixelBuffer{data, size, capacity} : PixelBuffer{};
}

PixelBuffer PixelBuffer::allocate_zeroed(std::size_t size) noexcept {
    // calloc maps large blocks lazily, so an image that only stands in for a failed one costs no memory.
    const std::size_t capacity = std::max<std::size_t>(size, 1);
    auto *data = static_cast<std::byte *>(std::calloc(capacity, 1));
    return data ? PixelBuffer{data, size, capacity} : PixelBuffer{};
}

std::size_t PixelPool::recycled_bytes() noexcept { return pool().bytes(); }
void PixelPool::trim() noexcept { pool().trim(); }

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
