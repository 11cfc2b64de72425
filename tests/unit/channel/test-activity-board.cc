// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/activity-board.hh"

#include <glib.h>

using spice::channel::ActivityBoard;

namespace {

void test_others() {
    ActivityBoard board;
    g_assert_false(board.others(0));
    board.join(0, [] {});
    g_assert_false(board.others(0));
    g_assert_true(board.others(1)); // also for one that has not joined
    const auto before = board.join(1, [] {});
    const auto now = board.join(1, [] {}); // a new connection of the same channel
    board.leave(1, before);                // the end of the old one comes late
    g_assert_true(board.others(0));
    board.leave(1, now);
    board.leave(7, now);
    g_assert_false(board.others(0));
}

void test_last_sign_of_life() {
    ActivityBoard board;
    g_assert_true(board.last_of_others(0) == ActivityBoard::Time::min());
    board.join(0, [] {});
    g_assert_true(board.last_of_others(0) == ActivityBoard::Time::min());
    const auto start = spice::link::Clock::now();
    const auto first = board.join(1, [] {});
    const auto joined = board.last_of_others(0);
    g_assert_true(joined >= start);
    board.note(0); // its own does not count
    board.note(9);
    g_assert_true(board.last_of_others(0) == joined);
    board.note(1);
    g_assert_true(board.last_of_others(0) >= joined);
    const auto second = board.join(2, [] {});
    g_assert_true(board.last_of_others(0) >= board.last_of_others(2));
    board.leave(1, first);
    board.leave(2, second);
    g_assert_true(board.last_of_others(0) == ActivityBoard::Time::min());
}

void test_wake_all() {
    ActivityBoard board;
    unsigned woken = 0;
    uint64_t presence = 0;
    presence = board.join(0, [&] {
        ++woken;
        board.leave(0, presence); // called without the lock
    });
    board.join(1, [&] { woken += 10; });
    board.wake_all();
    g_assert_cmpuint(woken, ==, 11);
    board.wake_all();
    g_assert_cmpuint(woken, ==, 21);
    board.join(1, [&] { woken += 100; }); // joins again, as after a reconnection
    board.wake_all();
    g_assert_cmpuint(woken, ==, 121);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/activity-board/others", test_others);
    g_test_add_func("/activity-board/last-sign-of-life", test_last_sign_of_life);
    g_test_add_func("/activity-board/wake-all", test_wake_all);
    return g_test_run();
}
