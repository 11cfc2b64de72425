// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <functional>
#include <memory>

namespace spice {

// A thread for what waits and would hold up the worker pool: one job after another, in the order of submission. The
// thread begins with a job and ends when none has come for a while. Thread-safe; as a static it is never destroyed.
class SerialThread {
public:
    using Job = std::function<void()>;

    explicit SerialThread(const char *name);
    SerialThread(const SerialThread &) = delete;
    SerialThread &operator=(const SerialThread &) = delete;

    // False: there is no thread to be had, and the job is forgotten. `owner` only serves to find it again.
    [[nodiscard]] bool submit(const void *owner, Job job);
    // Forgets the jobs of `owner` that have not begun.
    void cancel(const void *owner);

private:
    struct State;
    bool start();

    const std::shared_ptr<State> state_;
};

}
