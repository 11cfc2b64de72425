// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace spice::channel {

// What a program wants to send to a device, in order, taken by the engine piece by piece as the server reads. Bytes
// stay with their owner until the mark behind them was passed or close() has returned: waiting costs no memory here.
// Thread-safe.
class WriteQueue {
public:
    static constexpr std::size_t piece_bytes = 64u << 10;

    struct Mark {
        uint64_t token;
    };
    struct Message {
        uint16_t type;
        std::vector<std::byte> body;
    };
    using Data = std::vector<std::byte>;
    using Piece = std::variant<Data, Message, Mark>;

    // False: closed, and `data` will not be looked at.
    bool write(std::span<const std::byte> data, uint64_t token);
    bool write(std::vector<std::byte> data, uint64_t token);
    bool message(uint16_t type, std::vector<std::byte> body);
    bool mark(uint64_t token);
    void close();

    std::optional<Piece> next();
    bool empty() const;

private:
    struct Borrowed {
        std::span<const std::byte> left;
    };
    using Item = std::variant<Borrowed, Data, Message, Mark>;
    bool push(Item item, std::optional<uint64_t> token);

    mutable std::mutex mutex_;
    std::deque<Item> items_; // guarded by mutex_, as the next
    bool closed_ = false;
};

}
