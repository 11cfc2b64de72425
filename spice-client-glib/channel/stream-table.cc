// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/stream-table.hh"

#include "base/log.hh"
#include "channel/parse-event.hh"
#include "media/gst-decoder.hh"
#include "media/jpeg-decoder.hh"
#include "media/video-codecs.hh"

#include <algorithm>
#include <chrono>
#include <spice/enums.h>

namespace spice::channel {

namespace {

constexpr uint32_t untimed_delay_ms = 100; // for frames without a time (spec/display.md §11.4)

int64_t steady_ms() noexcept {
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

}

bool StreamTable::is_stream_message(uint16_t type) noexcept {
    return (type >= wire::StreamCreate::message_id && type <= wire::StreamDestroyAll::message_id) ||
           type == wire::StreamDataSized::message_id || type == wire::StreamActivateReport::message_id;
}

Status StreamTable::handle(uint16_t type, wire::Bytes body) {
    switch (type) {
    case wire::StreamCreate::message_id:
        return with_message<wire::StreamCreate>(body, [this, body](auto m) { create(std::move(m), body.size()); });
    case wire::StreamData::message_id:
        return with_message<wire::StreamData>(body, [this](const auto &m) { frame(m.id, m.mm_time, nullptr, m.data); });
    case wire::StreamDataSized::message_id:
        return with_message<wire::StreamDataSized>(body,
                                                   [this](const auto &m) { frame(m.id, m.mm_time, &m.dest, m.data); });
    case wire::StreamClip::message_id:
        return with_message<wire::StreamClip>(body, [this, body](auto m) {
            if (streams_.contains(m.id)) hooks_.emit(StreamClipped{m.id, std::move(m.clip)}, body.size());
        });
    case wire::StreamDestroy::message_id:
        return with_message<wire::StreamDestroy>(body, [this](const auto &m) { close(m.id); });
    case wire::StreamActivateReport::message_id:
        return with_message<wire::StreamActivateReport>(body, [this](const auto &m) {
            if (const auto found = streams_.find(m.stream_id); found != streams_.end()) found->second.reporter.activate(m);
            else hooks_.report(StreamReporter::unsupported(m.stream_id));
        });
    default: clear(); return success();
    }
}

void StreamTable::refuse(uint32_t id, const char *why) {
    hooks_.warn(why);
    if (id < max_streams) {
        if (refused_[id]) return; // the server knows; it may have sent a lot meanwhile
        refused_.set(id);
    }
    hooks_.report(StreamReporter::unsupported(id));
}

void StreamTable::create(wire::StreamCreate create, std::size_t bytes) {
    close(create.id);
    if (create.id < max_streams) refused_.reset(create.id);
    if (create.id >= max_streams) return refuse(create.id, "a video stream has an impossible number: it is not shown");
    const auto surface = hooks_.surface(create.surface_id);
    if (!surface) return refuse(create.id, "a video stream is for an unknown surface: it is not shown");
    Stream stream{create.id};
    stream.surface_id = create.surface_id;
    stream.ordered = create.codec != SPICE_VIDEO_CODEC_TYPE_MJPEG;
    stream.dest = create.dest;
    StreamOpened opened;
    opened.id = create.id;
    opened.surface_id = create.surface_id;
    opened.top_down = (create.flags & SPICE_STREAM_FLAGS_TOP_DOWN) != 0;
    opened.ordered = stream.ordered;
    opened.immediate = surface->streaming_mode;
    if (!make_decoder(create, stream, opened))
        return refuse(create.id, "a video stream's codec cannot be decoded here: it is not shown");
    opened.clip = std::move(create.clip);
    opened.feed = stream.feed;
    streams_.emplace(create.id, std::move(stream));
    hooks_.emit(std::move(opened), bytes);
}

bool StreamTable::make_decoder(const wire::StreamCreate &create, Stream &stream, StreamOpened &opened) {
    if (create.codec < SPICE_VIDEO_CODEC_TYPE_MJPEG || create.codec > SPICE_VIDEO_CODEC_TYPE_H265) return false;
    const auto codec = static_cast<media::VideoCodec>(create.codec);
    const bool ask = overlay_ && opened.immediate;
    std::shared_ptr<media::VideoDecoder> decoder;
    if (codec == media::VideoCodec::mjpeg && !ask) {
        decoder = std::make_shared<media::JpegDecoder>();
    } else {
        if (!media::can_decode(codec)) return false;
        auto failed = [flag = stream.failed, wake = hooks_.waker()] {
            flag->store(true);
            wake();
        };
        auto made = std::make_shared<media::GstDecoder>(codec, std::move(failed), ask, hooks_.turn_maker());
        if (ask) opened.question = made;
        decoder = std::move(made);
    }
    stream.feed = std::make_shared<StreamFeed>(std::move(decoder), stream.ordered, opened.top_down, budget_);
    return true;
}

bool StreamTable::check() {
    bool news = false;
    for (auto entry = streams_.begin(); entry != streams_.end();) {
        const auto id = entry->first;
        const bool failed = entry++->second.failed->load();
        if (!failed) continue;
        refuse(id, "a video stream cannot be decoded: it is not shown");
        close(id);
        news = true;
    }
    return news;
}

void StreamTable::frame(uint32_t id, uint32_t mm_time, const wire::Rect *dest, wire::Bytes data) {
    const auto found = streams_.find(id);
    if (found == streams_.end()) return refuse(id, "video frames for an unknown stream are left out");
    auto &stream = found->second;
    const auto now = shared_->clock.now();
    if (mm_time == 0) mm_time = now + untimed_delay_ms;
    const auto margin = static_cast<int32_t>(mm_time - now);
    const auto audio_delay = shared_->playback_latency.load(std::memory_order_relaxed);
    const auto report = stream.reporter.arrived(mm_time, margin, steady_ms(), audio_delay);
    if (report) hooks_.report(*report);
    if (data.empty() || (!stream.ordered && margin < 0)) return;
    auto frame = std::make_shared<StreamFrame>(mm_time, dest ? *dest : stream.dest);
    if (!stream.feed->push(frame, data)) {
        refuse(id, "a video stream is more than can be decoded in time: it is not shown");
        return close(id);
    }
    hooks_.emit(StreamFrameReceived{id, std::move(frame)}, sizeof(StreamFrame) + data.size());
}

void StreamTable::close(uint32_t id) {
    if (streams_.erase(id) != 0) hooks_.emit(StreamClosed{id}, 0);
}

void StreamTable::surface_gone(uint32_t surface_id) {
    std::erase_if(streams_, [&](const auto &entry) { return entry.second.surface_id == surface_id; });
}

void StreamTable::clear() {
    streams_.clear();
    hooks_.emit(AllStreamsClosed{}, 0);
}

}
