// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/mm-clock.hh"

#include <chrono>

namespace spice::channel {

namespace {

constexpr int32_t max_step_ms = 500;

int64_t monotonic_us() noexcept {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

}

uint32_t MmClock::now() const noexcept {
    return static_cast<uint32_t>((monotonic_us() - offset_us_.load(std::memory_order_relaxed)) / 1000);
}

bool MmClock::set(uint32_t time) {
    const auto step = static_cast<int32_t>(time - now());
    offset_us_.store(monotonic_us() - int64_t{time} * 1000, std::memory_order_relaxed);
    if (step >= 0 && step <= max_step_ms) return false;
    std::vector<Token> watchers;
    {
        std::lock_guard lock{mutex_};
        for (const auto &watcher : watchers_)
            if (auto token = watcher.lock()) watchers.push_back(std::move(token));
    }
    for (const auto &watcher : watchers) (*watcher)();
    return true;
}

MmClock::Token MmClock::watch(std::function<void()> jumped) {
    auto token = std::make_shared<const std::function<void()>>(std::move(jumped));
    std::lock_guard lock{mutex_};
    std::erase_if(watchers_, [](const auto &watcher) { return watcher.expired(); });
    watchers_.push_back(token);
    return token;
}

}
