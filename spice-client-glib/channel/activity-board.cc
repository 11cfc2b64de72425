// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/activity-board.hh"

#include <algorithm>
#include <vector>

namespace spice::channel {

uint64_t ActivityBoard::join(uint8_t channel, std::function<void()> wake) {
    std::lock_guard lock{mutex_};
    members_[channel] = {link::Clock::now(), ++last_presence_, std::move(wake)};
    return last_presence_;
}

void ActivityBoard::leave(uint8_t channel, uint64_t presence) {
    std::lock_guard lock{mutex_};
    const auto found = members_.find(channel);
    if (found != members_.end() && found->second.presence == presence) members_.erase(found);
}

void ActivityBoard::note(uint8_t channel) {
    std::lock_guard lock{mutex_};
    if (const auto found = members_.find(channel); found != members_.end()) found->second.last = link::Clock::now();
}

bool ActivityBoard::others(uint8_t channel) const {
    std::lock_guard lock{mutex_};
    return members_.size() > (members_.contains(channel) ? 1u : 0u);
}

ActivityBoard::Time ActivityBoard::last_of_others(uint8_t channel) const {
    std::lock_guard lock{mutex_};
    auto last = Time::min();
    for (const auto &[id, member] : members_)
        if (id != channel) last = std::max(last, member.last);
    return last;
}

void ActivityBoard::wake_all() const {
    std::vector<std::function<void()>> wakes;
    {
        std::lock_guard lock{mutex_};
        for (const auto &[id, member] : members_) wakes.push_back(member.wake);
    }
    for (const auto &wake : wakes) wake();
}

}
