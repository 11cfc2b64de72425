// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/process.hh"
#include "child.hh"

#include <glib.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>

namespace process = spice::process;
using spice::test::in_child;

namespace {

constexpr auto limit = std::chrono::seconds(20);

// A flag that threads wait for.
struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    void unlock() {
        std::lock_guard lock{mutex};
        open = true;
        changed.notify_all();
    }
    bool wait() {
        std::unique_lock lock{mutex};
        return changed.wait_for(lock, limit, [this] { return open; });
    }
};

// Threads outlive the function that starts them: what they use is leaked on purpose into a reachable place.
template <class T> T &immortal() {
    static auto *const instance = new T;
    return *instance;
}
struct First : Gate {};
struct Second : Gate {};
struct Third : Gate {};

bool wait_for_no_thread() {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (process::thread_count() > 0 && std::chrono::steady_clock::now() < deadline) sched_yield();
    return process::thread_count() == 0;
}

void test_runs() {
    g_assert_cmpint(in_child([] {
        auto &started = immortal<First>();
        auto &leave = immortal<Second>();
        if (process::thread_count() != 0) return 1;
        if (!process::start_thread("spice-test", 0, [&] { started.unlock(); leave.wait(); }, nullptr)) return 2;
        if (!started.wait() || process::thread_count() != 1 || process::stopping()) return 3;
        leave.unlock();
        return wait_for_no_thread() ? 0 : 4;
    }), ==, 0);
}

void test_attributes() {
    g_assert_cmpint(in_child([] {
        auto &seen = immortal<First>();
        static char name[32];
        static int blocked_usr1 = 0, nice_value = 0;
        static std::size_t stack = 0;
        process::start_thread("spice-test-a-rather-long-name", 5, [&seen] {
            pthread_getname_np(pthread_self(), name, sizeof name);
            sigset_t mask;
            pthread_sigmask(SIG_SETMASK, nullptr, &mask);
            blocked_usr1 = sigismember(&mask, SIGUSR1);
            nice_value = getpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)));
            pthread_attr_t attr;
            pthread_getattr_np(pthread_self(), &attr);
            pthread_attr_getstacksize(&attr, &stack);
            pthread_attr_destroy(&attr);
            seen.unlock();
        }, nullptr);
        if (!seen.wait()) return 1;
        if (std::strcmp(name, "spice-test-a-ra") != 0) return 2;
        if (blocked_usr1 != 1) return 3;
        if (nice_value != std::min(19, getpriority(PRIO_PROCESS, 0) + 5)) return 4;
        sigset_t mine;
        pthread_sigmask(SIG_SETMASK, nullptr, &mine);
        if (sigismember(&mine, SIGUSR1) != 0) return 5; // ours is as before
        return stack >= (1u << 20) && stack < (4u << 20) ? 0 : 6;
    }), ==, 0);
}

// What the closures own is gone when the thread is no longer counted.
void test_closures_are_released() {
    g_assert_cmpint(in_child([] {
        auto owned = std::make_shared<int>(1);
        std::weak_ptr<int> weak = owned;
        if (!process::start_thread("spice-test", 0, [owned] {}, [owned] {})) return 1;
        owned.reset();
        if (!wait_for_no_thread()) return 2;
        const auto deadline = std::chrono::steady_clock::now() + limit; // `wake` goes just after the count
        while (!weak.expired() && std::chrono::steady_clock::now() < deadline) sched_yield();
        return weak.expired() ? 0 : 3;
    }), ==, 0);
}

// A library that keeps something per thread frees it when the thread ends: that thread still counts.
void test_libraries_end_first() {
    g_assert_cmpint(in_child([] {
        static pthread_key_t key;
        static auto &freeing = immortal<First>();
        static auto &leave = immortal<Second>();
        const auto free_data = [](void *) {
            freeing.unlock();
            leave.wait();
        };
        if (pthread_key_create(&key, free_data) != 0) return 1;
        if (!process::start_thread("spice-test", 0, [] { pthread_setspecific(key, &key); }, nullptr)) return 2;
        if (!freeing.wait() || process::thread_count() != 1) return 3;
        leave.unlock();
        return wait_for_no_thread() ? 0 : 4;
    }), ==, 0);
}

void test_failing_thread() {
    g_assert_cmpint(in_child([] {
        if (!process::start_thread("spice-test", 0, [] { throw 1; }, nullptr)) return 1;
        return wait_for_no_thread() ? 0 : 2;
    }), ==, 0);
}

void hook() { immortal<Third>().unlock(); }

void test_hook_comes_first() {
    g_assert_cmpint(in_child([] {
        process::set_before_first_thread(hook);
        static bool was_called = false;
        auto &started = immortal<First>();
        process::start_thread("spice-test", 0, [&started] {
            was_called = immortal<Third>().open;
            started.unlock();
        }, nullptr);
        return started.wait() && was_called ? 0 : 1;
    }), ==, 0);
}

// Runs after the library's own exit handler, since it is registered before.
void after_library() {
    if (!process::stopping()) _exit(11);
    if (process::thread_count() != 0) _exit(12);
    if (process::start_thread("spice-late", 0, [] {}, nullptr)) _exit(13);
}

// exit() while threads run: each is woken, and has left when later handlers run.
void test_exit_wakes_threads() {
    g_assert_cmpint(in_child([] {
        std::atexit(after_library);
        auto &leave = immortal<First>();
        auto &started = immortal<Second>();
        process::start_thread("spice-test", 0, [&] { started.unlock(); leave.wait(); }, [&leave] { leave.unlock(); });
        return started.wait() ? 0 : 1;
    }), ==, 0);
}

void test_exit_many_threads() {
    g_assert_cmpint(in_child([] {
        std::atexit(after_library);
        static Gate gates[20];
        for (auto &gate : gates)
            if (!process::start_thread("spice-test", 0, [&gate] { gate.wait(); }, [&gate] { gate.unlock(); })) return 1;
        return 0;
    }), ==, 0);
}

// A thread inside something that cannot be interrupted does not hold up the exit for long.
void test_exit_is_bounded() {
    const auto before = std::chrono::steady_clock::now();
    g_assert_cmpint(in_child([] {
        auto &started = immortal<First>();
        process::start_thread("spice-test", 0, [&started] { started.unlock(); pause(); }, [] {});
        return started.wait() ? 0 : 1;
    }), ==, 0);
    const auto took = std::chrono::steady_clock::now() - before;
    g_assert_true(took >= std::chrono::milliseconds(190));
    g_assert_true(took < std::chrono::seconds(10));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/process/runs", test_runs);
    g_test_add_func("/process/attributes", test_attributes);
    g_test_add_func("/process/closures-are-released", test_closures_are_released);
    g_test_add_func("/process/failing-thread", test_failing_thread);
    g_test_add_func("/process/libraries-end-first", test_libraries_end_first);
    g_test_add_func("/process/hook-comes-first", test_hook_comes_first);
    g_test_add_func("/process/exit-wakes-threads", test_exit_wakes_threads);
    g_test_add_func("/process/exit-many-threads", test_exit_many_threads);
    g_test_add_func("/process/exit-is-bounded", test_exit_is_bounded);
    return g_test_run();
}
