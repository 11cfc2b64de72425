// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#ifndef SPICE_OPTION_H
#define SPICE_OPTION_H

#if !defined(__SPICE_CLIENT_H_INSIDE__) && !defined(SPICE_COMPILATION)
#warning "Only <spice-client.h> can be included directly"
#endif

#include <glib.h>
#include "spice-session.h"

G_BEGIN_DECLS

GOptionGroup *spice_get_option_group(void);
void spice_set_session_option(SpiceSession *session);

G_END_DECLS

#endif
