// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

// Opus packets to and from interleaved samples of 16 bits (spec/channels.md §4 and §5). Thread-bound.
namespace spice::media {

// Built with libopus, and not switched off by SPICE_DISABLE_OPUS.
bool have_opus() noexcept;
bool opus_frequency(uint32_t frequency) noexcept; // one that Opus knows

class OpusReader {
public:
    virtual ~OpusReader() = default;
    // The samples of one packet; an error for a packet that is damaged.
    virtual Result<std::vector<std::byte>> decode(std::span<const std::byte> packet) = 0;
};
class OpusWriter {
public:
    static constexpr std::size_t max_packet = 480;
    virtual ~OpusWriter() = default;
    // The packet for one frame of samples of all channels; empty when it fails.
    virtual std::vector<std::byte> encode(std::span<const std::byte> samples) = 0;
};

// Null when there is no Opus, or not for these numbers.
std::unique_ptr<OpusReader> make_opus_reader(uint32_t frequency, uint32_t channels);
std::unique_ptr<OpusWriter> make_opus_writer(uint32_t frequency, uint32_t channels, uint32_t frame_samples);

}
