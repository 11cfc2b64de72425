// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "display/presenter.hh"
#include "display/scanout.hh"

#include <spice-client.h>

#include <vector>

namespace spice::gtk {

// What one widget shows of one display channel: follows the channel's signals, chooses the area, keeps the presenter
// of the current renderer fed. Main thread.
class Screen {
public:
    struct Host {
        virtual void screen_area_changed() = 0;   // size or position of the area, or the layout
        virtual void screen_ready_changed() = 0;  // evaluated anew, perhaps to the same value

    protected:
        ~Host() = default;
    };
    Screen(GtkWidget *widget, Host &host) : widget_{widget}, host_{host} {}
    Screen(const Screen &) = delete;
    Screen &operator=(const Screen &) = delete;
    ~Screen() { answer_draws(); }

    void attach(SpiceDisplayChannel *channel);
    void detach();
    void set_monitor(int monitor_id);
    void set_scaling(ScaleOptions options, Filter filter);
    void allocate(int width, int height);
    void update_layout(); // after a change of the device scale
    void realize();
    void unrealize();
    void map();
    void unmap();
    void snapshot(GtkSnapshot *snapshot);

    bool ready() const noexcept { return ready_; }
    const Rect &area() const noexcept { return area_; }
    const Layout &layout() const noexcept { return layout_; }
    Frame frame() { return source().frame(area_); } // the area as it is now, empty without data
    Ref<GdkTexture> texture() { return copy_texture(frame()); }

private:
    void primary_created(int format, int width, int height, int stride, int shmid, gpointer data);
    void primary_destroyed();
    void invalidated(int x, int y, int w, int h);
    void marked(int mark);
    void monitors_changed(GParamSpec *);
    void scanout_changed(GParamSpec *);
    void gl_draw(guint x, guint y, guint w, guint h);
    void after_paint();
    void answer_draws();
    void load_primary();
    void use_scanout(bool on);
    void update_area();
    void update_ready();
    void set_frame();
    void damage(const Rect &surface_rect);
    FrameSource &source() noexcept { return scanout_active_ ? scanout_frame_ : primary_; }

    GtkWidget *widget_;
    Host &host_;
    Weak<SpiceDisplayChannel> channel_;
    Connection on_create_, on_destroy_, on_invalidate_, on_mark_, on_monitors_, on_scanout_, on_gl_draw_, on_after_paint_;
    FrameSource primary_, scanout_frame_;
    Scanout scanout_;
    std::vector<Head> heads_;
    std::unique_ptr<Presenter> presenter_;
    Rect area_;
    Layout layout_;
    ScaleOptions scaling_;
    Filter filter_ = Filter::automatic;
    int monitor_id_ = 0, width_ = 0, height_ = 0;
    unsigned draws_to_answer_ = 0;
    bool mark_ = false, monitor_ready_ = false, ready_ = false, scanout_active_ = false;
    Timer answer_timeout_;
};

}
