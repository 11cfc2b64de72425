// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/process.hh"

#include "base/contained.hh"

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <list>
#include <mutex>
#include <pthread.h>
#include <string>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace spice::process {

namespace {

struct Thread {
    std::string name;
    int nice_increment;
    std::function<void()> body;
    std::function<void()> wake, failed;
    std::list<Thread>::iterator self;
    bool libraries_ended = false;
};

// Made on first use and never destroyed: detached threads may outlive static destruction.
struct Registry {
    std::mutex mutex;
    std::condition_variable ended;
    std::list<Thread> threads;
    bool ready = false; // the exit handler is registered, the key is there
};

Registry &registry() {
    static auto *const instance = new Registry;
    return *instance;
}

std::atomic<bool> stop_flag{false};
thread_local bool own_thread = false;
std::atomic<void (*)()> before_first_thread{nullptr};

void at_exit() {
    constexpr auto patience = std::chrono::seconds(1); // threads answer within milliseconds, if they get a processor
    auto &reg = registry();
    std::unique_lock lock{reg.mutex};
    stop_flag.store(true, std::memory_order_release);
    for (auto &thread : reg.threads)
        if (thread.wake) thread.wake();
    reg.ended.wait_for(lock, patience, [&reg] { return reg.threads.empty(); });
}

void run(Thread &thread) noexcept {
    own_thread = true;
    pthread_setname_np(pthread_self(), thread.name.substr(0, 15).c_str());
    if (thread.nice_increment != 0) {
        const auto self = static_cast<id_t>(syscall(SYS_gettid));
        setpriority(PRIO_PROCESS, self, getpriority(PRIO_PROCESS, self) + thread.nice_increment); // the kernel clamps it
    }
    const bool ok = contained(thread.name.c_str(), thread.body);
    if (!ok && thread.failed) thread.failed();
    thread.failed = nullptr;
    thread.body = nullptr; // releases what the closure owns while the process still waits for us
}

void leave(Thread &thread) {
    auto &reg = registry();
    std::list<Thread> gone;
    std::unique_lock lock{reg.mutex};
    gone.splice(gone.begin(), reg.threads, thread.self);
    // Past this point the thread runs no third-party code; `wake` may own the last reference to an engine.
    lock.unlock();
    gone.clear();
    reg.ended.notify_all();
}

// A thread counts as running until the thread-specific data of third-party libraries are gone: OpenSSL frees its own
// when the thread ends, and must not do that while exit() takes the library down. Destructors run in rounds, in no
// order within one; the first round belongs to the libraries, ours asks for a second one.
pthread_key_t last_word;

void at_thread_end(void *data) {
    auto &thread = *static_cast<Thread *>(data);
    if (!thread.libraries_ended && pthread_setspecific(last_word, data) == 0) {
        thread.libraries_ended = true;
        return;
    }
    leave(thread);
}

void *entry(void *data) {
    auto &thread = *static_cast<Thread *>(data);
    run(thread);
    if (pthread_setspecific(last_word, data) != 0) leave(thread);
    return nullptr;
}

bool spawn(Thread &thread) {
    pthread_attr_t attr;
    if (pthread_attr_init(&attr) != 0) return false;
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, 1u << 20);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); // inherited by the new thread
    pthread_t id{};
    const int error = pthread_create(&id, &attr, entry, &thread);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    pthread_attr_destroy(&attr);
    return error == 0;
}

}

bool stopping() noexcept { return stop_flag.load(std::memory_order_acquire); }

bool start_thread(const char *name, int nice_increment, std::function<void()> body, std::function<void()> wake,
                  std::function<void()> failed) {
    if (stopping()) return false; // without the lock: the exit handler holds it while it wakes threads
    auto &reg = registry();
    std::unique_lock lock{reg.mutex};
    if (stopping()) return false;
    if (!reg.ready) {
        if (pthread_key_create(&last_word, at_thread_end) != 0) return false;
        reg.ready = true;
        if (auto *hook = before_first_thread.load()) hook();
        std::atexit(at_exit);
    }
    auto &thread = reg.threads.emplace_back(Thread{name, nice_increment, std::move(body), std::move(wake), std::move(failed), {}});
    thread.self = std::prev(reg.threads.end());
    std::list<Thread> refused;
    if (spawn(thread)) return true;
    refused.splice(refused.begin(), reg.threads, thread.self);
    lock.unlock();
    return false;
}

bool on_own_thread() noexcept { return own_thread; }

int thread_count() noexcept {
    auto &reg = registry();
    std::lock_guard lock{reg.mutex};
    return static_cast<int>(reg.threads.size());
}

void set_before_first_thread(void (*hook)()) noexcept { before_first_thread.store(hook); }

}
