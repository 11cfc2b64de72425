// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#ifndef SPICE_CLIENT_GTK_H
#define SPICE_CLIENT_GTK_H

#include <gtk/gtk.h>
#include <spice-client.h>

#define SPICE_CLIENT_GTK_INSIDE
#include "spice-widget-enums.h"
#include "spice-grabsequence.h"
#include "spice-gtk-session.h"
#include "spice-widget.h"
#undef SPICE_CLIENT_GTK_INSIDE

#endif
