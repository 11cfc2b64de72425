// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#ifndef __SPICE_CLIENT_TYPES_H__
#define __SPICE_CLIENT_TYPES_H__

#if !defined(__SPICE_CLIENT_H_INSIDE__) && !defined(SPICE_COMPILATION)
#warning "Only <spice-client.h> can be included directly"
#endif

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _SpiceSession SpiceSession;
typedef struct _SpiceSessionClass SpiceSessionClass;
typedef struct _SpiceSessionPrivate SpiceSessionPrivate;

typedef struct _SpiceChannel SpiceChannel;
typedef struct _SpiceChannelClass SpiceChannelClass;
typedef struct _SpiceChannelPrivate SpiceChannelPrivate;

G_END_DECLS

#endif
