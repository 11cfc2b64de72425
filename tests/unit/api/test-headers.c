// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// The headers as a strict C program sees them, without the former names.
#define SPICE_DISABLE_DEPRECATED
#include <spice-client.h>

#ifdef SPICE_CLIENT_USB_DEVICE_LOST
#error "a former name is still there"
#endif

int main(void) {
    SpiceSession *session = spice_session_new();
    gboolean fine = SPICE_IS_SESSION(session) && spice_session_get_channels(session) == NULL;
    g_object_unref(session);
    return fine ? 0 : 1;
}
