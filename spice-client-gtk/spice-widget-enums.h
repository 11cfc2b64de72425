// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#ifndef SPICE_WIDGET_ENUMS_H
#define SPICE_WIDGET_ENUMS_H

#if !defined(SPICE_CLIENT_GTK_INSIDE) && !defined(SPICE_CLIENT_GTK_COMPILATION)
#error "Include spice-client-gtk.h instead"
#endif

#include <glib-object.h>

G_BEGIN_DECLS

#define SPICE_TYPE_DISPLAY_KEY_EVENT (spice_display_key_event_get_type())
#define SPICE_TYPE_DISPLAY_SCALING_FILTER (spice_display_scaling_filter_get_type())

typedef enum
{
    SPICE_DISPLAY_KEY_EVENT_PRESS = 1,
    SPICE_DISPLAY_KEY_EVENT_RELEASE = 2,
    SPICE_DISPLAY_KEY_EVENT_CLICK = 3,
} SpiceDisplayKeyEvent;

typedef enum
{
    SPICE_DISPLAY_SCALING_FILTER_AUTO = 0,
    SPICE_DISPLAY_SCALING_FILTER_NEAREST = 1,
    SPICE_DISPLAY_SCALING_FILTER_LINEAR = 2,
} SpiceDisplayScalingFilter;

GType spice_display_key_event_get_type(void);
GType spice_display_scaling_filter_get_type(void);

G_END_DECLS

#endif
