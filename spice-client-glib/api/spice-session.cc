// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/channel-private.hh"
#include "api/main-channel-private.hh"
#include "api/main-context.hh"
#include "api/session-private.hh"
#include "api/usb-private.hh"

#include "base/glib/log-glib.hh"

/**
 * SECTION:spice-session
 * @title: SpiceSession
 * @short_description: a virtual machine to connect to, and its channels
 */

/**
 * SpiceSession:
 *
 * A connection to a virtual machine. Set where the server is (#SpiceSession:uri, or #SpiceSession:host and
 * #SpiceSession:port), connect to #SpiceSession::channel-new to get hold of the channels, then call
 * spice_session_connect().
 *
 * A session belongs to the main context chosen with spice_util_set_main_context() or, without a choice, to the one that
 * is the default of the thread that makes it: all functions on it and its channels are to be called there, and all
 * signals are emitted there.
 */

/**
 * SpiceSessionClass:
 * @parent_class: the class of objects
 * @channel_new: default handler of #SpiceSession::channel-new
 * @channel_destroy: default handler of #SpiceSession::channel-destroy
 *
 * The class of sessions.
 */

/**
 * SPICE_WEBDAV_CLIPBOARD_FOLDER_PATH:
 *
 * Where files of the clipboard are in the folder that is shared with the guest.
 */

G_DEFINE_TYPE(SpiceSession, spice_session, G_TYPE_OBJECT)

namespace {

enum Signal : guint {
    SIGNAL_CHANNEL_NEW,
    SIGNAL_CHANNEL_DESTROY,
    SIGNAL_DISCONNECTED,
    SIGNAL_MM_TIME_RESET,
    N_SIGNALS
};
guint signals[N_SIGNALS];

void constructed(GObject *object) noexcept {
    G_OBJECT_CLASS(spice_session_parent_class)->constructed(object);
    auto *session = SPICE_SESSION(object);
    if (!session->priv->extras.proxy) spice::api::set_session_proxy(session, nullptr);
}

void dispose(GObject *object) noexcept {
    auto *priv = SPICE_SESSION(object)->priv;
    priv->core.disconnect_now();
    if (priv->usb_manager) spice::api::usb_session_gone(priv->usb_manager.get());
    priv->usb_manager = {};
    G_OBJECT_CLASS(spice_session_parent_class)->dispose(object);
}

void finalize(GObject *object) noexcept {
    delete SPICE_SESSION(object)->priv;
    G_OBJECT_CLASS(spice_session_parent_class)->finalize(object);
}

void install_signals() {
    const GType type = SPICE_TYPE_SESSION;
    /**
     * SpiceSession::channel-new:
     * @session: the session
     * @channel: the new channel
     *
     * The session has made a channel. Connect to its signals here, then connect it with spice_channel_connect() if it
     * is wanted; the main channel is connected by the session.
     */
    signals[SIGNAL_CHANNEL_NEW] =
        g_signal_new("channel-new", type, G_SIGNAL_RUN_FIRST, G_STRUCT_OFFSET(SpiceSessionClass, channel_new), nullptr,
                     nullptr, nullptr, G_TYPE_NONE, 1, SPICE_TYPE_CHANNEL);
    /**
     * SpiceSession::channel-destroy:
     * @session: the session
     * @channel: the channel
     *
     * A channel leaves the session: drop references to it.
     */
    signals[SIGNAL_CHANNEL_DESTROY] =
        g_signal_new("channel-destroy", type, G_SIGNAL_RUN_FIRST, G_STRUCT_OFFSET(SpiceSessionClass, channel_destroy),
                     nullptr, nullptr, nullptr, G_TYPE_NONE, 1, SPICE_TYPE_CHANNEL);
    /**
     * SpiceSession::disconnected:
     * @session: the session
     *
     * All channels are gone. An application that keeps a reference to a channel delays this.
     */
    signals[SIGNAL_DISCONNECTED] = g_signal_new("disconnected", type, G_SIGNAL_RUN_FIRST, 0, nullptr, nullptr, nullptr,
                                                G_TYPE_NONE, 0);
    /**
     * SpiceSession::mm-time-reset:
     * @session: the session
     *
     * The server's clock for audio and video has jumped.
     */
    signals[SIGNAL_MM_TIME_RESET] = g_signal_new("mm-time-reset", type, G_SIGNAL_RUN_FIRST, 0, nullptr, nullptr,
                                                 nullptr, G_TYPE_NONE, 0);
}

}

_SpiceSessionPrivate::_SpiceSessionPrivate(SpiceSession *session)
    : owner{session}, core{*this, spice::api::new_session_context()} {}

void _SpiceSessionPrivate::create_channel(int type, int id) { spice_channel_new(owner, type, id); }

void _SpiceSessionPrivate::on_channel_new(void *object) {
    auto keep = keep_alive();
    auto *channel = SPICE_CHANNEL(object);
    const bool usb = SPICE_IS_USBREDIR_CHANNEL(channel) && spice::api::usb_manager_of(owner, nullptr);
    g_signal_emit(owner, signals[SIGNAL_CHANNEL_NEW], 0, channel);
    // The manager's channels are no concern of the application, and a handler may have ended the session.
    if (usb && channel->priv->session) spice_channel_connect(channel);
}

void _SpiceSessionPrivate::on_channel_destroy(void *object) {
    auto *channel = SPICE_CHANNEL(object);
    auto keep = keep_alive();
    g_signal_emit(owner, signals[SIGNAL_CHANNEL_DESTROY], 0, channel);
    spice::api::channel_left_session(channel);
    g_object_unref(channel);
}

void _SpiceSessionPrivate::on_disconnected() {
    auto keep = keep_alive();
    g_signal_emit(owner, signals[SIGNAL_DISCONNECTED], 0);
}

void _SpiceSessionPrivate::on_mm_time_reset() {
    auto keep = keep_alive();
    g_signal_emit(owner, signals[SIGNAL_MM_TIME_RESET], 0);
}

void _SpiceSessionPrivate::on_name() { spice::api::notify_session_name(owner); }

void _SpiceSessionPrivate::on_uuid() { spice::api::notify_session_uuid(owner); }

void _SpiceSessionPrivate::on_migration_state() { spice::api::notify_session_migration(owner); }

void _SpiceSessionPrivate::on_new_host() { spice::api::notify_session_host(owner); }

void _SpiceSessionPrivate::on_verify() { spice::api::notify_session_verify(owner); }

// What the parameters of the core do not hold is copied by the properties.
spice::session::Session::Companion _SpiceSessionPrivate::make_companion() {
    auto *companion = spice_session_new();
    companion->priv->extras = extras;
    std::shared_ptr<void> token{companion, [](void *p) { g_object_unref(p); }};
    return {std::move(token), companion, &companion->priv->core};
}

void _SpiceSessionPrivate::on_migration_started(void *main_channel, void *companion) {
    auto keep = keep_alive();
    auto channel = spice::Ref<SpiceChannel>::share(SPICE_CHANNEL(main_channel));
    auto session = spice::Ref<SpiceSession>::share(SPICE_SESSION(companion));
    g_signal_emit(channel.get(), spice::api::main_signal(spice::api::SIGNAL_MIGRATION_STARTED), 0, session.get());
}

std::shared_ptr<void> _SpiceSessionPrivate::keep_alive() { return spice::api::hold(owner); }

static void spice_session_init(SpiceSession *self) { self->priv = new SpiceSessionPrivate{self}; }

static void spice_session_class_init(SpiceSessionClass *klass) {
    spice::log::install_glib_sink();
    auto *object_class = G_OBJECT_CLASS(klass);
    object_class->constructed = constructed;
    object_class->dispose = dispose;
    object_class->finalize = finalize;
    spice::api::install_session_properties(object_class);
    install_signals();
}

/**
 * spice_session_new:
 *
 * Makes a session. Its main context is the one chosen with spice_util_set_main_context() or, without a choice, the
 * default one of the calling thread.
 *
 * Returns: (transfer full): a new #SpiceSession
 */
SpiceSession *spice_session_new() { return SPICE_SESSION(g_object_new(SPICE_TYPE_SESSION, nullptr)); }

/**
 * spice_session_connect:
 * @session: a #SpiceSession
 *
 * Starts to connect. The main channel is made in this call, if there is none yet, and tells the outcome by its
 * #SpiceChannel::channel-event. After a failure, for instance a wrong password, correct the properties and call this
 * again.
 *
 * Disconnect a session that is connected, and wait for #SpiceSession::disconnected, before you connect it elsewhere.
 *
 * Returns: %FALSE while a disconnect is under way
 */
gboolean spice_session_connect(SpiceSession *session) {
    g_return_val_if_fail(SPICE_IS_SESSION(session), FALSE);
    auto keep = session->priv->keep_alive();
    return session->priv->core.connect();
}

/**
 * spice_session_open_fd:
 * @session: a #SpiceSession
 * @fd: a connected socket for the main channel, or -1
 *
 * Starts to connect like spice_session_connect(), but over sockets that the application makes. The other channels, and
 * the main channel when @fd is -1, ask for theirs by #SpiceChannel::open-fd.
 *
 * Returns: whether connecting has begun
 */
gboolean spice_session_open_fd(SpiceSession *session, int fd) {
    g_return_val_if_fail(SPICE_IS_SESSION(session), FALSE);
    g_return_val_if_fail(fd >= -1, FALSE);
    auto keep = session->priv->keep_alive();
    return session->priv->core.open_fd(fd);
}

/**
 * spice_session_disconnect:
 * @session: a #SpiceSession
 *
 * Disconnects and gives up all channels. This is done from the main loop; #SpiceSession::disconnected tells the end.
 */
void spice_session_disconnect(SpiceSession *session) {
    g_return_if_fail(SPICE_IS_SESSION(session));
    session->priv->core.disconnect();
}

/**
 * spice_session_get_channels:
 * @session: a #SpiceSession
 *
 * Lists the channels, newest first.
 *
 * Returns: (element-type SpiceChannel) (transfer container): a list to be freed with g_list_free()
 */
GList *spice_session_get_channels(SpiceSession *session) {
    g_return_val_if_fail(SPICE_IS_SESSION(session), nullptr);
    GList *list = nullptr;
    for (const auto &channel : session->priv->core.channels()) list = g_list_prepend(list, channel.object);
    return g_list_reverse(list);
}

/**
 * spice_session_has_channel_type:
 * @session: a #SpiceSession
 * @type: a kind of channel
 *
 * Tells whether the session has a channel of a kind.
 *
 * Returns: whether there is one
 */
gboolean spice_session_has_channel_type(SpiceSession *session, gint type) {
    g_return_val_if_fail(SPICE_IS_SESSION(session), FALSE);
    return session->priv->core.has_channel_type(type);
}

/**
 * spice_session_get_read_only:
 * @session: a #SpiceSession
 *
 * Gets #SpiceSession:read-only.
 *
 * Returns: whether the user only looks
 */
gboolean spice_session_get_read_only(SpiceSession *session) {
    g_return_val_if_fail(SPICE_IS_SESSION(session), FALSE);
    return session->priv->core.options.read_only;
}

/**
 * spice_session_get_proxy_uri:
 * @session: a #SpiceSession
 *
 * The address of the proxy, for instance to set user name and password when the proxy wants them.
 *
 * Returns: (transfer none): the address, or %NULL without a proxy
 */
SpiceURI *spice_session_get_proxy_uri(SpiceSession *session) {
    g_return_val_if_fail(SPICE_IS_SESSION(session), nullptr);
    return session->priv->extras.proxy.get();
}

/**
 * spice_session_is_for_migration:
 * @session: a #SpiceSession
 *
 * Tells whether the session exists only during a migration, to stand for the host that another one goes to; see
 * #SpiceMainChannel::migration-started.
 *
 * Returns: whether it does
 */
gboolean spice_session_is_for_migration(SpiceSession *session) {
    g_return_val_if_fail(SPICE_IS_SESSION(session), FALSE);
    return session->priv->core.for_migration();
}
