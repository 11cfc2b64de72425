// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/stream-events.hh"
#include "media/video-decoder.hh"

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <span>

namespace spice::channel {

// What the streams of one channel keep in memory: encoded frames, and pictures that wait for their time.
struct StreamBudget {
    static constexpr std::size_t max_bytes = 16u << 20, max_picture_bytes = 256u << 20;
    std::atomic<std::size_t> bytes{0}, picture_bytes{0};
};

// Keeps the encoded frames of one stream and lets the decoder have them just in time: a frame that is due in a second
// is small until then. Made by the engine, which pushes; the model says what it has shown. Thread-safe.
class StreamFeed : public std::enable_shared_from_this<StreamFeed> {
public:
    static constexpr std::size_t max_frames = 128;

    // `ordered`: no frame may be left out, since later ones depend on it.
    StreamFeed(std::shared_ptr<media::VideoDecoder> decoder, bool ordered, bool top_down,
               std::shared_ptr<StreamBudget> budget);
    ~StreamFeed();
    StreamFeed(const StreamFeed &) = delete;
    StreamFeed &operator=(const StreamFeed &) = delete;

    // Engine. Copies the bytes, unless the frame is so small that it is decoded at once. False: the decoder is so far
    // behind that the stream is better given up.
    bool push(const std::shared_ptr<StreamFrame> &frame, std::span<const std::byte> bytes);
    // The next frame is due and not decoded: the decoder may want more input first.
    void hurry();
    // `newest` is due: frames before it that stand alone and are not in the decoder yet are not worth decoding.
    void skip_until(const StreamFrame &newest);
    // The frame has been shown, or never will be.
    void release(StreamFrame &frame);
    // Nothing more will be shown.
    void close();

private:
    struct Entry {
        std::shared_ptr<StreamFrame> frame;
        media::EncodedFrame data;
    };
    using Lock = std::unique_lock<std::mutex>;
    class Pumping;
    bool decode_now(StreamFrame &frame, std::span<const std::byte> bytes);
    void pump(Lock &lock);
    bool may_start(const StreamFrame &frame) const;
    void feed_more();
    bool make_room();
    std::shared_ptr<StreamFrame> leave_out(std::deque<Entry>::iterator entry);
    void done(StreamFrame &frame, std::size_t bytes, media::VideoPicture picture);
    void forget(std::size_t bytes) noexcept;
    bool keep_picture(StreamFrame &frame, const display::Picture &picture);
    void forget_pictures(std::size_t bytes) noexcept;

    const bool ordered_, top_down_;
    const std::shared_ptr<StreamBudget> budget_;
    std::mutex mutex_; // guards everything below and the stage of frames
    std::shared_ptr<media::VideoDecoder> decoder_;
    std::deque<Entry> waiting_;
    std::size_t bytes_ = 0, picture_bytes_ = 0; // of the budget
    unsigned decoding_ = 0, decoded_ = 0;  // frames in the decoder; pictures that wait for their time
    unsigned due_ = 0;                     // frames that a decoder with a window of its own may show
    unsigned depth_ = 2;                   // how many of both at once; grows when the decoder itself holds some back
    bool starved_ = false;                 // a frame is due and nothing has come out of the decoder
    bool pumping_ = false;                 // somebody is in the decoder, and starts what may be started afterwards
};

// `picture` as it fills `dest`: scaled as the canvas would, which begins at the upper end of what is shown. For workers;
// the picture itself where there is nothing to do or the result would be too large.
display::Picture fit_picture(media::VideoPicture picture, const wire::Rect &dest, bool top_down);

}
