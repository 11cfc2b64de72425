// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/contained.hh"
#include "codec/bitmap.hh"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

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

// Who waits for a frame: is told once, on any thread, with an empty picture when there is nothing to show. Whoever drops it,
// be it because of an exception, has said the latter. Move-only.
class FrameDone {
public:
    using Call = std::function<void(VideoPicture)>;

    FrameDone() = default;
    template <class F>
        requires(std::is_invocable_v<F &, VideoPicture> && !std::is_same_v<std::remove_cvref_t<F>, FrameDone>)
    FrameDone(F &&call) : call_{std::forward<F>(call)} {}
    FrameDone(FrameDone &&other) noexcept : call_{std::exchange(other.call_, nullptr)} {}
    FrameDone &operator=(FrameDone &&other) noexcept {
        std::swap(call_, other.call_);
        return *this;
    }
    FrameDone(const FrameDone &) = delete;
    FrameDone &operator=(const FrameDone &) = delete;
    ~FrameDone() {
        if (call_) contained("video frame", [this] { call_({}); });
    }
    explicit operator bool() const noexcept { return static_cast<bool>(call_); }
    void operator()(VideoPicture picture) {
        if (const auto call = std::exchange(call_, nullptr)) call(std::move(picture));
    }
    void forget() noexcept { call_ = nullptr; } // nobody waits any more

private:
    Call call_;
};

// Decodes the frames of one stream. decode() and decode_now() are called by one thread at a time and never wait; `done`
// may be called during decode(). Destroying a decoder does not wait; whatever had not been done by then is forgotten.
class VideoDecoder {
public:
    using Done = FrameDone;

    VideoDecoder() = default;
    VideoDecoder(const VideoDecoder &) = delete;
    VideoDecoder &operator=(const VideoDecoder &) = delete;
    virtual ~VideoDecoder() = default;
    virtual void decode(EncodedFrame frame, Done done) = 0;
    // The picture of a frame that is so small that a hop to another thread would cost more; null: decode() is the way.
    virtual std::optional<VideoPicture> decode_now(std::span<const std::byte>) { return std::nullopt; }
    // Frames are shown when they are decoded, in a window of the application's; no pictures come back.
    virtual bool shows_itself() const noexcept { return false; }
};

}
