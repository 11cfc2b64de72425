// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/channel-private.hh"
#include "api/error.hh"
#include "api/session-private.hh"

#include "base/glib/log-glib.hh"
#include "base/log.hh"

#include <fcntl.h>

#include <cstring>

/**
 * SECTION:spice-channel
 * @title: SpiceChannel
 * @short_description: one connection of a session
 */

/**
 * SpiceChannel:
 *
 * One of the connections of a session. The session makes the objects and announces each with
 * #SpiceSession::channel-new; the application connects those it wants with spice_channel_connect(), usually in the
 * handler of that signal. What becomes of it is told by #SpiceChannel::channel-event.
 *
 * All functions are to be called from the session's main context, and all signals are emitted there.
 */

/**
 * SpiceChannelClass:
 * @channel_event: default handler of #SpiceChannel::channel-event
 * @open_fd: default handler of #SpiceChannel::open-fd
 * @handle_msg: not used
 * @channel_up: not used
 * @iterate_write: not used
 * @iterate_read: not used
 * @channel_reset: not used
 * @channel_send_migration_handshake: not used
 *
 * The class of channels. Only the slots of the signals are called.
 */

/**
 * spice_msg_handler:
 * @channel: a #SpiceChannel
 * @in: a message
 *
 * Not used; kept for its name.
 */

G_DEFINE_TYPE(SpiceChannel, spice_channel, G_TYPE_OBJECT)

namespace {

enum Prop : guint { PROP_SESSION = 1, PROP_TYPE, PROP_ID, PROP_TOTAL_READ_BYTES, PROP_SOCKET, N_PROPS };
GParamSpec *props[N_PROPS];
enum Signal : guint { SIGNAL_EVENT, SIGNAL_OPEN_FD, N_SIGNALS };
guint signals[N_SIGNALS];

constexpr const char *type_names[] = {nullptr,    "main",   "display",   "inputs",   "cursor", "playback",
                                      "record",   "tunnel", "smartcard", "usbredir", "port",   "webdav"};

// A socket object of its own over the channel's connection.
GSocket *socket_of(SpiceChannelPrivate *priv) {
    const int fd = priv->model ? priv->model->socket_fd() : -1;
    if (fd < 0) return nullptr;
    if (!priv->socket) {
        const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
        if (copy < 0) return nullptr;
        priv->socket = spice::Ref<GSocket>::take(g_socket_new_from_fd(copy, nullptr));
        if (!priv->socket) close(copy);
    }
    return priv->socket.get();
}

void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec) noexcept {
    auto *priv = SPICE_CHANNEL(object)->priv;
    switch (id) {
    case PROP_SESSION: g_value_set_object(value, priv->session); break;
    case PROP_TYPE: g_value_set_int(value, priv->type); break;
    case PROP_ID: g_value_set_int(value, priv->id); break;
    case PROP_TOTAL_READ_BYTES: g_value_set_ulong(value, priv->model ? priv->model->total_read_bytes() : 0); break;
    case PROP_SOCKET: g_value_set_object(value, socket_of(priv)); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

void set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec) noexcept {
    auto *priv = SPICE_CHANNEL(object)->priv;
    switch (id) {
    case PROP_SESSION:
        priv->session = static_cast<SpiceSession *>(g_value_get_object(value));
        g_set_weak_pointer(&priv->home, priv->session);
        break;
    case PROP_TYPE: priv->type = g_value_get_int(value); break;
    case PROP_ID: priv->id = g_value_get_int(value); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

// Runs after the subclass has made its model: the session announces a complete object.
void constructed(GObject *object) noexcept {
    auto *priv = SPICE_CHANNEL(object)->priv;
    G_OBJECT_CLASS(spice_channel_parent_class)->constructed(object);
    if (priv->session && priv->model) priv->session->priv->core.add_channel(object, priv->model.get());
}

void finalize(GObject *object) noexcept {
    auto *priv = SPICE_CHANNEL(object)->priv;
    const bool announced = priv->model != nullptr;
    priv->model.reset();
    if (priv->home && announced) priv->home->priv->core.channel_finalized();
    g_clear_weak_pointer(&priv->home);
    delete priv;
    G_OBJECT_CLASS(spice_channel_parent_class)->finalize(object);
}

void install_properties(GObjectClass *object_class) {
    constexpr auto readable = static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
    constexpr auto construct = static_cast<GParamFlags>(readable | G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY);
    /**
     * SpiceChannel:spice-session:
     *
     * The session that the channel belongs to; %NULL once it has left the session.
     */
    props[PROP_SESSION] = g_param_spec_object("spice-session", nullptr, nullptr, SPICE_TYPE_SESSION, construct);
    /**
     * SpiceChannel:channel-type:
     *
     * The kind of channel, for instance 2 for a display; see spice_channel_type_to_string().
     */
    props[PROP_TYPE] = g_param_spec_int("channel-type", nullptr, nullptr, -1, G_MAXINT, -1, construct);
    /**
     * SpiceChannel:channel-id:
     *
     * The number of the channel among those of its kind.
     */
    props[PROP_ID] = g_param_spec_int("channel-id", nullptr, nullptr, -1, G_MAXINT, -1, construct);
    /**
     * SpiceChannel:total-read-bytes:
     *
     * How many bytes were received, by all connections of this object. There is no notification of changes.
     */
    props[PROP_TOTAL_READ_BYTES] = g_param_spec_ulong("total-read-bytes", nullptr, nullptr, 0, G_MAXULONG, 0, readable);
    /**
     * SpiceChannel:socket:
     *
     * The socket of the connection, for looking at addresses; %NULL while the channel is not connected.
     */
    props[PROP_SOCKET] = g_param_spec_object("socket", nullptr, nullptr, G_TYPE_SOCKET, readable);
    g_object_class_install_properties(object_class, N_PROPS, props);
}

}

static void spice_channel_init(SpiceChannel *self) { self->priv = new SpiceChannelPrivate; }

static void spice_channel_class_init(SpiceChannelClass *klass) {
    spice::log::install_glib_sink();
    auto *object_class = G_OBJECT_CLASS(klass);
    object_class->get_property = get_property;
    object_class->set_property = set_property;
    object_class->constructed = constructed;
    object_class->finalize = finalize;
    install_properties(object_class);
    /**
     * SpiceChannel::channel-event:
     * @channel: the channel
     * @event: what happened
     *
     * The connection has opened, ended or failed. In the handler the channel may be connected again, or the session
     * disconnected. The detail of an error, if there is one, is what spice_channel_get_error() returns in the handler.
     */
    signals[SIGNAL_EVENT] = g_signal_new("channel-event", SPICE_TYPE_CHANNEL, G_SIGNAL_RUN_FIRST,
                                         G_STRUCT_OFFSET(SpiceChannelClass, channel_event), nullptr, nullptr, nullptr,
                                         G_TYPE_NONE, 1, SPICE_TYPE_CHANNEL_EVENT);
    /**
     * SpiceChannel::open-fd:
     * @channel: the channel
     * @with_tls: whether the connection must be encrypted
     *
     * The application has taken over making connections (spice_session_open_fd()) and is asked for one: hand it over
     * with spice_channel_open_fd(), now or later.
     */
    signals[SIGNAL_OPEN_FD] = g_signal_new("open-fd", SPICE_TYPE_CHANNEL, G_SIGNAL_RUN_FIRST,
                                           G_STRUCT_OFFSET(SpiceChannelClass, open_fd), nullptr, nullptr, nullptr,
                                           G_TYPE_NONE, 1, G_TYPE_INT);
}

namespace spice::api {

channel::Host *channel_host(SpiceChannel *channel) {
    return channel->priv->session ? &channel->priv->session->priv->core : nullptr;
}

GMainContext *channel_context(SpiceChannel *channel) {
    return channel->priv->session ? channel->priv->session->priv->core.context() : nullptr;
}

void channel_left_session(SpiceChannel *channel) {
    auto &priv = *channel->priv;
    priv.session = nullptr;
    priv.model->disconnect(channel::Event::none); // `closed` follows from the loop and keeps the object until then
    priv.model->leave_session();
}

void emit_channel_event(SpiceChannel *channel, channel::Event event, const Error *error) {
    auto keep = Ref<SpiceChannel>::share(channel);
    channel->priv->socket = {};
    channel->priv->error = error ? to_gerror(*error) : nullptr;
    g_signal_emit(channel, signals[SIGNAL_EVENT], 0, static_cast<int>(event));
    channel->priv->error.reset();
}

void emit_open_fd(SpiceChannel *channel, bool with_tls) {
    auto keep = Ref<SpiceChannel>::share(channel);
    g_signal_emit(channel, signals[SIGNAL_OPEN_FD], 0, static_cast<int>(with_tls));
}

std::shared_ptr<void> hold(gpointer object) {
    return {g_object_ref(object), [](void *p) { g_object_unref(p); }};
}

}

/**
 * spice_channel_new: (constructor)
 * @s: a #SpiceSession
 * @type: the kind of channel
 * @id: the number of the channel among those of its kind
 *
 * Makes a channel of a session; the session does this by itself for all channels of the server. A kind that is
 * unknown, or disabled in the session, is not made.
 *
 * C programs do not own the returned object: the session keeps its only reference.
 *
 * Returns: (transfer full): the channel, or %NULL
 */
SpiceChannel *spice_channel_new(SpiceSession *s, int type, int id) {
    g_return_val_if_fail(SPICE_IS_SESSION(s), nullptr);
    GType gtype = G_TYPE_INVALID;
    switch (type) {
    case SPICE_CHANNEL_MAIN: gtype = SPICE_TYPE_MAIN_CHANNEL; break;
    case SPICE_CHANNEL_DISPLAY: gtype = SPICE_TYPE_DISPLAY_CHANNEL; break;
    case SPICE_CHANNEL_INPUTS: gtype = SPICE_TYPE_INPUTS_CHANNEL; break;
    case SPICE_CHANNEL_CURSOR: gtype = SPICE_TYPE_CURSOR_CHANNEL; break;
    case SPICE_CHANNEL_PLAYBACK:
        if (s->priv->core.options.enable_audio) gtype = SPICE_TYPE_PLAYBACK_CHANNEL;
        break;
    case SPICE_CHANNEL_RECORD:
        if (s->priv->core.options.enable_audio) gtype = SPICE_TYPE_RECORD_CHANNEL;
        break;
    case SPICE_CHANNEL_PORT: gtype = SPICE_TYPE_PORT_CHANNEL; break;
    case SPICE_CHANNEL_WEBDAV: gtype = SPICE_TYPE_WEBDAV_CHANNEL; break;
    case SPICE_CHANNEL_SMARTCARD:
        if (s->priv->core.options.enable_smartcard) gtype = SPICE_TYPE_SMARTCARD_CHANNEL;
        break;
    case SPICE_CHANNEL_USBREDIR:
        if (s->priv->core.options.enable_usbredir) gtype = SPICE_TYPE_USBREDIR_CHANNEL;
        break;
    default: break;
    }
    if (gtype == G_TYPE_INVALID) {
        SPICE_LOG_DEBUG("no channel object for type %d", type);
        return nullptr;
    }
    return SPICE_CHANNEL(g_object_new(gtype, "spice-session", s, "channel-type", type, "channel-id", id, nullptr));
}

/**
 * spice_channel_destroy:
 * @channel: a #SpiceChannel
 *
 * Ends the connection. A channel of a session leaves it, and with it goes the session's reference; otherwise the
 * caller's reference is dropped.
 *
 * Deprecated: 0.27: the session owns its channels; use spice_channel_disconnect()
 */
void spice_channel_destroy(SpiceChannel *channel) {
    g_return_if_fail(SPICE_IS_CHANNEL(channel));
    if (auto *session = channel->priv->session) return session->priv->core.drop_channel(channel);
    spice_channel_disconnect(channel, SPICE_CHANNEL_NONE);
    g_object_unref(channel);
}

/**
 * spice_channel_connect:
 * @channel: a #SpiceChannel
 *
 * Starts to connect the channel with the parameters of its session. Does nothing when it is connecting or connected.
 * The outcome is told by #SpiceChannel::channel-event, never inside this call.
 *
 * Returns: %FALSE when the channel has left its session
 */
gboolean spice_channel_connect(SpiceChannel *channel) {
    g_return_val_if_fail(SPICE_IS_CHANNEL(channel), FALSE);
    auto *priv = channel->priv;
    if (!priv->model || priv->type == -1 || priv->id == -1) {
        spice::log::warn("a channel without type and number cannot connect");
        return FALSE;
    }
    return priv->model->connect();
}

/**
 * spice_channel_open_fd:
 * @channel: a #SpiceChannel
 * @fd: a connected socket, or -1
 *
 * Connects the channel over @fd, which belongs to the channel from now on. With -1 the application is asked for a
 * socket by #SpiceChannel::open-fd.
 *
 * Returns: whether the channel took the socket, or asked for one
 */
gboolean spice_channel_open_fd(SpiceChannel *channel, int fd) {
    g_return_val_if_fail(SPICE_IS_CHANNEL(channel), FALSE);
    g_return_val_if_fail(fd >= -1, FALSE);
    return channel->priv->model && channel->priv->model->open_fd(fd);
}

/**
 * spice_channel_disconnect:
 * @channel: a #SpiceChannel
 * @reason: the event to emit, or %SPICE_CHANNEL_NONE
 *
 * Ends the connection. When it was open, @reason is emitted inside this call and %SPICE_CHANNEL_CLOSED follows from
 * the main loop. Does nothing when the channel is not connected.
 */
void spice_channel_disconnect(SpiceChannel *channel, SpiceChannelEvent reason) {
    g_return_if_fail(SPICE_IS_CHANNEL(channel));
    if (channel->priv->model) channel->priv->model->disconnect(static_cast<spice::channel::Event>(reason));
}

/**
 * spice_channel_test_capability:
 * @channel: a #SpiceChannel
 * @cap: the number of a capability of this kind of channel
 *
 * Tells whether the server has a capability.
 *
 * Returns: %FALSE also while the channel is not connected
 */
gboolean spice_channel_test_capability(SpiceChannel *channel, guint32 cap) {
    g_return_val_if_fail(SPICE_IS_CHANNEL(channel), FALSE);
    return channel->priv->model && channel->priv->model->test_capability(cap);
}

/**
 * spice_channel_test_common_capability:
 * @channel: a #SpiceChannel
 * @cap: the number of a capability common to all channels
 *
 * Tells whether the server has a capability.
 *
 * Returns: %FALSE also while the channel is not connected
 */
gboolean spice_channel_test_common_capability(SpiceChannel *channel, guint32 cap) {
    g_return_val_if_fail(SPICE_IS_CHANNEL(channel), FALSE);
    return channel->priv->model && channel->priv->model->test_common_capability(cap);
}

/**
 * spice_channel_set_capability:
 * @channel: a #SpiceChannel
 * @cap: the number of a capability of this kind of channel
 *
 * Announces a capability of the client to the server when the channel connects.
 *
 * Deprecated: 0.13: capabilities follow from what the library can do
 */
void spice_channel_set_capability(SpiceChannel *channel, guint32 cap) {
    g_return_if_fail(SPICE_IS_CHANNEL(channel));
    if (channel->priv->model) channel->priv->model->set_capability(cap);
}

/**
 * spice_channel_flush_async:
 * @channel: a #SpiceChannel
 * @cancellable: (nullable): a #GCancellable
 * @callback: (nullable) (scope async): what to call when done
 * @user_data: passed to @callback
 *
 * Waits until everything that was sent through the channel has been handed to the operating system.
 */
void spice_channel_flush_async(SpiceChannel *channel, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data) {
    g_return_if_fail(SPICE_IS_CHANNEL(channel));
    auto task = spice::Ref<GTask>::take(g_task_new(channel, cancellable, callback, user_data));
    g_task_set_source_tag(task.get(), reinterpret_cast<gpointer>(spice_channel_flush_async));
    auto *model = channel->priv->model.get();
    if (!model || model->state() != spice::channel::Model::State::ready) {
        g_task_return_new_error(task.get(), SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED,
                                "The channel is not connected");
        return;
    }
    model->flush([task](bool written) { g_task_return_boolean(task.get(), written); });
}

/**
 * spice_channel_flush_finish:
 * @channel: a #SpiceChannel
 * @result: what the callback got
 * @error: where to put an error, or %NULL
 *
 * Ends an operation begun with spice_channel_flush_async().
 *
 * Returns: whether everything was written before the channel closed
 */
gboolean spice_channel_flush_finish(SpiceChannel *channel, GAsyncResult *result, GError **error) {
    g_return_val_if_fail(SPICE_IS_CHANNEL(channel), FALSE);
    g_return_val_if_fail(g_task_is_valid(result, channel), FALSE);
    return g_task_propagate_boolean(G_TASK(result), error);
}

/**
 * spice_channel_get_error:
 * @channel: a #SpiceChannel
 *
 * The detail of an error, while #SpiceChannel::channel-event tells of it.
 *
 * Returns: (transfer none): the error; %NULL when there is no detail and outside of the handlers
 */
const GError *spice_channel_get_error(SpiceChannel *channel) {
    g_return_val_if_fail(SPICE_IS_CHANNEL(channel), nullptr);
    return channel->priv->error.get();
}

/**
 * spice_channel_type_to_string:
 * @type: a kind of channel
 *
 * The name of a kind of channel, such as "display".
 *
 * Returns: (transfer none): the name, "unknown" for a number without one
 */
const gchar *spice_channel_type_to_string(gint type) {
    return type >= 1 && static_cast<std::size_t>(type) < std::size(type_names) ? type_names[type] : "unknown";
}

/**
 * spice_channel_string_to_type:
 * @str: the name of a kind of channel
 *
 * The kind of channel of that name.
 *
 * Returns: the kind, -1 for a name that is unknown
 */
gint spice_channel_string_to_type(const gchar *str) {
    g_return_val_if_fail(str != nullptr, -1);
    for (int type = 1; static_cast<std::size_t>(type) < std::size(type_names); ++type)
        if (std::strcmp(type_names[type], str) == 0) return type;
    return -1;
}
