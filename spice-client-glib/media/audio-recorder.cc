// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "media/audio-recorder.hh"

#include "base/log.hh"

#include <gst/app/gstappsink.h>
#include <gst/gst.h>

#include <atomic>
#include <string>

namespace spice::media {

// One capture. Used on the recorder's thread; samples come on a thread of GStreamer.
struct AudioRecorder::Stream {
    explicit Stream(std::shared_ptr<Box> b) : box{std::move(b)} {}
    ~Stream() { stop(); }

    static GstFlowReturn sample_came(GstAppSink *sink, gpointer data) noexcept {
        auto *self = static_cast<Stream *>(data);
        auto *sample = gst_app_sink_pull_sample(sink);
        if (!sample) return GST_FLOW_EOS;
        GstMapInfo map;
        auto *buffer = gst_sample_get_buffer(sample);
        if (buffer && gst_buffer_map(buffer, &map, GST_MAP_READ)) {
            const auto *bytes = reinterpret_cast<const std::byte *>(map.data);
            std::vector<Block> batch;
            batch.push_back({{bytes, bytes + map.size}});
            // A program that does not turn its loop misses what came too late for it.
            if (self->box->queued_bytes() < max_waiting) self->box->push(batch);
            gst_buffer_unmap(buffer, &map);
        }
        gst_sample_unref(sample);
        return GST_FLOW_OK;
    }

    void start(int channels, int frequency) {
        const auto text = "autoaudiosrc name=audiosrc ! queue ! audioconvert ! audioresample ! appsink name=appsink sync=false "
                          "drop=true max-buffers=64 caps=audio/x-raw,format=S16LE,layout=interleaved,channels=" +
                          std::to_string(channels) + ",rate=" + std::to_string(frequency);
        GError *error = nullptr;
        pipeline = gst_parse_launch(text.c_str(), &error);
        if (pipeline) gst_object_ref_sink(pipeline);
        if (error || !pipeline) {
            log::warn("sound cannot be captured: %s", error ? error->message : "unknown reason");
            g_clear_error(&error);
            return stop();
        }
        auto *sink = gst_bin_get_by_name(GST_BIN(pipeline), "appsink");
        GstAppSinkCallbacks callbacks{};
        callbacks.new_sample = sample_came;
        gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, this, nullptr);
        gst_object_unref(sink);
        if (gst_element_set_state(pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
            log::warn("sound cannot be captured: there is no source of it");
            stop();
        }
    }
    void stop() {
        if (!pipeline) return;
        gst_element_set_state(pipeline, GST_STATE_NULL); // no sample comes after it
        gst_object_unref(pipeline);
        pipeline = nullptr;
    }

    static constexpr std::size_t max_waiting = 1u << 20;
    std::shared_ptr<Box> box;
    GstElement *pipeline = nullptr;
};

AudioRecorder::AudioRecorder(GMainContext *context, Take take) : context_{context}, desk_{std::move(take)} {}

AudioRecorder::~AudioRecorder() { stop(); }

void AudioRecorder::start(int channels, int frequency) {
    stop();
    box_ = Box::create(context_, desk_, [] {});
    stream_ = std::make_shared<Stream>(box_);
    if (!thread_.submit(this, [stream = stream_, channels, frequency] { stream->start(channels, frequency); }))
        log::warn("sound: no thread can be started");
}

void AudioRecorder::stop() {
    if (!stream_) return;
    box_->close();
    box_.reset();
    thread_.cancel(this);
    if (!thread_.submit(this, [stream = stream_] { stream->stop(); })) log::warn("sound: no thread can be started");
    stream_.reset();
}

}
