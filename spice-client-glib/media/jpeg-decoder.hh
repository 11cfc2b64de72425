// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "media/video-decoder.hh"

namespace spice::media {

// Motion JPEG: small frames on the thread that brings them, the others on the worker pool. Frames do not depend on each
// other, so that two may be decoded at once.
class JpegDecoder final : public VideoDecoder {
public:
    static constexpr uint64_t small_pixels = 256u << 10; // decoded within a millisecond

    JpegDecoder();
    void decode(EncodedFrame frame, Done done) override;
    std::optional<VideoPicture> decode_now(std::span<const std::byte> bytes) override;

private:
    struct Core;
    const std::shared_ptr<Core> core_;
};

}
