// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "link/stream.hh"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

namespace spice::channel {

// When each display channel of a session last did something: an image that another channel may still bring is given
// up only once those have been quiet for long. Thread-safe.
class ActivityBoard {
public:
    using Time = link::Clock::time_point;

    // The answer tells this connection of the channel from a later one, which may begin before this one has left.
    uint64_t join(uint8_t channel, std::function<void()> wake);
    void leave(uint8_t channel, uint64_t presence);
    void note(uint8_t channel);

    bool others(uint8_t channel) const;
    Time last_of_others(uint8_t channel) const; // Time::min() without others
    void wake_all() const;

private:
    struct Member {
        Time last;
        uint64_t presence = 0;
        std::function<void()> wake;
    };
    mutable std::mutex mutex_;
    std::map<uint8_t, Member> members_;
    uint64_t last_presence_ = 0;
};

}
