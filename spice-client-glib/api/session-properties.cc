// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/enums.hh"
#include "api/session-private.hh"
#include "api/uri-private.hh"

#include "base/log.hh"
#include "device/folder-server.hh"
#include "session/uri.hh"

#ifdef HAVE_PHODAV
#include <libphodav/phodav.h>
#endif

namespace {

enum Prop : guint {
    PROP_HOST = 1,
    PROP_PORT,
    PROP_TLS_PORT,
    PROP_UNIX_PATH,
    PROP_USERNAME,
    PROP_PASSWORD,
    PROP_URI,
    PROP_PROXY,
    PROP_PROTOCOL,
    PROP_CLIENT_SOCKETS,
    PROP_CA,
    PROP_CA_FILE,
    PROP_CIPHERS,
    PROP_PUBKEY,
    PROP_CERT_SUBJECT,
    PROP_VERIFY,
    PROP_SECURE_CHANNELS,
    PROP_READ_ONLY,
    PROP_ENABLE_AUDIO,
    PROP_ENABLE_USBREDIR,
    PROP_ENABLE_SMARTCARD,
    PROP_SMARTCARD_CERTIFICATES,
    PROP_SMARTCARD_DB,
    PROP_SHARED_DIR,
    PROP_SHARE_DIR_RO,
    PROP_DISABLE_EFFECTS,
    PROP_COLOR_DEPTH,
    PROP_CACHE_SIZE,
    PROP_GLZ_WINDOW_SIZE,
    PROP_PREFERRED_COMPRESSION,
    PROP_GL_SCANOUT,
    PROP_NAME,
    PROP_UUID,
    PROP_MIGRATION_STATE,
    PROP_INHIBIT_KEYBOARD_GRAB,
    PROP_WEBDAV_SERVER, // last: there is none without phodav
    N_PROPS
};
GParamSpec *props[N_PROPS];

using Text = std::optional<std::string>;

void set_text(Text &slot, const GValue *value) {
    const auto *text = g_value_get_string(value);
    slot = text ? Text{text} : std::nullopt;
}
void get_text(const Text &slot, GValue *value) { g_value_set_string(value, slot ? slot->c_str() : nullptr); }

void set_list(std::vector<std::string> &slot, const GValue *value) {
    slot.clear();
    for (auto *word = static_cast<char **>(g_value_get_boxed(value)); word && *word; ++word) slot.emplace_back(*word);
}
void get_list(const std::vector<std::string> &slot, GValue *value) {
    if (slot.empty()) return; // NULL, as before it was ever set
    auto **list = g_new0(char *, slot.size() + 1);
    for (std::size_t i = 0; i < slot.size(); ++i) list[i] = g_strdup(slot[i].c_str());
    g_value_take_boxed(value, list);
}

void set_bytes(Text &slot, const GValue *value) {
    const auto *bytes = static_cast<const GByteArray *>(g_value_get_boxed(value));
    slot = bytes ? Text{std::string(reinterpret_cast<const char *>(bytes->data), bytes->len)} : std::nullopt;
}
void get_bytes(const Text &slot, GValue *value) {
    if (!slot) return;
    auto *bytes = g_byte_array_sized_new(static_cast<guint>(slot->size()));
    g_byte_array_append(bytes, reinterpret_cast<const guint8 *>(slot->data()), static_cast<guint>(slot->size()));
    g_value_take_boxed(value, bytes);
}

// The checks of a certificate follow from what is given to check it with.
void want_check(spice::session::Options &options, SpiceSessionVerify check, bool wanted) {
    const auto bit = static_cast<guint>(check);
    options.verify = wanted ? options.verify | bit : options.verify & ~bit;
}

void set_uri(spice::session::Options &options, const char *text) {
    if (!text) return;
    std::vector<std::string> warnings;
    auto uri = spice::session::parse_uri(text, warnings);
    for (const auto &warning : warnings) spice::log::warn("%s", warning.c_str());
    if (!uri) {
        spice::log::warn("%s", uri.error().what.c_str());
        return;
    }
    options.unix_path = std::move(uri->unix_path);
    options.host = std::move(uri->host);
    options.port = std::move(uri->port);
    options.tls_port = std::move(uri->tls_port);
    options.username = std::move(uri->username);
    options.password = std::move(uri->password);
}

Text uri_text(const spice::session::Options &options) {
    return spice::session::format_uri({options.unix_path, options.host, options.port, options.tls_port, {}, {}});
}

Text proxy_text(const SessionExtras &extras) {
    return extras.proxy ? spice::session::format_proxy_uri(spice::api::uri_value(extras.proxy.get())) : std::nullopt;
}

// Connection, proxy and security. False: not one of these.
bool get_connection_property(const SpiceSessionPrivate &priv, guint id, GValue *value) {
    const auto &options = priv.core.options;
    const auto &extras = priv.extras;
    switch (id) {
    case PROP_HOST: get_text(options.host, value); return true;
    case PROP_PORT: get_text(options.port, value); return true;
    case PROP_TLS_PORT: get_text(options.tls_port, value); return true;
    case PROP_UNIX_PATH: get_text(options.unix_path, value); return true;
    case PROP_USERNAME: get_text(options.username, value); return true;
    case PROP_PASSWORD: get_text(options.password, value); return true;
    case PROP_URI: get_text(uri_text(options), value); return true;
    case PROP_PROXY: get_text(proxy_text(extras), value); return true;
    case PROP_PROTOCOL: g_value_set_int(value, extras.protocol); return true;
    case PROP_CLIENT_SOCKETS: g_value_set_boolean(value, options.client_sockets); return true;
    case PROP_CA: get_bytes(options.ca, value); return true;
    case PROP_CA_FILE: get_text(options.ca_file, value); return true;
    case PROP_CIPHERS: get_text(options.ciphers, value); return true;
    case PROP_PUBKEY: get_bytes(options.pubkey, value); return true;
    case PROP_CERT_SUBJECT: get_text(options.cert_subject, value); return true;
    case PROP_VERIFY: g_value_set_flags(value, options.verify); return true;
    case PROP_SECURE_CHANNELS: get_list(options.secure_channels, value); return true;
    default: return false;
    }
}

void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec) noexcept {
    const auto &priv = *SPICE_SESSION(object)->priv;
    const auto &options = priv.core.options;
    const auto &extras = priv.extras;
    if (get_connection_property(priv, id, value)) return;
    switch (id) {
    case PROP_READ_ONLY: g_value_set_boolean(value, options.read_only); break;
    case PROP_ENABLE_AUDIO: g_value_set_boolean(value, options.enable_audio); break;
    case PROP_ENABLE_USBREDIR: g_value_set_boolean(value, options.enable_usbredir); break;
    case PROP_ENABLE_SMARTCARD: g_value_set_boolean(value, options.enable_smartcard); break;
    case PROP_SMARTCARD_CERTIFICATES: get_list(extras.smartcard_certificates, value); break;
    case PROP_SMARTCARD_DB: get_text(extras.smartcard_db, value); break;
    case PROP_SHARED_DIR: get_text(extras.shared_dir, value); break;
    case PROP_SHARE_DIR_RO: g_value_set_boolean(value, extras.share_dir_ro); break;
    case PROP_WEBDAV_SERVER: g_value_set_object(value, priv.core.folder_server()->object()); break;
    case PROP_DISABLE_EFFECTS: get_list(options.disable_effects, value); break;
    case PROP_COLOR_DEPTH: g_value_set_int(value, 0); break; // cannot be chosen any more
    case PROP_CACHE_SIZE: g_value_set_int(value, options.cache_size); break;
    case PROP_GLZ_WINDOW_SIZE: g_value_set_int(value, options.glz_window_size); break;
    case PROP_PREFERRED_COMPRESSION: g_value_set_enum(value, options.preferred_compression); break;
    case PROP_GL_SCANOUT: g_value_set_boolean(value, options.gl_scanout); break;
    case PROP_NAME: g_value_set_string(value, priv.core.name().empty() ? nullptr : priv.core.name().c_str()); break;
    case PROP_UUID: g_value_set_pointer(value, const_cast<uint8_t *>(priv.core.uuid().data())); break;
    case PROP_MIGRATION_STATE: g_value_set_enum(value, static_cast<int>(priv.core.migration())); break;
    case PROP_INHIBIT_KEYBOARD_GRAB: g_value_set_boolean(value, extras.inhibit_keyboard_grab); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

bool set_connection_property(SpiceSession *session, guint id, const GValue *value) {
    auto &options = session->priv->core.options;
    auto &extras = session->priv->extras;
    switch (id) {
    case PROP_HOST: set_text(options.host, value); return true;
    case PROP_PORT: set_text(options.port, value); return true;
    case PROP_TLS_PORT: set_text(options.tls_port, value); return true;
    case PROP_UNIX_PATH: set_text(options.unix_path, value); return true;
    case PROP_USERNAME: set_text(options.username, value); return true;
    case PROP_PASSWORD: set_text(options.password, value); return true;
    case PROP_URI: set_uri(options, g_value_get_string(value)); return true;
    case PROP_PROXY: spice::api::set_session_proxy(session, g_value_get_string(value)); return true;
    case PROP_PROTOCOL: extras.protocol = g_value_get_int(value); return true;
    case PROP_CLIENT_SOCKETS: options.client_sockets = g_value_get_boolean(value); return true;
    case PROP_CA: set_bytes(options.ca, value); return true;
    case PROP_CA_FILE: set_text(options.ca_file, value); return true;
    case PROP_CIPHERS: set_text(options.ciphers, value); return true;
    case PROP_PUBKEY:
        set_bytes(options.pubkey, value);
        want_check(options, SPICE_SESSION_VERIFY_PUBKEY, options.pubkey.has_value());
        return true;
    case PROP_CERT_SUBJECT:
        set_text(options.cert_subject, value);
        want_check(options, SPICE_SESSION_VERIFY_SUBJECT, options.cert_subject.has_value());
        return true;
    case PROP_VERIFY: options.verify = g_value_get_flags(value); return true;
    case PROP_SECURE_CHANNELS: set_list(options.secure_channels, value); return true;
    default: return false;
    }
}

void set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec) noexcept {
    auto *session = SPICE_SESSION(object);
    auto &options = session->priv->core.options;
    auto &extras = session->priv->extras;
    if (set_connection_property(session, id, value)) return;
    switch (id) {
    case PROP_READ_ONLY: session->priv->core.set_read_only(g_value_get_boolean(value)); break;
    case PROP_ENABLE_AUDIO: options.enable_audio = g_value_get_boolean(value); break;
    case PROP_ENABLE_USBREDIR: options.enable_usbredir = g_value_get_boolean(value); break;
    case PROP_ENABLE_SMARTCARD: options.enable_smartcard = g_value_get_boolean(value); break;
    case PROP_SMARTCARD_CERTIFICATES: set_list(extras.smartcard_certificates, value); break;
    case PROP_SMARTCARD_DB: set_text(extras.smartcard_db, value); break;
    case PROP_SHARED_DIR:
        set_text(extras.shared_dir, value);
        session->priv->core.folder_server()->set_root(extras.shared_dir);
        break;
    case PROP_SHARE_DIR_RO:
        extras.share_dir_ro = g_value_get_boolean(value);
        session->priv->core.folder_server()->set_read_only(extras.share_dir_ro);
        break;
    case PROP_DISABLE_EFFECTS: set_list(options.disable_effects, value); break;
    case PROP_COLOR_DEPTH: break;
    case PROP_CACHE_SIZE: options.cache_size = g_value_get_int(value); break;
    case PROP_GLZ_WINDOW_SIZE: options.glz_window_size = g_value_get_int(value); break;
    case PROP_PREFERRED_COMPRESSION: options.preferred_compression = g_value_get_enum(value); break;
    case PROP_GL_SCANOUT: options.gl_scanout = g_value_get_boolean(value); break;
    case PROP_INHIBIT_KEYBOARD_GRAB: extras.inhibit_keyboard_grab = g_value_get_boolean(value); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

constexpr auto readable = static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
constexpr auto writable = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
constexpr auto construct = static_cast<GParamFlags>(writable | G_PARAM_CONSTRUCT);

GParamSpec *text_spec(const char *name, const char *initial = nullptr, GParamFlags flags = writable) {
    return g_param_spec_string(name, nullptr, nullptr, initial, flags);
}
GParamSpec *bool_spec(const char *name, bool initial, GParamFlags flags = writable) {
    return g_param_spec_boolean(name, nullptr, nullptr, initial, flags);
}
GParamSpec *list_spec(const char *name) { return g_param_spec_boxed(name, nullptr, nullptr, G_TYPE_STRV, writable); }
GParamSpec *bytes_spec(const char *name) {
    return g_param_spec_boxed(name, nullptr, nullptr, G_TYPE_BYTE_ARRAY, writable);
}

void make_place_properties() {
    /**
     * SpiceSession:host:
     *
     * The server's name or address; an IPv6 address may be in brackets.
     */
    props[PROP_HOST] = text_spec("host", "localhost", construct);
    /**
     * SpiceSession:port:
     *
     * The server's port without encryption, in decimal.
     */
    props[PROP_PORT] = text_spec("port");
    /**
     * SpiceSession:tls-port:
     *
     * The server's port with TLS, in decimal.
     */
    props[PROP_TLS_PORT] = text_spec("tls-port");
    /**
     * SpiceSession:unix-path:
     *
     * The server's UNIX socket; when set, host and ports are not used.
     */
    props[PROP_UNIX_PATH] = text_spec("unix-path", nullptr, construct);
    /**
     * SpiceSession:username:
     *
     * The user name for servers that want one.
     */
    props[PROP_USERNAME] = text_spec("username");
    /**
     * SpiceSession:password:
     *
     * The password or ticket.
     */
    props[PROP_PASSWORD] = text_spec("password");
    /**
     * SpiceSession:uri:
     *
     * The server as a URI: `spice://host:port`, `spice://host?port=P&tls-port=T`, `spice+tls://host:port` or
     * `spice+unix:///path`. Setting it replaces host, ports, path, user name and password; a URI that is not valid
     * changes nothing.
     */
    props[PROP_URI] = text_spec("uri");
    /**
     * SpiceSession:proxy:
     *
     * The HTTP proxy to go through, `http://user:password@host:port`. The empty text means none, %NULL the one in the
     * environment variable SPICE_PROXY.
     */
    props[PROP_PROXY] = text_spec("proxy");
    /**
     * SpiceSession:protocol:
     *
     * The major version of the protocol. Only 2 is spoken.
     */
    props[PROP_PROTOCOL] = g_param_spec_int("protocol", nullptr, nullptr, 1, 2, 2, construct);
    /**
     * SpiceSession:client-sockets:
     *
     * Whether the application makes the connections, see spice_session_open_fd().
     */
    props[PROP_CLIENT_SOCKETS] = bool_spec("client-sockets", false);
}

void make_security_properties() {
    /**
     * SpiceSession:ca:
     *
     * Certificates (PEM) of the authorities that are trusted.
     */
    props[PROP_CA] = bytes_spec("ca");
    /**
     * SpiceSession:ca-file:
     *
     * A file with certificates (PEM) of the authorities that are trusted.
     */
    props[PROP_CA_FILE] = text_spec("ca-file");
    /**
     * SpiceSession:ciphers:
     *
     * The ciphers to allow, as OpenSSL writes them.
     */
    props[PROP_CIPHERS] = text_spec("ciphers");
    /**
     * SpiceSession:pubkey:
     *
     * The public key (DER) that the server must have. Setting it also sets %SPICE_SESSION_VERIFY_PUBKEY in
     * #SpiceSession:verify, %NULL clears it.
     */
    props[PROP_PUBKEY] = bytes_spec("pubkey");
    /**
     * SpiceSession:cert-subject:
     *
     * The subject that the server's certificate must have. Setting it also sets %SPICE_SESSION_VERIFY_SUBJECT in
     * #SpiceSession:verify, %NULL clears it.
     */
    props[PROP_CERT_SUBJECT] = text_spec("cert-subject");
    /**
     * SpiceSession:verify:
     *
     * How the server's certificate is checked.
     */
    props[PROP_VERIFY] = g_param_spec_flags("verify", nullptr, nullptr, SPICE_TYPE_SESSION_VERIFY,
                                            SPICE_SESSION_VERIFY_HOSTNAME, construct);
    /**
     * SpiceSession:secure-channels:
     *
     * Names of the channels that must be encrypted, or "all".
     */
    props[PROP_SECURE_CHANNELS] = list_spec("secure-channels");
}

void make_device_properties() {
    /**
     * SpiceSession:read-only: (getter get_read_only)
     *
     * Whether the user only looks: nothing but what the display needs is sent to the guest.
     */
    props[PROP_READ_ONLY] = bool_spec("read-only", false, construct);
    /**
     * SpiceSession:enable-audio:
     *
     * Whether audio channels are made.
     */
    props[PROP_ENABLE_AUDIO] = bool_spec("enable-audio", true, construct);
    /**
     * SpiceSession:enable-usbredir:
     *
     * Whether channels for USB redirection are made.
     */
    props[PROP_ENABLE_USBREDIR] = bool_spec("enable-usbredir", true, construct);
    /**
     * SpiceSession:enable-smartcard:
     *
     * Whether smartcard channels are made.
     */
    props[PROP_ENABLE_SMARTCARD] = bool_spec("enable-smartcard", false);
    /**
     * SpiceSession:smartcard-certificates:
     *
     * The three certificates of a software smartcard.
     */
    props[PROP_SMARTCARD_CERTIFICATES] = list_spec("smartcard-certificates");
    /**
     * SpiceSession:smartcard-db:
     *
     * Where the certificates of the software smartcard are.
     */
    props[PROP_SMARTCARD_DB] = text_spec("smartcard-db");
    /**
     * SpiceSession:inhibit-keyboard-grab:
     *
     * Whether widgets must not grab the keyboard now, because a dialog of the system needs it.
     */
    props[PROP_INHIBIT_KEYBOARD_GRAB] = bool_spec("inhibit-keyboard-grab", false);
}

void make_folder_properties() {
    /**
     * SpiceSession:shared-dir:
     *
     * The folder that the guest may see through the WebDAV channel, once the application connects that. The user's
     * public folder unless set, when there is one; %NULL shares no files. A change counts for requests that begin
     * after it.
     */
    props[PROP_SHARED_DIR] = text_spec("shared-dir", g_get_user_special_dir(G_USER_DIRECTORY_PUBLIC_SHARE), construct);
    /**
     * SpiceSession:share-dir-ro:
     *
     * Whether the guest may only read the shared folder.
     */
    props[PROP_SHARE_DIR_RO] = bool_spec("share-dir-ro", false, construct);
#ifdef HAVE_PHODAV
    /**
     * SpiceSession:webdav-server: (skip)
     *
     * The server that shows the guest the folder #SpiceSession:shared-dir, made when it is first asked for. It works on a
     * thread of its own from when the WebDAV channel connects, and phodav takes no locks: files may be added to its
     * virtual folders before that, and nothing else is to be done with it.
     */
    props[PROP_WEBDAV_SERVER] = g_param_spec_object("webdav-server", nullptr, nullptr, PHODAV_TYPE_SERVER, readable);
#endif
}

void make_picture_properties() {
    /**
     * SpiceSession:disable-effects:
     *
     * What the guest is asked to do without: any of "wallpaper", "font-smooth" and "animation", or "all".
     */
    props[PROP_DISABLE_EFFECTS] = list_spec("disable-effects");
    /**
     * SpiceSession:color-depth:
     *
     * Ignored.
     *
     * Deprecated: 0.37: it cannot be chosen any more
     */
    props[PROP_COLOR_DEPTH] = g_param_spec_int("color-depth", nullptr, nullptr, 0, 32, 0,
                                               static_cast<GParamFlags>(writable | G_PARAM_DEPRECATED));
    /**
     * SpiceSession:cache-size:
     *
     * Bytes of images to keep, 0 for the default.
     */
    props[PROP_CACHE_SIZE] = g_param_spec_int("cache-size", nullptr, nullptr, 0, G_MAXINT, 0, writable);
    /**
     * SpiceSession:glz-window-size:
     *
     * Bytes of images that compressed images may refer to, 0 for the default.
     */
    props[PROP_GLZ_WINDOW_SIZE] =
        g_param_spec_int("glz-window-size", nullptr, nullptr, 0, 128 << 20, 0, writable);
    /**
     * SpiceSession:preferred-compression: (skip)
     *
     * The compression that the server is asked to prefer for images.
     */
    props[PROP_PREFERRED_COMPRESSION] =
        g_param_spec_enum("preferred-compression", nullptr, nullptr, spice::api::image_compress_type(),
                          SPICE_IMAGE_COMPRESSION_INVALID, writable);
    /**
     * SpiceSession:gl-scanout:
     *
     * Whether the server may share pictures as DMA buffers. The environment variable SPICE_DISABLE_GL_SCANOUT changes
     * the default to %FALSE.
     */
    props[PROP_GL_SCANOUT] = bool_spec("gl-scanout", g_getenv("SPICE_DISABLE_GL_SCANOUT") == nullptr, construct);
}

void make_server_properties() {
    /**
     * SpiceSession:name:
     *
     * The name of the virtual machine; %NULL before the server has told it.
     */
    props[PROP_NAME] = text_spec("name", nullptr, readable);
    /**
     * SpiceSession:uuid:
     *
     * The 16 bytes of the UUID of the virtual machine; zeros before the server has told it. See
     * spice_uuid_to_string().
     */
    props[PROP_UUID] = g_param_spec_pointer("uuid", nullptr, nullptr, readable);
    /**
     * SpiceSession:migration-state:
     *
     * The state of a migration of the virtual machine.
     */
    props[PROP_MIGRATION_STATE] =
        g_param_spec_enum("migration-state", nullptr, nullptr, SPICE_TYPE_SESSION_MIGRATION,
                          SPICE_SESSION_MIGRATION_NONE, readable);
}

}

namespace spice::api {

void install_session_properties(GObjectClass *object_class) {
    object_class->get_property = get_property;
    object_class->set_property = set_property;
    make_place_properties();
    make_security_properties();
    make_device_properties();
    make_folder_properties();
    make_picture_properties();
    make_server_properties();
    g_object_class_install_properties(object_class, props[PROP_WEBDAV_SERVER] ? N_PROPS : PROP_WEBDAV_SERVER, props);
}

void notify_session_name(SpiceSession *session) { g_object_notify_by_pspec(G_OBJECT(session), props[PROP_NAME]); }
void notify_session_verify(SpiceSession *session) { g_object_notify_by_pspec(G_OBJECT(session), props[PROP_VERIFY]); }
void notify_session_uuid(SpiceSession *session) { g_object_notify_by_pspec(G_OBJECT(session), props[PROP_UUID]); }

void notify_session_migration(SpiceSession *session) {
    auto keep = Ref<SpiceSession>::share(session);
    g_object_notify_by_pspec(G_OBJECT(session), props[PROP_MIGRATION_STATE]);
}

void notify_session_host(SpiceSession *session) {
    auto keep = Ref<SpiceSession>::share(session);
    for (const auto id : {PROP_HOST, PROP_PORT, PROP_TLS_PORT, PROP_CERT_SUBJECT})
        g_object_notify_by_pspec(G_OBJECT(session), props[id]);
}

void set_session_proxy(SpiceSession *session, const char *text) {
    auto &priv = *session->priv;
    auto &options = priv.core.options;
    if (!text) text = g_getenv("SPICE_PROXY");
    options.proxy_unreadable = false;
    if (!text || !*text) {
        priv.extras.proxy = {};
        options.proxy = {};
        return;
    }
    auto uri = session::parse_proxy_uri(text);
    if (!uri) {
        log::warn("%s", uri.error().what.c_str());
        options.proxy_unreadable = !options.proxy; // the one before stays, if there is one
        return;
    }
    priv.extras.proxy = Ref<SpiceURI>::take(new_uri(std::move(*uri)));
    options.proxy = shared_uri_value(priv.extras.proxy.get());
}

}
