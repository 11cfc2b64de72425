// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "media/opus-codec.hh"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iterator>

#include <opus.h>

namespace spice::media {

namespace {

constexpr int max_packet_ms = 120;

struct DecoderFree {
    void operator()(OpusDecoder *decoder) const noexcept { opus_decoder_destroy(decoder); }
};
struct EncoderFree {
    void operator()(OpusEncoder *encoder) const noexcept { opus_encoder_destroy(encoder); }
};

class Reader final : public OpusReader {
public:
    Reader(OpusDecoder *decoder, uint32_t frequency, uint32_t channels)
        : decoder_{decoder}, channels_{channels}, samples_(std::size_t{frequency} * max_packet_ms / 1000 * channels) {}

    Result<std::vector<std::byte>> decode(std::span<const std::byte> packet) override {
        if (packet.empty() || packet.size() > max_bytes) return Error{Error::Kind::protocol, "an Opus packet of no sensible size"};
        const int frames = opus_decode(decoder_.get(), reinterpret_cast<const unsigned char *>(packet.data()),
                                       static_cast<opus_int32>(packet.size()), samples_.data(),
                                       static_cast<int>(samples_.size() / channels_), 0);
        if (frames < 0) return Error{Error::Kind::protocol, "a damaged Opus packet"};
        const auto bytes = std::as_bytes(std::span{samples_}.first(static_cast<std::size_t>(frames) * channels_));
        return std::vector<std::byte>{bytes.begin(), bytes.end()};
    }

private:
    static constexpr std::size_t max_bytes = 64u << 10;
    std::unique_ptr<OpusDecoder, DecoderFree> decoder_;
    uint32_t channels_;
    std::vector<opus_int16> samples_;
};

class Writer final : public OpusWriter {
public:
    Writer(OpusEncoder *encoder, uint32_t channels) : encoder_{encoder}, channels_{channels} {}

    std::vector<std::byte> encode(std::span<const std::byte> samples) override {
        std::vector<opus_int16> aligned(samples.size() / sizeof(opus_int16));
        std::memcpy(aligned.data(), samples.data(), aligned.size() * sizeof(opus_int16));
        std::vector<std::byte> packet(max_packet);
        const int size = opus_encode(encoder_.get(), aligned.data(), static_cast<int>(aligned.size() / channels_),
                                     reinterpret_cast<unsigned char *>(packet.data()), static_cast<opus_int32>(packet.size()));
        packet.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        return packet;
    }

private:
    std::unique_ptr<OpusEncoder, EncoderFree> encoder_;
    uint32_t channels_;
};

bool possible(uint32_t frequency, uint32_t channels) { return opus_frequency(frequency) && (channels == 1 || channels == 2); }

// Opus knows frames of 2.5, 5, 10, 20, 40 and 60 ms.
bool whole_frame(uint32_t frequency, uint32_t samples) {
    constexpr uint32_t lengths[] = {1, 2, 4, 8, 16, 24};
    return std::any_of(std::begin(lengths), std::end(lengths), [&](uint32_t n) { return samples * 400 == n * frequency; });
}

}

bool have_opus() noexcept { return !std::getenv("SPICE_DISABLE_OPUS"); }

bool opus_frequency(uint32_t frequency) noexcept {
    return frequency == 8000 || frequency == 12000 || frequency == 16000 || frequency == 24000 || frequency == 48000;
}

std::unique_ptr<OpusReader> make_opus_reader(uint32_t frequency, uint32_t channels) {
    if (!possible(frequency, channels)) return nullptr;
    int error = OPUS_OK;
    auto *decoder = opus_decoder_create(static_cast<opus_int32>(frequency), static_cast<int>(channels), &error);
    return decoder ? std::make_unique<Reader>(decoder, frequency, channels) : nullptr;
}

std::unique_ptr<OpusWriter> make_opus_writer(uint32_t frequency, uint32_t channels, uint32_t frame_samples) {
    if (!have_opus() || !possible(frequency, channels) || !whole_frame(frequency, frame_samples)) return nullptr;
    int error = OPUS_OK;
    auto *encoder = opus_encoder_create(static_cast<opus_int32>(frequency), static_cast<int>(channels),
                                        OPUS_APPLICATION_AUDIO, &error);
    return encoder ? std::make_unique<Writer>(encoder, channels) : nullptr;
}

}
