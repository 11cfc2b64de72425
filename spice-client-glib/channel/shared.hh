// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/mm-clock.hh"
#include "channel/serials.hh"

#include <atomic>
#include <cstdint>

namespace spice::channel {

// State that all channels of one session share across threads. Thread-safe; lives as long as any engine needs it.
struct Shared {
    static constexpr uint32_t no_playback = UINT32_MAX;

    MmClock clock;
    std::atomic<uint32_t> playback_latency{no_playback}; // ms, while sound is played
    SerialRegistry serials;
};

}
