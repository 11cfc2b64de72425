// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/recycler.hh"
#include "base/sanitizer.hh"
#include "base/worker-pool.hh"

#include <glib.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

using spice::Recycler;

namespace {

class Held {
public:
    explicit Held(std::size_t size) : block_{Recycler::allocate(size)} {
        g_assert_nonnull(block_.data);
        g_assert_cmpuint(block_.capacity, >=, size);
    }
    Held(Held &&other) noexcept : block_{std::exchange(other.block_, {})} {}
    ~Held() {
        if (block_.data) Recycler::release(block_);
    }
    std::byte *data() const { return block_.data; }

private:
    Recycler::Block block_;
};

// With AddressSanitizer nothing is kept, so that the blocks stay guarded.
constexpr bool recycling = !spice::address_sanitizer;

void test_reuse() {
    const std::byte *first = nullptr;
    {
        auto block = Held(1'000'000);
        first = block.data();
    }
    g_assert_cmpuint(Recycler::kept_bytes(), >=, 1'000'000);
    {
        const auto big = Held(3'000'000); // does not fit into what is there
        g_assert_true(big.data() != first);
        const auto small = Held(100'000); // would waste too much of it
        g_assert_true(small.data() != first);
        const auto again = Held(900'000);
        g_assert_true(again.data() == first);
        g_assert_cmpuint(Recycler::kept_bytes(), ==, 0);
    }
    Recycler::trim();
    g_assert_cmpuint(Recycler::kept_bytes(), ==, 0);
}

void test_bound() {
    {
        std::vector<Held> blocks;
        for (int i = 0; i < 40; ++i) blocks.push_back(Held(1'000'000));
        for (int i = 0; i < 400; ++i) blocks.push_back(Held(70'000));
        blocks.push_back(Held(Recycler::max_bytes + 1)); // is alone of its size: not kept
    }
    g_assert_cmpuint(Recycler::kept_bytes(), <=, Recycler::max_bytes);
    if (recycling) {
        { const auto block = Held(Recycler::max_bytes); }
        g_assert_cmpuint(Recycler::kept_bytes(), ==, Recycler::max_bytes);
    }
    Recycler::trim();
    g_assert_cmpuint(Recycler::kept_bytes(), ==, 0);
}

// Whole frames that come one after the other share one block; what does not fit into it ends that.
void test_frames() {
    constexpr std::size_t size = std::size_t{8} << 20;
    { const auto unlike = Held(3 * size); }
    { const auto first = Held(size); }
    g_assert_cmpuint(Recycler::kept_bytes(), ==, 0);
    const std::byte *second = nullptr;
    {
        const auto block = Held(size);
        second = block.data();
    }
    g_assert_cmpuint(Recycler::kept_bytes(), ==, size);
    {
        const auto third = Held(size - 1000), fourth = Held(size);
        g_assert_true(third.data() == second && fourth.data() != second);
    }
    g_assert_cmpuint(Recycler::kept_bytes(), ==, size); // of the two one
    const auto small = Held(Recycler::max_bytes); // is no frame
    g_assert_cmpuint(Recycler::kept_bytes(), ==, size);
    { const auto other = Held(2 * size); }
    g_assert_cmpuint(Recycler::kept_bytes(), ==, 0);
    for (int i = 0; i < 3; ++i) { const auto huge = Held(Recycler::max_frame + 1); }
    g_assert_cmpuint(Recycler::kept_bytes(), ==, 0);
    for (int i = 0; i < 2; ++i) { const auto block = Held(size); }
    g_assert_cmpuint(Recycler::kept_bytes(), ==, size);
    Recycler::trim();
    g_assert_cmpuint(Recycler::kept_bytes(), ==, 0);
}

void test_threads() {
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < 4; ++t)
        threads.emplace_back([t] {
            for (unsigned i = 0; i < 200; ++i) {
                auto a = Held(70'000 + 1000 * (i % 7));
                auto b = Held(200'000);
                a.data()[0] = b.data()[0] = static_cast<std::byte>(t);
                if (i % 50 == 0) Recycler::trim();
                g_assert_cmpuint(std::to_integer<unsigned>(a.data()[0]), ==, t);
            }
        });
    for (auto &thread : threads) thread.join();
    g_assert_cmpuint(Recycler::kept_bytes(), <=, Recycler::max_bytes);
    Recycler::trim();
}

void test_zeroed() {
    for (const std::size_t size : {std::size_t{0}, std::size_t{100'000}, std::size_t{6} << 20}) {
        std::memset(Held(size).data(), 0xaa, size); // leave dirt behind that a recycled block would show
        const auto block = Recycler::allocate_zeroed(size);
        for (std::size_t i = 0; i < size; ++i) g_assert_true(block.data[i] == std::byte{0});
        Recycler::release(block);
    }
    Recycler::trim();
}

// Whether the page is there; not a look at its content.
bool mapped(const std::byte *page) {
    unsigned char state = 0;
    return mincore(const_cast<std::byte *>(page), 1, &state) == 0;
}

// A main loop does not unmap what is too large to keep: a worker does, in its own time.
void test_unmapped_elsewhere() {
    std::mutex mutex;
    std::unique_lock worker_busy{mutex};
    spice::WorkerPool::shared().submit([&mutex] { std::lock_guard wait{mutex}; });
    std::vector<const std::byte *> pages;
    for (const std::size_t times : {2u, 4u, 8u}) { // frames that are not alike
        const auto block = Held(times * Recycler::max_bytes);
        pages.push_back(block.data());
    }
    for (const auto *page : pages) g_assert_true(mapped(page));
    worker_busy.unlock();
    const auto deadline = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
    const auto gone = [&] { return std::none_of(pages.begin(), pages.end(), mapped); };
    while (!gone() && g_get_monotonic_time() < deadline) g_usleep(1000);
    g_assert_true(gone());
    // A thread of ours does it at once.
    std::promise<bool> there;
    spice::WorkerPool::shared().submit([&there] {
        const std::byte *page = nullptr;
        {
            const auto block = Held(2 * Recycler::max_bytes);
            page = block.data();
        }
        there.set_value(mapped(page));
    });
    g_assert_false(there.get_future().get());
}

std::size_t resident() {
    g_autofree char *text = nullptr;
    g_assert_true(g_file_get_contents("/proc/self/statm", &text, nullptr, nullptr));
    return std::strtoul(std::strchr(text, ' '), nullptr, 10) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// The many small images that a thread has let go of do not stay with it, even below one that is still in use.
void test_small_given_back() {
    constexpr std::size_t size = 2000, total = std::size_t{32} << 20;
    std::vector<Held> blocks;
    blocks.reserve(total / size);
    std::optional<Held> last;
    std::size_t full = 0;
    std::thread{[&] {
        while (blocks.size() < total / size) std::memset(blocks.emplace_back(size).data(), 1, size);
        full = resident();
        last.emplace(std::move(blocks.back()));
        blocks.clear();
    }}.join();
    const auto deadline = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
    while (resident() + total / 2 > full && g_get_monotonic_time() < deadline) g_usleep(1000);
    g_assert_cmpuint(resident() + total / 2, <=, full);
}

}

int main(int argc, char **argv) {
    g_setenv("SPICE_DECODE_THREADS", "1", TRUE);
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/recycler/bound", test_bound);
    g_test_add_func("/recycler/threads", test_threads);
    g_test_add_func("/recycler/zeroed", test_zeroed);
    if (recycling) {
        g_test_add_func("/recycler/reuse", test_reuse);
        g_test_add_func("/recycler/frames", test_frames);
        g_test_add_func("/recycler/unmapped-elsewhere", test_unmapped_elsewhere);
    }
    // Sanitizers have a malloc of their own.
    if (!spice::address_sanitizer && !spice::thread_sanitizer)
        g_test_add_func("/recycler/small-given-back", test_small_given_back);
    return g_test_run();
}
