// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/main-engine.hh"

#include "base/log.hh"
#include "channel/parse-event.hh"

namespace spice::channel {

Status MainEngine::handle(const Message &message) {
    const auto pass_on = [&](auto parsed) { emit(std::move(parsed), message.body.size()); };
    switch (message.type) {
    case wire::MainInit::message_id: return with_message<wire::MainInit>(message.body, pass_on);
    case wire::ChannelsList::message_id: return with_message<wire::ChannelsList>(message.body, pass_on);
    case wire::MouseMode::message_id: return with_message<wire::MouseMode>(message.body, pass_on);
    case wire::MultiMediaTime::message_id: return with_message<wire::MultiMediaTime>(message.body, pass_on);
    case wire::MainName::message_id:
        return with_message<wire::MainName>(message.body,
                                            [&](auto m) { emit(NameChanged{wire::to_text(m.name)}, message.body.size()); });
    case wire::MainUuid::message_id:
        return with_message<wire::MainUuid>(message.body, [this](auto m) { emit(UuidChanged{m.uuid}); });
    case wire::AgentConnected::message_id: emit(AgentState{true, 0}); return success();
    case wire::AgentConnectedTokens::message_id:
        return with_message<wire::AgentConnectedTokens>(message.body,
                                                        [this](auto m) { emit(AgentState{true, m.num_tokens}); });
    case wire::AgentDisconnected::message_id: emit(AgentState{false, 0}); return success();
    default: SPICE_LOG_DEBUG("main: message %u ignored", message.type); return success();
    }
}

}
