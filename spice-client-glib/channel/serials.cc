// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/serials.hh"

#include <algorithm>

namespace spice::channel {

uint64_t SerialRegistry::open(Key channel) {
    std::lock_guard lock{mutex_};
    auto &entry = channels_[channel];
    entry.done = 0;
    entry.presence = ++last_presence_;
    return entry.presence;
}

void SerialRegistry::close(Key channel, uint64_t presence) {
    std::vector<Waiter> waiters;
    {
        std::lock_guard lock{mutex_};
        const auto found = channels_.find(channel);
        if (found == channels_.end() || found->second.presence != presence) return;
        waiters = std::move(found->second.waiters);
        channels_.erase(found);
    }
    for (auto &waiter : waiters) waiter.wake();
}

void SerialRegistry::processed(Key channel, uint64_t serial, uint64_t presence) {
    std::vector<Waiter> ready;
    {
        std::lock_guard lock{mutex_};
        const auto found = channels_.find(channel);
        if (found == channels_.end() || found->second.presence != presence) return;
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

bool SerialRegistry::done(Key channel, uint64_t serial) const {
    std::lock_guard lock{mutex_};
    const auto found = channels_.find(channel);
    return found == channels_.end() || found->second.done >= serial;
}

}
