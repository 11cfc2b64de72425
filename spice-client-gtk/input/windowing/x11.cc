// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "glue.hh"
#include "input/windowing/window-system.hh"

#include <X11/Xlib.h>
#include <X11/extensions/XInput2.h>
#include <gdk/x11/gdkx.h>

#include <cmath>
#include <optional>

G_GNUC_BEGIN_IGNORE_DEPRECATIONS

namespace spice::gtk {

namespace {
void select_raw_motion(Display *dpy, bool on) {
    unsigned char bits[XIMaskLen(XI_LASTEVENT)] = {};
    if (on) XISetMask(bits, XI_RawMotion);
    XIEventMask mask{XIAllMasterDevices, sizeof bits, bits};
    XISelectEvents(dpy, DefaultRootWindow(dpy), &mask, 1);
}

// A device grab keeps the pointer with our window, raw motion tells what the mouse did, and a warp to the middle
// after each motion keeps the pointer away from the edges, so that buttons keep arriving at our window.
class X11Lock final : public PointerLock {
public:
    X11Lock(GdkDisplay *display, GtkWidget *widget, PointerLockSink &sink)
        : display_{display}, dpy_{gdk_x11_display_get_xdisplay(display)}, widget_{widget}, sink_{sink} {}

    bool grab(int xi_opcode) {
        const auto at = surface_offset(widget_);
        if (!at.surface || !GDK_IS_X11_SURFACE(at.surface)) return false;
        opcode_ = xi_opcode;
        window_ = gdk_x11_surface_get_xid(at.surface);
        scale_ = gdk_surface_get_scale_factor(at.surface);
        XIGetClientPointer(dpy_, None, &pointer_);
        unsigned char bits[XIMaskLen(XI_LASTEVENT)] = {};
        for (int e : {XI_ButtonPress, XI_ButtonRelease, XI_Motion, XI_Enter, XI_Leave}) XISetMask(bits, e);
        XIEventMask mask{pointer_, sizeof bits, bits};
        gdk_x11_display_error_trap_push(display_);
        const int status = XIGrabDevice(dpy_, pointer_, window_, CurrentTime, None, XIGrabModeAsync, XIGrabModeAsync,
                                        False, &mask);
        // owner_events would deliver every raw event twice
        if (gdk_x11_display_error_trap_pop(display_) || status != GrabSuccess) return false;
        grabbed_ = true;
        gdk_x11_display_error_trap_push(display_);
        select_raw_motion(dpy_, true);
        gdk_x11_display_error_trap_pop_ignored(display_);
        on_event_.attach<&X11Lock::xevent>(display_, "xevent", this);
        warp_to(gtk_widget_get_width(widget_) / 2., gtk_widget_get_height(widget_) / 2.);
        return true;
    }

    ~X11Lock() override {
        if (!grabbed_) return;
        gdk_x11_display_error_trap_push(display_);
        select_raw_motion(dpy_, false);
        XIUngrabDevice(dpy_, pointer_, CurrentTime);
        if (restore_) warp_to(restore_->first, restore_->second);
        XFlush(dpy_);
        gdk_x11_display_error_trap_pop_ignored(display_);
    }

    void set_restore_hint(double x, double y) override { restore_ = {x, y}; }

private:
    gboolean xevent(gpointer event) {
        const auto *cookie = &static_cast<XEvent *>(event)->xcookie;
        if (cookie->type != GenericEvent || cookie->extension != opcode_ || !cookie->data) return FALSE;
        if (cookie->evtype != XI_RawMotion) return FALSE;
        const auto *raw = static_cast<const XIRawEvent *>(cookie->data);
        double delta[2] = {0, 0};
        int value = 0;
        for (int axis = 0; axis < 2 && axis < raw->valuators.mask_len * 8; ++axis)
            if (XIMaskIsSet(raw->valuators.mask, axis)) delta[axis] = raw->raw_values[value++];
        if (delta[0] == 0 && delta[1] == 0) return FALSE;
        warp_to(gtk_widget_get_width(widget_) / 2., gtk_widget_get_height(widget_) / 2.);
        sink_.lock_motion(delta[0], delta[1]); // last: it may end this lock
        return FALSE;
    }

    void warp_to(double x, double y) {
        const auto at = surface_offset(widget_);
        gdk_x11_display_error_trap_push(display_);
        XIWarpPointer(dpy_, pointer_, None, window_, 0, 0, 0, 0, std::round((at.x + x) * scale_),
                      std::round((at.y + y) * scale_));
        gdk_x11_display_error_trap_pop_ignored(display_);
    }

    GdkDisplay *display_;
    Display *dpy_;
    GtkWidget *widget_;
    PointerLockSink &sink_;
    Window window_ = 0;
    int opcode_ = 0, pointer_ = 0, scale_ = 1;
    bool grabbed_ = false;
    std::optional<std::pair<double, double>> restore_;
    Connection on_event_;
};

class X11WindowSystem final : public WindowSystem {
public:
    explicit X11WindowSystem(GdkDisplay *display) : display_{display} {
        auto *dpy = gdk_x11_display_get_xdisplay(display);
        int event = 0, error = 0, major = 2, minor = 3; // what GDK asks for, too
        usable_ = XQueryExtension(dpy, "XInputExtension", &opcode_, &event, &error) &&
                  XIQueryVersion(dpy, &major, &minor) == Success;
    }
    bool can_lock() const override { return usable_; }
    std::unique_ptr<PointerLock> lock(GtkWidget *widget, PointerLockSink &sink) override {
        if (!usable_) return nullptr;
        auto lock = std::make_unique<X11Lock>(display_, widget, sink);
        if (!lock->grab(opcode_)) return nullptr;
        return lock;
    }
    bool may_use_xkbd() const override { return true; }
    bool has_keycodes() const override { return true; }

private:
    GdkDisplay *display_;
    int opcode_ = 0;
    bool usable_ = false;
};
}

std::unique_ptr<WindowSystem> make_x11_window_system(GdkDisplay *display) {
    return std::make_unique<X11WindowSystem>(display);
}

}

G_GNUC_END_IGNORE_DEPRECATIONS
