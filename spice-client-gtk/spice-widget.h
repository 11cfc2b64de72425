// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#ifndef SPICE_WIDGET_H
#define SPICE_WIDGET_H

#if !defined(SPICE_CLIENT_GTK_INSIDE) && !defined(SPICE_CLIENT_GTK_COMPILATION)
#error "Include spice-client-gtk.h instead"
#endif

#include <gtk/gtk.h>
#include <spice-client.h>

#include "spice-grabsequence.h"
#include "spice-widget-enums.h"

G_BEGIN_DECLS

#define SPICE_TYPE_DISPLAY (spice_display_get_type())
#define SPICE_DISPLAY(obj) (G_TYPE_CHECK_INSTANCE_CAST((obj), SPICE_TYPE_DISPLAY, SpiceDisplay))
#define SPICE_IS_DISPLAY(obj) (G_TYPE_CHECK_INSTANCE_TYPE((obj), SPICE_TYPE_DISPLAY))

typedef struct _SpiceDisplay SpiceDisplay;
typedef struct _SpiceDisplayClass SpiceDisplayClass;

GType spice_display_get_type(void);

SpiceDisplay *spice_display_new(SpiceSession *session, int channel_id);
SpiceDisplay *spice_display_new_with_monitor(SpiceSession *session, gint channel_id, gint monitor_id);

void spice_display_mouse_ungrab(SpiceDisplay *display);
void spice_display_keyboard_ungrab(SpiceDisplay *display);
void spice_display_request_grab(SpiceDisplay *display, GdkEvent *event);
void spice_display_set_grab_keys(SpiceDisplay *display, SpiceGrabSequence *seq);
SpiceGrabSequence *spice_display_get_grab_keys(SpiceDisplay *display);
void spice_display_send_keys(SpiceDisplay *display, const guint *keyvals, int nkeyvals, SpiceDisplayKeyEvent kind);
gboolean spice_display_get_guest_position(SpiceDisplay *display, double x, double y, int *guest_x, int *guest_y);
GdkPixbuf *spice_display_get_pixbuf(SpiceDisplay *display);
GdkTexture *spice_display_get_texture(SpiceDisplay *display);

G_END_DECLS

#endif
