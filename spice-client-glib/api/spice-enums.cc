// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "spice-client.h"

#include "api/enums.hh"

namespace {

template <std::size_t N> GType register_enum(const char *name, const GEnumValue (&values)[N]) {
    return g_enum_register_static(g_intern_static_string(name), values);
}

template <std::size_t N> GType register_flags(const char *name, const GFlagsValue (&values)[N]) {
    return g_flags_register_static(g_intern_static_string(name), values);
}

}

// The name of a value is its identifier.
#define VALUE(id, nick) {id, #id, nick}
#define FLAG(id, nick) {static_cast<guint>(id), #id, nick}

/**
 * SpiceChannelEvent:
 * @SPICE_CHANNEL_NONE: nothing happened; the reason to give for an ordinary disconnect
 * @SPICE_CHANNEL_OPENED: the channel is connected and authenticated
 * @SPICE_CHANNEL_SWITCHING: the channel moves to another host
 * @SPICE_CHANNEL_CLOSED: the connection, which had been open, has ended
 * @SPICE_CHANNEL_ERROR_CONNECT: no connection to the server; see spice_channel_get_error()
 * @SPICE_CHANNEL_ERROR_TLS: TLS set-up, handshake or verification failed
 * @SPICE_CHANNEL_ERROR_LINK: the server does not speak the protocol, refused the link or closed it
 * @SPICE_CHANNEL_ERROR_AUTH: authentication failed; see spice_channel_get_error() for what is needed
 * @SPICE_CHANNEL_ERROR_IO: an input or output error of an open connection
 *
 * What #SpiceChannel::channel-event tells.
 */
GType spice_channel_event_get_type() {
    static const GEnumValue values[] = {
        VALUE(SPICE_CHANNEL_NONE, "none"),
        VALUE(SPICE_CHANNEL_OPENED, "opened"),
        VALUE(SPICE_CHANNEL_SWITCHING, "switching"),
        VALUE(SPICE_CHANNEL_CLOSED, "closed"),
        VALUE(SPICE_CHANNEL_ERROR_CONNECT, "error-connect"),
        VALUE(SPICE_CHANNEL_ERROR_TLS, "error-tls"),
        VALUE(SPICE_CHANNEL_ERROR_LINK, "error-link"),
        VALUE(SPICE_CHANNEL_ERROR_AUTH, "error-auth"),
        VALUE(SPICE_CHANNEL_ERROR_IO, "error-io"),
        {0, nullptr, nullptr},
    };
    static const GType type = register_enum("SpiceChannelEvent", values);
    return type;
}

/**
 * SpiceInputsLock:
 * @SPICE_INPUTS_SCROLL_LOCK: Scroll Lock
 * @SPICE_INPUTS_NUM_LOCK: Num Lock
 * @SPICE_INPUTS_CAPS_LOCK: Caps Lock
 *
 * Lock keys of the guest's keyboard.
 */
GType spice_inputs_lock_get_type() {
    static const GFlagsValue values[] = {
        FLAG(SPICE_INPUTS_SCROLL_LOCK, "scroll-lock"),
        FLAG(SPICE_INPUTS_NUM_LOCK, "num-lock"),
        FLAG(SPICE_INPUTS_CAPS_LOCK, "caps-lock"),
        {0, nullptr, nullptr},
    };
    static const GType type = register_flags("SpiceInputsLock", values);
    return type;
}

/**
 * SpiceSessionVerify:
 * @SPICE_SESSION_VERIFY_PUBKEY: the public key is the one in #SpiceSession:pubkey
 * @SPICE_SESSION_VERIFY_HOSTNAME: the certificate is for the host's name
 * @SPICE_SESSION_VERIFY_SUBJECT: the certificate's subject is #SpiceSession:cert-subject
 *
 * How the certificate of the server is checked.
 */
GType spice_session_verify_get_type() {
    static const GFlagsValue values[] = {
        FLAG(SPICE_SESSION_VERIFY_PUBKEY, "pubkey"),
        FLAG(SPICE_SESSION_VERIFY_HOSTNAME, "hostname"),
        FLAG(SPICE_SESSION_VERIFY_SUBJECT, "subject"),
        {0, nullptr, nullptr},
    };
    static const GType type = register_flags("SpiceSessionVerify", values);
    return type;
}

/**
 * SpiceSessionMigration:
 * @SPICE_SESSION_MIGRATION_NONE: no migration is going on
 * @SPICE_SESSION_MIGRATION_SWITCHING: the session switches to another host
 * @SPICE_SESSION_MIGRATION_MIGRATING: the channels move to the target
 * @SPICE_SESSION_MIGRATION_CONNECTING: the session connects to the target
 *
 * The state of a migration of the virtual machine.
 */
GType spice_session_migration_get_type() {
    static const GEnumValue values[] = {
        VALUE(SPICE_SESSION_MIGRATION_NONE, "none"),
        VALUE(SPICE_SESSION_MIGRATION_SWITCHING, "switching"),
        VALUE(SPICE_SESSION_MIGRATION_MIGRATING, "migrating"),
        VALUE(SPICE_SESSION_MIGRATION_CONNECTING, "connecting"),
        {0, nullptr, nullptr},
    };
    static const GType type = register_enum("SpiceSessionMigration", values);
    return type;
}

namespace spice::api {

GType image_compress_type() {
    static const GEnumValue values[] = {
        VALUE(SPICE_IMAGE_COMPRESSION_INVALID, "invalid"),
        VALUE(SPICE_IMAGE_COMPRESSION_OFF, "off"),
        VALUE(SPICE_IMAGE_COMPRESSION_AUTO_GLZ, "auto-glz"),
        VALUE(SPICE_IMAGE_COMPRESSION_AUTO_LZ, "auto-lz"),
        VALUE(SPICE_IMAGE_COMPRESSION_QUIC, "quic"),
        VALUE(SPICE_IMAGE_COMPRESSION_GLZ, "glz"),
        VALUE(SPICE_IMAGE_COMPRESSION_LZ, "lz"),
        VALUE(SPICE_IMAGE_COMPRESSION_LZ4, "lz4"),
        {0, nullptr, nullptr},
    };
    static const GType type = register_enum("SpiceImageCompress", values);
    return type;
}

}
