// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/main-task.hh"
#include "base/glib/outbox.hh"
#include "channel/damage.hh"
#include "channel/display-engine.hh"
#include "channel/model.hh"
#include "channel/stream-board.hh"
#include "display/canvas.hh"
#include "display/surface.hh"

#include <vector>

typedef struct _GstPipeline GstPipeline;

namespace spice::channel {

struct Monitor {
    uint32_t id, surface_id, x, y, width, height;
};

// A display: its surfaces, painted in arrival order, and its monitors. Bound to the main context; the only writer of
// public pixels.
class DisplayModel final : public Model, private Outbox<DisplayEvent>::Sink {
public:
    struct Observer : Model::Observer {
        virtual void on_primary_create() = 0; // primary() answers it; pixels stay mapped until on_primary_destroy() returned
        virtual void on_primary_destroy() = 0;
        virtual void on_invalidate(int x, int y, int width, int height) = 0;
        virtual void on_mark(bool marked) = 0;
        // True: the application shows the video by the pipeline itself.
        virtual bool on_video_overlay(GstPipeline *) { return false; }
        virtual bool wants_video_overlay() const { return false; }
        virtual void on_monitors() = 0; // notify::monitors (and monitors-max)
        virtual void on_gl_scanout() {} // gl_scanout() answers the new one; the old one is still open
        // False: nobody is there to draw and to call gl_draw_done().
        virtual bool on_gl_draw(uint32_t, uint32_t, uint32_t, uint32_t) { return false; }

    protected:
        ~Observer() = default;
    };

    DisplayModel(Observer &observer, Host *host, GMainContext *context, uint8_t id);
    ~DisplayModel() override;

    // Null when there is no such surface.
    const display::Surface *surface(uint32_t id) const;
    const display::Surface *primary() const;
    bool marked() const noexcept { return marked_; }
    const std::vector<Monitor> &monitors() const noexcept { return monitors_; }
    uint32_t monitors_max() const noexcept { return monitors_max_; }
    // Null without one. It outlives the connection, as the primary does.
    const GlScanout *gl_scanout() const noexcept { return scanout_.current(); }
    void gl_draw_done();
    // The next connection may bring scanouts of several planes or with a modifier.
    void want_gl_scanout2() noexcept { want_scanout2_ = true; }

    // False when the server lacks the capability (nothing is sent).
    bool change_preferred_compression(int compression);
    bool change_preferred_video_codecs(std::span<const uint8_t> codecs);

private:
    std::shared_ptr<Engine> make_engine(AttemptParams params) override;
    void announce_stream_capabilities(wire::Capabilities &caps);
    bool allowed_read_only(uint16_t) const override { return true; }
    void on_opened() override;
    void on_reset() override;
    void drop_outbox() override;

    bool deliver(DisplayEvent &event) override;
    std::shared_ptr<void> begin_turn() override;
    void end_turn() override;

    bool apply(DrawPtr &event) { return apply(*event); }
    bool apply(DrawEvent &event);
    bool gather_images(DrawEvent &event);
    bool draw_bands(DrawEvent &event);
    bool apply(SurfaceCreated &event);
    bool apply(SurfaceDestroyed &event);
    bool apply(MonitorsChanged &event);
    bool apply(Marked &event);
    bool apply(ResetSurfaces &event);
    bool apply(Barrier &event);
    bool apply(StreamEvent &event);
    void show_frames(gint64 until);
    void ask_about_videos();
    std::function<void()> rearming() const;
    bool apply(ScanoutChanged &event);
    bool apply(GlDrawn &event);
    void note(const DrawEvent &event, const display::Outcome &outcome);
    void emit_damage();
    void create_primary(SurfaceCreated &event);
    void destroy_primary();
    void drop_surface(std::unique_ptr<display::Surface> surface);
    void warn_about(display::FaultKind kind);
    bool slice_over() const;

    Observer &observer_;
    std::shared_ptr<Outbox<DisplayEvent>> outbox_;
    display::SurfaceSet surfaces_;
    display::Canvas canvas_;
    std::shared_ptr<Shared> shared_; // of the attempt
    StreamBoard streams_{canvas_, surfaces_};
    bool frames_wait_ = false;            // for the rest of this turn, or for the next one
    std::optional<gint64> next_frame_;    // when the next frame is due (monotonic)
    MmClock::Token clock_watch_;
    Damage damage_;
    std::optional<uint32_t> primary_;
    bool marked_ = false;
    std::vector<Monitor> monitors_;
    uint32_t monitors_max_ = 1;
    uint32_t warned_ = 0; // kinds of drawing faults
    MainTask unmark_task_;
    ScanoutState scanout_;
    bool wants_gl_, want_scanout2_ = false;
};

}
