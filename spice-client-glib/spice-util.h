// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#ifndef SPICE_UTIL_H
#define SPICE_UTIL_H

#include <glib-object.h>

G_BEGIN_DECLS

void spice_util_set_debug(gboolean enabled);
gboolean spice_util_get_debug(void);
const gchar *spice_util_get_version_string(void);
void spice_util_set_main_context(GMainContext *main_context);
gulong spice_g_signal_connect_object(gpointer instance, const gchar *detailed_signal,
                                     GCallback c_handler, gpointer gobject,
                                     GConnectFlags connect_flags);
gchar *spice_uuid_to_string(const guint8 uuid[16]);

#define SPICE_DEBUG(fmt, ...)                                                                  \
    do {                                                                                       \
        if (G_UNLIKELY(spice_util_get_debug())) {                                              \
            g_debug(G_STRLOC " " fmt, ##__VA_ARGS__);                                          \
        }                                                                                      \
    } while (0)

#define SPICE_RESERVED_PADDING (10 * sizeof(void *)) GLIB_DEPRECATED_MACRO

G_END_DECLS

#endif
