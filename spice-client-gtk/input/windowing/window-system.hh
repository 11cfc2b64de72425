// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <gtk/gtk.h>

#include <memory>

// What GTK cannot do itself: pointer lock with relative motion. One implementation per GDK backend.
namespace spice::gtk {

struct PointerLockSink {
    virtual void lock_motion(double dx, double dy) = 0;
    virtual void lock_lost() = 0; // the lock may be destroyed inside

protected:
    ~PointerLockSink() = default;
};

// The pointer stands still while this lives. Its destructor releases it.
class PointerLock {
public:
    PointerLock() = default;
    PointerLock(const PointerLock &) = delete;
    PointerLock &operator=(const PointerLock &) = delete;
    virtual ~PointerLock() = default;
    // Where the pointer shall be seen afterwards, in widget coordinates.
    virtual void set_restore_hint(double x, double y) = 0;
};

// One per GdkDisplay, made when first asked for, kept as data of the display.
class WindowSystem {
public:
    static WindowSystem &get(GdkDisplay *display);
    WindowSystem() = default;
    WindowSystem(const WindowSystem &) = delete;
    WindowSystem &operator=(const WindowSystem &) = delete;
    virtual ~WindowSystem() = default;
    // Without it, motion inside the widget is all there is.
    virtual bool can_lock() const { return false; }
    // nullptr: not now, something else has the pointer.
    virtual std::unique_ptr<PointerLock> lock(GtkWidget *, PointerLockSink &) { return nullptr; }
    // Keycodes are those of the X server's old keyboard driver when the keymap looks like it.
    virtual bool may_use_xkbd() const { return false; }
    virtual bool has_keycodes() const { return false; }
    // Asking again for the shortcuts may ask the user again, so the request outlives a short absence.
    virtual bool keeps_inhibitor() const { return false; }
};

std::unique_ptr<WindowSystem> make_x11_window_system(GdkDisplay *display);
std::unique_ptr<WindowSystem> make_wayland_window_system(GdkDisplay *display);

// Position of the widget's origin on its surface, in logical pixels.
struct SurfaceOffset {
    GdkSurface *surface = nullptr;
    double x = 0, y = 0;
};
SurfaceOffset surface_offset(GtkWidget *widget);

}
