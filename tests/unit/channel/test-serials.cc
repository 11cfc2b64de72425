// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/serials.hh"

#include <glib.h>

#include <atomic>
#include <thread>

using spice::channel::SerialRegistry;

namespace {

constexpr SerialRegistry::Key display0{2, 0}, display1{2, 1};

void never() { g_assert_not_reached(); }

void test_reached() {
    SerialRegistry r;
    g_assert_true(r.reached(display0, 5, never)); // a channel that is not there counts as done
    const auto presence = r.open(display0);
    g_assert_true(r.reached(display0, 0, never));
    unsigned woken = 0;
    g_assert_false(r.reached(display0, 5, [&] { ++woken; }));
    r.processed(display0, 4, presence);
    g_assert_cmpuint(woken, ==, 0);
    r.processed(display0, 5, presence);
    g_assert_cmpuint(woken, ==, 1);
    r.processed(display0, 6, presence);
    g_assert_cmpuint(woken, ==, 1);
    g_assert_true(r.reached(display0, 6, never));
}

void test_skipped_serials() { // full headers may skip values
    SerialRegistry r;
    const auto presence = r.open(display0);
    unsigned woken = 0;
    g_assert_false(r.reached(display0, 5, [&] { woken += 1; }));
    g_assert_false(r.reached(display0, 7, [&] { woken += 10; }));
    g_assert_false(r.reached(display0, 100, [&] { woken += 100; }));
    r.processed(display0, 50, presence);
    g_assert_cmpuint(woken, ==, 11);
}

void test_close_wakes() {
    SerialRegistry r;
    const auto presence = r.open(display0);
    unsigned woken = 0;
    g_assert_false(r.reached(display0, 5, [&] {
        ++woken;
        g_assert_true(r.reached(display0, 5, never)); // called without the lock
    }));
    r.close(display0, presence);
    g_assert_cmpuint(woken, ==, 1);
    r.close(display0, presence);
    r.processed(display0, 9, presence); // a late word of a channel that is gone
    g_assert_true(r.reached(display0, 10, never));
}

void test_open_begins_anew() {
    SerialRegistry r;
    const auto first = r.open(display0);
    r.processed(display0, 9, first);
    const auto second = r.open(display0);
    r.processed(display0, 99, first); // a late word of the connection before
    r.close(display0, first);
    g_assert_cmpuint(second, !=, first);
    g_assert_false(r.reached(display0, 9, [] {}));
}

void test_done() {
    SerialRegistry r;
    g_assert_true(r.done(display0, 5)); // there is nobody to wait for
    const auto presence = r.open(display0);
    r.open(display1);
    g_assert_false(r.done(display0, 5));
    r.processed(display0, 5, presence);
    g_assert_true(r.done(display0, 5));
    g_assert_false(r.done(display1, 5));
}

void test_threads() {
    SerialRegistry r;
    constexpr uint64_t last = 20'000;
    const auto presence = r.open(display0);
    std::atomic<uint64_t> woken{0};
    std::thread engine{[&] {
        for (uint64_t n = 1; n <= last; ++n) r.processed(display0, n, presence);
    }};
    uint64_t waits = 0;
    for (uint64_t n = 1; n <= last; n += 7)
        if (!r.reached(display0, n, [&] { ++woken; })) ++waits;
    engine.join();
    g_assert_cmpuint(woken, ==, waits); // each exactly once
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/serials/reached", test_reached);
    g_test_add_func("/serials/skipped-serials", test_skipped_serials);
    g_test_add_func("/serials/close-wakes", test_close_wakes);
    g_test_add_func("/serials/open-begins-anew", test_open_begins_anew);
    g_test_add_func("/serials/done", test_done);
    g_test_add_func("/serials/threads", test_threads);
    return g_test_run();
}
