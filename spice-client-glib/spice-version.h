// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#ifndef __SPICE_VERSION_H__
#define __SPICE_VERSION_H__

#if !defined(__SPICE_CLIENT_H_INSIDE__) && !defined(SPICE_COMPILATION)
#warning "Only <spice-client.h> can be included directly"
#endif

#include <glib.h>

G_BEGIN_DECLS

#define SPICE_GTK_MAJOR_VERSION (0)
#define SPICE_GTK_MINOR_VERSION (42)
#define SPICE_GTK_MICRO_VERSION (0)

#define SPICE_GTK_CHECK_VERSION(major, minor, micro)                                           \
    (SPICE_GTK_MAJOR_VERSION != (major)   ? SPICE_GTK_MAJOR_VERSION > (major)                  \
     : SPICE_GTK_MINOR_VERSION != (minor) ? SPICE_GTK_MINOR_VERSION > (minor)                  \
                                          : SPICE_GTK_MICRO_VERSION >= (micro))

G_END_DECLS

#endif
