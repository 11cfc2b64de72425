// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/display-model.hh"

#include "base/log.hh"
#include "base/glib/glib-ptr.hh"
#include "base/worker-pool.hh"
#include "media/gst-decoder.hh"
#include "wire/writer.hh"

#include <algorithm>
#include <cstring>
#include <spice/protocol.h>

namespace spice::channel {

namespace {

// A larger drawing is done in bands, with a look at the clock between them.
constexpr int64_t whole_draw_pixels = 1 << 16;
// Mostly enough for a frame of 1080p: painted in one turn it is not seen in parts.
constexpr gint64 frames_us = 1500;
constexpr unsigned unmark_delay_ms = 1000;
constexpr uint64_t default_cache_pixels = 20u << 20, default_window_pixels = 3u << 20;

// Unmapping megabytes takes longer than a frame has: a worker does it.
void release_memory(std::unique_ptr<display::SurfaceMemory> memory) {
    constexpr std::size_t worth_a_hop = 1u << 20;
    if (!memory || memory->size() < worth_a_hop) return;
    std::shared_ptr<display::SurfaceMemory> shared = std::move(memory);
    WorkerPool::shared().submit([shared = std::move(shared)]() mutable { shared.reset(); });
}

using OwnedPipeline = Owned<GstPipeline, g_object_unref>;

bool pending(const ResolvedImage &image) noexcept {
    return image.slot && image.slot->state() == display::ImageSlot::State::pending;
}

}

DisplayModel::DisplayModel(Observer &observer, Host *host, GMainContext *context, uint8_t id)
    : Model{observer, host, context, Type::display, id}, observer_{observer}, canvas_{surfaces_},
      wants_gl_{host && host->gl_scanout()} {}

DisplayModel::~DisplayModel() { drop_outbox(); }

void DisplayModel::drop_outbox() {
    if (outbox_) outbox_->close();
    outbox_.reset();
}

void DisplayModel::announce_stream_capabilities(wire::Capabilities &caps) {
    announce_capability(caps, SPICE_DISPLAY_CAP_SIZED_STREAM, "SPICE_DISPLAY_CAP_SIZED_STREAM");
    if (!g_getenv("SPICE_DISABLE_ADAPTIVE_STREAMING"))
        announce_capability(caps, SPICE_DISPLAY_CAP_STREAM_REPORT, "SPICE_DISPLAY_CAP_STREAM_REPORT");
    announce_capability(caps, SPICE_DISPLAY_CAP_MULTI_CODEC, "SPICE_DISPLAY_CAP_MULTI_CODEC");
    announce_capability(caps, SPICE_DISPLAY_CAP_CODEC_MJPEG, "SPICE_DISPLAY_CAP_CODEC_MJPEG");
    // The engine takes back those that cannot be decoded here.
    announce_capability(caps, SPICE_DISPLAY_CAP_CODEC_VP8, "SPICE_DISPLAY_CAP_CODEC_VP8");
    announce_capability(caps, SPICE_DISPLAY_CAP_CODEC_H264, "SPICE_DISPLAY_CAP_CODEC_H264");
    announce_capability(caps, SPICE_DISPLAY_CAP_CODEC_VP9, "SPICE_DISPLAY_CAP_CODEC_VP9");
    announce_capability(caps, SPICE_DISPLAY_CAP_CODEC_H265, "SPICE_DISPLAY_CAP_CODEC_H265");
}

std::shared_ptr<Engine> DisplayModel::make_engine(AttemptParams params) {
    auto setup = engine_setup(std::move(params));
    auto &caps = setup.channel_caps;
    announce_capability(caps, SPICE_DISPLAY_CAP_MONITORS_CONFIG, "SPICE_DISPLAY_CAP_MONITORS_CONFIG");
    announce_capability(caps, SPICE_DISPLAY_CAP_COMPOSITE, "SPICE_DISPLAY_CAP_COMPOSITE");
    announce_capability(caps, SPICE_DISPLAY_CAP_A8_SURFACE, "SPICE_DISPLAY_CAP_A8_SURFACE");
#ifdef HAVE_LZ4
    announce_capability(caps, SPICE_DISPLAY_CAP_LZ4_COMPRESSION, "SPICE_DISPLAY_CAP_LZ4_COMPRESSION");
#endif
    announce_stream_capabilities(caps);
    shared_ = setup.shared;
    if (wants_gl_ && link::is_plain_unix(setup.params.endpoint)) {
        announce_capability(caps, SPICE_DISPLAY_CAP_GL_SCANOUT, "SPICE_DISPLAY_CAP_GL_SCANOUT");
        if (want_scanout2_) announce_capability(caps, cap_gl_scanout2, "SPICE_DISPLAY_CAP_GL_SCANOUT2");
    }
    auto caches = host()->display_caches();
    // An application may connect a display before the main channel has learnt the sizes: it gets caches of its own.
    if (!caches) caches = std::make_shared<DisplayCaches>(default_cache_pixels, default_window_pixels);
    auto engine = std::make_shared<DisplayEngine>(std::move(setup), std::move(caches), host()->preferred_compression(),
                                                  observer_.wants_video_overlay());
    outbox_ = make_outbox(*engine, context(), static_cast<Outbox<DisplayEvent>::Sink &>(*this));
    clock_watch_ = shared_->clock.watch(rearming());
    warned_ = 0;
    return engine;
}

const display::Surface *DisplayModel::surface(uint32_t id) const { return surfaces_.find(id); }

const display::Surface *DisplayModel::primary() const { return primary_ ? surfaces_.find(*primary_) : nullptr; }

void DisplayModel::on_opened() { observer_.on_monitors(); }

// The picture stays up when the connection is gone; everything else goes.
void DisplayModel::on_reset() {
    damage_.clear();
    streams_.clear();
    next_frame_.reset();
    frames_wait_ = false;
    scanout_.forget_draws();
    std::vector<uint32_t> ids;
    surfaces_.for_each([&](const display::Surface &s) {
        if (!primary_ || s.id != *primary_) ids.push_back(s.id);
    });
    for (const auto id : ids) drop_surface(surfaces_.take(id));
}

bool DisplayModel::change_preferred_compression(int compression) {
    if (!test_capability(SPICE_DISPLAY_CAP_PREF_COMPRESSION)) return false;
    return send(wire::PreferredCompression::message_id,
                wire::serialize(wire::PreferredCompression{static_cast<uint8_t>(compression)}));
}

bool DisplayModel::change_preferred_video_codecs(std::span<const uint8_t> codecs) {
    if (!test_capability(SPICE_DISPLAY_CAP_PREF_VIDEO_CODEC_TYPE)) return false;
    return send(wire::PreferredVideoCodecType::message_id,
                wire::serialize(wire::PreferredVideoCodecType{{codecs.begin(), codecs.end()}}));
}

// Videos come first, then drawings, then videos with what these have left.
std::shared_ptr<void> DisplayModel::begin_turn() {
    frames_wait_ = false;
    next_frame_.reset();
    if (!streams_.idle()) {
        show_frames(g_get_monotonic_time() + frames_us);
        outbox_->reserve(Outbox<DisplayEvent>::slice_us / 2);
    }
    return observer_.keep_alive();
}

void DisplayModel::end_turn() {
    if (frames_wait_ && !slice_over()) show_frames(outbox_->slice_end());
    if (frames_wait_) outbox_->rearm();
    else if (next_frame_) outbox_->wake_at(*next_frame_);
    const auto box = outbox_;
    emit_damage();
    if (outbox_ == box) ask_about_videos();
}

void DisplayModel::ask_about_videos() {
    const auto box = outbox_;
    while (outbox_ == box) {
        const auto decoder = streams_.next_question();
        if (!decoder) return;
        const auto pipeline = OwnedPipeline{decoder->question()};
        decoder->answer(pipeline && observer_.on_video_overlay(pipeline.get()));
    }
}

bool DisplayModel::slice_over() const { return g_get_monotonic_time() > outbox_->slice_end(); }

// Anything but a drawing tells the application about pixels that are there already, so what changed is said first.
bool DisplayModel::deliver(DisplayEvent &event) {
    auto *payload = std::get_if<DisplayPayload>(&event.body);
    auto *draw = payload ? std::get_if<DrawPtr>(payload) : nullptr;
    if (draw) return apply(**draw);
    if (auto *stream = payload ? std::get_if<StreamEvent>(payload) : nullptr) return apply(*stream);
    const auto box = outbox_;
    emit_damage();
    if (outbox_ != box) return true; // a handler ended the connection
    if (!payload) {
        Model::deliver(std::get<Lifecycle>(event.body));
        return true;
    }
    return std::visit([this](auto &e) { return apply(e); }, *payload);
}

void DisplayModel::emit_damage() {
    if (damage_.empty()) return;
    const auto damage = damage_; // a handler may come back here, or end the connection
    const auto box = outbox_;
    damage_.clear();
    for (const auto &b : damage.boxes()) {
        const auto *shown = primary();
        if (!shown || outbox_ != box) return;
        const auto x2 = std::min<int64_t>(b.x2, shown->width), y2 = std::min<int64_t>(b.y2, shown->height);
        if (b.x1 < x2 && b.y1 < y2)
            observer_.on_invalidate(b.x1, b.y1, static_cast<int>(x2 - b.x1), static_cast<int>(y2 - b.y1));
    }
}

// Brings another turn; for any thread.
std::function<void()> DisplayModel::rearming() const {
    return [weak = std::weak_ptr{outbox_}] {
        if (auto outbox = weak.lock()) outbox->rearm();
    };
}

// True when every image has settled. Otherwise the slot will rearm the outbox, once.
bool DisplayModel::gather_images(DrawEvent &event) {
    for (auto *image : {&event.source, &event.brush, &event.mask, &event.back}) {
        if (!pending(*image)) continue;
        if (event.waiting_for == image->slot.get()) return false;
        event.waiting_for = image->slot.get();
        image->lease.hurry();
        image->slot->when_settled(rearming());
        return false;
    }
    return true;
}

bool DisplayModel::apply(DrawEvent &event) {
    if (event.next_row < 0) {
        if (!gather_images(event)) return false;
        auto &images = event.op.images;
        for (auto [from, to] : {std::pair{&event.source, &images.source}, std::pair{&event.brush, &images.brush},
                                std::pair{&event.mask, &images.mask}, std::pair{&event.back, &images.back}}) {
            if (!from->slot) continue;
            // Decoding failed or the image never came, and that was said then.
            if (from->slot->state() == display::ImageSlot::State::failed) return true;
            *to = from->slot->picture();
        }
        streams_.drawn(event.op);
        const auto extents = canvas_.extents(event.op);
        const auto pixels = display::width(extents) * display::height(extents);
        if (pixels <= whole_draw_pixels || canvas_.must_be_whole(event.op)) {
            const auto outcome = canvas_.draw(event.op);
            note(event, outcome);
            return true;
        }
        canvas_.prepare(event.op);
        event.next_row = extents.y1;
        event.bands = BandHeight{display::width(extents)};
    }
    return draw_bands(event);
}

bool DisplayModel::draw_bands(DrawEvent &event) {
    const auto extents = canvas_.extents(event.op);
    auto now = g_get_monotonic_time();
    while (event.next_row < extents.y2) {
        const auto last = static_cast<int32_t>(std::min<int64_t>(int64_t{event.next_row} + event.bands.rows(), extents.y2));
        const auto outcome = canvas_.draw(event.op, {event.next_row, last});
        event.next_row = last;
        const auto took = g_get_monotonic_time() - std::exchange(now, g_get_monotonic_time());
        event.bands.learn(took);
        if (last >= extents.y2 || outcome.fault) {
            note(event, outcome);
            return true;
        }
        if (slice_over()) {
            outbox_->rearm();
            return false;
        }
    }
    return true;
}

void DisplayModel::note(const DrawEvent &event, const display::Outcome &outcome) {
    if (outcome.fault) warn_about(*outcome.fault);
    if (!outcome.damage || !primary_) return;
    const auto target = std::visit([](const auto &m) { return m.base.surface_id; }, event.op.message);
    if (target == *primary_) damage_.add(*outcome.damage);
}

void DisplayModel::warn_about(display::FaultKind kind) {
    const uint32_t bit = 1u << static_cast<unsigned>(kind);
    if (warned_ & bit) return;
    warned_ |= bit;
    log::warn("display-%d: %s: skipped", id(), display::describe(kind));
}

void DisplayModel::drop_surface(std::unique_ptr<display::Surface> surface) {
    if (surface) release_memory(std::move(surface->memory));
}

bool DisplayModel::apply(SurfaceCreated &event) {
    streams_.surface_gone(event.id);
    if (event.flags & SPICE_SURFACE_FLAGS_PRIMARY) {
        create_primary(event);
        return true;
    }
    const auto box = outbox_;
    if (primary_ && *primary_ == event.id) destroy_primary();
    if (outbox_ != box) return true; // a handler ended the connection
    drop_surface(surfaces_.take(event.id));
    auto made = surfaces_.create(event.id, event.format, event.width, event.height, event.flags, std::move(event.memory));
    if (!made) log::warn("display-%d: %s", id(), made.error().what.c_str());
    return true;
}

void DisplayModel::create_primary(SurfaceCreated &event) {
    const auto *old = primary();
    // The pointer that applications hold stays good, and so does the picture until it is painted over.
    if (old && old->id == event.id && old->width == event.width && old->height == event.height &&
        old->format == event.format)
        return release_memory(std::move(event.memory));
    const auto box = outbox_;
    if (old) destroy_primary();
    if (outbox_ != box) return;
    drop_surface(surfaces_.take(event.id));
    auto made = surfaces_.create(event.id, event.format, event.width, event.height, event.flags, std::move(event.memory));
    if (!made) {
        log::warn("display-%d: %s", id(), made.error().what.c_str());
        return;
    }
    primary_ = event.id;
    unmark_task_.cancel();
    if (!test_capability(SPICE_DISPLAY_CAP_MONITORS_CONFIG)) {
        monitors_ = {{0, event.id, 0, 0, event.width, event.height}};
        monitors_max_ = 1;
        observer_.on_monitors();
        if (outbox_ != box) return;
    }
    observer_.on_primary_create();
}

void DisplayModel::destroy_primary() {
    auto surface = surfaces_.take(*primary_);
    primary_.reset();
    damage_.clear();
    observer_.on_primary_destroy(); // the pixels are still mapped
    drop_surface(std::move(surface));
    // Further displays are unmarked a second later unless a new primary comes (spec/display.md §6.2).
    if (id() != 0)
        unmark_task_.schedule(context(), unmark_delay_ms, [this] {
            auto keep = observer_.keep_alive();
            marked_ = false;
            observer_.on_mark(false);
        });
}

bool DisplayModel::apply(SurfaceDestroyed &event) {
    streams_.surface_gone(event.id);
    if (primary_ && *primary_ == event.id) destroy_primary();
    else drop_surface(surfaces_.take(event.id));
    return true;
}

bool DisplayModel::apply(MonitorsChanged &event) {
    monitors_max_ = event.max_allowed;
    monitors_.clear();
    for (const auto &head : event.heads)
        monitors_.push_back({head.monitor_id, head.surface_id, head.x, head.y, head.width, head.height});
    observer_.on_monitors();
    return true;
}

bool DisplayModel::apply(Marked &) {
    marked_ = true;
    observer_.on_mark(true);
    return true;
}

bool DisplayModel::apply(ResetSurfaces &) {
    if (auto *shown = primary_ ? surfaces_.find(*primary_) : nullptr) {
        std::memset(shown->data(), 0, shown->memory->size());
        damage_.add({0, 0, static_cast<int32_t>(shown->width), static_cast<int32_t>(shown->height)});
        const auto box = outbox_;
        emit_damage();
        if (outbox_ != box) return true;
    }
    marked_ = false;
    observer_.on_mark(false);
    return true;
}

bool DisplayModel::apply(Barrier &event) {
    send(wire::Pong::message_id, wire::serialize(wire::Pong{event.id, event.timestamp}));
    return true;
}

bool DisplayModel::apply(StreamEvent &event) {
    streams_.apply(event, [turn = rearming(), shared = shared_](std::optional<uint32_t> time) {
        // Before its time, the outbox brings the turn that a frame needs.
        if (!time || static_cast<int32_t>(*time - shared->clock.now()) <= 0) turn();
    });
    for (const auto &[surface_id, box] : streams_.take_unfinished())
        if (primary_ == surface_id) damage_.add({std::max(box.x1, 0), std::max(box.y1, 0), box.x2, box.y2});
    frames_wait_ |= !streams_.idle();
    return true;
}

// Frames are shown by the outbox's turns, like drawings.
void DisplayModel::show_frames(gint64 until) {
    const auto &shared = *shared_;
    const bool sound = shared.playback_latency.load(std::memory_order_relaxed) != Shared::no_playback;
    const auto shown = streams_.show(
        shared.clock.now(), sound, [until] { return g_get_monotonic_time() > until; },
        [this](uint32_t surface_id, const display::Outcome &outcome) {
            if (outcome.fault) warn_about(*outcome.fault);
            if (outcome.damage && primary_ == surface_id) damage_.add(*outcome.damage);
        });
    frames_wait_ = shown.again;
    next_frame_.reset();
    if (shown.wait_ms) next_frame_ = g_get_monotonic_time() + gint64{*shown.wait_ms} * 1000;
}

bool DisplayModel::apply(ScanoutChanged &event) {
    const auto old = scanout_.change(std::move(event.scanout));
    observer_.on_gl_scanout();
    return true;
}

// The guest stands still until each draw is answered, once.
bool DisplayModel::apply(GlDrawn &event) {
    scanout_.draw_begun();
    const bool shown = scanout_.current() && observer_.on_gl_draw(event.x, event.y, event.width, event.height);
    if (!shown) gl_draw_done();
    return true;
}

void DisplayModel::gl_draw_done() {
    if (scanout_.answer()) send(wire::GlDrawDone::message_id, wire::serialize(wire::GlDrawDone{}));
    else SPICE_LOG_DEBUG("display-%d: no GL draw waits for an answer", id());
}

}
