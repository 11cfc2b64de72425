// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/main-engine.hh"

#include "base/log.hh"
#include "channel/parse-event.hh"

namespace spice::channel {

namespace {

constexpr uint32_t fault_agent_protocol = 0;
constexpr unsigned max_rests = 64; // of one turn
constexpr std::size_t enough = 256u << 10; // bytes in the outgoing queue
constexpr auto rest_pause = std::chrono::milliseconds(5);

}

Status MainEngine::handle(const Message &message) {
    const auto pass_on = [&](auto parsed) { emit(std::move(parsed), message.body.size()); };
    switch (message.type) {
    case wire::MainInit::message_id:
        return with_message<wire::MainInit>(message.body, [this](auto m) { initialised(std::move(m)); });
    case wire::ChannelsList::message_id: return with_message<wire::ChannelsList>(message.body, pass_on);
    case wire::MouseMode::message_id: return with_message<wire::MouseMode>(message.body, pass_on);
    case wire::MultiMediaTime::message_id: return with_message<wire::MultiMediaTime>(message.body, pass_on);
    case wire::MainName::message_id:
        return with_message<wire::MainName>(message.body,
                                            [&](auto m) { emit(NameChanged{wire::to_text(m.name)}, message.body.size()); });
    case wire::MainUuid::message_id:
        return with_message<wire::MainUuid>(message.body, [this](auto m) { emit(UuidChanged{m.uuid}); });
    default: return handle_migration(message);
    }
}

// A target that was linked in advance begins to speak when it hears that the machine has come.
void MainEngine::linked() {
    if (setup().params.linked) queue(wire::ClientMigrateEnd::message_id, {});
}

Status MainEngine::handle_migration(const Message &message) {
    const auto pass_on = [&](auto parsed) { emit(std::move(parsed), message.body.size()); };
    switch (message.type) {
    case wire::MigrateSwitchHost::message_id: return with_message<wire::MigrateSwitchHost>(message.body, pass_on);
    case wire::MigrateBegin::message_id: return with_message<wire::MigrateBegin>(message.body, pass_on);
    case wire::MigrateBeginSeamless::message_id: return with_message<wire::MigrateBeginSeamless>(message.body, pass_on);
    case wire::MigrateCancel::message_id: emit(wire::MigrateCancel{}); return success();
    case wire::MigrateEnd::message_id: emit(wire::MigrateEnd{}); return success();
    default: return handle_agent(message);
    }
}

Status MainEngine::handle_agent(const Message &message) {
    switch (message.type) {
    case wire::AgentConnected::message_id: agent_changed(true, std::nullopt); return success();
    case wire::AgentConnectedTokens::message_id:
        return with_message<wire::AgentConnectedTokens>(message.body,
                                                        [this](auto m) { agent_changed(true, m.num_tokens); });
    case wire::AgentDisconnected::message_id: agent_changed(false, std::nullopt); return success();
    case wire::AgentData::message_id:
        if (message.body.size() > max_agent_data) return Error{Error::Kind::protocol, "AGENT_DATA: more than 64 KiB"};
        agent_said(message.body);
        return success();
    case wire::AgentToken::message_id:
        return with_message<wire::AgentToken>(message.body, [this](auto m) {
            to_agent_.grant(m.num_tokens);
            send_to_agent();
        });
    default: SPICE_LOG_DEBUG("main: message %u ignored", message.type); return success();
    }
}

void MainEngine::initialised(wire::MainInit init) {
    const bool agent = init.agent_connected != 0;
    const auto credit = init.agent_tokens;
    emit(std::move(init));
    // Without an agent the credit is kept for one that comes without any of its own.
    agent_changed(agent, credit);
}

void MainEngine::agent_changed(bool connected, std::optional<uint32_t> credit) {
    agent_connected_ = connected;
    from_agent_.reset();
    to_agent_.begin(++agent_number_, credit);
    emit(AgentState{connected, agent_number_});
}

void MainEngine::agent_said(wire::Bytes piece) {
    if (!agent_connected_) return;
    std::vector<agent::Incoming> messages;
    if (!from_agent_.feed(piece, agent_limit_.load(std::memory_order_relaxed), messages))
        warn_once(fault_agent_protocol, "a message of the agent has an unknown protocol: it is left out");
    for (auto &message : messages) {
        const auto bytes = message.body.capacity();
        emit(std::move(message), bytes);
    }
}

// As much as leaves soon, whatever the credit. True when the main context has something to learn from it.
bool MainEngine::send_to_agent() {
    bool news = false;
    unsigned rests = 0;
    while (queued_bytes() <= enough) {
        // A rest needs no credit and may be long: it leaves as fast as the socket takes it.
        if (to_agent_.has_rest() && ((rests == 0 && queued_bytes() > 0) || rests++ == max_rests)) break;
        auto body = to_agent_.next();
        if (!body) break;
        queue(wire::ClientAgentData::message_id, std::move(body->bytes));
        if (body->mark == 0) continue;
        emit(AgentLeft{body->mark});
        news = true;
    }
    return news;
}

std::optional<link::Clock::time_point> MainEngine::next_tick() const {
    if (!to_agent_.has_rest()) return std::nullopt;
    return link::Clock::now() + rest_pause;
}

void MainEngine::tick() {
    if (send_to_agent()) hand_over();
}

}
