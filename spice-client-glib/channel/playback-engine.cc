// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/playback-engine.hh"

#include "base/log.hh"
#include "channel/parse-event.hh"

namespace spice::channel {

Status PlaybackEngine::handle(const Message &message) {
    const auto pass_on = [&](auto parsed) { emit(std::move(parsed), message.body.size()); };
    switch (message.type) {
    case wire::PlaybackData::message_id:
        return with_message<wire::PlaybackData>(message.body, [this](auto data) { samples(data); });
    case wire::PlaybackMode::message_id:
        return with_message<wire::PlaybackMode>(message.body, [this](auto mode) { mode_ = mode.mode; });
    case wire::PlaybackStart::message_id: {
        auto parsed = wire::parse<wire::PlaybackStart>(message.body);
        if (!parsed) return std::move(parsed.error());
        return start(*parsed);
    }
    case wire::PlaybackStop::message_id:
        started_ = false;
        decoder_.reset();
        emit(wire::PlaybackStop{});
        return success();
    case wire::PlaybackVolume::message_id: return with_message<wire::PlaybackVolume>(message.body, pass_on);
    case wire::PlaybackMute::message_id: return with_message<wire::PlaybackMute>(message.body, pass_on);
    case wire::PlaybackLatency::message_id: return with_message<wire::PlaybackLatency>(message.body, pass_on);
    default: SPICE_LOG_DEBUG("playback: message %u ignored", message.type); return success();
    }
}

Status PlaybackEngine::start(const wire::PlaybackStart &start) {
    if (start.format != SPICE_AUDIO_FMT_S16 || start.channels == 0 || start.frequency == 0)
        return Error{Error::Kind::protocol, "START: sound of an unknown format"};
    started_ = true;
    frame_bytes_ = std::size_t{start.channels} * 2;
    raw_ = mode_ == SPICE_AUDIO_DATA_MODE_RAW;
    decoder_ = mode_ == SPICE_AUDIO_DATA_MODE_OPUS ? media::make_opus_reader(start.frequency, start.channels) : nullptr;
    if (!raw_ && !decoder_) warn_once(fault_mode, "sound that cannot be decoded is left out");
    emit(start);
    return success();
}

void PlaybackEngine::samples(const wire::PlaybackData &data) {
    if (!started_) return;
    PlaybackSamples out{data.time, {}};
    if (raw_) {
        const auto whole = data.data.first(data.data.size() - data.data.size() % frame_bytes_);
        out.samples.assign(whole.begin(), whole.end());
    } else if (decoder_) {
        auto decoded = decoder_->decode(data.data);
        if (!decoded) return warn_once(fault_packet, decoded.error().what.c_str());
        out.samples = std::move(*decoded);
    }
    const auto size = out.samples.size();
    if (size > 0) emit(std::move(out), size);
}

}
