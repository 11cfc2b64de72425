// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/record-engine.hh"

#include "base/log.hh"
#include "channel/parse-event.hh"

#include <spice/protocol.h>

namespace spice::channel {

void RecordEngine::samples(std::span<const std::byte> data, uint32_t time) {
    {
        std::lock_guard lock{mutex_};
        if (waiting_bytes_ + data.size() > max_waiting) return;
        waiting_bytes_ += data.size();
        waiting_.push_back({time, {data.begin(), data.end()}});
    }
    wake();
}

Status RecordEngine::handle(const Message &message) {
    const auto pass_on = [&](auto parsed) { emit(std::move(parsed), message.body.size()); };
    switch (message.type) {
    case wire::RecordStart::message_id: {
        auto parsed = wire::parse<wire::RecordStart>(message.body);
        if (!parsed) return std::move(parsed.error());
        return start(*parsed);
    }
    case wire::RecordStop::message_id:
        framer_.reset();
        emit(wire::RecordStop{});
        return success();
    case wire::RecordVolume::message_id: return with_message<wire::RecordVolume>(message.body, pass_on);
    case wire::RecordMute::message_id: return with_message<wire::RecordMute>(message.body, pass_on);
    default: SPICE_LOG_DEBUG("record: message %u ignored", message.type); return success();
    }
}

Status RecordEngine::start(const wire::RecordStart &start) {
    if (start.format != SPICE_AUDIO_FMT_S16 || start.channels == 0 || start.frequency == 0)
        return Error{Error::Kind::protocol, "START: sound of an unknown format"};
    {
        std::lock_guard lock{mutex_}; // it belongs to what was stopped
        waiting_.clear();
        waiting_bytes_ = 0;
    }
    const bool opus = announced().test(SPICE_RECORD_CAP_OPUS) && server_caps().test(SPICE_RECORD_CAP_OPUS);
    framer_.emplace(start.frequency, start.channels, opus);
    emit(start);
    return success();
}

void RecordEngine::tick() {
    constexpr std::size_t enough = 256u << 10;
    std::deque<Captured> captured;
    {
        std::lock_guard lock{mutex_};
        if (framer_ && queued_bytes() > enough) return; // until the server has read some
        captured.swap(waiting_);
        waiting_bytes_ = 0;
    }
    if (!framer_) return;
    for (const auto &piece : captured)
        framer_->feed(piece.data, piece.time, [this](uint16_t type, std::vector<std::byte> body) { queue(type, std::move(body)); });
}

}
