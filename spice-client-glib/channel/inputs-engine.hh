// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/outbox-engine.hh"
#include "wire/messages-inputs.hh"

namespace spice::channel {

using InputsPayload = std::variant<wire::InputsInit, wire::KeyModifiers, wire::MouseMotionAck>;
using InputsEvent = ChannelEvent<InputsPayload>;

class InputsEngine final : public OutboxEngine<InputsPayload> {
public:
    using OutboxEngine::OutboxEngine;

private:
    Status handle(const Message &message) override;
};

}
