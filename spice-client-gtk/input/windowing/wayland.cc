// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "glue.hh"
#include "input/windowing/window-system.hh"

#include <gdk/wayland/gdkwayland.h>
#include <pointer-constraints-unstable-v1-client-protocol.h>
#include <relative-pointer-unstable-v1-client-protocol.h>
#include <wayland-client.h>

#include <string_view>

namespace spice::gtk {

namespace {
struct Globals {
    zwp_pointer_constraints_v1 *constraints = nullptr;
    zwp_relative_pointer_manager_v1 *relative = nullptr;
};

class WaylandLock final : public PointerLock {
public:
    WaylandLock(const Globals &globals, GtkWidget *widget, PointerLockSink &sink)
        : widget_{widget}, sink_{sink}, globals_{globals} {}

    bool grab() {
        const auto at = surface_offset(widget_);
        auto *seat = gdk_display_get_default_seat(gtk_widget_get_display(widget_));
        auto *device = seat ? gdk_seat_get_pointer(seat) : nullptr;
        if (!at.surface || !device || !GDK_IS_WAYLAND_DEVICE(device)) return false;
        auto *pointer = gdk_wayland_device_get_wl_pointer(device);
        surface_ = gdk_wayland_surface_get_wl_surface(at.surface);
        if (!pointer || !surface_) return false;
        static constexpr zwp_locked_pointer_v1_listener lock_events{&WaylandLock::locked, &WaylandLock::unlocked};
        static constexpr zwp_relative_pointer_v1_listener motion_events{&WaylandLock::moved};
        lock_ = zwp_pointer_constraints_v1_lock_pointer(globals_.constraints, surface_, pointer, nullptr,
                                                        ZWP_POINTER_CONSTRAINTS_V1_LIFETIME_PERSISTENT);
        motion_ = zwp_relative_pointer_manager_v1_get_relative_pointer(globals_.relative, pointer);
        zwp_locked_pointer_v1_add_listener(lock_, &lock_events, this);
        zwp_relative_pointer_v1_add_listener(motion_, &motion_events, this);
        // The wl_pointer goes away with its device.
        on_removed_.attach<&WaylandLock::device_removed>(seat, "device-removed", this);
        return true;
    }

    ~WaylandLock() override {
        if (motion_) zwp_relative_pointer_v1_destroy(motion_);
        if (lock_) zwp_locked_pointer_v1_destroy(lock_);
    }

    void set_restore_hint(double x, double y) override {
        const auto at = surface_offset(widget_);
        if (!at.surface) return;
        zwp_locked_pointer_v1_set_cursor_position_hint(lock_, wl_fixed_from_double(at.x + x), wl_fixed_from_double(at.y + y));
        wl_surface_commit(surface_);
    }

private:
    static void locked(void *, zwp_locked_pointer_v1 *) noexcept {}
    static void unlocked(void *self, zwp_locked_pointer_v1 *) noexcept {
        static_cast<WaylandLock *>(self)->sink_.lock_lost();
    }
    static void moved(void *self, zwp_relative_pointer_v1 *, uint32_t, uint32_t, wl_fixed_t, wl_fixed_t, wl_fixed_t dx,
                      wl_fixed_t dy) noexcept {
        static_cast<WaylandLock *>(self)->sink_.lock_motion(wl_fixed_to_double(dx), wl_fixed_to_double(dy));
    }
    void device_removed(GdkDevice *) { sink_.lock_lost(); }

    GtkWidget *widget_;
    PointerLockSink &sink_;
    Globals globals_;
    wl_surface *surface_ = nullptr;
    zwp_locked_pointer_v1 *lock_ = nullptr;
    zwp_relative_pointer_v1 *motion_ = nullptr;
    Connection on_removed_;
};

class WaylandWindowSystem final : public WindowSystem {
public:
    explicit WaylandWindowSystem(GdkDisplay *display) {
        auto *wl = gdk_wayland_display_get_wl_display(display);
        static constexpr wl_registry_listener events{&WaylandWindowSystem::global, &WaylandWindowSystem::global_remove};
        registry_ = wl_display_get_registry(wl);
        wl_registry_add_listener(registry_, &events, this);
        wl_display_roundtrip(wl);
    }
    bool can_lock() const override { return globals_.constraints && globals_.relative; }
    std::unique_ptr<PointerLock> lock(GtkWidget *widget, PointerLockSink &sink) override {
        if (!can_lock()) return nullptr;
        auto lock = std::make_unique<WaylandLock>(globals_, widget, sink);
        if (!lock->grab()) return nullptr;
        return lock;
    }
    bool has_keycodes() const override { return true; }
    bool keeps_inhibitor() const override { return true; }

private:
    static void global(void *data, wl_registry *registry, uint32_t name, const char *interface, uint32_t) noexcept {
        auto &g = static_cast<WaylandWindowSystem *>(data)->globals_;
        const std::string_view type{interface};
        if (type == zwp_pointer_constraints_v1_interface.name)
            g.constraints = static_cast<zwp_pointer_constraints_v1 *>(
                wl_registry_bind(registry, name, &zwp_pointer_constraints_v1_interface, 1));
        else if (type == zwp_relative_pointer_manager_v1_interface.name)
            g.relative = static_cast<zwp_relative_pointer_manager_v1 *>(
                wl_registry_bind(registry, name, &zwp_relative_pointer_manager_v1_interface, 1));
    }
    static void global_remove(void *, wl_registry *, uint32_t) noexcept {}

    wl_registry *registry_ = nullptr;
    Globals globals_;
};
}

std::unique_ptr<WindowSystem> make_wayland_window_system(GdkDisplay *display) {
    return std::make_unique<WaylandWindowSystem>(display);
}

}
