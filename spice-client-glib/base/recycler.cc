// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/recycler.hh"

#include "base/sanitizer.hh"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <sys/mman.h>

namespace spice {

namespace {

constexpr bool recycle = !address_sanitizer;

using Block = Recycler::Block;
constexpr auto max_bytes = Recycler::max_bytes, min_block = Recycler::min_block;
constexpr std::size_t max_blocks = max_bytes / min_block;

// From here on blocks are mappings of their own, of huge pages where the system allows it: filling fresh small pages
// takes as long as decoding a picture into them.
constexpr std::size_t worth_a_mapping = std::size_t{4} << 20;

Block map(std::size_t capacity) noexcept {
    void *p = mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) return {};
    madvise(p, capacity, MADV_HUGEPAGE);
    return {static_cast<std::byte *>(p), capacity};
}

void give_back(Block block) noexcept {
    if (recycle && block.capacity >= worth_a_mapping) munmap(block.data, block.capacity);
    else std::free(block.data);
}

class Pool {
public:
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
        if (block.capacity < min_block || block.capacity > max_bytes) return give_back(block);
        std::lock_guard lock{mutex_};
        while (count_ > 0 && (bytes_ + block.capacity > max_bytes || count_ == max_blocks)) drop_oldest();
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
        give_back(blocks_[0]);
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

Block Recycler::allocate(std::size_t size) noexcept {
    std::size_t capacity = std::max<std::size_t>(size, 1);
    if (recycle && capacity >= min_block) {
        if (const auto found = pool().take(capacity); found.data) return found;
        constexpr std::size_t page = 4096;
        if (capacity > SIZE_MAX - page) return {};
        capacity = (capacity + page - 1) / page * page;
    }
    if (recycle && capacity >= worth_a_mapping) return map(capacity);
    auto *data = static_cast<std::byte *>(std::malloc(capacity));
    return data ? Block{data, capacity} : Block{};
}

Block Recycler::allocate_zeroed(std::size_t size) noexcept {
    const std::size_t capacity = std::max<std::size_t>(size, 1);
    if (recycle && capacity >= worth_a_mapping) return map(capacity);
    auto *data = static_cast<std::byte *>(std::calloc(capacity, 1));
    return data ? Block{data, capacity} : Block{};
}

void Recycler::release(Block block) noexcept {
    if (recycle) pool().give(block);
    else give_back(block);
}

std::size_t Recycler::kept_bytes() noexcept { return pool().bytes(); }
void Recycler::trim() noexcept { pool().trim(); }

}
