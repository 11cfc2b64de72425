// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/recycler.hh"

#include "base/contained.hh"
#include "base/process.hh"
#include "base/sanitizer.hh"
#include "base/worker-pool.hh"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <malloc.h>
#include <mutex>
#include <new>
#include <sys/mman.h>
#include <utility>

namespace spice {

namespace {

constexpr bool recycle = !address_sanitizer;

using Block = Recycler::Block;
constexpr auto max_bytes = Recycler::max_bytes, min_block = Recycler::min_block, max_frame = Recycler::max_frame;
constexpr std::size_t max_blocks = max_bytes / min_block;

// From here on blocks are mappings of their own, which leave no holes in a heap; the largest of huge pages where the
// system allows it: filling fresh small pages takes as long as decoding a picture into them.
constexpr std::size_t worth_a_mapping = std::size_t{512} << 10, worth_huge_pages = std::size_t{4} << 20;

Block map(std::size_t capacity) noexcept {
    void *p = mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) return {};
    if (capacity >= worth_huge_pages) madvise(p, capacity, MADV_HUGEPAGE);
    return {static_cast<std::byte *>(p), capacity};
}

bool is_mapping(const Block &block) noexcept { return recycle && block.capacity >= worth_a_mapping; }

void give_back(Block block) noexcept {
    if (is_mapping(block)) munmap(block.data, block.capacity);
    else std::free(block.data);
}

// Blocks on their way back to the system, as a list through the blocks themselves, so that it needs no memory.
class Discard {
public:
    Discard() = default;
    Discard(const Discard &) = delete;
    Discard &operator=(const Discard &) = delete;
    ~Discard() {
        while (first_) {
            const auto *link = first_;
            first_ = link->next;
            give_back(link->block);
        }
    }
    void add(Block block) noexcept {
        first_ = new (block.data) Link{first_, block};
        bytes_ += block.capacity;
    }
    void take_all(Discard &other) noexcept {
        while (other.first_) {
            const auto block = other.first_->block;
            other.first_ = other.first_->next;
            add(block);
        }
        other.bytes_ = 0;
    }
    std::size_t bytes() const noexcept { return bytes_; }

private:
    struct Link {
        const Link *next;
        Block block;
    };
    const Link *first_ = nullptr;
    std::size_t bytes_ = 0;
};

class Pool {
public:
    // The most recently returned block that fits without wasting more than half of the wanted size. `gone`: what the
    // caller is to unmap on this occasion; with `all` also what others were to.
    Block take(std::size_t size, Discard &gone, bool all) noexcept {
        std::lock_guard lock{mutex_};
        if (all) gone.take_all(postponed_);
        if (size > max_bytes) return take_frame(size, gone);
        for (std::size_t i = count_; i-- > 0;) {
            if (!fits(blocks_[i].capacity, size)) continue;
            const Block found = blocks_[i];
            remove(i);
            return found;
        }
        return {};
    }
    // What there is no room for is in `gone` afterwards.
    void give(Block block, Discard &gone) noexcept {
        std::lock_guard lock{mutex_};
        if (block.capacity > max_bytes) return give_frame(block, gone);
        while (count_ > 0 && (bytes_ + block.capacity > max_bytes || count_ == max_blocks)) drop_oldest(gone);
        blocks_[count_++] = block;
        bytes_ += block.capacity;
    }
    void trim(Discard &gone) noexcept {
        std::lock_guard lock{mutex_};
        while (count_ > 0) drop_oldest(gone);
        if (frame_.data) gone.add(std::exchange(frame_, {}));
    }
    std::size_t bytes() noexcept {
        std::lock_guard lock{mutex_};
        return bytes_ + frame_.capacity;
    }
    // Leaves `gone` to a worker. True: one is to be asked.
    bool postpone(Discard &gone) noexcept {
        std::lock_guard lock{mutex_};
        const bool first = postponed_.bytes() == 0;
        postponed_.take_all(gone);
        return first;
    }
    void take_postponed(Discard &gone) noexcept {
        std::lock_guard lock{mutex_};
        gone.take_all(postponed_);
    }

private:
    static bool fits(std::size_t capacity, std::size_t size) noexcept {
        return capacity >= size && capacity <= size + size / 2;
    }
    // One block that is larger than all the others together may be: for whole frames that come one after the other. It
    // is given up for the first one that it does not fit.
    Block take_frame(std::size_t size, Discard &gone) noexcept {
        const auto last = std::exchange(last_frame_, size);
        frames_alike_ = fits(last, size) || fits(size, last);
        const auto kept = std::exchange(frame_, {});
        if (!kept.data || fits(kept.capacity, size)) return kept;
        gone.add(kept);
        return {};
    }
    void give_frame(Block block, Discard &gone) noexcept {
        if (frames_alike_ && !frame_.data && block.capacity <= max_frame && fits(block.capacity, last_frame_)) frame_ = block;
        else gone.add(block);
    }
    void remove(std::size_t i) noexcept {
        bytes_ -= blocks_[i].capacity;
        std::move(blocks_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                  blocks_.begin() + static_cast<std::ptrdiff_t>(count_), blocks_.begin() + static_cast<std::ptrdiff_t>(i));
        --count_;
    }
    void drop_oldest(Discard &gone) noexcept {
        gone.add(blocks_[0]);
        remove(0);
    }
    std::mutex mutex_;
    std::array<Block, max_blocks> blocks_{}; // oldest first; this and all that follows are guarded by mutex_
    std::size_t count_ = 0;
    std::size_t bytes_ = 0;
    Block frame_{};
    std::size_t last_frame_ = 0; // bytes asked for
    bool frames_alike_ = false;  // the last two
    Discard postponed_;
};

// Never destroyed: worker threads may still return memory while the process exits.
Pool &pool() noexcept {
    static Pool *instance = new Pool;
    return *instance;
}

void unmap_postponed() noexcept {
    Discard gone;
    pool().take_postponed(gone);
}

// Small blocks come from malloc, which keeps what one thread has freed for that thread: tens of megabytes of little
// images that a server has forgotten, while other threads decode large ones. They are given back when many have gone.
class SmallBlocks {
public:
    void took(std::size_t bytes) noexcept {
        const auto now = bytes_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
        if (now > high_.load(std::memory_order_relaxed)) high_.store(now, std::memory_order_relaxed);
    }
    // True: the caller is to have the heap trimmed.
    bool gave(std::size_t bytes) noexcept {
        const auto now = bytes_.fetch_sub(bytes, std::memory_order_relaxed) - bytes;
        auto high = high_.load(std::memory_order_relaxed);
        return high >= now + worth_a_trim && high_.compare_exchange_strong(high, now, std::memory_order_relaxed);
    }

private:
    static constexpr std::size_t worth_a_trim = std::size_t{8} << 20;
    std::atomic<std::size_t> bytes_{0}, high_{0}; // of blocks in use: now, and at most since the last trim
};

constinit SmallBlocks small_blocks;

// Trimming looks at all heaps of the process, the application's as well, and a server decides how often images go: one
// at a time, and few in a second.
class Trims {
public:
    // True: the caller has one made, and calls done() after it.
    bool begin() noexcept {
        const auto now = std::chrono::steady_clock::now();
        std::lock_guard lock{mutex_};
        if (now - since_ >= std::chrono::seconds(1)) {
            since_ = now;
            count_ = 0;
        }
        constexpr unsigned a_second = 4;
        if (begun_ || count_ == a_second) return false;
        ++count_;
        return begun_ = true;
    }
    void done() noexcept {
        std::lock_guard lock{mutex_};
        begun_ = false;
    }

private:
    std::mutex mutex_; // guards all below
    std::chrono::steady_clock::time_point since_;
    unsigned count_ = 0; // in the second from since_
    bool begun_ = false;
};

constinit Trims trims;

void trim_heap() noexcept {
    trims.done(); // what goes from now on may need another
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

Block from_malloc(std::byte *data, std::size_t capacity) noexcept {
    if (!data) return {};
    if (capacity < min_block) small_blocks.took(capacity);
    return {data, capacity};
}

void release_small(Block block) noexcept {
    std::free(block.data);
    if (!recycle || !small_blocks.gave(block.capacity) || !trims.begin()) return;
    if (!contained("recycler", [] { WorkerPool::shared().submit(&trim_heap); })) trims.done();
}

// Unmapping megabytes takes longer than an application's thread has time for.
void get_rid_of(Discard &gone) noexcept {
    constexpr std::size_t worth_a_hop = std::size_t{1} << 20;
    if (gone.bytes() < worth_a_hop || process::on_own_thread() || !pool().postpone(gone)) return;
    if (!contained("recycler", [] { WorkerPool::shared().submit(&unmap_postponed); })) unmap_postponed();
}

}

Block Recycler::allocate(std::size_t size) noexcept {
    std::size_t capacity = std::max<std::size_t>(size, 1);
    if (recycle && capacity >= min_block) {
        Discard gone; // also what waits for a worker, so that it stays little
        const auto found = pool().take(capacity, gone, process::on_own_thread());
        get_rid_of(gone);
        if (found.data) return found;
        constexpr std::size_t page = 4096;
        if (capacity > SIZE_MAX - page) return {};
        capacity = (capacity + page - 1) / page * page;
    }
    if (recycle && capacity >= worth_a_mapping) return map(capacity);
    return from_malloc(static_cast<std::byte *>(std::malloc(capacity)), capacity);
}

Block Recycler::allocate_zeroed(std::size_t size) noexcept {
    const std::size_t capacity = std::max<std::size_t>(size, 1);
    if (recycle && capacity >= worth_a_mapping) return map(capacity);
    return from_malloc(static_cast<std::byte *>(std::calloc(capacity, 1)), capacity);
}

void Recycler::release(Block block) noexcept {
    if (block.capacity < min_block) return release_small(block);
    if (!recycle) return give_back(block);
    Discard gone;
    pool().give(block, gone);
    get_rid_of(gone);
}

std::size_t Recycler::kept_bytes() noexcept { return pool().bytes(); }

void Recycler::trim() noexcept {
    Discard gone;
    pool().trim(gone);
}

}
