// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "display/geometry.hh"
#include "glue.hh"

#include <gtk/gtk.h>
#include <spice-client.h>

namespace spice::gtk {

// The guest's pointer: the widget's cursor in client mode, a picture drawn by the widget in server mode. Main thread.
class GuestCursor {
public:
    explicit GuestCursor(GtkWidget *widget) : widget_{widget} {}
    void attach(SpiceCursorChannel *channel);
    void detach();
    void set_server_mode(bool server);
    void set_grabbed(bool by_this_widget, bool by_session);
    void set_ready(bool ready);
    void set_layout(const Layout &layout);
    void snapshot(GtkSnapshot *snapshot);
    bool known_position() const noexcept { return x_ >= 0 && y_ >= 0; }
    Point position() const noexcept { return to_widget(layout_, x_, y_); } // in widget coordinates

private:
    void shape_changed(GParamSpec *);
    void hidden();
    void moved(int x, int y);
    void was_reset();
    void load_shape();
    void apply(); // sets the widget's cursor
    Ref<GdkCursor> scaled_shape();
    bool drawn() const noexcept;

    GtkWidget *widget_;
    Weak<SpiceCursorChannel> channel_;
    Connection on_shape_, on_hide_, on_move_, on_reset_;
    Layout layout_;
    Ref<GdkTexture> shape_;    // as the guest sent it
    Ref<GdkCursor> cursor_;    // shape_ scaled for layout_
    int hot_x_ = 0, hot_y_ = 0, x_ = -1, y_ = -1;
    bool hidden_ = false, server_ = false, grabbed_ = false, session_grabbed_ = false, ready_ = false;
};

}
