// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/outbox-engine.hh"
#include "channel/write-queue.hh"
#include "wire/messages-port.hh"

namespace spice::channel {

struct PortData {
    std::vector<std::byte> bytes;
};
using PortPayload = std::variant<wire::PortInit, wire::PortEvent, PortData>;
using PortChannelEvent = ChannelEvent<PortPayload>;

// A port on its thread. What is to be sent waits in the write queue until the server has room for it. Kinds of ports that
// know what their bytes mean derive from it.
class PortEngine : public OutboxEngine<PortPayload> {
public:
    using OutboxEngine::OutboxEngine;

    WriteQueue &writes() noexcept { return writes_; }
    void flush(uint64_t token) override { // behind the writes that wait
        writes_.mark(token);
        wake();
    }

protected:
    static constexpr std::size_t max_queued = 2 * WriteQueue::piece_bytes; // beside what the transport is writing

    // Of one signal: servers send up to 64 KiB, and an application is not to be kept by what it can be told in parts.
    static constexpr std::size_t max_piece = 256u << 10;

    virtual void take_data(std::vector<std::byte> bytes);
    virtual void opened(bool) {} // the server says so
    void queue_data(std::span<const std::byte> bytes);
    void produce() override;
    bool more_to_send() const override { return !writes_.empty(); }

private:
    Status handle(const Message &message) override;
    void linked() override { moved(); }
    void moved() override;

    WriteQueue writes_;
    bool compress_ = false;
};

}
