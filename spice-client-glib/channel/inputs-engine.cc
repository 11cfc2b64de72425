// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/inputs-engine.hh"

#include "base/log.hh"
#include "channel/parse-event.hh"

namespace spice::channel {

Status InputsEngine::handle(const Message &message) {
    const auto pass_on = [this](auto parsed) { emit(std::move(parsed)); };
    switch (message.type) {
    case wire::InputsInit::message_id: return with_message<wire::InputsInit>(message.body, pass_on);
    case wire::KeyModifiers::message_id: return with_message<wire::KeyModifiers>(message.body, pass_on);
    case wire::MouseMotionAck::message_id: emit(wire::MouseMotionAck{}); return success();
    default: SPICE_LOG_DEBUG("inputs: message %u ignored", message.type); return success();
    }
}

}
