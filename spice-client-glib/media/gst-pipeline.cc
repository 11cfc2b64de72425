// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "media/gst-pipeline.hh"

#include "base/contained.hh"
#include "base/process.hh"
#include "base/worker-pool.hh"
#include "media/video-codecs.hh"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include <atomic>
#include <string>
#include <utility>

namespace spice::media {

namespace {

struct CapsFree {
    void operator()(GstCaps *caps) const noexcept { gst_caps_unref(caps); }
};
using CapsPtr = std::unique_ptr<GstCaps, CapsFree>;

// Marks our numbers on their way through the decoder; its own time stamps it may change.
GstCaps *number_mark() {
    static GstCaps *const caps = gst_caps_new_empty_simple("timestamp/x-spice-frame");
    return caps;
}

Error error(const char *what) { return {Error::Kind::unsupported, what}; }

// The bytes of a frame for as long as GStreamer has them. Its queues pass them to another thread; ThreadSanitizer does not
// see their locks, but it sees ours.
struct SentFrame {
    explicit SentFrame(EncodedFrame f) : frame{std::move(f)} {}
    static void free(SentFrame *self) noexcept {
        static_cast<void>(self->sent.load(std::memory_order_acquire));
        delete self;
    }
    const EncodedFrame frame;
    std::atomic<bool> sent{false};
};

// The memory of a decoded frame for as long as it is shown.
class MappedFrame {
public:
    MappedFrame(GstSample *sample, const GstVideoInfo &info)
        : sample_{gst_sample_ref(sample)},
          mapped_{gst_video_frame_map(&frame_, const_cast<GstVideoInfo *>(&info), gst_sample_get_buffer(sample), GST_MAP_READ) !=
                  FALSE} {}
    ~MappedFrame() {
        if (mapped_) gst_video_frame_unmap(&frame_);
        gst_sample_unref(sample_);
    }
    MappedFrame(const MappedFrame &) = delete;
    MappedFrame &operator=(const MappedFrame &) = delete;
    std::size_t bytes() const noexcept { return mapped_ ? GST_VIDEO_FRAME_SIZE(&frame_) : 0; }
    codec::BitmapView view() const noexcept {
        if (!mapped_) return {};
        return {static_cast<const std::byte *>(GST_VIDEO_FRAME_PLANE_DATA(&frame_, 0)),
                static_cast<uint32_t>(GST_VIDEO_FRAME_WIDTH(&frame_)), static_cast<uint32_t>(GST_VIDEO_FRAME_HEIGHT(&frame_)),
                GST_VIDEO_FRAME_PLANE_STRIDE(&frame_, 0), codec::Layout::bgrx};
    }

private:
    GstSample *sample_;
    GstVideoFrame frame_{};
    bool mapped_;
};

// A stream's last pictures are the last users of its memory, and unmapping much of that is nothing for a main loop.
void let_go(const MappedFrame *frame) noexcept {
    constexpr std::size_t worth_a_hop = std::size_t{4} << 20;
    const bool hop = frame->bytes() >= worth_a_hop && !process::on_own_thread();
    if (!hop || !contained("video", [frame] { WorkerPool::shared().submit([frame] { delete frame; }); })) delete frame;
}

VideoPicture picture_of(GstSample *sample) {
    GstVideoInfo info;
    if (!gst_sample_get_caps(sample) || !gst_video_info_from_caps(&info, gst_sample_get_caps(sample))) return {};
    const codec::Size size{static_cast<uint32_t>(info.width), static_cast<uint32_t>(info.height)};
    if (!codec::check_size(size, video_limits)) return {};
    std::shared_ptr<const MappedFrame> frame{new MappedFrame{sample, info}, let_go};
    const auto view = frame->view();
    return {view, std::move(frame)};
}

std::optional<uint64_t> number_of(GstSample *sample) {
    auto *buffer = gst_sample_get_buffer(sample);
    if (!buffer) return std::nullopt;
    if (const auto *meta = gst_buffer_get_reference_timestamp_meta(buffer, number_mark())) return meta->timestamp;
    return std::nullopt;
}

GList *decoders_for(VideoCodec codec) {
    const CapsPtr caps{gst_caps_from_string(caps_of(codec))};
    auto *all = gst_element_factory_list_get_elements(
        GST_ELEMENT_FACTORY_TYPE_DECODER | GST_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO, GST_RANK_MARGINAL);
    auto *fitting = gst_element_factory_list_filter(all, caps.get(), GST_PAD_SINK, TRUE);
    gst_plugin_feature_list_free(all);
    return g_list_sort(fitting, gst_plugin_feature_rank_compare_func);
}

const char *parser_for(VideoCodec codec) noexcept {
    if (codec == VideoCodec::h264) return "h264parse";
    if (codec == VideoCodec::h265) return "h265parse";
    return nullptr;
}

}

// Outlives the pipeline's last callback.
struct Pipeline::Listener {
    PipelineEvents &events;
    std::weak_ptr<void> keep;
};

Result<std::shared_ptr<Pipeline>> Pipeline::make(VideoCodec codec, PipelineEvents &events, std::weak_ptr<void> keep) {
    GError *init_error = nullptr;
    if (!gst_init_check(nullptr, nullptr, &init_error)) {
        const GErrorPtr held{init_error};
        return error("GStreamer cannot be started");
    }
    auto pipeline = std::shared_ptr<Pipeline>(new Pipeline);
    pipeline->listener_ = std::make_shared<Listener>(Listener{events, std::move(keep)});
    if (auto status = pipeline->build(codec); !status) return std::move(status.error());
    return pipeline;
}

Pipeline::~Pipeline() { stop(); }

bool Pipeline::append(GstElement *element) {
    if (!element) return false;
    gst_bin_add(GST_BIN(bin_.get()), element); // takes the floating reference
    if (last_ && !gst_element_link(last_.get(), element)) {
        gst_bin_remove(GST_BIN(bin_.get()), element);
        return false;
    }
    last_ = Ref<GstElement>::share(element);
    return true;
}

Status Pipeline::build(VideoCodec codec) {
    bin_ = Ref<GstElement>::take(static_cast<GstElement *>(gst_object_ref_sink(gst_pipeline_new("spice-video"))));
    if (!append(gst_element_factory_make("appsrc", nullptr))) return error("GStreamer has no appsrc");
    source_ = last_;
    const CapsPtr caps{gst_caps_from_string(caps_of(codec))};
    auto *source = GST_APP_SRC(source_.get());
    gst_app_src_set_caps(source, caps.get());
    gst_app_src_set_stream_type(source, GST_APP_STREAM_TYPE_STREAM);
    gst_app_src_set_max_bytes(source, 0); // the owner watches
    g_object_set(source, "format", GST_FORMAT_TIME, "is-live", TRUE, "block", FALSE, nullptr);
    if (const char *parser = parser_for(codec)) append(gst_element_factory_make(parser, nullptr)); // most decoders do without
    if (auto status = add_decoder(codec, last_.get()); !status) return status;
    // Passes frames through where the formats agree.
    if (!append(gst_element_factory_make("videoconvert", nullptr))) return error("GStreamer has no videoconvert");
    return success();
}

// The best that can be made and opened: a driver may be registered and not work.
Status Pipeline::add_decoder(VideoCodec codec, GstElement *after) {
    auto *factories = decoders_for(codec);
    const auto before = Ref<GstElement>::share(after);
    bool found = false;
    for (auto *item = factories; item && !found; item = item->next) {
        auto *decoder = gst_element_factory_create(GST_ELEMENT_FACTORY(item->data), nullptr);
        if (!decoder || !append(decoder)) continue;
        found = gst_element_set_state(decoder, GST_STATE_READY) != GST_STATE_CHANGE_FAILURE;
        if (found) break;
        gst_element_set_state(decoder, GST_STATE_NULL);
        last_ = before;
        gst_bin_remove(GST_BIN(bin_.get()), decoder);
    }
    gst_plugin_feature_list_free(factories);
    return found ? success() : Status{error("no decoder is installed")};
}

GstElement *Pipeline::make_sink() {
    auto *sink = gst_element_factory_make("appsink", nullptr);
    if (!sink) return nullptr;
    const CapsPtr caps{gst_caps_from_string("video/x-raw,format=BGRx")};
    gst_app_sink_set_caps(GST_APP_SINK(sink), caps.get());
    g_object_set(sink, "sync", FALSE, "qos", FALSE, "enable-last-sample", FALSE, nullptr);
    GstAppSinkCallbacks callbacks{};
    callbacks.new_sample = [](GstAppSink *from, gpointer self) { return new_sample(from, self); };
    gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, new std::shared_ptr<Listener>(listener_),
                               [](gpointer self) { delete static_cast<std::shared_ptr<Listener> *>(self); });
    return sink;
}

Status Pipeline::play(bool own_window) {
    std::lock_guard lock{changing_};
    if (!bin_) return error("the stream is over");
    bus_ = Ref<GstBus>::take(gst_element_get_bus(bin_.get()));
    own_window_ = own_window;
    auto *listener = new std::shared_ptr<Listener>(listener_);
    if (own_window) {
        // The sync handler belongs to the application, which waits for the sink's question for a window there.
        gst_bus_enable_sync_message_emission(bus_.get());
        g_signal_connect_data(bus_.get(), "sync-message::error", G_CALLBACK(on_error_message), listener,
                              [](gpointer self, GClosure *) { delete static_cast<std::shared_ptr<Listener> *>(self); },
                              GConnectFlags(0));
        auto *sink = gst_element_factory_make("autovideosink", nullptr);
        if (sink) g_object_set(sink, "sync", FALSE, nullptr);
        if (!append(sink)) return error("GStreamer has no window for videos");
    } else {
        gst_bus_set_sync_handler(bus_.get(), on_message, listener,
                                 [](gpointer self) { delete static_cast<std::shared_ptr<Listener> *>(self); });
        if (!append(make_sink())) return error("GStreamer has no appsink");
    }
    if (gst_element_set_state(bin_.get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
        return error("the pipeline does not start");
    return success();
}

// The application may read the bus of a pipeline that it shows itself, since it needs what is said there. Where it does
// not, nothing may pile up.
void Pipeline::look_at_bus() {
    using Clock = std::chrono::steady_clock;
    constexpr auto patience = std::chrono::seconds(1);
    if (!nobody_reads_) {
        MessagePtr first{gst_bus_peek(bus_.get())};
        if (first != oldest_ || !first) {
            oldest_ = std::move(first);
            oldest_since_ = Clock::now();
            return;
        }
        if (Clock::now() - oldest_since_ < patience) return;
        nobody_reads_ = true;
        oldest_.reset();
    }
    while (const auto message = MessagePtr{gst_bus_pop(bus_.get())}) on_error_message(bus_.get(), message.get(), &listener_);
}

bool Pipeline::push(EncodedFrame frame, uint64_t number) {
    if (own_window_) look_at_bus();
    auto *held = new SentFrame(std::move(frame));
    const auto size = held->frame.size;
    auto *buffer = gst_buffer_new_wrapped_full(GST_MEMORY_FLAG_READONLY, const_cast<std::byte *>(held->frame.data.get()), size,
                                               0, size, held, [](gpointer p) { SentFrame::free(static_cast<SentFrame *>(p)); });
    held->sent.store(true, std::memory_order_release);
    // Any steady pace will do: frames are shown by another clock.
    GST_BUFFER_PTS(buffer) = GST_BUFFER_DTS(buffer) = number * 10 * GST_MSECOND;
    gst_buffer_add_reference_timestamp_meta(buffer, number_mark(), number, GST_CLOCK_TIME_NONE);
    return gst_app_src_push_buffer(GST_APP_SRC(source_.get()), buffer) == GST_FLOW_OK;
}

std::size_t Pipeline::queued_bytes() const {
    return static_cast<std::size_t>(gst_app_src_get_current_level_bytes(GST_APP_SRC(source_.get())));
}

void Pipeline::stop() {
    std::lock_guard lock{changing_};
    if (!bin_) return;
    gst_element_set_state(bin_.get(), GST_STATE_NULL);
    const auto bus = Ref<GstBus>::take(gst_element_get_bus(bin_.get()));
    gst_bus_set_flushing(bus.get(), TRUE);
    bin_ = {};
    last_ = {};
}

GstPipeline *Pipeline::element() {
    std::lock_guard lock{changing_};
    return bin_ ? reinterpret_cast<GstPipeline *>(gst_object_ref(bin_.get())) : nullptr;
}

GstFlowReturn Pipeline::new_sample(void *sink, void *self) noexcept {
    auto *sample = gst_app_sink_pull_sample(GST_APP_SINK(sink));
    if (!sample) return GST_FLOW_EOS;
    const auto &listener = **static_cast<std::shared_ptr<Listener> *>(self);
    contained("video", [&listener, sample] {
        if (const auto keep = listener.keep.lock()) listener.events.on_picture(number_of(sample), picture_of(sample));
    });
    gst_sample_unref(sample);
    return GST_FLOW_OK;
}

void Pipeline::on_error_message(GstBus *, GstMessage *message, void *self) noexcept {
    if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR) return;
    GError *cause = nullptr;
    gst_message_parse_error(message, &cause, nullptr);
    const GErrorPtr held{cause};
    const auto &listener = **static_cast<std::shared_ptr<Listener> *>(self);
    contained("video", [&listener, cause] {
        if (const auto keep = listener.keep.lock()) listener.events.on_error(cause ? cause->message : "the pipeline broke");
    });
}

// Nobody reads the bus of a pipeline of ours, so nothing may stay on it.
GstBusSyncReply Pipeline::on_message(GstBus *bus, GstMessage *message, void *self) noexcept {
    on_error_message(bus, message, self);
    gst_message_unref(message);
    return GST_BUS_DROP;
}

}
