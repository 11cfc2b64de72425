// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/object-pool.hh"
#include "channel/band-height.hh"
#include "channel/display-caches.hh"
#include "channel/gl-scanout.hh"
#include "channel/image-resolver.hh"
#include "channel/outbox-engine.hh"
#include "channel/stream-table.hh"
#include "display/canvas.hh"
#include "display/surface.hh"
#include "wire/messages-display.hh"

#include <memory>
#include <unordered_map>
#include <vector>

namespace spice::channel {

// A drawing with its images, which may still be decoding.
struct DrawEvent {
    display::DrawOp op;
    ResolvedImage source, brush, mask, back;
    std::shared_ptr<std::byte[]> keep; // the message body, where the message has views of it
    const display::ImageSlot *waiting_for = nullptr; // it will rearm the outbox
    int32_t next_row = -1;             // a large drawing is done in bands: where to go on
    BandHeight bands;
};
using DrawPool = ObjectPool<DrawEvent>; // much larger than the other events, and moved from queue to queue
using DrawPtr = DrawPool::Ptr;
struct SurfaceCreated {
    uint32_t id, width, height, flags;
    display::SurfaceFormat format;
    std::unique_ptr<display::SurfaceMemory> memory;
};
struct SurfaceDestroyed {
    uint32_t id;
};
struct MonitorsChanged {
    uint32_t max_allowed;
    std::vector<wire::Head> heads;
};
struct Marked {};
struct ResetSurfaces {};
struct Barrier {
    uint32_t id;
    uint64_t timestamp;
};

using DisplayPayload =
    std::variant<DrawPtr, SurfaceCreated, SurfaceDestroyed, MonitorsChanged, Marked, ResetSurfaces, Barrier,
                 StreamEvent, ScanoutChanged, GlDrawn>;
using DisplayEvent = ChannelEvent<DisplayPayload>;

// The display channel on its thread: parses drawings, starts the decoding of their images and keeps caches and
// palettes in wire order. It paints nothing.
class DisplayEngine final : public OutboxEngine<DisplayPayload> {
public:
    // `video_overlay`: the application may want the pipelines of videos.
    DisplayEngine(EngineSetup setup, std::shared_ptr<DisplayCaches> caches, int preferred_compression,
                  bool video_overlay);

private:
    Status handle(const Message &message) override;
    void prepare() override;
    void linked() override;
    void ended() override;
    bool ping_is_barrier(uint32_t id, uint64_t timestamp) override;
    bool publish() override;
    bool must_read_on() const override;
    void waits_done() override;
    void descriptors_came(std::vector<UniqueFd> fds) override;
    std::optional<link::Clock::time_point> next_tick() const override;
    void tick() override;

    template <class M> Status draw(const Message &message);
    template <class M> Status draw_parsed(Result<M> parsed, const Message &message);
    Status handle_draw(const Message &message);
    Status handle_cache(const Message &message);
    Status handle_surface(const Message &message);
    Status handle_gl(const Message &message);
    Status create_surface(const wire::SurfaceCreate &create);
    Status monitors(const Message &message);
    Status invalidate_all(const Message &message);
    StreamTable::Hooks stream_hooks();
    codec::Layout layout_of(uint32_t surface_id) const;

    struct KnownSurface {
        display::SurfaceFormat format;
        std::size_t bytes;
        uint32_t flags; // of SURFACE_CREATE
    };
    std::shared_ptr<DisplayCaches> caches_;
    int preferred_compression_;
    ImageResolver resolver_;
    std::unordered_map<uint32_t, KnownSurface> surfaces_;
    uint64_t surface_bytes_ = 0;
    StreamTable streams_;
    DrawPool draws_;
    bool clear_after_waits_ = false;
    ScanoutReader scanout_;
    uint64_t presence_ = 0; // on the activity board
};

}
