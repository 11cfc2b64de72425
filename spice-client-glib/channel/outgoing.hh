// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "link/transport.hh"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace spice::channel {

// Messages on their way to the server, in order. append() and mark() are for any thread, the rest for the engine.
class Outgoing {
public:
    // What a server that does not read may make us hold; beyond it the connection ends with an error.
    static constexpr std::size_t max_bytes = 64u << 20;

    void append(uint16_t type, std::vector<std::byte> body);
    void mark(uint64_t token); // taken by write() once everything before it is in the kernel

    void use_mini_headers(bool mini) noexcept { mini_ = mini; }
    // Writes what was begun and then, if given, a message of type `last` without a body. What is queued stays, and
    // empty() does not count it, until release(): the connection is replaced meanwhile.
    void hold(std::optional<uint16_t> last);
    // `first` goes before everything that is queued.
    struct First {
        uint16_t type;
        std::vector<std::byte> body;
    };
    void release(const std::optional<First> &first);
    bool empty() const;
    std::size_t queued_bytes() const; // any thread; not counting what write() has begun

    // Writes what the transport takes; appends reached marks to `tokens`.
    Status write(link::Transport &transport, std::vector<uint64_t> &tokens);

private:
    struct Item {
        bool is_mark = false;
        uint16_t type = 0;
        uint64_t token = 0;
        std::vector<std::byte> body;
    };
    static std::size_t cost(const std::vector<std::byte> &body) noexcept;
    void frame(uint16_t type, const std::vector<std::byte> &body);
    void refill();

    mutable std::mutex mutex_;
    std::deque<Item> items_; // guarded by mutex_, as the next two
    std::size_t bytes_ = 0;
    bool overflow_ = false;

    // Engine thread only.
    bool mini_ = true, held_ = false;
    uint64_t serial_ = 0;
    std::vector<std::byte> chunk_; // framed bytes being written
    std::size_t written_ = 0;
    std::vector<uint64_t> chunk_marks_;
};

}
