// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/display-engine.hh"

#include "base/log.hh"
#include "channel/fault-kinds.hh"
#include "channel/parse-event.hh"
#include "media/video-codecs.hh"
#include "wire/writer.hh"

#include <algorithm>
#include <spice/protocol.h>

namespace spice::channel {

namespace {

constexpr uint8_t shared_cache_id = 1; // one image cache and one GLZ dictionary a session
constexpr auto tick_interval = std::chrono::milliseconds(250);
constexpr std::size_t small_body = 16u << 10;
constexpr uint64_t decoded_at_once_bytes = 4 * ImageResolver::small_image_pixels;

// True when something of the message is used after it was handled: views of its text, or an image that a worker decodes.
template <class M> bool outlives_handling(const M &m) {
    [[maybe_unused]] const auto later = [](const std::optional<wire::Image> &image) {
        return image && !ImageResolver::decoded_at_once(*image);
    };
    bool any = std::is_same_v<M, wire::DrawText>; // which has patterns as well
    if constexpr (requires { m.src; }) any |= later(m.src);
    if constexpr (requires { m.brush; }) {
        const auto *pattern = std::get_if<wire::PatternBrush>(&m.brush.data);
        any |= pattern && !ImageResolver::decoded_at_once(pattern->image);
    }
    if constexpr (requires { m.mask.image; }) any |= later(m.mask.image);
    else if constexpr (requires { m.mask; }) any |= later(m.mask);
    return any;
}

codec::Layout layout_for(display::SurfaceFormat format) noexcept {
    switch (format) {
    case display::SurfaceFormat::a1: return codec::Layout::a1;
    case display::SurfaceFormat::a8: return codec::Layout::a8;
    case display::SurfaceFormat::rgb555: return codec::Layout::rgb555;
    case display::SurfaceFormat::rgb565: return codec::Layout::rgb565;
    case display::SurfaceFormat::argb: return codec::Layout::bgra;
    case display::SurfaceFormat::xrgb: break;
    }
    return codec::Layout::bgrx;
}

}

DisplayEngine::DisplayEngine(EngineSetup engine_setup, std::shared_ptr<DisplayCaches> caches, int preferred_compression,
                             bool video_overlay)
    : OutboxEngine{std::move(engine_setup)}, caches_{std::move(caches)}, preferred_compression_{preferred_compression},
      resolver_{caches_, setup().id, [this](uint32_t kind, const char *what) { warn_once(kind, what); }},
      streams_{stream_hooks(), setup().shared, video_overlay} {}

// Announces the video codecs that can be decoded here, of those that the environment leaves in.
void DisplayEngine::prepare() {
    using media::VideoCodec;
    constexpr std::pair<VideoCodec, uint32_t> codecs[] = {{VideoCodec::vp8, SPICE_DISPLAY_CAP_CODEC_VP8},
                                                          {VideoCodec::h264, SPICE_DISPLAY_CAP_CODEC_H264},
                                                          {VideoCodec::vp9, SPICE_DISPLAY_CAP_CODEC_VP9},
                                                          {VideoCodec::h265, SPICE_DISPLAY_CAP_CODEC_H265}};
    for (const auto &[codec, bit] : codecs)
        if (announced().test(bit) && !media::can_decode(codec)) announced().clear(bit);
}

void DisplayEngine::linked() {
    presence_ = caches_->board->join(setup().id, [weak = weak_from_this()] {
        if (auto self = weak.lock()) self->wake();
    });
    const wire::DisplayInit init{shared_cache_id, static_cast<int64_t>(caches_->cache_size), shared_cache_id,
                                 static_cast<int32_t>(caches_->window_size)};
    queue(wire::DisplayInit::message_id, wire::serialize(init));
    if (preferred_compression_ != 0 && server_caps().test(SPICE_DISPLAY_CAP_PREF_COMPRESSION))
        queue(wire::PreferredCompression::message_id,
              wire::serialize(wire::PreferredCompression{static_cast<uint8_t>(preferred_compression_)}));
}

void DisplayEngine::ended() {
    resolver_.abandon();
    caches_->board->leave(setup().id, presence_);
}

bool DisplayEngine::ping_is_barrier(uint32_t id, uint64_t timestamp) {
    emit(Barrier{id, timestamp});
    return true;
}

bool DisplayEngine::publish() {
    caches_->board->note(setup().id);
    return OutboxEngine::publish();
}

// Somebody else's image may be behind what the outbox has no room for; memory has the last word all the same.
bool DisplayEngine::must_read_on() const {
    return resolver_.others_wait() && outbox()->queued_bytes() < caches_->read_on_bytes;
}

std::optional<link::Clock::time_point> DisplayEngine::next_tick() const {
    if (!resolver_.waiting()) return std::nullopt;
    return link::Clock::now() + tick_interval;
}

void DisplayEngine::tick() {
    resolver_.give_up_overdue();
    if (streams_.check()) hand_over();
}

codec::Layout DisplayEngine::layout_of(uint32_t surface_id) const {
    const auto found = surfaces_.find(surface_id);
    return found == surfaces_.end() ? codec::Layout::bgrx : layout_for(found->second.format);
}

// Parses a drawing and resolves its images, in the order in which a server refers to what it sent.
template <class M> Status DisplayEngine::draw(const Message &message) {
    auto parsed = wire::parse<M>(message.body);
    if (!parsed) return std::move(parsed.error());
    if (message.body.size() >= small_body || !outlives_handling(*parsed)) return draw_parsed(std::move(parsed), message);
    // A few bytes must not keep a whole receive buffer alive until they are drawn.
    Message copy = message;
    copy.keep = std::make_shared_for_overwrite<std::byte[]>(message.body.size());
    std::copy(message.body.begin(), message.body.end(), copy.keep.get());
    copy.body = {copy.keep.get(), message.body.size()};
    return draw_parsed(wire::parse<M>(copy.body), copy);
}

template <class M> Status DisplayEngine::draw_parsed(Result<M> parsed, const Message &message) {
    auto &m = *parsed;
    auto made = draws_.make();
    auto &event = *made;
    const codec::DecodeTarget target{layout_of(m.base.surface_id), false, false};
    const codec::DecodeTarget mask_target{codec::Layout::a1, true, false};
    const auto resolve = [&](wire::Image &image, const codec::DecodeTarget &t) {
        // What the canvas looks at, the type and a surface's id, survives the move.
        return resolver_.resolve(std::move(image), t, message.keep);
    };
    const auto resolve_brush = [&](wire::Brush &brush) -> ResolvedImage {
        auto *pattern = std::get_if<wire::PatternBrush>(&brush.data);
        return pattern ? resolve(pattern->image, target) : ResolvedImage{};
    };
    if constexpr (requires { m.fore; }) {
        event.brush = resolve_brush(m.fore);
        event.back = resolve_brush(m.back);
    }
    if constexpr (requires { m.brush; }) event.brush = resolve_brush(m.brush);
    if constexpr (requires { m.src; }) {
        if (m.src) event.source = resolve(*m.src, target);
    }
    if constexpr (std::is_same_v<M, wire::DrawComposite>) {
        if (m.mask) event.mask = resolve(*m.mask, target);
    } else if constexpr (requires { m.mask; }) {
        if (m.mask.image) event.mask = resolve(*m.mask.image, mask_target);
    }
    constexpr bool has_views = std::is_same_v<M, wire::DrawText>;
    if constexpr (has_views) event.keep = message.keep;
    event.op.message = std::move(m);
    std::size_t bytes = sizeof(DrawEvent) + message.body.size();
    for (const auto *image : {&event.source, &event.brush, &event.mask, &event.back})
        if (image->decoded_at_once) bytes += decoded_at_once_bytes;
    emit(std::move(made), bytes);
    return success();
}

Status DisplayEngine::handle_draw(const Message &message) {
    switch (message.type) {
    case wire::CopyBits::message_id: return draw<wire::CopyBits>(message);
    case wire::DrawFill::message_id: return draw<wire::DrawFill>(message);
    case wire::DrawOpaque::message_id: return draw<wire::DrawOpaque>(message);
    case wire::DrawCopy::message_id: return draw<wire::DrawCopy>(message);
    case wire::DrawBlend::message_id: return draw<wire::DrawBlend>(message);
    case wire::DrawBlackness::message_id: return draw<wire::DrawBlackness>(message);
    case wire::DrawWhiteness::message_id: return draw<wire::DrawWhiteness>(message);
    case wire::DrawInvers::message_id: return draw<wire::DrawInvers>(message);
    case wire::DrawRop3::message_id: return draw<wire::DrawRop3>(message);
    case wire::DrawStroke::message_id: return draw<wire::DrawStroke>(message);
    case wire::DrawText::message_id: return draw<wire::DrawText>(message);
    case wire::DrawTransparent::message_id: return draw<wire::DrawTransparent>(message);
    case wire::DrawAlphaBlend::message_id: return draw<wire::DrawAlphaBlend>(message);
    default: return draw<wire::DrawComposite>(message);
    }
}

Status DisplayEngine::handle(const Message &message) {
    switch (message.type) {
    case SPICE_MSG_DISPLAY_COPY_BITS:
    case SPICE_MSG_DISPLAY_DRAW_FILL:
    case SPICE_MSG_DISPLAY_DRAW_OPAQUE:
    case SPICE_MSG_DISPLAY_DRAW_COPY:
    case SPICE_MSG_DISPLAY_DRAW_BLEND:
    case SPICE_MSG_DISPLAY_DRAW_BLACKNESS:
    case SPICE_MSG_DISPLAY_DRAW_WHITENESS:
    case SPICE_MSG_DISPLAY_DRAW_INVERS:
    case SPICE_MSG_DISPLAY_DRAW_ROP3:
    case SPICE_MSG_DISPLAY_DRAW_STROKE:
    case SPICE_MSG_DISPLAY_DRAW_TEXT:
    case SPICE_MSG_DISPLAY_DRAW_TRANSPARENT:
    case SPICE_MSG_DISPLAY_DRAW_ALPHA_BLEND:
    case SPICE_MSG_DISPLAY_DRAW_COMPOSITE: return handle_draw(message);
    case SPICE_MSG_DISPLAY_MODE:
    case SPICE_MSG_DISPLAY_MARK:
    case SPICE_MSG_DISPLAY_RESET:
    case SPICE_MSG_DISPLAY_SURFACE_CREATE:
    case SPICE_MSG_DISPLAY_SURFACE_DESTROY:
    case SPICE_MSG_DISPLAY_MONITORS_CONFIG: return handle_surface(message);
    case SPICE_MSG_DISPLAY_INVAL_LIST:
    case SPICE_MSG_DISPLAY_INVAL_ALL_PIXMAPS:
    case SPICE_MSG_DISPLAY_INVAL_PALETTE:
    case SPICE_MSG_DISPLAY_INVAL_ALL_PALETTES: return handle_cache(message);
    case wire::GlScanoutUnix::message_id:
    case wire::GlScanout2Unix::message_id:
    case wire::GlDraw::message_id: return handle_gl(message);
    default:
        if (StreamTable::is_stream_message(message.type)) return streams_.handle(message.type, message.body);
        SPICE_LOG_DEBUG("display-%d: message %u ignored", setup().id, message.type);
        return success();
    }
}

Status DisplayEngine::handle_cache(const Message &message) {
    switch (message.type) {
    case wire::InvalList::message_id:
        return with_message<wire::InvalList>(message.body, [this](const auto &m) {
            for (const auto &resource : m.resources)
                if (resource.type == SPICE_RES_TYPE_PIXMAP) caches_->images.invalidate(resource.id);
        });
    case wire::InvalPalette::message_id:
        return with_message<wire::InvalPalette>(message.body,
                                                [this](const auto &m) { resolver_.palettes().remove(m.unique); });
    case wire::InvalAllPalettes::message_id: resolver_.palettes().clear(); return success();
    default: return invalidate_all(message);
    }
}

Status DisplayEngine::invalidate_all(const Message &message) {
    return with_message<wire::InvalAllPixmaps>(message.body, [this](const auto &m) {
        if (m.waits.empty()) return caches_->images.clear();
        for (const auto &wait : m.waits) add_wait(wait);
        clear_after_waits_ = true;
    });
}

void DisplayEngine::waits_done() {
    if (std::exchange(clear_after_waits_, false)) caches_->images.clear();
}

Status DisplayEngine::handle_surface(const Message &message) {
    switch (message.type) {
    case wire::DisplayMode::message_id: {
        auto mode = wire::parse<wire::DisplayMode>(message.body);
        if (!mode) return std::move(mode.error());
        const uint32_t format = mode->bits == 32 ? SPICE_SURFACE_FMT_32_xRGB : SPICE_SURFACE_FMT_16_555;
        return create_surface({0, mode->width, mode->height, format, SPICE_SURFACE_FLAGS_PRIMARY});
    }
    case wire::DisplayMark::message_id: emit(Marked{}); return success();
    case wire::DisplayReset::message_id:
        resolver_.palettes().clear();
        streams_.clear();
        emit(ResetSurfaces{});
        return success();
    case wire::SurfaceCreate::message_id: {
        auto create = wire::parse<wire::SurfaceCreate>(message.body);
        return create ? create_surface(*create) : Status{std::move(create.error())};
    }
    case wire::SurfaceDestroy::message_id:
        return with_message<wire::SurfaceDestroy>(message.body, [this](const auto &m) {
            if (const auto found = surfaces_.find(m.surface_id); found != surfaces_.end()) {
                surface_bytes_ -= found->second.bytes;
                surfaces_.erase(found);
            }
            streams_.surface_gone(m.surface_id);
            emit(SurfaceDestroyed{m.surface_id});
        });
    default: return monitors(message);
    }
}

// Maps the pixels here, so that neither the page faults nor the zeroing happen in the main context. Limits on surfaces
// end the connection: what refers to them later could not be told from garbage.
Status DisplayEngine::create_surface(const wire::SurfaceCreate &create) {
    const auto format = display::surface_format(create.format);
    if (!format) {
        warn_once(fault_surface_format, "a surface of an unknown format is left out");
        return success();
    }
    const auto &limits = caches_->surface_limits;
    auto bytes = display::surface_bytes(create.width, create.height, limits);
    if (!bytes) return std::move(bytes.error());
    auto &known = surfaces_[create.surface_id];
    surface_bytes_ = surface_bytes_ - known.bytes + *bytes;
    known = {*format, *bytes, create.flags};
    streams_.surface_gone(create.surface_id);
    if (surfaces_.size() > limits.max_count || surface_bytes_ > limits.max_bytes)
        return Error{Error::Kind::protocol, "the server creates more surfaces than the limits allow"};
    auto memory = display::SurfaceMemory::map(*bytes);
    if (!memory) return std::move(memory.error());
    (*memory)->prefault();
    emit(SurfaceCreated{create.surface_id, create.width, create.height, create.flags, *format, std::move(*memory)}, *bytes);
    return success();
}

// A scanout is complete when its descriptors are there, which come behind the message.
Status DisplayEngine::handle_gl(const Message &message) {
    if (message.type == wire::GlDraw::message_id)
        return with_message<wire::GlDraw>(message.body,
                                          [this](const auto &m) { emit(GlDrawn{m.x, m.y, m.width, m.height}); });
    const bool planes = message.type == wire::GlScanout2Unix::message_id;
    const uint32_t cap = planes ? cap_gl_scanout2 : uint32_t{SPICE_DISPLAY_CAP_GL_SCANOUT};
    if (!setup().channel_caps.test(cap)) return Error{Error::Kind::protocol, "a GL scanout that nobody asked for"};
    auto count = scanout_.begin(message.type, message.body);
    if (!count) return std::move(count.error());
    if (*count > 0) return await_descriptors(*count);
    emit(ScanoutChanged{});
    return success();
}

void DisplayEngine::descriptors_came(std::vector<UniqueFd> fds) {
    auto event = scanout_.finish(std::move(fds));
    if (!event.scanout) warn_once(fault_gl, "a GL scanout came without its file descriptors: it is not shown");
    emit(std::move(event), ScanoutReader::cost);
}

Status DisplayEngine::monitors(const Message &message) {
    return with_message<wire::MonitorsConfig>(message.body, [this](auto m) {
        if (m.heads.empty()) return;
        const uint32_t max_allowed = std::clamp<uint32_t>(m.max_allowed, 1, 256);
        if (m.heads.size() > max_allowed) m.heads.resize(max_allowed);
        const auto bytes = m.heads.size() * sizeof(wire::Head);
        emit(MonitorsChanged{max_allowed, std::move(m.heads)}, bytes);
    });
}

StreamTable::Hooks DisplayEngine::stream_hooks() {
    return {[this](StreamEvent event, std::size_t bytes) { emit(std::move(event), bytes); },
            [this](const wire::StreamReport &report) {
                if (server_caps().test(SPICE_DISPLAY_CAP_STREAM_REPORT))
                    queue(wire::StreamReport::message_id, wire::serialize(report));
            },
            [this](const char *what) { warn_once(fault_stream, what); },
            [this](uint32_t id) -> std::optional<StreamSurface> {
                const auto found = surfaces_.find(id);
                if (found == surfaces_.end()) return std::nullopt;
                return StreamSurface{(found->second.flags & SPICE_SURFACE_FLAGS_STREAMING_MODE) != 0};
            },
            [this] {
                return [weak = weak_from_this()] {
                    if (auto self = weak.lock()) self->wake();
                };
            },
            [this] {
                return [weak = std::weak_ptr{outbox()}] {
                    if (auto box = weak.lock()) box->rearm();
                };
            }};
}

}
