// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/stream-report.hh"

namespace spice::channel {

namespace {

constexpr uint32_t alarming_drops = 3; // in a row: the server hears of it at once

}

void StreamReporter::activate(const wire::StreamActivateReport &wish) {
    active_ = true;
    unique_id_ = wish.unique_id;
    max_frames_ = wish.max_window_size;
    timeout_ms_ = wish.timeout_ms;
    begin_window();
}

void StreamReporter::begin_window() { frames_ = drops_ = drop_run_ = 0; }

std::optional<wire::StreamReport> StreamReporter::arrived(uint32_t mm_time, int32_t margin, int64_t now_ms,
                                                          uint32_t audio_delay) {
    if (!active_) return std::nullopt;
    if (frames_++ == 0) {
        start_time_ = mm_time;
        window_start_ms_ = now_ms;
    }
    if (margin < 0) {
        ++drops_;
        ++drop_run_;
    } else {
        drop_run_ = 0;
    }
    if (frames_ < max_frames_ && now_ms - window_start_ms_ < timeout_ms_ && drop_run_ < alarming_drops) return std::nullopt;
    const wire::StreamReport report{id_, unique_id_, start_time_, mm_time, frames_, drops_, margin, audio_delay};
    begin_window();
    return report;
}

wire::StreamReport StreamReporter::unsupported(uint32_t stream_id) {
    wire::StreamReport report;
    report.stream_id = stream_id;
    report.num_drops = UINT32_MAX;
    return report;
}

}
