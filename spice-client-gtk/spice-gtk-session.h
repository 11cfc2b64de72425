// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#ifndef SPICE_GTK_SESSION_H
#define SPICE_GTK_SESSION_H

#if !defined(SPICE_CLIENT_GTK_INSIDE) && !defined(SPICE_CLIENT_GTK_COMPILATION)
#error "Include spice-client-gtk.h instead"
#endif

#include <spice-client.h>

G_BEGIN_DECLS

#define SPICE_TYPE_GTK_SESSION (spice_gtk_session_get_type())
#define SPICE_GTK_SESSION(obj) (G_TYPE_CHECK_INSTANCE_CAST((obj), SPICE_TYPE_GTK_SESSION, SpiceGtkSession))
#define SPICE_IS_GTK_SESSION(obj) (G_TYPE_CHECK_INSTANCE_TYPE((obj), SPICE_TYPE_GTK_SESSION))

typedef struct _SpiceGtkSession SpiceGtkSession;
typedef struct _SpiceGtkSessionClass SpiceGtkSessionClass;

GType spice_gtk_session_get_type(void);

SpiceGtkSession *spice_gtk_session_get(SpiceSession *session);

G_END_DECLS

#endif
