// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "spice-client.h"

#include "base/glib/log-glib.hh"
#include "base/log.hh"

#include <cstdio>

/**
 * SECTION:spice-util
 * @title: Utilities
 * @short_description: debugging, version and small helpers
 */

/**
 * SpiceClientError:
 * @SPICE_CLIENT_ERROR_FAILED: any failure without a code of its own
 * @SPICE_CLIENT_ERROR_USB_DEVICE_REJECTED: the guest refused the USB device
 * @SPICE_CLIENT_ERROR_USB_DEVICE_LOST: the USB device is gone
 * @SPICE_CLIENT_ERROR_AUTH_NEEDS_PASSWORD: set #SpiceSession:password and connect again
 * @SPICE_CLIENT_ERROR_AUTH_NEEDS_USERNAME: set #SpiceSession:username and connect again
 * @SPICE_CLIENT_ERROR_AUTH_NEEDS_PASSWORD_AND_USERNAME: set both and connect again
 * @SPICE_CLIENT_ERROR_USB_SERVICE: the system's USB service failed
 *
 * Codes of errors in the domain of the library, %SPICE_CLIENT_ERROR.
 */

/**
 * spice_client_error_quark:
 *
 * The error domain of the library.
 *
 * Returns: the quark of "spice-client-error-quark"
 */
GQuark spice_client_error_quark() { return g_quark_from_static_string("spice-client-error-quark"); }

/**
 * spice_util_set_debug:
 * @enabled: whether to write debug messages
 *
 * Turns the debug messages of the library on or off. They are on from the start when the environment variable
 * SPICE_DEBUG is set.
 */
void spice_util_set_debug(gboolean enabled) {
    spice::log::install_glib_sink();
    spice::log::set_debug(enabled != FALSE);
}

/**
 * spice_util_get_debug:
 *
 * Tells whether debug messages are written.
 *
 * Returns: %TRUE when debug messages are on
 */
gboolean spice_util_get_debug() {
    spice::log::install_glib_sink();
    return spice::log::debug_enabled.load(std::memory_order_relaxed);
}

/**
 * spice_util_get_version_string:
 *
 * The version of the programming interface, such as "0.42". Compare %SPICE_GTK_MAJOR_VERSION at build time.
 *
 * Returns: (transfer none): the version
 */
const gchar *spice_util_get_version_string() { return SPICE_COMPAT_VERSION; }

/**
 * spice_g_signal_connect_object: (skip)
 * @instance: the object that emits the signal
 * @detailed_signal: "signal" or "signal::detail"
 * @c_handler: the function to call
 * @gobject: the object passed to @c_handler
 * @connect_flags: any of %G_CONNECT_AFTER and %G_CONNECT_SWAPPED
 *
 * Like g_signal_connect_object(): the handler is disconnected when either object is finalized.
 *
 * Returns: the id of the handler, 0 on failure
 */
gulong spice_g_signal_connect_object(gpointer instance, const gchar *detailed_signal, GCallback c_handler,
                                     gpointer gobject, GConnectFlags connect_flags) {
    constexpr auto known = static_cast<guint>(G_CONNECT_AFTER) | static_cast<guint>(G_CONNECT_SWAPPED);
    g_return_val_if_fail(G_TYPE_CHECK_INSTANCE(instance), 0);
    g_return_val_if_fail(detailed_signal != nullptr, 0);
    g_return_val_if_fail(c_handler != nullptr, 0);
    g_return_val_if_fail((static_cast<guint>(connect_flags) & ~known) == 0, 0);
    return g_signal_connect_object(instance, detailed_signal, c_handler, gobject, connect_flags);
}

/**
 * spice_uuid_to_string:
 * @uuid: (array fixed-size=16): the 16 bytes of a UUID
 *
 * Writes a UUID as text, for instance "a4d4e0a8-9e8e-4f6c-8e3b-0c6f5e2a7b11".
 *
 * Returns: (transfer full): the text, to be freed with g_free()
 */
gchar *spice_uuid_to_string(const guint8 uuid[16]) {
    g_return_val_if_fail(uuid != nullptr, nullptr);
    constexpr std::size_t length = 36;
    auto *text = static_cast<gchar *>(g_malloc(length + 1));
    auto *out = text;
    for (int i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) *out++ = '-';
        std::snprintf(out, 3, "%02x", uuid[i]);
        out += 2;
    }
    return text;
}
