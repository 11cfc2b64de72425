// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace spice::agent {

// Messages on their way to the agent, cut into the bodies of AGENT_DATA: as many as the guest has given credit for.
// append() is for the main context, which speaks of the agent that it knows; the rest is for the engine, which may
// already have seen the next one: what was meant for an earlier agent goes nowhere.
class TokenQueue {
public:
    // Small answers, too, are not kept without end for a guest that reads nothing.
    static constexpr std::size_t max_messages = 4096;
    static constexpr std::size_t max_body = 2048;

    struct Body {
        std::vector<std::byte> bytes;
        uint64_t mark = 0; // of the message that this is the end of; 0: none
    };

    // False: too much is waiting already. A message for an earlier agent counts as sent to nobody.
    bool append(uint32_t agent, std::vector<std::byte> message, uint64_t mark);

    // Another agent, or none. Without a number the credit stays as it is. Of a message that has begun the rest must still
    // leave, or libspice-server takes what comes next for it. It throws the rest away, and wants no credit for it.
    void begin(uint32_t agent, std::optional<uint32_t> credit);
    void grant(uint32_t tokens);
    // The next body, when there is credit for it, or when it is a rest.
    std::optional<Body> next();
    bool has_rest() const;
    bool ready() const; // next() would give something of a message

private:
    struct Item {
        std::vector<std::byte> bytes;
        uint64_t mark;
    };
    mutable std::mutex mutex_;
    uint32_t agent_ = 0; // guarded by mutex_, as everything here
    uint64_t credit_ = 0;
    std::deque<Item> items_;
    std::size_t sent_ = 0; // of the first item
    std::size_t rest_ = 0; // bytes of a message to an earlier agent; their values matter to nobody
};

}
