// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#ifndef SPICE_GRABSEQUENCE_H
#define SPICE_GRABSEQUENCE_H

#if !defined(SPICE_CLIENT_GTK_INSIDE) && !defined(SPICE_CLIENT_GTK_COMPILATION)
#error "Include spice-client-gtk.h instead"
#endif

#include <glib-object.h>

G_BEGIN_DECLS

#define SPICE_TYPE_GRAB_SEQUENCE (spice_grab_sequence_get_type())

typedef struct _SpiceGrabSequence SpiceGrabSequence;

GType spice_grab_sequence_get_type(void);

SpiceGrabSequence *spice_grab_sequence_new(guint nkeysyms, guint *keysyms);
SpiceGrabSequence *spice_grab_sequence_new_from_string(const gchar *str);
SpiceGrabSequence *spice_grab_sequence_copy(SpiceGrabSequence *sequence);
void spice_grab_sequence_free(SpiceGrabSequence *sequence);
gchar *spice_grab_sequence_as_string(SpiceGrabSequence *sequence);

G_END_DECLS

#endif
