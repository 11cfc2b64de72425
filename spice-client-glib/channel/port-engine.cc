// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/port-engine.hh"

#include "base/log.hh"
#include "channel/parse-event.hh"
#include "channel/vmc-payload.hh"

#include <spice/protocol.h>

#include <algorithm>

namespace spice::channel {

void PortEngine::moved() {
    compress_ = announced().test(SPICE_SPICEVMC_CAP_DATA_COMPRESS_LZ4) &&
                server_caps().test(SPICE_SPICEVMC_CAP_DATA_COMPRESS_LZ4) && !over_unix_socket();
}

void PortEngine::take_data(std::vector<std::byte> bytes) {
    const auto size = bytes.size();
    if (size <= max_piece) return emit(PortData{std::move(bytes)}, size);
    for (auto rest = std::span{bytes}; !rest.empty();) {
        const auto piece = rest.first(std::min(max_piece, rest.size()));
        emit(PortData{{piece.begin(), piece.end()}}, piece.size());
        rest = rest.subspan(piece.size());
    }
}

Status PortEngine::handle(const Message &message) {
    switch (message.type) {
    case wire::PortInit::message_id:
        return with_message<wire::PortInit>(message.body, [&](auto init) {
            opened(init.opened != 0);
            emit(std::move(init), message.body.size());
        });
    case wire::PortEvent::message_id:
        return with_message<wire::PortEvent>(message.body, [&](auto news) {
            if (news.event == SPICE_PORT_EVENT_OPENED || news.event == SPICE_PORT_EVENT_CLOSED)
                opened(news.event == SPICE_PORT_EVENT_OPENED);
            emit(news, message.body.size());
        });
    case wire::VmcData::message_id:
        if (!message.body.empty()) take_data({message.body.begin(), message.body.end()});
        return success();
    case wire::VmcCompressedData::message_id: {
        auto parsed = wire::parse<wire::VmcCompressedData>(message.body);
        if (!parsed) return std::move(parsed.error());
        auto bytes = unpack_vmc(*parsed);
        if (!bytes) return std::move(bytes.error());
        if (!bytes->empty()) take_data(std::move(*bytes));
        return success();
    }
    default: SPICE_LOG_DEBUG("port: message %u ignored", message.type); return success();
    }
}

void PortEngine::queue_data(std::span<const std::byte> bytes) {
    auto message = pack_vmc(bytes, compress_);
    queue(message.type, std::move(message.body));
}

void PortEngine::produce() {
    while (queued_bytes() < max_queued) {
        auto piece = writes_.next();
        if (!piece) return;
        if (auto *data = std::get_if<WriteQueue::Data>(&*piece)) {
            queue_data(*data);
        } else if (auto *message = std::get_if<WriteQueue::Message>(&*piece)) {
            queue(message->type, std::move(message->body));
        } else {
            queue_mark(std::get<WriteQueue::Mark>(*piece).token);
        }
    }
}

}
