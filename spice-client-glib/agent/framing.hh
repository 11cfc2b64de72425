// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/messages-agent.hh"
#include "wire/writer.hh"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace spice::agent {

// One whole message of the agent.
struct Incoming {
    uint32_t type = 0;
    std::vector<std::byte> body;
    // It was larger than allowed: the body is only its beginning.
    bool cut = false;
};

// Makes messages out of the byte stream that the agent sends in pieces. Memory grows with what has really arrived,
// never with what a header announces. Thread-bound, no GLib.
class Reassembler {
public:
    // Of a message that is too large, this much is kept.
    static constexpr std::size_t kept_of_cut = 16;

    void reset() noexcept;
    // Appends what has become complete to `out`. Messages with a body above `limit` are cut, those of another protocol
    // version left out; false: there was one of the latter.
    bool feed(wire::Bytes piece, uint64_t limit, std::vector<Incoming> &out);

private:
    void begin();
    std::vector<std::byte> head_; // of the message under way, while it is not complete
    wire::AgentHeader header_;
    std::vector<std::byte> body_;
    uint64_t left_ = 0; // of its body
    uint64_t limit_ = 0;
    bool in_body_ = false, skipped_ = false;
};

// A message as it goes to the agent, with its header.
std::vector<std::byte> with_header(uint32_t type, std::size_t body_bytes);
template <class M> std::vector<std::byte> message_of(const M &m) {
    std::vector<std::byte> body = wire::serialize(m), out = with_header(M::message_id, body.size());
    out.insert(out.end(), body.begin(), body.end());
    return out;
}

}
