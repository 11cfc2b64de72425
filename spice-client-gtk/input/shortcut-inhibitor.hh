// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "glue.hh"

#include <gtk/gtk.h>

namespace spice::gtk {

// Asks the window system to send its shortcuts to this toplevel while it lives. Displays in one window share one
// request. Whether it was granted is asked with granted(). Main thread.
class ShortcutInhibitor {
public:
    ShortcutInhibitor(GtkWidget *widget, GdkEvent *event);
    ShortcutInhibitor(const ShortcutInhibitor &) = delete;
    ShortcutInhibitor &operator=(const ShortcutInhibitor &) = delete;
    ~ShortcutInhibitor();
    GdkToplevel *toplevel() const noexcept { return toplevel_.get(); }

private:
    Weak<GdkToplevel> toplevel_;
};

}
