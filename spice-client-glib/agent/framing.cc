// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "agent/framing.hh"

#include "wire/reader.hh"

#include <algorithm>
#include <utility>

namespace spice::agent {

namespace {

constexpr std::size_t header_bytes = wire::wire_size<wire::AgentHeader>();

}

std::vector<std::byte> with_header(uint32_t type, std::size_t body_bytes) {
    wire::AgentHeader header;
    header.type = type;
    header.size = static_cast<uint32_t>(body_bytes);
    auto out = wire::serialize(header);
    out.reserve(out.size() + body_bytes);
    return out;
}

void Reassembler::reset() noexcept { *this = {}; }

void Reassembler::begin() {
    header_ = {};
    wire::Reader{head_}.message(header_);
    head_.clear();
    body_ = {};
    left_ = header_.size;
    in_body_ = true;
    skipped_ = header_.protocol != VD_AGENT_PROTOCOL;
}

bool Reassembler::feed(wire::Bytes piece, uint64_t limit, std::vector<Incoming> &out) {
    bool understood = true;
    while (!piece.empty() || (in_body_ && left_ == 0)) {
        if (!in_body_) {
            const auto take = std::min(piece.size(), header_bytes - head_.size());
            head_.insert(head_.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(take));
            piece = piece.subspan(take);
            if (head_.size() < header_bytes) break;
            begin();
            limit_ = limit; // what a message began with holds until its end
        }
        const auto take = static_cast<std::size_t>(std::min<uint64_t>(piece.size(), left_));
        const bool cut = header_.size > limit_;
        const auto room = cut ? kept_of_cut - std::min(kept_of_cut, body_.size()) : take;
        if (!skipped_) {
            const auto end = piece.begin() + static_cast<std::ptrdiff_t>(std::min(take, room));
            body_.insert(body_.end(), piece.begin(), end);
        }
        left_ -= take;
        piece = piece.subspan(take);
        if (left_ > 0) break;
        in_body_ = false;
        if (skipped_) understood = false;
        else out.push_back({header_.type, std::exchange(body_, {}), cut});
    }
    return understood;
}

}
