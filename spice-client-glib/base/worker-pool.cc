// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/worker-pool.hh"

#include "base/contained.hh"
#include "base/process.hh"

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

namespace spice {

using Clock = std::chrono::steady_clock;

struct WorkerPool::State {
    std::mutex mutex;
    std::condition_variable work;
    std::deque<Job> jobs; // guarded by mutex, as all that follows
    unsigned idle = 0;
    unsigned started = 0;
    Job idle_call;
    unsigned busy = 0;    // workers inside a job
    bool worked = false;  // a job has run since idle_call was
    Clock::time_point last_job;

    void wait_idle(std::unique_lock<std::mutex> &lock);
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
    contained("worker", job);
    job = nullptr;
}

}

// Returns when there may be work.
void WorkerPool::State::wait_idle(std::unique_lock<std::mutex> &lock) {
    ++idle;
    if (worked && busy == 0 && idle_call) {
        const auto due = last_job + idle_after;
        work.wait_until(lock, due);
        if (worked && busy == 0 && jobs.empty() && Clock::now() >= last_job + idle_after) {
            worked = false;
            auto call = idle_call;
            lock.unlock();
            run_job(call);
            lock.lock();
        }
    } else {
        work.wait(lock);
    }
    --idle;
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
                state->wait_idle(lock);
                continue;
            }
            auto job = std::move(state->jobs.front());
            state->jobs.pop_front();
            ++state->busy;
            lock.unlock();
            run_job(job);
            lock.lock();
            --state->busy;
            state->worked = true;
            state->last_job = Clock::now();
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

void WorkerPool::when_idle(Job call) {
    std::lock_guard lock{state_->mutex};
    state_->idle_call = std::move(call);
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
