// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/serial-thread.hh"

#include "base/contained.hh"
#include "base/process.hh"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <string>
#include <utility>

namespace spice {

namespace {

constexpr auto idle_after = std::chrono::seconds(2);

}

struct SerialThread::State {
    struct Entry {
        const void *owner;
        Job job;
    };
    explicit State(const char *n) : name{n} {}
    void run();
    bool wait(std::unique_lock<std::mutex> &lock);

    const std::string name;
    std::mutex mutex;
    std::condition_variable changed;
    std::list<Entry> jobs; // guarded by mutex, as the next
    bool running = false;
};

// False when the thread is to end.
bool SerialThread::State::wait(std::unique_lock<std::mutex> &lock) {
    const bool woken = changed.wait_for(lock, idle_after, [this] { return !jobs.empty() || process::stopping(); });
    running = woken && !process::stopping();
    return running;
}

void SerialThread::State::run() {
    std::unique_lock lock{mutex};
    while (wait(lock)) {
        std::list<Entry> current;
        current.splice(current.begin(), jobs, jobs.begin());
        lock.unlock();
        contained(name.c_str(), current.front().job);
        current.clear(); // it may hold the last reference to something that takes its time
        lock.lock();
    }
}

SerialThread::SerialThread(const char *name) : state_{std::make_shared<State>(name)} {}

bool SerialThread::start() {
    auto wake = [state = state_] {
        std::lock_guard lock{state->mutex};
        state->changed.notify_all();
    };
    return process::start_thread(state_->name.c_str(), 0, [state = state_] { state->run(); }, std::move(wake));
}

bool SerialThread::submit(const void *owner, Job job) {
    std::list<State::Entry> entry;
    entry.push_back({owner, std::move(job)});
    std::unique_lock lock{state_->mutex};
    const auto added = entry.begin();
    state_->jobs.splice(state_->jobs.end(), entry);
    const bool begin = !std::exchange(state_->running, true);
    lock.unlock();
    state_->changed.notify_one();
    // Without the lock: the exit handler takes the registry's lock first, then ours.
    if (!begin || start()) return true;
    lock.lock();
    state_->running = false;
    const auto found = std::find_if(state_->jobs.begin(), state_->jobs.end(), [&](const auto &e) { return &e == &*added; });
    if (found != state_->jobs.end()) entry.splice(entry.end(), state_->jobs, found);
    return false;
}

void SerialThread::cancel(const void *owner) {
    std::list<State::Entry> gone;
    std::lock_guard lock{state_->mutex};
    for (auto entry = state_->jobs.begin(); entry != state_->jobs.end();) {
        const auto next = std::next(entry);
        if (entry->owner == owner) gone.splice(gone.end(), state_->jobs, entry);
        entry = next;
    }
}

}
