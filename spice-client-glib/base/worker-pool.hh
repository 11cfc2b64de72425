// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace spice {

// The decode pool of the process: as many threads as processors, or SPICE_DECODE_THREADS. Thread-safe, never destroyed.
// Jobs start in the order they were submitted and must not wait for one another: a job that needs what another makes
// parks itself elsewhere and is submitted again.
class WorkerPool {
public:
    using Job = std::function<void()>;

    static WorkerPool &shared();

    void submit(Job job);
    // Called on a worker when no job has run for `idle_after`, once after each busy time: give back what was kept for the
    // next job. Replaces the call of before.
    void when_idle(Job call);
    static constexpr std::chrono::milliseconds idle_after{2000};
    unsigned width() const noexcept { return width_; }

    WorkerPool(const WorkerPool &) = delete;
    WorkerPool &operator=(const WorkerPool &) = delete;

private:
    struct State;
    explicit WorkerPool(unsigned width);
    bool start_one(unsigned number);

    std::shared_ptr<State> state_;
    unsigned width_;
};

}
