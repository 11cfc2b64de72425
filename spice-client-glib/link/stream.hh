// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "link/transport.hh"
#include "link/wakeup.hh"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>

namespace spice::link {

using Clock = std::chrono::steady_clock;

struct Readiness {
    bool transport = false; // readable, writable or failed: try
    bool woken = false;
    bool timed_out = false;
};

// Waits for `events` on `fd`, for the wake-up or for the deadline, whichever is first. fd -1 waits for the others.
Readiness wait(int fd, short events, Wakeup &wakeup, std::optional<Clock::time_point> deadline);

// Straight-line reading and writing for the link phase: blocks its thread, but for the wake-up's cancel() and the
// silence limit. Bound to the thread of the connection attempt.
class LinkStream {
public:
    LinkStream(Transport &transport, Wakeup &wakeup, std::chrono::milliseconds silence_limit)
        : transport_{&transport}, wakeup_{wakeup}, silence_limit_{silence_limit} {}

    // Errors: cancelled, timeout (no byte for the silence limit), io (socket error), link (peer closed).
    Status read_exact(std::span<std::byte> into);
    Status write_all(std::span<const std::byte> from);

    // What follows goes through a layer around the transport so far.
    void switch_to(Transport &layer) noexcept { transport_ = &layer; }
    Transport &transport() const noexcept { return *transport_; }

    std::size_t bytes_read() const noexcept { return bytes_read_; }

private:
    Status wait_for(short events, Clock::time_point deadline);

    Transport *transport_;
    Wakeup &wakeup_;
    std::chrono::milliseconds silence_limit_;
    std::size_t bytes_read_ = 0;
};

Error io_error(const char *what, int error_number);

}
