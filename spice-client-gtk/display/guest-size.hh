// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "display/geometry.hh"

#include <gtk/gtk.h>
#include <spice-client.h>

namespace spice::gtk {

// Asks the guest's agent for a monitor of the widget's size. The GLib library collects requests of a burst.
void request_guest_size(SpiceMainChannel *main, int display_id, GtkWidget *widget, const Rect &area, const Layout &layout,
                        double zoom);
void request_guest_enabled(SpiceMainChannel *main, int display_id, bool enabled);

}
