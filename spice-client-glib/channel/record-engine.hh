// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/outbox-engine.hh"
#include "channel/record-framer.hh"
#include "wire/messages-audio.hh"

#include <mutex>

namespace spice::channel {

using RecordPayload = std::variant<wire::RecordStart, wire::RecordStop, wire::RecordVolume, wire::RecordMute>;
using RecordEvent = ChannelEvent<RecordPayload>;

// Sound for the guest on the channel's thread, encoded here.
class RecordEngine final : public OutboxEngine<RecordPayload> {
public:
    using OutboxEngine::OutboxEngine;

    // Any thread: samples that were captured at `time`. Those that nobody asked for are thrown away.
    void samples(std::span<const std::byte> data, uint32_t time);

private:
    static constexpr std::size_t max_waiting = 1u << 20; // what a server that does not read makes us forget

    struct Captured {
        uint32_t time;
        std::vector<std::byte> data;
    };
    Status handle(const Message &message) override;
    Status start(const wire::RecordStart &start);
    void tick() override;

    std::mutex mutex_;
    std::deque<Captured> waiting_; // guarded by mutex_, as the next
    std::size_t waiting_bytes_ = 0;
    std::optional<RecordFramer> framer_; // while the server wants sound
};

}
