// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "media/opus-codec.hh"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace spice::channel {

// Makes the messages for captured sound: announces how it is packed, then cuts it into frames (spec/channels.md §5).
// Thread-bound; one for each START.
class RecordFramer {
public:
    static constexpr std::size_t frame_samples = 480;
    using Send = std::function<void(uint16_t type, std::vector<std::byte> body)>;

    // `opus`: both sides know it.
    RecordFramer(uint32_t frequency, uint32_t channels, bool opus);
    void feed(std::span<const std::byte> samples, uint32_t time, const Send &send);

private:
    std::unique_ptr<media::OpusWriter> encoder_; // null: plain samples
    std::size_t frame_bytes_;
    std::vector<std::byte> rest_; // less than a frame
    bool announced_ = false;
};

}
