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

bool MmClock::set(uint32_t time) noexcept {
    const auto step = static_cast<int32_t>(time - now());
    offset_us_.store(monotonic_us() - int64_t{time} * 1000, std::memory_order_relaxed);
    return step < 0 || step > max_step_ms;
}

}
