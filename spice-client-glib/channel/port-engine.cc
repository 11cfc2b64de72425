// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/port-engine.hh"

#include "base/log.hh"
#include "channel/parse-event.hh"
#include "channel/vmc-payload.hh"

#include <spice/protocol.h>

namespace spice::channel {

namespace {

constexpr std::size_t max_queued = 2 * WriteQueue::piece_bytes; // beside what the transport is writing

}

void PortEngine::moved() {
    compress_ = announced().test(SPICE_SPICEVMC_CAP_DATA_COMPRESS_LZ4) &&
                server_caps().test(SPICE_SPICEVMC_CAP_DATA_COMPRESS_LZ4) && !over_unix_socket();
}

Status PortEngine::handle(const Message &message) {
    const auto pass_on = [&](auto parsed) { emit(std::move(parsed), message.body.size()); };
    const auto data = [this](std::vector<std::byte> bytes) {
        const auto size = bytes.size();
        if (size > 0) emit(PortData{std::move(bytes)}, size);
    };
    switch (message.type) {
    case wire::PortInit::message_id: return with_message<wire::PortInit>(message.body, pass_on);
    case wire::PortEvent::message_id: return with_message<wire::PortEvent>(message.body, pass_on);
    case wire::VmcData::message_id: data({message.body.begin(), message.body.end()}); return success();
    case wire::VmcCompressedData::message_id: {
        auto parsed = wire::parse<wire::VmcCompressedData>(message.body);
        if (!parsed) return std::move(parsed.error());
        auto bytes = unpack_vmc(*parsed);
        if (!bytes) return std::move(bytes.error());
        data(std::move(*bytes));
        return success();
    }
    default: SPICE_LOG_DEBUG("port: message %u ignored", message.type); return success();
    }
}

void PortEngine::produce() {
    while (queued_bytes() < max_queued) {
        auto piece = writes_.next();
        if (!piece) return;
        if (auto *data = std::get_if<WriteQueue::Data>(&*piece)) {
            auto message = pack_vmc(*data, compress_);
            queue(message.type, std::move(message.body));
        } else if (auto *message = std::get_if<WriteQueue::Message>(&*piece)) {
            queue(message->type, std::move(message->body));
        } else {
            queue_mark(std::get<WriteQueue::Mark>(*piece).token);
        }
    }
}

}
