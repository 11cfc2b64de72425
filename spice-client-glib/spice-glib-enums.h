// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#ifndef SPICE_GLIB_ENUMS_H
#define SPICE_GLIB_ENUMS_H

#include <glib-object.h>

G_BEGIN_DECLS

#define SPICE_TYPE_CHANNEL_EVENT     (spice_channel_event_get_type())
#define SPICE_TYPE_INPUTS_LOCK       (spice_inputs_lock_get_type())
#define SPICE_TYPE_SESSION_MIGRATION (spice_session_migration_get_type())
#define SPICE_TYPE_SESSION_VERIFY    (spice_session_verify_get_type())

GType spice_channel_event_get_type(void);
GType spice_inputs_lock_get_type(void);
GType spice_session_migration_get_type(void);
GType spice_session_verify_get_type(void);

G_END_DECLS

#endif
