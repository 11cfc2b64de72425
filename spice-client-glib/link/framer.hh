// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "base/unique-fd.hh"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace spice::link {

// Cuts the byte stream of a linked channel into messages: large reads, no copy of bodies. A message keeps the block it
// lies in alive, so it may travel to other threads. Bound to the thread of the connection.
class Framer {
public:
    // Nothing legitimate comes near it: an uncompressed 8K picture is 126 MiB.
    static constexpr std::size_t max_body = 256u << 20;
    static constexpr std::size_t min_block = 16u << 10, max_block = 128u << 10;

    using Block = std::shared_ptr<std::byte[]>;

    struct Message {
        uint16_t type = 0;
        uint64_t serial = 0;   // explicit with full headers, counted from 1 with mini headers
        uint32_t sub_list = 0; // offset of the sub-message list in the body, full headers only
        std::span<const std::byte> body;
        Block keep;            // keeps `body` alive
    };

    // Descriptors that came and were not asked for yet; more of them is an attack.
    static constexpr std::size_t max_descriptors = 32;

    explicit Framer(bool mini_header) : mini_{mini_header} {}

    // Where the next read goes; never empty.
    std::span<std::byte> space();
    void filled(std::size_t n);

    // The next complete message, nothing when more bytes are needed, an error when the header is unacceptable.
    Result<std::optional<Message>> next();

    // Messages with a larger body are an error, before anything is read of it.
    void set_max_body(std::size_t bytes) noexcept { max_body_ = bytes; }
    // Messages with mini headers are counted from here: what they belong to began on another connection.
    void count_from(uint64_t count) noexcept { count_ = count; }
    uint64_t count() const noexcept { return count_; }

    // The last byte that was filled in carried these.
    Status attach(std::vector<UniqueFd> fds);
    // One byte that belongs to no message follows the last one (spec/link.md §12): it, with what it carried. Nothing
    // when it is not there yet. Descriptors that came with any other byte are closed as soon as that is passed.
    struct Extra {
        std::byte value{};
        std::vector<UniqueFd> fds;
    };
    std::optional<Extra> take_extra();

private:
    struct Carried {
        uint64_t position;
        UniqueFd fd;
    };
    struct Header {
        uint16_t type = 0;
        uint32_t size = 0, sub_list = 0;
        uint64_t serial = 0;
    };
    std::size_t header_size() const noexcept { return mini_ ? 6 : 18; }
    std::size_t buffered() const noexcept { return end_ - begin_; }
    Header decode_header() const noexcept;
    void move_to_block(std::size_t capacity, std::size_t offset = 0);
    bool only_ours() const noexcept;
    void pass(std::size_t n);

    bool mini_;
    std::size_t max_body_ = max_body;
    uint64_t count_ = 0;
    Block block_;
    std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
    std::size_t target_ = min_block;
    std::size_t wanted_ = 0; // bytes of the incomplete message, header included; 0 while unknown
    unsigned small_reads_ = 0;
    uint64_t position_ = 0; // of the stream, at begin_
    std::deque<Carried> carried_;
};

}
