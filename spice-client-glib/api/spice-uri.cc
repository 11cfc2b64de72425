// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/uri-private.hh"

#include <string>

/**
 * SECTION:spice-uri
 * @title: SpiceURI
 * @short_description: where the proxy is
 */

/**
 * SpiceURI:
 *
 * The address of a proxy. Get it with spice_session_get_proxy_uri(), for instance to set user and password after the
 * proxy asked for them.
 */

using spice::session::ProxyUri;

struct _SpiceURIPrivate {
    std::shared_ptr<ProxyUri> value = std::make_shared<ProxyUri>();
};
struct _SpiceURI {
    GObject parent;
    SpiceURIPrivate *priv;
};
struct _SpiceURIClass {
    GObjectClass parent_class;
};

G_DEFINE_TYPE(SpiceURI, spice_uri, G_TYPE_OBJECT)

namespace {

enum Prop : guint { PROP_SCHEME = 1, PROP_USER, PROP_PASSWORD, PROP_HOSTNAME, PROP_PORT, N_PROPS };
GParamSpec *props[N_PROPS];

const gchar *text_or_null(const std::optional<std::string> &text) { return text ? text->c_str() : nullptr; }

void set_text(SpiceURI *uri, std::optional<std::string> ProxyUri::*part, const gchar *text, Prop prop) {
    auto &slot = (*uri->priv->value).*part;
    if (text) slot = std::string{text}; // a copy first: `text` may be what the getter returned
    else slot.reset();
    g_object_notify_by_pspec(G_OBJECT(uri), props[prop]);
}

void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec) noexcept {
    const auto &uri = *SPICE_URI(object)->priv->value;
    switch (id) {
    case PROP_SCHEME: g_value_set_string(value, text_or_null(uri.scheme)); break;
    case PROP_USER: g_value_set_string(value, text_or_null(uri.user)); break;
    case PROP_PASSWORD: g_value_set_string(value, text_or_null(uri.password)); break;
    case PROP_HOSTNAME: g_value_set_string(value, text_or_null(uri.hostname)); break;
    case PROP_PORT: g_value_set_uint(value, uri.port); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

void set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec) noexcept {
    auto *uri = SPICE_URI(object);
    switch (id) {
    case PROP_SCHEME: spice_uri_set_scheme(uri, g_value_get_string(value)); break;
    case PROP_USER: spice_uri_set_user(uri, g_value_get_string(value)); break;
    case PROP_PASSWORD: spice_uri_set_password(uri, g_value_get_string(value)); break;
    case PROP_HOSTNAME: spice_uri_set_hostname(uri, g_value_get_string(value)); break;
    case PROP_PORT: spice_uri_set_port(uri, g_value_get_uint(value)); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

void finalize(GObject *object) noexcept {
    delete SPICE_URI(object)->priv;
    G_OBJECT_CLASS(spice_uri_parent_class)->finalize(object);
}

}

static void spice_uri_init(SpiceURI *self) { self->priv = new SpiceURIPrivate; }

static void spice_uri_class_init(SpiceURIClass *klass) {
    auto *object_class = G_OBJECT_CLASS(klass);
    object_class->get_property = get_property;
    object_class->set_property = set_property;
    object_class->finalize = finalize;
    constexpr auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

    /**
     * SpiceURI:scheme: (getter get_scheme) (setter set_scheme)
     *
     * How to talk to the proxy: "http" or "https".
     */
    props[PROP_SCHEME] = g_param_spec_string("scheme", nullptr, nullptr, nullptr, flags);
    /**
     * SpiceURI:user: (getter get_user) (setter set_user)
     *
     * The user name for the proxy.
     */
    props[PROP_USER] = g_param_spec_string("user", nullptr, nullptr, nullptr, flags);
    /**
     * SpiceURI:password: (getter get_password) (setter set_password)
     *
     * The password for the proxy.
     */
    props[PROP_PASSWORD] = g_param_spec_string("password", nullptr, nullptr, nullptr, flags);
    /**
     * SpiceURI:hostname: (getter get_hostname) (setter set_hostname)
     *
     * The name or address of the proxy; IPv6 addresses without brackets.
     */
    props[PROP_HOSTNAME] = g_param_spec_string("hostname", nullptr, nullptr, nullptr, flags);
    /**
     * SpiceURI:port: (getter get_port) (setter set_port)
     *
     * The port of the proxy.
     */
    props[PROP_PORT] = g_param_spec_uint("port", nullptr, nullptr, 0, G_MAXUINT, 0, flags);
    g_object_class_install_properties(object_class, N_PROPS, props);
}

namespace spice::api {

SpiceURI *new_uri(session::ProxyUri value) {
    auto *uri = static_cast<SpiceURI *>(g_object_new(SPICE_TYPE_URI, nullptr));
    *uri->priv->value = std::move(value);
    return uri;
}

const session::ProxyUri &uri_value(SpiceURI *uri) { return *uri->priv->value; }

std::shared_ptr<const session::ProxyUri> shared_uri_value(SpiceURI *uri) { return uri->priv->value; }

}

/**
 * spice_uri_get_scheme:
 * @uri: a #SpiceURI
 *
 * Gets #SpiceURI:scheme.
 *
 * Returns: (transfer none): the scheme
 */
const gchar *spice_uri_get_scheme(SpiceURI *uri) {
    g_return_val_if_fail(SPICE_IS_URI(uri), nullptr);
    return text_or_null(uri->priv->value->scheme);
}

/**
 * spice_uri_set_scheme:
 * @uri: a #SpiceURI
 * @scheme: the scheme, or %NULL
 *
 * Sets #SpiceURI:scheme.
 */
void spice_uri_set_scheme(SpiceURI *uri, const gchar *scheme) {
    g_return_if_fail(SPICE_IS_URI(uri));
    set_text(uri, &ProxyUri::scheme, scheme, PROP_SCHEME);
}

/**
 * spice_uri_get_hostname:
 * @uri: a #SpiceURI
 *
 * Gets #SpiceURI:hostname.
 *
 * Returns: (transfer none): the host name
 */
const gchar *spice_uri_get_hostname(SpiceURI *uri) {
    g_return_val_if_fail(SPICE_IS_URI(uri), nullptr);
    return text_or_null(uri->priv->value->hostname);
}

/**
 * spice_uri_set_hostname:
 * @uri: a #SpiceURI
 * @hostname: the host name, or %NULL
 *
 * Sets #SpiceURI:hostname.
 */
void spice_uri_set_hostname(SpiceURI *uri, const gchar *hostname) {
    g_return_if_fail(SPICE_IS_URI(uri));
    set_text(uri, &ProxyUri::hostname, hostname, PROP_HOSTNAME);
}

/**
 * spice_uri_get_port:
 * @uri: a #SpiceURI
 *
 * Gets #SpiceURI:port.
 *
 * Returns: the port
 */
guint spice_uri_get_port(SpiceURI *uri) {
    g_return_val_if_fail(SPICE_IS_URI(uri), 0);
    return uri->priv->value->port;
}

/**
 * spice_uri_set_port:
 * @uri: a #SpiceURI
 * @port: the port
 *
 * Sets #SpiceURI:port.
 */
void spice_uri_set_port(SpiceURI *uri, guint port) {
    g_return_if_fail(SPICE_IS_URI(uri));
    uri->priv->value->port = port;
    g_object_notify_by_pspec(G_OBJECT(uri), props[PROP_PORT]);
}

/**
 * spice_uri_get_user:
 * @uri: a #SpiceURI
 *
 * Gets #SpiceURI:user.
 *
 * Returns: (transfer none): the user name
 */
const gchar *spice_uri_get_user(SpiceURI *uri) {
    g_return_val_if_fail(SPICE_IS_URI(uri), nullptr);
    return text_or_null(uri->priv->value->user);
}

/**
 * spice_uri_set_user:
 * @uri: a #SpiceURI
 * @user: the user name, or %NULL
 *
 * Sets #SpiceURI:user.
 */
void spice_uri_set_user(SpiceURI *uri, const gchar *user) {
    g_return_if_fail(SPICE_IS_URI(uri));
    set_text(uri, &ProxyUri::user, user, PROP_USER);
}

/**
 * spice_uri_get_password:
 * @uri: a #SpiceURI
 *
 * Gets #SpiceURI:password.
 *
 * Returns: (transfer none): the password
 */
const gchar *spice_uri_get_password(SpiceURI *uri) {
    g_return_val_if_fail(SPICE_IS_URI(uri), nullptr);
    return text_or_null(uri->priv->value->password);
}

/**
 * spice_uri_set_password:
 * @uri: a #SpiceURI
 * @password: the password, or %NULL
 *
 * Sets #SpiceURI:password.
 */
void spice_uri_set_password(SpiceURI *uri, const gchar *password) {
    g_return_if_fail(SPICE_IS_URI(uri));
    set_text(uri, &ProxyUri::password, password, PROP_PASSWORD);
}

/**
 * spice_uri_to_string:
 * @uri: a #SpiceURI
 *
 * Writes the address as text, with user name and password if they are set.
 *
 * Returns: (transfer full): the text, or %NULL without scheme or host name
 */
gchar *spice_uri_to_string(SpiceURI *uri) {
    g_return_val_if_fail(SPICE_IS_URI(uri), nullptr);
    const auto text = spice::session::format_proxy_uri(*uri->priv->value);
    return text ? g_strdup(text->c_str()) : nullptr;
}
