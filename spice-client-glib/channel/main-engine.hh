// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

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
    uint32_t tokens;
};

using MainPayload = std::variant<wire::MainInit, wire::ChannelsList, wire::MouseMode, wire::MultiMediaTime, NameChanged,
                                 UuidChanged, AgentState>;
using MainEvent = ChannelEvent<MainPayload>;

// The main channel on its thread: turns messages into events.
class MainEngine final : public OutboxEngine<MainPayload> {
public:
    using OutboxEngine::OutboxEngine;

private:
    Status handle(const Message &message) override;
};

}
