// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// The headers as a C++17 program sees them, with the former names.
#include <spice-client.h>

#include <memory>

#if __cplusplus >= 202002L
#error "this is to be C++17"
#endif

int main() {
    const std::unique_ptr<SpiceSession, decltype(&g_object_unref)> session{spice_session_new(), &g_object_unref};
    const bool fine = SPICE_IS_SESSION(session.get()) && !spice_session_get_channels(session.get()) &&
                      SPICE_CLIENT_USB_DEVICE_LOST == SPICE_CLIENT_ERROR_USB_DEVICE_LOST;
    return fine ? 0 : 1;
}
