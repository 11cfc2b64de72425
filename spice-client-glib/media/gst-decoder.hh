// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "media/video-decoder.hh"

#include <functional>
#include <memory>

typedef struct _GstPipeline GstPipeline;

namespace spice::media {

// Decodes one stream with GStreamer: appsrc, a parser where there is one, the installed decoder of the highest rank,
// conversion to bgrx where the decoder does not do it, appsink. It has no window, unless the application takes the
// pipeline over. A thread of its own starts GStreamer, makes and stops the pipelines of the process, one at a time; frames
// queue up meanwhile. Later they go into the pipeline's queue on whatever thread brings them, which takes no waiting.
class GstDecoder final : public VideoDecoder {
public:
    struct Core;

    // `failed` is called once, on any thread, when nothing will be decoded any more. With `ask` the pipeline waits for
    // answer() before it plays; `asking` is called, on any thread, when it does.
    GstDecoder(VideoCodec codec, std::function<void()> failed, bool ask = false, std::function<void()> asking = {});
    ~GstDecoder() override;

    void decode(EncodedFrame frame, Done done) override;

    // The pipeline that waits for an answer, with a reference for the caller, or null.
    GstPipeline *question();
    bool asks() const;
    // True: the application shows the video in a window of its own, so that no pictures come back from now on.
    void answer(bool overlay);
    bool shows_itself() const noexcept override;

private:
    const std::shared_ptr<Core> core_;
};

}
