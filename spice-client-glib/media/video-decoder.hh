// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace spice::media {

// Values of SPICE_VIDEO_CODEC_TYPE_*.
enum class VideoCodec : uint8_t { mjpeg = 1, vp8 = 2, h264 = 3, vp9 = 4, h265 = 5 };

// A decoded frame, bgrx, its first row in memory order, and what keeps the pixels alive. Immutable.
struct VideoPicture {
    codec::BitmapView view;
    std::shared_ptr<const void> keep;
    explicit operator bool() const noexcept { return view.data != nullptr; }
};

// The bytes of one message of a stream.
struct EncodedFrame {
    std::shared_ptr<const std::byte[]> data;
    std::size_t size = 0;
    std::span<const std::byte> bytes() const noexcept { return {data.get(), size}; }
};

// What no frame may be larger than, whatever its header says.
constexpr codec::Limits video_limits{8192, uint64_t{1} << 26};

// Decodes the frames of one stream. decode() is called by one thread at a time and never waits; `done` is called once,
// on any thread and maybe during the call, with an empty picture when there is nothing to show. Destroying a decoder
// does not wait; whatever had not been done by then is forgotten.
class VideoDecoder {
public:
    using Done = std::function<void(VideoPicture)>;

    VideoDecoder() = default;
    VideoDecoder(const VideoDecoder &) = delete;
    VideoDecoder &operator=(const VideoDecoder &) = delete;
    virtual ~VideoDecoder() = default;
    virtual void decode(EncodedFrame frame, Done done) = 0;
    // Frames are shown when they are decoded, in a window of the application's; no pictures come back.
    virtual bool shows_itself() const noexcept { return false; }
};

}
