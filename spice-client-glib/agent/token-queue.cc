// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "agent/token-queue.hh"

#include <algorithm>

namespace spice::agent {

bool TokenQueue::append(uint32_t agent, std::vector<std::byte> message, uint64_t mark) {
    std::lock_guard lock{mutex_};
    if (agent != agent_) return true;
    if (items_.size() >= max_messages) return false;
    items_.push_back({std::move(message), mark});
    return true;
}

void TokenQueue::begin(uint32_t agent, std::optional<uint32_t> credit) {
    std::lock_guard lock{mutex_};
    agent_ = agent;
    if (credit) credit_ = *credit;
    if (sent_ > 0) rest_ = items_.front().bytes.size() - sent_;
    items_.clear();
    sent_ = 0;
}

bool TokenQueue::has_rest() const {
    std::lock_guard lock{mutex_};
    return rest_ > 0;
}

bool TokenQueue::ready() const {
    std::lock_guard lock{mutex_};
    return rest_ == 0 && credit_ > 0 && !items_.empty();
}

void TokenQueue::grant(uint32_t tokens) {
    std::lock_guard lock{mutex_};
    credit_ += tokens;
}

std::optional<TokenQueue::Body> TokenQueue::next() {
    std::lock_guard lock{mutex_};
    if (rest_ > 0) {
        const auto bytes = std::min(max_body, rest_);
        rest_ -= bytes;
        return Body{std::vector<std::byte>(bytes), 0};
    }
    if (credit_ == 0 || items_.empty()) return std::nullopt;
    const auto &item = items_.front();
    const auto take = std::min(max_body, item.bytes.size() - sent_);
    const auto from = item.bytes.begin() + static_cast<std::ptrdiff_t>(sent_);
    Body body{{from, from + static_cast<std::ptrdiff_t>(take)}, 0};
    --credit_;
    sent_ += take;
    if (sent_ == item.bytes.size()) {
        body.mark = item.mark;
        items_.pop_front();
        sent_ = 0;
    }
    return body;
}

}
