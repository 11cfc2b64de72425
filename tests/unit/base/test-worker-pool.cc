// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/process.hh"
#include "base/worker-pool.hh"
#include "child.hh"

#include <glib.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

using spice::WorkerPool;
using spice::test::in_child;

namespace {

constexpr auto limit = std::chrono::seconds(20);

// Counts down to zero across threads.
class Latch {
public:
    explicit Latch(unsigned n) : left_{n} {}
    void down() {
        std::lock_guard lock{mutex_};
        if (--left_ == 0) zero_.notify_all();
    }
    bool wait() {
        std::unique_lock lock{mutex_};
        return zero_.wait_for(lock, limit, [this] { return left_ == 0; });
    }
    bool down_and_wait() {
        down();
        return wait();
    }

private:
    std::mutex mutex_;
    std::condition_variable zero_;
    unsigned left_;
};

void use_threads(const char *value) {
    if (value) g_setenv("SPICE_DECODE_THREADS", value, TRUE);
    else g_unsetenv("SPICE_DECODE_THREADS");
}

int width_with(const char *value) {
    return in_child([value] {
        use_threads(value);
        return static_cast<int>(WorkerPool::shared().width());
    });
}

void test_width() {
    const int automatic = width_with(nullptr);
    g_assert_cmpint(automatic, >=, 1);
    g_assert_cmpint(automatic, ==, static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1u, 64u)));
    g_assert_cmpint(width_with("1"), ==, 1);
    g_assert_cmpint(width_with("7"), ==, 7);
    g_assert_cmpint(width_with("1000"), ==, 64);
    for (const char *nonsense : {"", "0", "-1", "x", "3x", " 3", "99999999999999999999"})
        g_assert_cmpint(width_with(nonsense), ==, automatic);
}

// One worker: everything happens in the order of submission, on one thread.
void test_order() {
    g_assert_cmpint(in_child([] {
        use_threads("1");
        constexpr int jobs = 1000;
        std::vector<int> seen; // not locked: one worker at most may touch it
        Latch done{1};
        for (int i = 0; i < jobs; ++i)
            WorkerPool::shared().submit([&seen, &done, i] {
                seen.push_back(i);
                if (i == jobs - 1) done.down();
            });
        if (!done.wait() || static_cast<int>(seen.size()) != jobs) return 1;
        for (int i = 0; i < jobs; ++i)
            if (seen[static_cast<std::size_t>(i)] != i) return 2;
        return spice::process::thread_count() == 1 ? 0 : 3;
    }), ==, 0);
}

// As many jobs at a time as the pool is wide, and no more threads than that.
void test_parallel() {
    g_assert_cmpint(in_child([] {
        use_threads("3");
        Latch together{3}, done{3};
        bool met[3] = {};
        for (auto &mine : met)
            WorkerPool::shared().submit([&] {
                mine = together.down_and_wait();
                done.down();
            });
        if (!done.wait() || !met[0] || !met[1] || !met[2]) return 1;
        Latch many{300};
        for (int i = 0; i < 300; ++i) WorkerPool::shared().submit([&many] { many.down(); });
        if (!many.wait()) return 2;
        return spice::process::thread_count() == 3 ? 0 : 3;
    }), ==, 0);
}

void test_submit_from_job() {
    g_assert_cmpint(in_child([] {
        use_threads("1");
        Latch done{1};
        WorkerPool::shared().submit([&done] { WorkerPool::shared().submit([&done] { done.down(); }); });
        return done.wait() ? 0 : 1;
    }), ==, 0);
}

// What a job owns is gone before the next job starts.
void test_job_is_released() {
    g_assert_cmpint(in_child([] {
        use_threads("1");
        auto owned = std::make_shared<int>(5);
        std::weak_ptr<int> weak = owned;
        Latch done{1};
        bool gone = false;
        WorkerPool::shared().submit([owned = std::move(owned)] { g_assert_cmpint(*owned, ==, 5); });
        WorkerPool::shared().submit([&] {
            gone = weak.expired();
            done.down();
        });
        return done.wait() && gone ? 0 : 1;
    }), ==, 0);
}

// Once after each busy time, and not before the pool has been quiet.
void test_idle() {
    g_assert_cmpint(in_child([] {
        use_threads("2");
        auto &pool = WorkerPool::shared();
        Latch calls[2] = {Latch{1}, Latch{1}};
        std::atomic<unsigned> count{0};
        pool.when_idle([&] {
            const unsigned n = count++;
            if (n < 2) calls[n].down();
        });
        for (unsigned round = 0; round < 2; ++round) {
            Latch done{4};
            const auto begin = std::chrono::steady_clock::now();
            for (int i = 0; i < 4; ++i) pool.submit([&done] { done.down(); });
            if (!done.wait() || !calls[round].wait()) return 1;
            if (std::chrono::steady_clock::now() - begin < WorkerPool::idle_after) return 2;
            if (count != round + 1) return 3;
        }
        return 0;
    }), ==, 0);
}

void test_failing_job() {
    g_assert_cmpint(in_child([] {
        use_threads("1");
        Latch done{1};
        WorkerPool::shared().submit([] { throw std::runtime_error{"on purpose"}; });
        WorkerPool::shared().submit([] { throw 5; });
        WorkerPool::shared().submit([&done] { done.down(); });
        return done.wait() ? 0 : 1;
    }), ==, 0);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/worker-pool/width", test_width);
    g_test_add_func("/worker-pool/order", test_order);
    g_test_add_func("/worker-pool/parallel", test_parallel);
    g_test_add_func("/worker-pool/submit-from-job", test_submit_from_job);
    g_test_add_func("/worker-pool/job-is-released", test_job_is_released);
    g_test_add_func("/worker-pool/idle", test_idle);
    g_test_add_func("/worker-pool/failing-job", test_failing_job);
    return g_test_run();
}
