// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-test.hh"

#include "codec/glz-window.hh"

#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>

using namespace spice::codec;
using namespace spice::test;
using State = GlzLookup::State;
using Wake = GlzWindow::Wake;

namespace {

SharedBitmap32 image(uint32_t width = 4, uint32_t height = 4) {
    auto made = std::make_shared<Bitmap32>();
    made->size = {width, height};
    made->data = PixelBuffer::allocate_zeroed(made->pixels() * 4);
    return made;
}

void insert(GlzWindow &window, uint64_t id, uint32_t win_head_dist) {
    assert_ok(window.insert(id, win_head_dist, image()));
}

// Parks and counts how it was woken.
struct Probe {
    int inserted = 0, gone = 0;
    State park(GlzWindow &window, uint64_t id) {
        const auto waiter = [this](Wake how) { ++(how == Wake::inserted ? inserted : gone); };
        return window.find_or_park(id, waiter).state;
    }
};

void test_insert() {
    GlzWindow window{1000};
    g_assert_true(window.find(0).state == State::waiting);
    const auto first = image();
    assert_ok(window.insert(0, 0, first));
    g_assert_true(window.find(0).image == first);
    g_assert_false(window.insert(0, 0, image()));
    g_assert_false(window.insert(1, 2, image()));
    g_assert_false(window.insert(1, 0, nullptr));
    g_assert_cmpuint(window.images(), ==, 1);
    g_assert_cmpuint(window.pixels(), ==, 16);
}

void test_release() {
    GlzWindow window{1000};
    insert(window, 0, 0);
    insert(window, 1, 1);
    insert(window, 2, 2);
    g_assert_cmpuint(window.images(), ==, 3);
    insert(window, 3, 1);
    g_assert_true(window.find(0).state == State::absent);
    g_assert_true(window.find(1).state == State::absent);
    g_assert_true(window.find(2).state == State::present);
    g_assert_true(window.find(4).state == State::waiting);
    g_assert_cmpuint(window.pixels(), ==, 32);
}

// An image that came early says nothing about what slower channels still need.
void test_early_image() {
    GlzWindow window{1000};
    insert(window, 0, 0);
    insert(window, 1, 1);
    insert(window, 4, 1);
    g_assert_true(window.find(0).state == State::present);
    insert(window, 2, 2);
    g_assert_true(window.find(0).state == State::present);
    insert(window, 3, 3); // closes the gap: now image 4 decides
    g_assert_true(window.find(2).state == State::absent);
    g_assert_true(window.find(3).state == State::present);
}

void test_unknown_base() {
    GlzWindow window{1000};
    insert(window, 1002, 1);
    insert(window, 1001, 1);
    g_assert_cmpuint(window.images(), ==, 2);
    g_assert_true(window.find(7).state == State::waiting); // nothing is known to be over
    insert(window, 1000, 0);
    g_assert_true(window.find(1000).state == State::absent);
    g_assert_true(window.find(1001).state == State::present);
    g_assert_true(window.find(1002).state == State::present);
    insert(window, 1003, 0);
    g_assert_cmpuint(window.images(), ==, 1);
}

// After an early image without predecessors, those that another channel brings late are still stored.
void test_late_image() {
    GlzWindow window{1000};
    insert(window, 10, 0);
    insert(window, 11, 1);
    insert(window, 8, 0);
    g_assert_true(window.find(8).state == State::present);
    insert(window, 12, 2);
    g_assert_true(window.find(8).state == State::absent);
}

void test_huge_ids() {
    GlzWindow window{1000};
    insert(window, 0, 0);
    insert(window, UINT64_MAX, 0);
    insert(window, UINT64_MAX - 1, 1);
    insert(window, uint64_t{1} << 63, UINT32_MAX);
    g_assert_cmpuint(window.images(), ==, 4);
    window.clear();
    insert(window, UINT64_MAX, 0);
    insert(window, 5, 0);
    g_assert_true(window.find(UINT64_MAX).state == State::present);
}

void test_waiters() {
    GlzWindow window{1000};
    insert(window, 0, 0);
    Probe present, twice, other, never;
    g_assert_true(present.park(window, 0) == State::present);
    g_assert_true(twice.park(window, 1) == State::waiting);
    g_assert_true(other.park(window, 1) == State::waiting);
    g_assert_true(never.park(window, 2) == State::waiting);
    insert(window, 1, 1);
    g_assert_cmpint(twice.inserted, ==, 1);
    g_assert_cmpint(other.inserted, ==, 1);
    window.mark_absent(2);
    g_assert_cmpint(never.gone, ==, 1);
    window.mark_absent(2);
    window.clear();
    g_assert_cmpint(never.gone + never.inserted, ==, 1);
    g_assert_cmpint(twice.gone + twice.inserted, ==, 1);
    g_assert_cmpint(present.gone + present.inserted, ==, 0);
}

// Whoever waits for an image that the window has moved past would wait for ever.
void test_released_waiter() {
    GlzWindow window{1000};
    Probe late;
    g_assert_true(late.park(window, 3) == State::waiting);
    insert(window, 10, 0);
    g_assert_cmpint(late.gone, ==, 1);
    g_assert_true(late.park(window, 3) == State::absent);
}

void test_clear_and_close() {
    Probe cleared, closed, destroyed;
    {
        GlzWindow window{1000};
        insert(window, 0, 0);
        g_assert_true(cleared.park(window, 1) == State::waiting);
        window.clear();
        g_assert_cmpint(cleared.gone, ==, 1);
        g_assert_true(window.find(0).state == State::waiting);
        insert(window, 5, 0); // another base
        g_assert_true(closed.park(window, 6) == State::waiting);
        window.close();
        g_assert_cmpint(closed.gone, ==, 1);
        g_assert_true(window.find(6).state == State::absent);
        g_assert_false(window.insert(6, 0, image()));
        GlzWindow other{1000};
        g_assert_true(destroyed.park(other, 0) == State::waiting);
    }
    g_assert_cmpint(destroyed.gone, ==, 1);
}

void test_absent() {
    GlzWindow window{1000};
    insert(window, 0, 0);
    window.mark_absent(1); // given up: the window goes on without it
    g_assert_true(window.find(1).state == State::absent);
    insert(window, 2, 0);
    g_assert_true(window.find(0).state == State::absent);
    g_assert_true(window.find(3).state == State::waiting);
    window.mark_absent(4);
    insert(window, 4, 1); // came after all
    g_assert_true(window.find(4).state == State::present);
    insert(window, 3, 1);
    g_assert_true(window.find(2).state == State::absent);
}

void test_memory_cap() {
    GlzWindow window{100};
    insert(window, 1000, 1); // without a base nothing is released
    for (uint64_t id = 1001; id < 1013; ++id) insert(window, id, 1);
    g_assert_cmpuint(window.pixels(), ==, 13 * 16);
    Probe waiter;
    g_assert_true(waiter.park(window, 1013) == State::waiting);
    g_assert_false(window.insert(1013, 1, image())); // 14 × 16 pixels are more than 2 × 100 + 16
    g_assert_cmpint(waiter.gone, ==, 1);
    g_assert_cmpuint(window.pixels(), ==, 13 * 16);
    g_assert_true(window.find(1013).state == State::absent);
}

// Four channels, each on its own thread, bring images whose predecessor mostly comes from another channel.
constexpr uint64_t chain_length = 400;

class Channel {
public:
    void run(GlzWindow &window, uint64_t first) {
        for (uint64_t id = first; id < chain_length; id += 4) {
            wait_for(window, id);
            assert_ok(window.insert(id, id > 0, image(2, 2)));
        }
    }

private:
    void wait_for(GlzWindow &window, uint64_t id) {
        if (id == 0) return;
        std::unique_lock lock{mutex_};
        woken_ = false;
        const auto waiter = [this](Wake how) {
            g_assert_true(how == Wake::inserted);
            std::lock_guard guard{mutex_};
            woken_ = true;
            condition_.notify_one();
        };
        lock.unlock();
        const auto found = window.find_or_park(id - 1, waiter);
        g_assert_true(found.state != State::absent);
        if (found.state == State::present) return;
        lock.lock();
        condition_.wait(lock, [this] { return woken_; });
        g_assert_true(window.find(id - 1).state == State::present);
    }
    std::mutex mutex_;
    std::condition_variable condition_;
    bool woken_ = false;
};

void test_threads() {
    GlzWindow window{1000};
    std::array<Channel, 4> channels;
    std::vector<std::thread> threads;
    for (uint64_t i = 0; i < channels.size(); ++i)
        threads.emplace_back([&window, &channels, i] { channels[i].run(window, i); });
    for (auto &thread : threads) thread.join();
    g_assert_cmpuint(window.images(), ==, 2);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/glz-window/insert", test_insert);
    g_test_add_func("/glz-window/release", test_release);
    g_test_add_func("/glz-window/early-image", test_early_image);
    g_test_add_func("/glz-window/unknown-base", test_unknown_base);
    g_test_add_func("/glz-window/late-image", test_late_image);
    g_test_add_func("/glz-window/huge-ids", test_huge_ids);
    g_test_add_func("/glz-window/waiters", test_waiters);
    g_test_add_func("/glz-window/released-waiter", test_released_waiter);
    g_test_add_func("/glz-window/clear-and-close", test_clear_and_close);
    g_test_add_func("/glz-window/absent", test_absent);
    g_test_add_func("/glz-window/memory-cap", test_memory_cap);
    g_test_add_func("/glz-window/threads", test_threads);
    return g_test_run();
}
