// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace spice::channel {

// How far each channel of a session has come, for WAIT_FOR_CHANNELS. Thread-safe.
class SerialRegistry {
public:
    using Key = std::pair<uint8_t, uint8_t>; // channel type, channel id

    // Linked; nothing processed yet. The answer tells this connection of the channel from earlier and later ones, which
    // may end after it began.
    uint64_t open(Key channel);
    void close(Key channel, uint64_t presence); // gone: whoever waits for it goes on
    void processed(Key channel, uint64_t serial, uint64_t presence);

    // True: nothing to wait for (an unknown channel counts as done). Otherwise `wake` is called once when that changes.
    bool reached(Key channel, uint64_t serial, std::function<void()> wake);
    bool done(Key channel, uint64_t serial) const;

private:
    struct Waiter {
        uint64_t serial;
        std::function<void()> wake;
    };
    struct Entry {
        uint64_t done = 0, presence = 0;
        std::vector<Waiter> waiters;
    };
    mutable std::mutex mutex_;
    std::map<Key, Entry> channels_;
    uint64_t last_presence_ = 0;
};

}
