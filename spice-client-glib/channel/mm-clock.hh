// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace spice::channel {

// The session's multimedia clock in ms, wrapping. Thread-safe (relaxed atomics: a reader may be one step late).
class MmClock {
public:
    uint32_t now() const noexcept;
    // True when the step is a jump: backwards, or more than 500 ms ahead (spec/session.md §7).
    bool set(uint32_t time);

    // `jumped` is called after every jump, on the thread that sets the time, while the token lives.
    using Token = std::shared_ptr<const std::function<void()>>;
    [[nodiscard]] Token watch(std::function<void()> jumped);

private:
    std::mutex mutex_;
    std::vector<std::weak_ptr<const std::function<void()>>> watchers_; // guarded by mutex_
    std::atomic<int64_t> offset_us_{0};
};

}
