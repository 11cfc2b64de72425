// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/object-pool.hh"

#include <glib.h>

#include <set>
#include <thread>
#include <vector>

namespace {

std::atomic<int> living{0};

struct Counted {
    Counted() { ++living; }
    ~Counted() { --living; }
    Counted(const Counted &) = delete;
    Counted &operator=(const Counted &) = delete;
    uint64_t value = 7;
    uint64_t padding[50] = {};
};
using Pool = spice::ObjectPool<Counted>;

void test_objects() {
    Pool pool;
    std::vector<Pool::Ptr> objects;
    std::set<Counted *> addresses;
    for (uint64_t i = 0; i < 1000; ++i) {
        objects.push_back(pool.make());
        g_assert_cmpuint(objects.back()->value, ==, 7);
        objects.back()->value = i;
        addresses.insert(objects.back().get());
    }
    g_assert_cmpuint(addresses.size(), ==, 1000);
    g_assert_cmpint(living, ==, 1000);
    for (uint64_t i = 0; i < 1000; ++i) g_assert_cmpuint(objects[i]->value, ==, i);
    objects.clear();
    g_assert_cmpint(living, ==, 0);
    if (spice::address_sanitizer) return;
    int known = 0; // memory comes back; what was never used may come first
    for (int i = 0; i < 1000; ++i) {
        objects.push_back(pool.make());
        known += addresses.contains(objects.back().get());
    }
    g_assert_cmpint(known, >, 900);
}

void test_objects_outlive_the_pool() {
    Pool::Ptr last;
    {
        Pool pool;
        auto other = pool.make();
        last = pool.make();
    }
    g_assert_cmpint(living, ==, 1);
    last->value = 1;
    last.reset();
    g_assert_cmpint(living, ==, 0);
}

// Made here, dropped by two others, as fast as they can; the pool goes first.
void test_threads() {
    constexpr int rounds = 20'000;
    std::atomic<Counted *> slots[2] = {nullptr, nullptr};
    std::atomic<bool> stop{false};
    const auto drop = [&](std::atomic<Counted *> &slot) {
        while (true) {
            const bool last = stop;
            if (auto *object = slot.exchange(nullptr)) Pool::Ptr{object}.reset();
            else if (last) return;
            else std::this_thread::yield();
        }
    };
    std::thread one{drop, std::ref(slots[0])}, two{drop, std::ref(slots[1])};
    {
        Pool pool;
        for (int i = 0; i < rounds; ++i) {
            auto object = pool.make();
            g_assert_cmpuint(object->value, ==, 7);
            object->value = 0;
            Counted *expected = nullptr;
            auto &slot = slots[i % 2];
            while (!slot.compare_exchange_weak(expected, object.get())) {
                expected = nullptr;
                std::this_thread::yield();
            }
            object.release();
        }
    }
    stop = true;
    one.join();
    two.join();
    g_assert_cmpint(living, ==, 0);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/object-pool/objects", test_objects);
    g_test_add_func("/object-pool/objects-outlive-the-pool", test_objects_outlive_the_pool);
    g_test_add_func("/object-pool/threads", test_threads);
    return g_test_run();
}
