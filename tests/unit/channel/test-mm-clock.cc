// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/mm-clock.hh"

#include <glib.h>

#include <thread>

using spice::channel::MmClock;

namespace {

void test_set() {
    MmClock clock;
    clock.set(100'000);
    const auto before = clock.now();
    g_assert_cmpuint(before, >=, 100'000);
    g_assert_cmpuint(before, <, 130'000); // even on a busy machine
    g_usleep(2000);
    g_assert_cmpuint(clock.now(), >, before);
}

void test_jumps() {
    MmClock clock;
    clock.set(1'000'000);
    g_assert_false(clock.set(clock.now() + 100)); // a little ahead
    g_assert_true(clock.set(clock.now() + 60'000));
    g_assert_true(clock.set(clock.now() - 1000)); // backwards
    g_assert_true(clock.set(clock.now() - 0x40000000));
}

void test_wraps() {
    MmClock clock;
    clock.set(UINT32_MAX - 5);
    const auto start = clock.now();
    g_assert_cmpuint(start - (UINT32_MAX - 5), <, 30'000); // unsigned: it may have wrapped already
    g_assert_false(clock.set(clock.now() + 50));          // over the edge is no jump
}

void test_threads() {
    MmClock clock;
    clock.set(5000);
    std::thread reader{[&] {
        for (int i = 0; i < 20'000; ++i) g_assert_cmpuint(clock.now(), <, 600'000);
    }};
    for (int i = 0; i < 20'000; ++i) clock.set(static_cast<uint32_t>(5000 + i));
    reader.join();
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/mm-clock/set", test_set);
    g_test_add_func("/mm-clock/jumps", test_jumps);
    g_test_add_func("/mm-clock/wraps", test_wraps);
    g_test_add_func("/mm-clock/threads", test_threads);
    return g_test_run();
}
