// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "media/audio-player.hh"

#include "base/glib/glib-ptr.hh"
#include "base/log.hh"

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include <algorithm>
#include <string>
#include <vector>

namespace spice::media {

namespace {

constexpr std::size_t max_waiting = 2u << 20; // ten seconds of it

struct ObjectFree {
    void operator()(gpointer object) const noexcept { gst_object_unref(object); }
};
using ElementPtr = std::unique_ptr<GstElement, ObjectFree>;

constexpr const char *default_pipeline =
    "appsrc name=appsrc ! queue ! audioconvert ! audioresample ! volume name=volume ! autoaudiosink name=audiosink";

}

bool start_gstreamer() {
    GError *error = nullptr;
    if (gst_init_check(nullptr, nullptr, &error)) return true;
    log::warn("GStreamer cannot be used: %s", error ? error->message : "unknown reason");
    g_clear_error(&error);
    return false;
}

// Used on the player's thread, but for the atomics.
struct AudioPlayer::Stream {
    std::atomic<std::size_t> waiting{0};
    std::atomic<uint32_t> delay{0}, latency{0};
    std::atomic<double> volume{1};
    std::atomic<bool> mute{false};
    ElementPtr pipeline, source;

    ~Stream() { stop(); }
    ElementPtr element(const char *name) const { return ElementPtr{gst_bin_get_by_name(GST_BIN(pipeline.get()), name)}; }

    void start(int channels, int frequency) {
        stop();
        const char *wanted = g_getenv("SPICE_GST_AUDIOSINK");
        GError *error = nullptr;
        auto *made = gst_parse_launch(wanted ? wanted : default_pipeline, &error);
        if (made) pipeline.reset(GST_ELEMENT(gst_object_ref_sink(made)));
        if (pipeline && GST_IS_BIN(pipeline.get())) source = element("appsrc");
        if (error || !source || !GST_IS_APP_SRC(source.get())) {
            log::warn("sound cannot be played: %s", error ? error->message : "the pipeline has no appsrc of that name");
            g_clear_error(&error);
            source.reset();
            pipeline.reset();
            return;
        }
        g_clear_error(&error);
        auto *caps = gst_caps_new_simple("audio/x-raw", "format", G_TYPE_STRING, "S16LE", "channels", G_TYPE_INT, channels,
                                         "rate", G_TYPE_INT, frequency, "layout", G_TYPE_STRING, "interleaved", nullptr);
        g_object_set(source.get(), "caps", caps, "is-live", TRUE, "do-timestamp", TRUE, "format", GST_FORMAT_TIME,
                     "max-bytes", guint64{max_waiting}, nullptr);
        gst_caps_unref(caps);
        apply();
        if (gst_element_set_state(pipeline.get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
            log::warn("sound cannot be played: there is no output for it");
            stop();
        }
    }
    // What was given so far is played to its end only if that is at once.
    void stop() {
        if (pipeline) gst_element_set_state(pipeline.get(), GST_STATE_NULL);
        source.reset();
        pipeline.reset();
        delay = 0;
    }
    void apply() {
        if (!pipeline) return;
        if (auto control = element("volume")) g_object_set(control.get(), "volume", volume.load(), "mute", gboolean{mute.load()}, nullptr);
        gst_pipeline_set_latency(GST_PIPELINE(pipeline.get()), latency > 0 ? latency * GST_MSECOND : GST_CLOCK_TIME_NONE);
    }
    void play(gpointer data, std::size_t size) {
        if (!source) return g_free(data);
        gst_app_src_push_buffer(GST_APP_SRC(source.get()), gst_buffer_new_wrapped(data, size));
        auto *query = gst_query_new_latency();
        if (gst_element_query(pipeline.get(), query)) {
            GstClockTime least = 0;
            gst_query_parse_latency(query, nullptr, &least, nullptr);
            const auto all = std::max<GstClockTime>(least, latency * GST_MSECOND);
            delay = static_cast<uint32_t>(std::min<GstClockTime>(all, 10 * GST_SECOND) / GST_MSECOND);
        }
        gst_query_unref(query);
    }
};

AudioPlayer::AudioPlayer() : stream_{std::make_shared<Stream>()} {}

// The thread's last job may have to wait for the sound server.
AudioPlayer::~AudioPlayer() {
    thread_.cancel(this);
    submit([](Stream &stream) { stream.stop(); });
}

template <class F> void AudioPlayer::submit(F job) {
    if (!thread_.submit(this, [stream = stream_, job] { job(*stream); })) log::warn("sound: no thread can be started");
}

void AudioPlayer::start(int channels, int frequency) {
    submit([=](Stream &stream) { stream.start(channels, frequency); });
}

void AudioPlayer::play(std::span<const std::byte> samples) {
    if (samples.empty() || stream_->waiting.fetch_add(samples.size()) > max_waiting) {
        stream_->waiting -= samples.size();
        return;
    }
    const auto bytes = std::make_shared<std::vector<std::byte>>(samples.begin(), samples.end());
    submit([bytes](Stream &stream) {
        stream.waiting -= bytes->size();
        stream.play(g_memdup2(bytes->data(), bytes->size()), bytes->size());
    });
}

void AudioPlayer::stop() {
    submit([](Stream &stream) { stream.stop(); });
}

void AudioPlayer::set_volume(double volume, bool mute) {
    stream_->volume = volume;
    stream_->mute = mute;
    submit([](Stream &stream) { stream.apply(); });
}

void AudioPlayer::set_latency(uint32_t ms) {
    stream_->latency = ms;
    submit([](Stream &stream) { stream.apply(); });
}

uint32_t AudioPlayer::delay_ms() const noexcept { return stream_->delay; }

}
