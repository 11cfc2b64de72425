// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/worker-pool.hh"

#include "base/log.hh"
#include "base/process.hh"

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <thread>

namespace spice {

struct WorkerPool::State {
    std::mutex mutex;
    std::condition_variable work;
    std::deque<Job> jobs; // guarded by mutex, as the next two
    unsigned idle = 0;
    unsigned started = 0;
};

namespace {

constexpr int worker_nice = 5;
constexpr unsigned max_width = 64;

unsigned chosen_width() {
    if (const char *text = std::getenv("SPICE_DECODE_THREADS")) {
        unsigned n = 0;
        const auto [end, error] = std::from_chars(text, text + std::strlen(text), n);
        if (error == std::errc{} && *end == '\0' && n > 0) return std::min(n, max_width);
    }
    return std::clamp(std::thread::hardware_concurrency(), 1u, max_width);
}

void run_job(WorkerPool::Job &job) noexcept {
    try {
        job();
    } catch (const std::exception &e) {
        log::warn("worker: job ended by an internal error: %s", e.what());
    } catch (...) {
        log::warn("worker: job ended by an internal error");
    }
    job = nullptr;
}

}

WorkerPool &WorkerPool::shared() {
    static auto *const pool = new WorkerPool(chosen_width());
    return *pool;
}

WorkerPool::WorkerPool(unsigned width) : state_{std::make_shared<State>()}, width_{width} {}

bool WorkerPool::start_one(unsigned number) {
    auto body = [state = state_] {
        std::unique_lock lock{state->mutex};
        while (!process::stopping()) {
            if (state->jobs.empty()) {
                ++state->idle;
                state->work.wait(lock);
                --state->idle;
                continue;
            }
            auto job = std::move(state->jobs.front());
            state->jobs.pop_front();
            lock.unlock();
            run_job(job);
            lock.lock();
        }
    };
    // The lock orders the wake-up after a worker's look at the stop flag.
    auto wake = [state = state_] {
        std::lock_guard lock{state->mutex};
        state->work.notify_all();
    };
    const auto name = "spice-worker-" + std::to_string(number);
    return process::start_thread(name.c_str(), worker_nice, std::move(body), std::move(wake));
}

void WorkerPool::submit(Job job) {
    std::unique_lock lock{state_->mutex};
    state_->jobs.push_back(std::move(job));
    const bool grow = state_->jobs.size() > state_->idle && state_->started < width_;
    const unsigned number = grow ? state_->started++ : 0;
    lock.unlock();
    state_->work.notify_one();
    // Without the lock: the exit handler takes the registry's lock first, then ours.
    if (grow && !start_one(number)) {
        lock.lock();
        --state_->started;
    }
}

}
