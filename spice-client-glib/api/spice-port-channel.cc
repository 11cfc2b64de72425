// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/channel-private.hh"
#include "api/port-channel-private.hh"

#include "channel/webdav-model.hh"

/**
 * SECTION:channel-port
 * @title: SpicePortChannel
 * @short_description: a byte stream to something behind the server
 */

/**
 * SpicePortChannel:
 *
 * A stream of bytes in both directions between the application and whatever the server has connected to the port: a
 * serial line of the guest, a program in the guest, or the monitor of the emulator. #SpicePortChannel:port-name tells
 * which; it is known when the server has said it, after the channel has opened.
 *
 * Data come by #SpicePortChannel::port-data and are sent with spice_port_channel_write_async(). An application that
 * is slow to handle the signal slows the server down; data that the server does not read yet stay with the
 * application. All functions are to be called from the session's main context.
 */

/**
 * SpicePortChannelClass:
 * @parent_class: the class of channels
 *
 * The class of ports.
 */

using spice::channel::PortModel;

struct _SpicePortChannelPrivate final : spice::api::ChannelObserver<PortModel::Observer> {
    explicit _SpicePortChannelPrivate(SpicePortChannel *self) : ChannelObserver{SPICE_CHANNEL(self)} {}
    void on_port_opened() override;
    void on_port_name() override;
    void on_port_event(int event) override;
    void on_port_data(std::span<const std::byte> data) override;
    PortModel *model = nullptr; // owned by the base part
};

G_DEFINE_TYPE(SpicePortChannel, spice_port_channel, SPICE_TYPE_CHANNEL)

namespace {

enum Prop : guint { PROP_NAME = 1, PROP_OPENED, N_PROPS };
GParamSpec *props[N_PROPS];
enum Signal : guint { SIGNAL_DATA, SIGNAL_EVENT, N_SIGNALS };
guint signals[N_SIGNALS];

PortModel &model_of(SpicePortChannel *channel) { return *channel->priv->model; }

void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec) noexcept {
    const auto &model = model_of(SPICE_PORT_CHANNEL(object));
    switch (id) {
    case PROP_NAME: g_value_set_string(value, model.name().empty() ? nullptr : model.name().c_str()); break;
    case PROP_OPENED: g_value_set_boolean(value, model.opened()); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

void constructed(GObject *object) noexcept {
    auto *self = SPICE_PORT_CHANNEL(object);
    if (SPICE_IS_WEBDAV_CHANNEL(object))
        spice::api::make_model<spice::channel::WebdavModel>(SPICE_CHANNEL(object), self->priv);
    else spice::api::make_model<PortModel>(SPICE_CHANNEL(object), self->priv);
    G_OBJECT_CLASS(spice_port_channel_parent_class)->constructed(object);
}

void finalize(GObject *object) noexcept {
    auto *priv = SPICE_PORT_CHANNEL(object)->priv;
    G_OBJECT_CLASS(spice_port_channel_parent_class)->finalize(object);
    delete priv; // after the model, which knows it as its observer
}

void install_properties(GObjectClass *object_class) {
    constexpr auto readable = static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
    /**
     * SpicePortChannel:port-name:
     *
     * What the port is for, for instance "org.qemu.console.serial.0". %NULL until the server has said it, and while the
     * channel is not connected.
     */
    props[PROP_NAME] = g_param_spec_string("port-name", nullptr, nullptr, nullptr, readable);
    /**
     * SpicePortChannel:port-opened:
     *
     * Whether there is somebody at the other end of the port.
     */
    props[PROP_OPENED] = g_param_spec_boolean("port-opened", nullptr, nullptr, FALSE, readable);
    g_object_class_install_properties(object_class, N_PROPS, props);
}

}

bool spice::api::port_event_follows(SpicePortChannel *channel) noexcept { return model_of(channel).event_follows(); }

void _SpicePortChannelPrivate::on_port_opened() {
    auto keep = keep_alive();
    g_object_notify_by_pspec(G_OBJECT(channel()), props[PROP_OPENED]);
}

void _SpicePortChannelPrivate::on_port_name() {
    auto keep = keep_alive();
    g_object_notify_by_pspec(G_OBJECT(channel()), props[PROP_NAME]);
}

void _SpicePortChannelPrivate::on_port_event(int event) {
    auto keep = keep_alive();
    g_signal_emit(channel(), signals[SIGNAL_EVENT], 0, event);
}

void _SpicePortChannelPrivate::on_port_data(std::span<const std::byte> data) {
    auto keep = keep_alive();
    g_signal_emit(channel(), signals[SIGNAL_DATA], 0, data.data(), static_cast<gint>(data.size()));
}

static void spice_port_channel_init(SpicePortChannel *self) { self->priv = new SpicePortChannelPrivate{self}; }

static void spice_port_channel_class_init(SpicePortChannelClass *klass) {
    auto *object_class = G_OBJECT_CLASS(klass);
    object_class->get_property = get_property;
    object_class->constructed = constructed;
    object_class->finalize = finalize;
    install_properties(object_class);
    /**
     * SpicePortChannel::port-data:
     * @channel: the channel
     * @data: (array length=size) (element-type guint8): the bytes, valid while the handlers run
     * @size: how many bytes
     *
     * Bytes have come from the other end. Where one signal ends and the next begins means nothing.
     *
     * Since: 0.15
     */
    signals[SIGNAL_DATA] = g_signal_new("port-data", SPICE_TYPE_PORT_CHANNEL, G_SIGNAL_RUN_LAST, 0, nullptr, nullptr,
                                        nullptr, G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_INT);
    /**
     * SpicePortChannel::port-event:
     * @channel: the channel
     * @event: 0 for opened, 1 for closed, 2 for a break on the line
     *
     * The other end was opened or closed, or has sent a break.
     *
     * Since: 0.15
     */
    signals[SIGNAL_EVENT] = g_signal_new("port-event", SPICE_TYPE_PORT_CHANNEL, G_SIGNAL_RUN_LAST, 0, nullptr, nullptr,
                                         nullptr, G_TYPE_NONE, 1, G_TYPE_INT);
}

/**
 * spice_port_channel_write_async:
 * @port: a #SpicePortChannel
 * @buffer: (array length=count) (element-type guint8): the bytes to send
 * @count: how many bytes
 * @cancellable: (nullable): a #GCancellable; it does not stop what is under way
 * @callback: (scope async) (closure user_data): what to call when the bytes are sent
 * @user_data: passed to @callback
 *
 * Sends bytes to the other end. Writes are carried out in the order of the calls. @buffer must stay as it is until
 * @callback is called, from the main loop, when all bytes were handed to the operating system; a server that does not
 * read delays that. In a read-only session, and while the port is not open, nothing is sent and the write fails.
 *
 * Since: 0.35
 */
void spice_port_channel_write_async(SpicePortChannel *port, const void *buffer, gsize count, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data) {
    g_return_if_fail(SPICE_IS_PORT_CHANNEL(port));
    g_return_if_fail(buffer != nullptr || count == 0);
    g_return_if_fail(count <= G_MAXSSIZE);
    auto task = spice::Ref<GTask>::take(g_task_new(port, cancellable, callback, user_data));
    g_task_set_source_tag(task.get(), reinterpret_cast<gpointer>(spice_port_channel_write_async));
    g_task_set_check_cancellable(task.get(), FALSE); // what was sent was sent
    auto &model = model_of(port);
    if (auto status = model.writable(); !status) {
        g_task_return_new_error(task.get(), SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED, "%s",
                                status.error().what.c_str());
        return;
    }
    model.write({static_cast<const std::byte *>(buffer), count}, [task, count](bool written) {
        if (written) g_task_return_int(task.get(), static_cast<gssize>(count));
        else
            g_task_return_new_error(task.get(), SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED,
                                    "The port was disconnected before everything was sent");
    });
}

/**
 * spice_port_channel_write_finish:
 * @port: a #SpicePortChannel
 * @result: what the callback got
 * @error: where to put an error, or %NULL
 *
 * Ends an operation begun with spice_port_channel_write_async().
 *
 * Returns: how many bytes were sent; -1 with %SPICE_CLIENT_ERROR_FAILED when the port was not open, the session is
 *   read-only or the channel closed meanwhile
 *
 * Since: 0.35
 */
gssize spice_port_channel_write_finish(SpicePortChannel *port, GAsyncResult *result, GError **error) {
    g_return_val_if_fail(SPICE_IS_PORT_CHANNEL(port), -1);
    g_return_val_if_fail(g_task_is_valid(result, port), -1);
    return g_task_propagate_int(G_TASK(result), error);
}

/**
 * spice_port_channel_event:
 * @port: a #SpicePortChannel
 * @event: 2 for a break on the line
 *
 * Sends an event to the other end, behind the writes before it. Events 0 and 1 are the server's.
 *
 * Since: 0.35
 */
void spice_port_channel_event(SpicePortChannel *port, guint8 event) {
    g_return_if_fail(SPICE_IS_PORT_CHANNEL(port));
    g_return_if_fail(event > SPICE_PORT_EVENT_CLOSED);
    model_of(port).send_event(event);
}

/**
 * spice_port_write_async:
 * @port: a #SpicePortChannel
 * @buffer: (array length=count) (element-type guint8): the bytes to send
 * @count: how many bytes
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (closure user_data): what to call when the bytes are sent
 * @user_data: passed to @callback
 *
 * The former name of spice_port_channel_write_async().
 *
 * Since: 0.15
 * Deprecated: 0.35: use spice_port_channel_write_async()
 */
void spice_port_write_async(SpicePortChannel *port, const void *buffer, gsize count, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data) {
    spice_port_channel_write_async(port, buffer, count, cancellable, callback, user_data);
}

/**
 * spice_port_write_finish:
 * @port: a #SpicePortChannel
 * @result: what the callback got
 * @error: where to put an error, or %NULL
 *
 * The former name of spice_port_channel_write_finish().
 *
 * Returns: how many bytes were sent, or -1
 *
 * Since: 0.15
 * Deprecated: 0.35: use spice_port_channel_write_finish()
 */
gssize spice_port_write_finish(SpicePortChannel *port, GAsyncResult *result, GError **error) {
    return spice_port_channel_write_finish(port, result, error);
}

/**
 * spice_port_event:
 * @port: a #SpicePortChannel
 * @event: 2 for a break on the line
 *
 * The former name of spice_port_channel_event().
 *
 * Since: 0.15
 * Deprecated: 0.35: use spice_port_channel_event()
 */
void spice_port_event(SpicePortChannel *port, guint8 event) { spice_port_channel_event(port, event); }
