// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/record-framer.hh"

#include "wire/messages-audio.hh"
#include "wire/writer.hh"

namespace spice::channel {

RecordFramer::RecordFramer(uint32_t frequency, uint32_t channels, bool opus)
    : encoder_{opus ? media::make_opus_writer(frequency, channels, frame_samples) : nullptr}, frame_bytes_{frame_samples * channels * 2} {}

void RecordFramer::feed(std::span<const std::byte> samples, uint32_t time, const Send &send) {
    if (!std::exchange(announced_, true)) {
        const auto mode = encoder_ ? SPICE_AUDIO_DATA_MODE_OPUS : SPICE_AUDIO_DATA_MODE_RAW;
        send(wire::ClientRecordMode::message_id, wire::serialize(wire::ClientRecordMode{time, static_cast<uint16_t>(mode)}));
        send(wire::ClientRecordStartMark::message_id, wire::serialize(wire::ClientRecordStartMark{time}));
    }
    rest_.insert(rest_.end(), samples.begin(), samples.end());
    std::size_t done = 0;
    for (; rest_.size() - done >= frame_bytes_; done += frame_bytes_) {
        const auto frame = std::span{rest_}.subspan(done, frame_bytes_);
        std::vector<std::byte> packet;
        if (encoder_ && (packet = encoder_->encode(frame)).empty()) continue;
        wire::ClientRecordData message{time, encoder_ ? std::span<const std::byte>{packet} : frame};
        send(wire::ClientRecordData::message_id, wire::serialize(message));
    }
    rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(done));
}

}
