// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "codec/bitmap.hh"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>

namespace spice::display {

// spec/display.md §6.2: the wire values of SURFACE_CREATE.format.
enum class SurfaceFormat : uint32_t { a1 = 1, a8 = 8, rgb555 = 16, xrgb = 32, rgb565 = 80, argb = 96 };

std::optional<SurfaceFormat> surface_format(uint32_t wire_value) noexcept;

// Zeroed memory for the pixels of one surface. Whoever owns it may create, prefault and destroy it on any thread
// (mapping and unmapping megabytes is slow); only one thread at a time may use it. Small surfaces, which desktops make
// by the thousand, use recycled memory; large ones are mappings of their own.
class SurfaceMemory {
public:
    static Result<std::unique_ptr<SurfaceMemory>> map(std::size_t size);
    ~SurfaceMemory();
    SurfaceMemory(const SurfaceMemory &) = delete;
    SurfaceMemory &operator=(const SurfaceMemory &) = delete;

    uint8_t *data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }
    // Makes every page present; the content stays as it is. Not concurrent with writers.
    void prefault() noexcept;

private:
    SurfaceMemory(uint8_t *data, std::size_t size, std::size_t mapped) noexcept
        : data_{data}, size_{size}, mapped_{mapped} {}
    explicit SurfaceMemory(codec::PixelBuffer heap) noexcept
        : data_{reinterpret_cast<uint8_t *>(heap.data())}, size_{heap.size()}, heap_{std::move(heap)} {}
    uint8_t *data_;
    std::size_t size_;
    std::size_t mapped_ = 0; // with the guard page behind the pixels
    codec::PixelBuffer heap_;
};

// One drawing target. Belongs to a SurfaceSet (or to whoever took it out); thread-bound to its user.
struct Surface {
    uint32_t id = 0;
    SurfaceFormat format = SurfaceFormat::xrgb;
    uint32_t width = 0, height = 0;
    uint32_t flags = 0;     // of SURFACE_CREATE
    std::size_t stride = 0; // width * 4 for every format: the public API promises it
    std::unique_ptr<SurfaceMemory> memory;

    uint8_t *data() const noexcept { return memory->data(); }
};

// Bounds of what one channel may make a client allocate. Going over them is a frame fault.
struct SurfaceLimits {
    std::size_t max_count = 10'000; // ids of the protocol's oldest servers end there
    uint32_t max_side = 16'384;
    uint64_t max_bytes = uint64_t{2} << 30; // all surfaces of the channel together
};

// Bytes of pixels of a surface, or an error when it is empty or larger than the limits allow.
Result<std::size_t> surface_bytes(uint32_t width, uint32_t height, const SurfaceLimits &limits = {});

// The surfaces of one display channel by id. Thread-bound (main context).
class SurfaceSet {
public:
    SurfaceSet() = default;
    explicit SurfaceSet(const SurfaceLimits &limits) : limits_{limits} {}

    // Adds a surface, replacing one of the same id. `memory` may be prepared elsewhere and must then be zero and at
    // least surface_bytes() long; without it the pages are mapped here.
    Result<Surface *> create(uint32_t id, SurfaceFormat format, uint32_t width, uint32_t height, uint32_t flags,
                             std::unique_ptr<SurfaceMemory> memory = nullptr);
    // Takes a surface out, so that its memory can be unmapped on another thread. Null when there is none.
    std::unique_ptr<Surface> take(uint32_t id);
    Surface *find(uint32_t id) noexcept;
    const Surface *find(uint32_t id) const noexcept;
    void clear() noexcept;

    std::size_t count() const noexcept { return surfaces_.size(); }
    uint64_t bytes() const noexcept { return bytes_; }
    template <class F> void for_each(F &&f) {
        for (auto &entry : surfaces_)
            f(*entry.second);
    }

private:
    SurfaceLimits limits_;
    std::unordered_map<uint32_t, std::unique_ptr<Surface>> surfaces_;
    uint64_t bytes_ = 0;
};

}
