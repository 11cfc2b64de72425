// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "input/pointer.hh"

namespace spice::gtk {

template <class Connect>
GtkEventController *Pointer::add(GtkEventController *controller, const char *name, Connect connect) {
    gtk_event_controller_set_name(controller, name);
    connect(controller);
    gtk_widget_add_controller(context_.widget(), controller);
    return controller;
}

Pointer::Pointer(InputContext &context) : context_{context}, grabs_{context, *this} {
    motion_controller_ = add(gtk_event_controller_motion_new(), "spice-display-motion", [this](auto *c) {
        on_enter_.attach<&Pointer::entered>(c, "enter", this);
        on_leave_.attach<&Pointer::left>(c, "leave", this);
        on_motion_.attach<&Pointer::moved>(c, "motion", this);
    });
    add(gtk_event_controller_legacy_new(), "spice-display-buttons",
        [this](auto *c) { on_event_.attach<&Pointer::event>(c, "event", this); });
    const auto axes = GtkEventControllerScrollFlags(GTK_EVENT_CONTROLLER_SCROLL_VERTICAL | GTK_EVENT_CONTROLLER_SCROLL_HORIZONTAL);
    scroll_ = add(gtk_event_controller_scroll_new(axes), "spice-display-scroll", [this](auto *c) {
        on_scroll_.attach<&Pointer::scrolled>(c, "scroll", this);
        on_scroll_begin_.attach<&Pointer::scroll_began>(c, "scroll-begin", this);
    });
}

void Pointer::entered(double x, double y) {
    last_x_ = x, last_y_ = y;
    grabs_.pointer_entered();
}

void Pointer::left() {
    auto *event = gtk_event_controller_get_current_event(motion_controller_);
    const bool crossing = event && gdk_event_get_event_type(event) == GDK_LEAVE_NOTIFY;
    // The beginning and the end of a pointer lock look like crossings, but the pointer stays inside.
    if (crossing && gdk_crossing_event_get_mode(event) != GDK_CROSSING_NORMAL) return;
    const auto state = event ? gdk_event_get_modifier_state(event) : GdkModifierType(0);
    constexpr int buttons = GDK_BUTTON1_MASK | GDK_BUTTON2_MASK | GDK_BUTTON3_MASK;
    if (pressed_ && !(state & buttons) && !grabs_.locked()) release_buttons();
    grabs_.pointer_left();
}

void Pointer::moved(double x, double y) {
    const double dx = x - last_x_, dy = y - last_y_;
    if (grabs_.locked() || (dx == 0 && dy == 0 && !context_.server_mouse() && pressed_)) return;
    last_x_ = x, last_y_ = y;
    grabs_.pointer_entered(); // a lock that ended inside the display told nobody
    grabs_.pointer_moved();
    if (context_.server_mouse()) {
        if (grabs_.mouse()) relative_motion(dx, dy);
        return;
    }
    send_position(x, y, pressed_, pressed_ != 0);
}

void Pointer::relative_motion(double dx, double dy) {
    const int x = dx_.add(dx), y = dy_.add(dy);
    auto *inputs = context_.inputs();
    if (inputs && (x || y)) spice_inputs_channel_motion(inputs, x, y, pressed_);
}

void Pointer::send_position(double x, double y, int mask, bool clamp) {
    auto *inputs = context_.inputs();
    const auto &layout = context_.layout();
    if (!inputs || layout.drawn.empty()) return;
    auto p = to_guest(layout, x, y);
    if (!p.inside) {
        if (!clamp) return;
        if (mask == pressed_ && pressed_ && context_.drag_elsewhere(x, y, mask)) return;
        p = clamp_to_area(layout, p);
    }
    spice_inputs_channel_position(inputs, p.x, p.y, context_.display_id(), mask);
}

bool Pointer::to_widget_point(GdkEvent *event, double &x, double &y) const {
    if (!gdk_event_get_position(event, &x, &y)) return false;
    const auto at = surface_offset(context_.widget());
    x -= at.x, y -= at.y;
    return true;
}

gboolean Pointer::event(GdkEvent *event) {
    if (context_.options().disable_inputs) return FALSE;
    switch (const auto type = gdk_event_get_event_type(event)) {
    case GDK_BUTTON_PRESS: return button(event, true);
    case GDK_BUTTON_RELEASE: return button(event, false);
    case GDK_TOUCH_BEGIN:
    case GDK_TOUCH_UPDATE:
    case GDK_TOUCH_END:
    case GDK_TOUCH_CANCEL: return touch(event, type);
    default: return FALSE;
    }
}

gboolean Pointer::button(GdkEvent *event, bool down) {
    const auto b = guest_button(gdk_button_event_get_button(event));
    if (down) {
        gtk_widget_grab_focus(context_.widget());
        grabs_.pointer_entered();
        grabs_.try_keyboard(event);
        if (context_.server_mouse() && !grabs_.mouse()) {
            grabs_.try_mouse(event);
            return TRUE; // this click asked for the grab, it is not for the guest
        }
        double x = 0, y = 0;
        if (!context_.server_mouse() && to_widget_point(event, x, y)) {
            if (!pressed_ && !to_guest(context_.layout(), x, y).inside) return TRUE;
            if (x != last_x_ || y != last_y_) send_position(last_x_ = x, last_y_ = y, pressed_, true);
        }
        press(b);
    } else {
        release(b);
    }
    return TRUE;
}

void Pointer::press(GuestButton b) {
    auto *inputs = context_.inputs();
    if (b.number == 0 || !inputs) return;
    pressed_ |= b.mask;
    spice_inputs_channel_button_press(inputs, b.number, pressed_);
}

void Pointer::release(GuestButton b) {
    if (!(pressed_ & b.mask)) return; // its press was not for the guest
    pressed_ &= ~b.mask;
    if (auto *inputs = context_.inputs()) spice_inputs_channel_button_release(inputs, b.number, pressed_);
}

void Pointer::release_buttons() {
    for (const unsigned n : {1u, 2u, 3u, 8u, 9u}) release(guest_button(n));
}

void Pointer::forget() {
    pressed_ = 0;
    wheel_.reset(), dx_.reset(), dy_.reset();
}

void Pointer::mode_changed() {
    wheel_.reset(), dx_.reset(), dy_.reset();
    grabs_.mode_changed(pressed_ != 0);
}

// SPICE has no touch: the first finger is the left button where the server takes positions.
gboolean Pointer::touch(GdkEvent *event, GdkEventType type) {
    if (context_.server_mouse()) return FALSE;
    auto *finger = gdk_event_get_event_sequence(event);
    double x = 0, y = 0;
    const bool placed = to_widget_point(event, x, y);
    if (type == GDK_TOUCH_BEGIN) {
        gtk_widget_grab_focus(context_.widget());
        if (finger_ || !placed || !to_guest(context_.layout(), x, y).inside) return TRUE;
        finger_ = finger;
        send_position(x, y, pressed_, true);
        press(guest_button(1));
        return TRUE;
    }
    if (finger != finger_) return TRUE;
    if (placed) send_position(x, y, pressed_, true);
    if (type == GDK_TOUCH_UPDATE) return TRUE;
    finger_ = nullptr;
    release(guest_button(1));
    return TRUE;
}

void Pointer::scroll_began() { wheel_.reset(); }

gboolean Pointer::scrolled(double, double dy) {
    auto *inputs = context_.inputs();
    if (context_.options().disable_inputs) return FALSE;
    if (!inputs || (context_.server_mouse() && !grabs_.mouse())) return TRUE;
    auto *event = gtk_event_controller_get_current_event(scroll_);
    const bool pixels = event && gdk_event_get_event_type(event) == GDK_SCROLL &&
                        gdk_scroll_event_get_unit(event) == GDK_SCROLL_UNIT_SURFACE;
    int steps = wheel_.add(dy, pixels);
    const auto b = steps < 0 ? wheel_up : wheel_down;
    for (; steps != 0; steps += steps < 0 ? 1 : -1) {
        spice_inputs_channel_button_press(inputs, b.number, pressed_ | b.mask);
        spice_inputs_channel_button_release(inputs, b.number, pressed_);
    }
    return TRUE;
}

}
