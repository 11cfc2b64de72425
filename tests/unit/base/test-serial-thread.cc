// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/process.hh"
#include "base/serial-thread.hh"

#include <glib.h>

#include <atomic>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

using spice::SerialThread;

namespace {

SerialThread &serial() {
    static auto *const thread = new SerialThread("test-serial");
    return *thread;
}

void submit(SerialThread::Job job, const void *owner = nullptr) { g_assert_true(serial().submit(owner, std::move(job))); }

// What was submitted before has been done.
void settle() {
    std::promise<void> done;
    submit([&done] { done.set_value(); });
    done.get_future().wait();
}

// From several threads: each one's jobs in order, never two at once, on a thread of ours.
void test_one_after_another() {
    constexpr int threads = 4, jobs = 500;
    std::vector<int> seen(threads, 0); // not locked: one thread at most may touch it
    std::atomic<int> inside{0}, wrong{0};
    std::vector<std::thread> submitters;
    for (int t = 0; t < threads; ++t)
        submitters.emplace_back([&, t] {
            for (int i = 0; i < jobs; ++i)
                submit([&, t, i] {
                    if (++inside != 1 || !spice::process::on_own_thread() || seen[static_cast<std::size_t>(t)]++ != i) ++wrong;
                    --inside;
                });
        });
    for (auto &submitter : submitters) submitter.join();
    settle();
    g_assert_cmpint(wrong, ==, 0);
    for (const int n : seen) g_assert_cmpint(n, ==, jobs);
    g_assert_false(spice::process::on_own_thread());
}

void test_cancel() {
    std::mutex mutex;
    std::atomic<int> mine{0}, others{0};
    int me = 0;
    std::unique_lock blocked{mutex};
    submit([&] { std::lock_guard wait{mutex}; });
    const auto held = std::make_shared<int>(1);
    for (int i = 0; i < 10; ++i) {
        submit([&mine, held] { ++mine; }, &me);
        submit([&others] { ++others; }, &others);
    }
    serial().cancel(&me);
    g_assert_cmpint(static_cast<int>(held.use_count()), ==, 1);
    blocked.unlock();
    settle();
    g_assert_cmpint(mine, ==, 0);
    g_assert_cmpint(others, ==, 10);
}

void test_exception() {
    submit([] { throw std::runtime_error("as the test wants it"); });
    settle();
}

// The thread ends when there is nothing to do, and another one begins.
void test_ends_and_begins() {
    settle();
    const auto deadline = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
    while (spice::process::thread_count() > 0 && g_get_monotonic_time() < deadline) g_usleep(10'000);
    g_assert_cmpint(spice::process::thread_count(), ==, 0);
    settle();
    g_assert_cmpint(spice::process::thread_count(), ==, 1);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/serial-thread/one-after-another", test_one_after_another);
    g_test_add_func("/serial-thread/cancel", test_cancel);
    g_test_add_func("/serial-thread/exception", test_exception);
    g_test_add_func("/serial-thread/ends-and-begins", test_ends_and_begins);
    return g_test_run();
}
