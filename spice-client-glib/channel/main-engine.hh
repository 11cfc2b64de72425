// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "agent/framing.hh"
#include "agent/token-queue.hh"
#include "channel/outbox-engine.hh"
#include "wire/messages-main.hh"

#include <array>
#include <string>

namespace spice::channel {

struct NameChanged {
    std::string name;
};
struct UuidChanged {
    std::array<uint8_t, 16> uuid;
};
struct AgentState {
    bool connected;
    uint32_t number; // of this agent, or of its absence, on this connection
};
struct AgentLeft {
    uint64_t mark; // of a message that has left as a whole
};

using MainPayload = std::variant<wire::MainInit, wire::ChannelsList, wire::MouseMode, wire::MultiMediaTime, NameChanged,
                                 UuidChanged, AgentState, agent::Incoming, AgentLeft, wire::MigrateSwitchHost,
                                 wire::MigrateBegin, wire::MigrateBeginSeamless, wire::MigrateCancel, wire::MigrateEnd>;
using MainEvent = ChannelEvent<MainPayload>;

// The main channel on its thread: turns messages into events, and sends to the agent what its credit allows.
class MainEngine final : public OutboxEngine<MainPayload> {
public:
    using OutboxEngine::OutboxEngine;

    // For the main context. False: the agent does not take what waits for it already.
    bool post_to_agent(uint32_t number, std::vector<std::byte> message, uint64_t mark) {
        const bool taken = to_agent_.append(number, std::move(message), mark);
        wake();
        return taken;
    }
    // Of one AGENT_DATA, where servers send 2 KiB: a larger one could be thousands of messages, each an event.
    static constexpr std::size_t max_agent_data = 64u << 10;
    void set_agent_limit(uint64_t bytes) noexcept { agent_limit_.store(bytes, std::memory_order_relaxed); }

private:
    Status handle(const Message &message) override;
    void linked() override;
    void tick() override;
    std::optional<link::Clock::time_point> next_tick() const override;
    bool more_to_send() const override { return to_agent_.ready(); }
    Status handle_migration(const Message &message);
    Status handle_agent(const Message &message);
    void initialised(wire::MainInit init);
    void agent_changed(bool connected, std::optional<uint32_t> credit);
    void agent_said(wire::Bytes piece);
    bool send_to_agent();

    agent::TokenQueue to_agent_;
    std::atomic<uint64_t> agent_limit_{0};
    // Engine thread only.
    agent::Reassembler from_agent_;
    bool agent_connected_ = false;
    uint32_t agent_number_ = 0;
};

}
