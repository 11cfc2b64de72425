// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "input/windowing/window-system.hh"

#include "window-config.h"

#ifdef HAVE_X11
#include <gdk/x11/gdkx.h>
#endif
#ifdef HAVE_WAYLAND
#include <gdk/wayland/gdkwayland.h>
#endif

namespace spice::gtk {

namespace {
std::unique_ptr<WindowSystem> make(GdkDisplay *display) {
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
#ifdef HAVE_X11
    if (GDK_IS_X11_DISPLAY(display)) return make_x11_window_system(display);
#endif
#ifdef HAVE_WAYLAND
    if (GDK_IS_WAYLAND_DISPLAY(display)) return make_wayland_window_system(display);
#endif
    G_GNUC_END_IGNORE_DEPRECATIONS
    return std::make_unique<WindowSystem>();
}
}

WindowSystem &WindowSystem::get(GdkDisplay *display) {
    constexpr char key[] = "spice-client-window-system";
    auto *known = static_cast<WindowSystem *>(g_object_get_data(G_OBJECT(display), key));
    if (known) return *known;
    auto *made = make(display).release();
    g_object_set_data_full(G_OBJECT(display), key, made, [](gpointer p) { delete static_cast<WindowSystem *>(p); });
    return *made;
}

SurfaceOffset surface_offset(GtkWidget *widget) {
    SurfaceOffset at;
    auto *native = gtk_widget_get_native(widget);
    if (!native) return at;
    at.surface = gtk_native_get_surface(native);
    double nx = 0, ny = 0, x = 0, y = 0;
    gtk_native_get_surface_transform(native, &nx, &ny);
    gtk_widget_translate_coordinates(widget, GTK_WIDGET(native), 0, 0, &x, &y);
    at.x = nx + x, at.y = ny + y;
    return at;
}

}
