// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "input/shortcut-inhibitor.hh"

namespace spice::gtk {

namespace {
constexpr char key[] = "spice-client-shortcut-inhibitors";
int count_of(GdkToplevel *t) { return GPOINTER_TO_INT(g_object_get_data(G_OBJECT(t), key)); }
void set_count(GdkToplevel *t, int n) { g_object_set_data(G_OBJECT(t), key, GINT_TO_POINTER(n)); }
}

ShortcutInhibitor::ShortcutInhibitor(GtkWidget *widget, GdkEvent *event) {
    auto *native = gtk_widget_get_native(widget);
    auto *surface = native ? gtk_native_get_surface(native) : nullptr;
    if (!surface || !GDK_IS_TOPLEVEL(surface)) return; // in a popover there is nothing to ask for
    toplevel_.set(GDK_TOPLEVEL(surface));
    const int others = count_of(toplevel_.get());
    set_count(toplevel_.get(), others + 1);
    if (others == 0) gdk_toplevel_inhibit_system_shortcuts(toplevel_.get(), event);
}

ShortcutInhibitor::~ShortcutInhibitor() {
    if (!toplevel_) return;
    const int others = count_of(toplevel_.get()) - 1;
    set_count(toplevel_.get(), others);
    if (others == 0 && !gdk_surface_is_destroyed(GDK_SURFACE(toplevel_.get())))
        gdk_toplevel_restore_system_shortcuts(toplevel_.get());
}

}
