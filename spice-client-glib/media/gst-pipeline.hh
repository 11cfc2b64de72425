// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/glib-ptr.hh"
#include "base/result.hh"
#include "media/video-decoder.hh"

#include <gst/gst.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

namespace spice::media {

// What a pipeline has to say, on threads of its own.
class PipelineEvents {
public:
    // The number that the frame had in push(), where it got through the decoder.
    virtual void on_picture(std::optional<uint64_t> number, VideoPicture picture) = 0;
    virtual void on_error(const char *what) = 0;

protected:
    ~PipelineEvents() = default;
};

// A GStreamer pipeline from appsrc to bgrx. Thread-safe; push() is called by one thread at a time.
class Pipeline {
public:
    // Starts GStreamer if need be. `events` lives as long as `keep` does.
    static Result<std::shared_ptr<Pipeline>> make(VideoCodec codec, PipelineEvents &events, std::weak_ptr<void> keep);
    ~Pipeline();
    Pipeline(const Pipeline &) = delete;
    Pipeline &operator=(const Pipeline &) = delete;

    // Adds the sink, a window's or ours, and plays.
    Status play(bool own_window);
    bool push(EncodedFrame frame, uint64_t number);
    std::size_t queued_bytes() const;
    // Waits for the threads of the pipeline.
    void stop();
    GstPipeline *element(); // with a reference for the caller

private:
    struct Listener;
    struct MessageFree {
        void operator()(GstMessage *message) const noexcept { gst_message_unref(message); }
    };
    using MessagePtr = std::unique_ptr<GstMessage, MessageFree>;
    Pipeline() = default;
    Status build(VideoCodec codec);
    Status add_decoder(VideoCodec codec, GstElement *after);
    bool append(GstElement *element);
    GstElement *make_sink();
    void look_at_bus();
    static GstFlowReturn new_sample(void *sink, void *self) noexcept;
    static GstBusSyncReply on_message(GstBus *bus, GstMessage *message, void *self) noexcept;
    static void on_error_message(GstBus *bus, GstMessage *message, void *self) noexcept;

    std::mutex changing_; // of the pipeline's state
    Ref<GstElement> bin_, source_, last_;
    std::shared_ptr<Listener> listener_;
    // Set before it plays, and from then on of whoever calls push().
    Ref<GstBus> bus_;
    bool own_window_ = false, nobody_reads_ = false;
    MessagePtr oldest_; // on the bus, since then
    std::chrono::steady_clock::time_point oldest_since_;
};

}
