// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/outbox-engine.hh"
#include "media/opus-codec.hh"
#include "wire/messages-audio.hh"

namespace spice::channel {

struct PlaybackSamples {
    uint32_t time = 0;
    std::vector<std::byte> samples; // interleaved, 16 bits
};
using PlaybackPayload = std::variant<wire::PlaybackStart, wire::PlaybackStop, PlaybackSamples, wire::PlaybackVolume,
                                     wire::PlaybackMute, wire::PlaybackLatency>;
using PlaybackEvent = ChannelEvent<PlaybackPayload>;

// Sound of the guest on the channel's thread, decoded here.
class PlaybackEngine final : public OutboxEngine<PlaybackPayload> {
public:
    using OutboxEngine::OutboxEngine;

private:
    enum Fault : uint32_t { fault_mode, fault_packet };

    Status handle(const Message &message) override;
    Status start(const wire::PlaybackStart &start);
    void samples(const wire::PlaybackData &data);

    uint16_t mode_ = SPICE_AUDIO_DATA_MODE_RAW; // of the next start
    bool started_ = false, raw_ = true;
    std::size_t frame_bytes_ = 4;
    std::unique_ptr<media::OpusReader> decoder_;
};

}
