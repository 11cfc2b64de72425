// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/surface.hh"

#include "base/sanitizer.hh"

#include <atomic>
#include <cerrno>
#include <cstring>

#include <sys/mman.h>
#include <unistd.h>

#ifdef SPICE_ASAN
#include <sanitizer/asan_interface.h>
#endif

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 // Linux 5.14; older C library headers lack it
#endif

namespace spice::display {
namespace {

// Below this, mapping and page faults cost more than clearing memory that was used before.
constexpr std::size_t worth_a_mapping = 1u << 20;

std::size_t page_size() noexcept {
    static const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return size;
}

}

std::optional<SurfaceFormat> surface_format(uint32_t wire_value) noexcept {
    switch (static_cast<SurfaceFormat>(wire_value)) {
    case SurfaceFormat::a1:
    case SurfaceFormat::a8:
    case SurfaceFormat::rgb555:
    case SurfaceFormat::xrgb:
    case SurfaceFormat::rgb565:
    case SurfaceFormat::argb:
        return static_cast<SurfaceFormat>(wire_value);
    }
    return std::nullopt;
}

Result<std::unique_ptr<SurfaceMemory>> SurfaceMemory::map(std::size_t size) {
    const auto page = page_size();
    if (size != 0 && size < worth_a_mapping) {
        auto heap = codec::PixelBuffer::allocate(size);
        if (!heap) return Error{Error::Kind::internal, "no memory for a surface"};
        std::memset(heap.data(), 0, size);
        return std::unique_ptr<SurfaceMemory>(new SurfaceMemory(std::move(heap)));
    }
    if (size == 0 || size > SIZE_MAX - 2 * page) return Error{Error::Kind::argument, "surface size"};
    const auto rounded = (size + page - 1) / page * page;
    const auto mapped = rounded + page;
    void *p = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) return Error{Error::Kind::internal, "no memory for a surface", errno};
    auto *data = static_cast<uint8_t *>(p);
    madvise(data, rounded, MADV_HUGEPAGE); // fewer page faults, where the system allows it
    // A guard page: a drawing that ran over the end would stop here instead of in somebody else's data.
    mprotect(data + rounded, page, PROT_NONE);
#ifdef SPICE_ASAN
    ASAN_POISON_MEMORY_REGION(data + size, rounded - size);
#endif
    return std::unique_ptr<SurfaceMemory>(new SurfaceMemory(data, size, mapped));
}

SurfaceMemory::~SurfaceMemory() {
    if (heap_) return;
#ifdef SPICE_ASAN
    ASAN_UNPOISON_MEMORY_REGION(data_, mapped_ - page_size());
#endif
    munmap(data_, mapped_);
}

void SurfaceMemory::prefault() noexcept {
    if (heap_) return; // zeroing has touched every page
    if (madvise(data_, mapped_ - page_size(), MADV_POPULATE_WRITE) == 0) return;
    for (std::size_t i = 0; i < size_; i += page_size())
        std::atomic_ref<uint8_t>(data_[i]).fetch_or(0, std::memory_order_relaxed);
}

Result<std::size_t> surface_bytes(uint32_t width, uint32_t height, const SurfaceLimits &limits) {
    if (width == 0 || height == 0) return Error{Error::Kind::protocol, "surface without pixels"};
    if (width > limits.max_side || height > limits.max_side) return Error{Error::Kind::protocol, "surface too large"};
    const uint64_t bytes = uint64_t{width} * 4 * height;
    if (bytes > limits.max_bytes || bytes > SIZE_MAX / 2) return Error{Error::Kind::protocol, "surface too large"};
    return static_cast<std::size_t>(bytes);
}

Result<Surface *> SurfaceSet::create(uint32_t id, SurfaceFormat format, uint32_t width, uint32_t height, uint32_t flags,
                                     std::unique_ptr<SurfaceMemory> memory) {
    const auto size = surface_bytes(width, height, limits_);
    if (!size) return size.error();
    take(id);
    if (surfaces_.size() >= limits_.max_count) return Error{Error::Kind::protocol, "too many surfaces"};
    if (*size > limits_.max_bytes - bytes_) return Error{Error::Kind::protocol, "surfaces use too much memory"};
    if (memory && memory->size() < *size) return Error{Error::Kind::internal, "prepared surface memory is too small"};
    if (!memory) {
        auto made = SurfaceMemory::map(*size);
        if (!made) return made.error();
        memory = *std::move(made);
    }
    auto surface = std::make_unique<Surface>();
    surface->id = id;
    surface->format = format;
    surface->width = width;
    surface->height = height;
    surface->flags = flags;
    surface->stride = std::size_t{width} * 4;
    surface->memory = std::move(memory);
    bytes_ += *size;
    return surfaces_.insert_or_assign(id, std::move(surface)).first->second.get();
}

std::unique_ptr<Surface> SurfaceSet::take(uint32_t id) {
    const auto it = surfaces_.find(id);
    if (it == surfaces_.end()) return nullptr;
    auto surface = std::move(it->second);
    surfaces_.erase(it);
    bytes_ -= uint64_t{surface->stride} * surface->height;
    return surface;
}

Surface *SurfaceSet::find(uint32_t id) noexcept {
    const auto it = surfaces_.find(id);
    return it == surfaces_.end() ? nullptr : it->second.get();
}

const Surface *SurfaceSet::find(uint32_t id) const noexcept {
    const auto it = surfaces_.find(id);
    return it == surfaces_.end() ? nullptr : it->second.get();
}

void SurfaceSet::clear() noexcept {
    surfaces_.clear();
    bytes_ = 0;
}

}
