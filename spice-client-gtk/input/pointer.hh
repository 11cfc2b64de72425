// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "glue.hh"
#include "input/context.hh"
#include "input/grabs.hh"
#include "input/pointer-state.hh"

namespace spice::gtk {

// Mouse, wheel and first touch of one display. Main thread.
class Pointer final : Grabs::MotionSink {
public:
    explicit Pointer(InputContext &context);
    Grabs &grabs() noexcept { return grabs_; }
    bool button_down() const noexcept { return pressed_ != 0; }
    void release_buttons();
    void forget(); // the guest is gone
    void mode_changed();
    // A drag that began in another display of the session; coordinates of this widget.
    void take_drag(double x, double y, int mask) { send_position(x, y, mask, true); }

private:
    void entered(double x, double y);
    void left();
    void moved(double x, double y);
    gboolean event(GdkEvent *event);
    gboolean button(GdkEvent *event, bool press);
    gboolean touch(GdkEvent *event, GdkEventType type);
    gboolean scrolled(double dx, double dy);
    void scroll_began();
    void press(GuestButton b);
    void release(GuestButton b);
    void send_position(double x, double y, int mask, bool clamp);
    void relative_motion(double dx, double dy) override;
    bool to_widget_point(GdkEvent *event, double &x, double &y) const;
    template <class Connect> GtkEventController *add(GtkEventController *controller, const char *name, Connect connect);

    InputContext &context_;
    Grabs grabs_;
    GtkEventController *scroll_ = nullptr, *motion_controller_ = nullptr;
    Connection on_enter_, on_leave_, on_motion_, on_event_, on_scroll_, on_scroll_begin_;
    int pressed_ = 0; // mask; GDK's state knows nothing of the side buttons
    double last_x_ = 0, last_y_ = 0;
    WheelSteps wheel_;
    Accumulator dx_, dy_;
    GdkEventSequence *finger_ = nullptr;
};

}
