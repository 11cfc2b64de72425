// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/glib/glib-ptr.hh"
#include "base/glib/main-task.hh"

#include <glib.h>

#include <memory>

using spice::MainTask;

namespace {

spice::ContextPtr new_context() { return spice::ContextPtr{g_main_context_new()}; }

void drain(GMainContext *context) {
    while (g_main_context_iteration(context, FALSE)) {}
}

void test_once() {
    auto context = new_context();
    unsigned runs = 0;
    MainTask task;
    g_assert_false(task.pending());
    task.schedule(context.get(), 0, [&] {
        ++runs;
        g_assert_false(task.pending());
    });
    g_assert_true(task.pending());
    g_assert_cmpuint(runs, ==, 0); // never inside the call
    drain(context.get());
    drain(context.get());
    g_assert_cmpuint(runs, ==, 1);
}

void test_last_one_counts() {
    auto context = new_context();
    unsigned first = 0, second = 0;
    MainTask task;
    task.schedule(context.get(), 0, [&] { ++first; });
    task.schedule(context.get(), 0, [&] { ++second; });
    drain(context.get());
    g_assert_cmpuint(first, ==, 0);
    g_assert_cmpuint(second, ==, 1);
}

void test_cancel() {
    auto context = new_context();
    auto owned = std::make_shared<int>(0);
    MainTask task;
    task.cancel();
    task.schedule(context.get(), 0, [owned] { g_assert_not_reached(); });
    g_assert_cmpint(owned.use_count(), ==, 2);
    task.cancel();
    g_assert_false(task.pending());
    g_assert_cmpint(owned.use_count(), ==, 1); // what the callback held is gone at once
    drain(context.get());
}

void test_owner_goes() {
    auto context = new_context();
    auto task = std::make_unique<MainTask>();
    task->schedule(context.get(), 0, [] { g_assert_not_reached(); });
    task.reset();
    drain(context.get());
}

void test_owner_goes_inside() {
    auto context = new_context();
    auto task = std::make_shared<MainTask>();
    std::weak_ptr<MainTask> watch = task;
    bool ran = false;
    task->schedule(context.get(), 0, [&, keep = task]() {
        ran = true;
        task.reset();
    });
    drain(context.get());
    g_assert_true(ran);
    g_assert_true(watch.expired());
}

void test_again_inside() {
    auto context = new_context();
    unsigned runs = 0;
    MainTask task;
    std::function<void()> call = [&] {
        if (++runs < 3) task.schedule(context.get(), 0, call);
    };
    task.schedule(context.get(), 0, call);
    drain(context.get());
    g_assert_cmpuint(runs, ==, 3);
}

void test_delay() {
    auto context = new_context();
    const auto start = g_get_monotonic_time();
    gint64 ran = 0;
    MainTask task;
    task.schedule(context.get(), 30, [&] { ran = g_get_monotonic_time(); });
    drain(context.get());
    while (ran == 0) g_main_context_iteration(context.get(), TRUE);
    g_assert_cmpint(ran - start, >=, 29'000);
}

// It belongs to the context it was given, whatever the default one does.
void test_context() {
    auto context = new_context();
    unsigned runs = 0;
    MainTask task;
    task.schedule(context.get(), 0, [&] { ++runs; });
    drain(nullptr);
    g_assert_cmpuint(runs, ==, 0);
    drain(context.get());
    g_assert_cmpuint(runs, ==, 1);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/main-task/once", test_once);
    g_test_add_func("/main-task/last-one-counts", test_last_one_counts);
    g_test_add_func("/main-task/cancel", test_cancel);
    g_test_add_func("/main-task/owner-goes", test_owner_goes);
    g_test_add_func("/main-task/owner-goes-inside", test_owner_goes_inside);
    g_test_add_func("/main-task/again-inside", test_again_inside);
    g_test_add_func("/main-task/delay", test_delay);
    g_test_add_func("/main-task/context", test_context);
    return g_test_run();
}
