// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/serials.hh"

#include <algorithm>

namespace spice::channel {

void SerialRegistry::open(Key channel) {
    std::lock_guard lock{mutex_};
    channels_[channel].done = 0;
}

void SerialRegistry::close(Key channel) {
    std::vector<Waiter> waiters;
    {
        std::lock_guard lock{mutex_};
        const auto found = channels_.find(channel);
        if (found == channels_.end()) return;
        waiters = std::move(found->second.waiters);
        channels_.erase(found);
    }
    for (auto &waiter : waiters) waiter.wake();
}

void SerialRegistry::processed(Key channel, uint64_t serial) {
    std::vector<Waiter> ready;
    {
        std::lock_guard lock{mutex_};
        const auto found = channels_.find(channel);
        if (found == channels_.end()) return;
        auto &entry = found->second;
        entry.done = serial;
        const auto split = std::partition(entry.waiters.begin(), entry.waiters.end(),
                                          [serial](const Waiter &w) { return w.serial > serial; });
        ready.assign(std::make_move_iterator(split), std::make_move_iterator(entry.waiters.end()));
        entry.waiters.erase(split, entry.waiters.end());
    }
    for (auto &waiter : ready) waiter.wake();
}

bool SerialRegistry::reached(Key channel, uint64_t serial, std::function<void()> wake) {
    std::lock_guard lock{mutex_};
    const auto found = channels_.find(channel);
    if (found == channels_.end() || found->second.done >= serial) return true;
    found->second.waiters.push_back({serial, std::move(wake)});
    return false;
}

unsigned SerialRegistry::others_open(Key self) const {
    std::lock_guard lock{mutex_};
    unsigned count = 0;
    for (const auto &[key, entry] : channels_) count += key.first == self.first && key.second != self.second;
    return count;
}

}
