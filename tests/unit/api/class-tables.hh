// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

// What existing programs expect of the classes: measured on version 0.42 for x86-64.

struct PropertyRow {
    const char *owner, *name, *type;
    const char *flags;    // R readable, W writable, C construct, CO construct-only, D deprecated
    const char *initial;  // as g_strdup_value_contents() writes it
    const char *range;    // empty: not a number
};

inline const PropertyRow property_rows[] = {
    {"SpiceSession", "ca", "GByteArray", "R W", "NULL", ""},
    {"SpiceSession", "ca-file", "gchararray", "R W", "NULL", ""},
    {"SpiceSession", "cache-size", "gint", "R W", "0", "0..2147483647"},
    {"SpiceSession", "cert-subject", "gchararray", "R W", "NULL", ""},
    {"SpiceSession", "ciphers", "gchararray", "R W", "NULL", ""},
    {"SpiceSession", "client-sockets", "gboolean", "R W", "FALSE", ""},
    {"SpiceSession", "color-depth", "gint", "R W D", "0", "0..32"},
    {"SpiceSession", "disable-effects", "GStrv", "R W", "NULL", ""},
    {"SpiceSession", "enable-audio", "gboolean", "R W C", "TRUE", ""},
    {"SpiceSession", "enable-smartcard", "gboolean", "R W", "FALSE", ""},
    {"SpiceSession", "enable-usbredir", "gboolean", "R W C", "TRUE", ""},
    {"SpiceSession", "gl-scanout", "gboolean", "R W C", "TRUE", ""},
    {"SpiceSession", "glz-window-size", "gint", "R W", "0", "0..134217728"},
    {"SpiceSession", "host", "gchararray", "R W C", "\"localhost\"", ""},
    {"SpiceSession", "inhibit-keyboard-grab", "gboolean", "R W", "FALSE", ""},
    {"SpiceSession", "migration-state", "SpiceSessionMigration", "R", "SPICE_SESSION_MIGRATION_NONE", ""},
    {"SpiceSession", "name", "gchararray", "R", "NULL", ""},
    {"SpiceSession", "password", "gchararray", "R W", "NULL", ""},
    {"SpiceSession", "port", "gchararray", "R W", "NULL", ""},
    {"SpiceSession", "preferred-compression", "SpiceImageCompress", "R W", "SPICE_IMAGE_COMPRESSION_INVALID", ""},
    {"SpiceSession", "protocol", "gint", "R W C", "2", "1..2"},
    {"SpiceSession", "proxy", "gchararray", "R W", "NULL", ""},
    {"SpiceSession", "pubkey", "GByteArray", "R W", "NULL", ""},
    {"SpiceSession", "read-only", "gboolean", "R W C", "FALSE", ""},
    {"SpiceSession", "secure-channels", "GStrv", "R W", "NULL", ""},
    {"SpiceSession", "share-dir-ro", "gboolean", "R W C", "FALSE", ""},
    {"SpiceSession", "shared-dir", "gchararray", "R W C", "NULL", ""},
    {"SpiceSession", "smartcard-certificates", "GStrv", "R W", "NULL", ""},
    {"SpiceSession", "smartcard-db", "gchararray", "R W", "NULL", ""},
    {"SpiceSession", "tls-port", "gchararray", "R W", "NULL", ""},
    {"SpiceSession", "unix-path", "gchararray", "R W C", "NULL", ""},
    {"SpiceSession", "uri", "gchararray", "R W", "NULL", ""},
    {"SpiceSession", "username", "gchararray", "R W", "NULL", ""},
    {"SpiceSession", "uuid", "gpointer", "R", "NULL", ""},
    {"SpiceSession", "verify", "SpiceSessionVerify", "R W C", "SPICE_SESSION_VERIFY_HOSTNAME", ""},
    {"SpiceChannel", "channel-id", "gint", "R W CO", "-1", "-1..2147483647"},
    {"SpiceChannel", "channel-type", "gint", "R W CO", "-1", "-1..2147483647"},
    {"SpiceChannel", "socket", "GSocket", "R", "NULL", ""},
    {"SpiceChannel", "spice-session", "SpiceSession", "R W CO", "NULL", ""},
    {"SpiceChannel", "total-read-bytes", "gulong", "R", "0", "0..18446744073709551615"},
    {"SpiceMainChannel", "agent-caps-0", "gint", "R", "0", "0..2147483647"},
    {"SpiceMainChannel", "agent-connected", "gboolean", "R", "FALSE", ""},
    {"SpiceMainChannel", "color-depth", "guint", "R W C D", "0", "0..32"},
    {"SpiceMainChannel", "disable-animation", "gboolean", "R W C", "FALSE", ""},
    {"SpiceMainChannel", "disable-display-align", "gboolean", "R W C", "FALSE", ""},
    {"SpiceMainChannel", "disable-display-position", "gboolean", "R W C", "TRUE", ""},
    {"SpiceMainChannel", "disable-font-smooth", "gboolean", "R W C", "FALSE", ""},
    {"SpiceMainChannel", "disable-wallpaper", "gboolean", "R W C", "FALSE", ""},
    {"SpiceMainChannel", "max-clipboard", "gint", "R W C", "104857600", "-1..2147483647"},
    {"SpiceMainChannel", "mouse-mode", "gint", "R", "0", "0..2147483647"},
    {"SpiceDisplayChannel", "gl-scanout", "SpiceGlScanout", "R", "NULL", ""},
    {"SpiceDisplayChannel", "height", "guint", "R", "0", "0..4294967295"},
    {"SpiceDisplayChannel", "monitors", "GArray", "R", "NULL", ""},
    {"SpiceDisplayChannel", "monitors-max", "guint", "R", "1", "1..256"},
    {"SpiceDisplayChannel", "width", "guint", "R", "0", "0..4294967295"},
    {"SpiceCursorChannel", "cursor", "SpiceCursorShape", "R", "NULL", ""},
    {"SpiceInputsChannel", "key-modifiers", "gint", "R", "0", "0..2147483647"},
    {"SpicePortChannel", "port-name", "gchararray", "R", "NULL", ""},
    {"SpicePortChannel", "port-opened", "gboolean", "R", "FALSE", ""},
    {"SpiceQmpPort", "channel", "SpicePortChannel", "R W CO", "NULL", ""},
    {"SpiceQmpPort", "ready", "gboolean", "R", "FALSE", ""},
    {"SpiceURI", "hostname", "gchararray", "R W", "NULL", ""},
    {"SpiceURI", "password", "gchararray", "R W", "NULL", ""},
    {"SpiceURI", "port", "guint", "R W", "0", "0..4294967295"},
    {"SpiceURI", "scheme", "gchararray", "R W", "NULL", ""},
    {"SpiceURI", "user", "gchararray", "R W", "NULL", ""},
    {"SpiceUsbDeviceManager", "auto-connect", "gboolean", "R W", "FALSE", ""},
    {"SpiceUsbDeviceManager", "auto-connect-filter", "gchararray", "R W C", "\"0x03,-1,-1,-1,0|-1,-1,-1,-1,1\"", ""},
    {"SpiceUsbDeviceManager", "free-channels", "gint", "R", "0", "0..2147483647"},
    {"SpiceUsbDeviceManager", "redirect-on-connect", "gchararray", "R W", "NULL", ""},
    {"SpiceUsbDeviceManager", "session", "SpiceSession", "R W CO", "NULL", ""},
};

struct SignalRow {
    const char *owner, *name;
    const char *parameters; // type names
    const char *result;
    const char *flags;
};

inline const SignalRow signal_rows[] = {
    {"SpiceSession", "channel-destroy", "SpiceChannel", "void", "run-first"},
    {"SpiceSession", "channel-new", "SpiceChannel", "void", "run-first"},
    {"SpiceSession", "disconnected", "", "void", "run-first"},
    {"SpiceSession", "mm-time-reset", "", "void", "run-first"},
    {"SpiceChannel", "channel-event", "SpiceChannelEvent", "void", "run-first"},
    {"SpiceChannel", "open-fd", "gint", "void", "run-first"},
    {"SpiceMainChannel", "main-agent-update", "", "void", "run-first"},
    {"SpiceMainChannel", "main-mouse-update", "", "void", "run-first"},
    {"SpiceDisplayChannel", "display-invalidate", "gint, gint, gint, gint", "void", "run-first"},
    {"SpiceDisplayChannel", "display-mark", "gint", "void", "run-first"},
    {"SpiceDisplayChannel", "display-primary-create", "gint, gint, gint, gint, gint, gpointer", "void", "run-first"},
    {"SpiceDisplayChannel", "display-primary-destroy", "", "void", "run-first"},
    {"SpiceDisplayChannel", "gl-draw", "guint, guint, guint, guint", "void", ""},
    {"SpiceDisplayChannel", "gst-video-overlay", "GstPipeline", "gboolean", ""},
    {"SpiceDisplayChannel", "streaming-mode", "gboolean", "gpointer", "deprecated"},
    {"SpiceCursorChannel", "cursor-hide", "", "void", "run-first"},
    {"SpiceCursorChannel", "cursor-move", "gint, gint", "void", "run-first"},
    {"SpiceCursorChannel", "cursor-reset", "", "void", "run-first"},
    {"SpiceCursorChannel", "cursor-set", "gint, gint, gint, gint, gpointer", "void", "run-first, deprecated"},
    {"SpiceInputsChannel", "inputs-modifiers", "", "void", "run-first"},
    {"SpiceSmartcardManager", "card-inserted", "VReader", "void", "run-first"},
    {"SpiceSmartcardManager", "card-removed", "VReader", "void", "run-first"},
    {"SpiceSmartcardManager", "reader-added", "VReader", "void", "run-first"},
    {"SpiceSmartcardManager", "reader-removed", "VReader", "void", "run-first"},
    {"SpiceUsbDeviceManager", "auto-connect-failed", "SpiceUsbDevice, GError", "void", "run-first"},
    {"SpiceUsbDeviceManager", "device-added", "SpiceUsbDevice", "void", "run-first"},
    {"SpiceUsbDeviceManager", "device-error", "SpiceUsbDevice, GError", "void", "run-first"},
    {"SpiceUsbDeviceManager", "device-removed", "SpiceUsbDevice", "void", "run-first"},
    {"SpicePortChannel", "port-data", "gpointer, gint", "void", "run-last"},
    {"SpicePortChannel", "port-event", "gint", "void", "run-last"},
    {"SpiceQmpPort", "event", "gchararray, gpointer", "void", "run-first"},
};
