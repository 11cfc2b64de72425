// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/messages-display.hh"

#include <cstdint>
#include <optional>

namespace spice::channel {

// Counts the frames of one stream and says when the server is to hear of them (spec/display.md §11.5). Thread-bound.
class StreamReporter {
public:
    explicit StreamReporter(uint32_t stream_id) : id_{stream_id} {}

    void activate(const wire::StreamActivateReport &wish);
    // A frame has arrived `margin` ms before its time (negative: late). `now_ms` is any steady clock.
    std::optional<wire::StreamReport> arrived(uint32_t mm_time, int32_t margin, int64_t now_ms, uint32_t audio_delay);

    static wire::StreamReport unsupported(uint32_t stream_id);

private:
    void begin_window();

    const uint32_t id_;
    bool active_ = false;
    uint32_t unique_id_ = 0, max_frames_ = 0, timeout_ms_ = 0;
    uint32_t frames_ = 0, drops_ = 0, drop_run_ = 0, start_time_ = 0;
    int64_t window_start_ms_ = 0;
};

}
