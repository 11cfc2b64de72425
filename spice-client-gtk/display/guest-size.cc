// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/guest-size.hh"

#include "window-config.h"

#include <cmath>

namespace spice::gtk {

#ifdef HAVE_MONITORS_CONFIG
namespace {
struct Millimetres {
    int w = 0, h = 0;
};

Millimetres physical_size(GtkWidget *widget, double device_scale, double zoom) {
    Millimetres size;
    auto *surface = gtk_native_get_surface(gtk_widget_get_native(widget));
    auto *monitor = gdk_display_get_monitor_at_surface(gtk_widget_get_display(widget), surface);
    if (!monitor) return size;
    GdkRectangle geometry{};
    gdk_monitor_get_geometry(monitor, &geometry);
    const auto part = [&](int mm, int logical, int monitor_logical) {
        if (monitor_logical <= 0 || mm <= 0) return 0;
        return static_cast<int>(std::lround(mm * device_scale * logical / monitor_logical / zoom));
    };
    size.w = part(gdk_monitor_get_width_mm(monitor), gtk_widget_get_width(widget), geometry.width);
    size.h = part(gdk_monitor_get_height_mm(monitor), gtk_widget_get_height(widget), geometry.height);
    return size;
}
}

void request_guest_size(SpiceMainChannel *main, int display_id, GtkWidget *widget, const Rect &area, const Layout &layout,
                        double zoom) {
    const int w = static_cast<int>(layout.view_w / zoom), h = static_cast<int>(layout.view_h / zoom);
    if (w < 1 || h < 1) return;
    const auto mm = physical_size(widget, layout.device_scale, zoom);
    if (mm.w > 0 && mm.h > 0) spice_main_channel_update_display_mm(main, display_id, mm.w, mm.h, TRUE);
    spice_main_channel_update_display(main, display_id, area.x, area.y, w, h, TRUE);
}

void request_guest_enabled(SpiceMainChannel *main, int display_id, bool enabled) {
    spice_main_channel_update_display_enabled(main, display_id, enabled, TRUE);
}
#else
// This GLib library does not speak to the guest's agent.
void request_guest_size(SpiceMainChannel *, int, GtkWidget *, const Rect &, const Layout &, double) {
    g_info("resize-guest has no effect: the GLib library cannot send monitors to the guest");
}
void request_guest_enabled(SpiceMainChannel *, int, bool) {}
#endif

}
