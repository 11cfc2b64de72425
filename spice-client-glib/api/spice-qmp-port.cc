// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "spice-client.h"

#include "api/channel-private.hh"
#include "api/port-channel-private.hh"
#include "base/glib/default-context.hh"
#include "session/qmp-client.hh"

#include <memory>

/**
 * SECTION:qmp-port
 * @title: SpiceQmpPort
 * @short_description: control of the virtual machine through its monitor
 */

/**
 * SpiceQmpPort:
 *
 * The monitor of QEMU, when the server offers it as a port of the name "org.qemu.monitor.qmp.0". It becomes usable
 * when #SpiceQmpPort:ready is %TRUE. All functions are to be called from the session's main context.
 *
 * Since: 0.36
 */

/**
 * SpiceQmpPortClass:
 *
 * The class of monitors.
 */

using spice::Ref;
using spice::session::JsonNodePtr;
using spice::session::QmpClient;

struct _SpiceQmpPort {
    GObject parent;
    struct Private;
    Private *priv;
};

struct _SpiceQmpPortClass {
    GObjectClass parent_class;
};

struct _SpiceQmpPort::Private final : QmpClient::Observer {
    explicit Private(SpiceQmpPort *self) : owner{self} {}
    void send(std::string line) override;
    void on_ready() override;
    void on_event(const char *name, JsonNode *data) override;

    SpiceQmpPort *owner;
    SpicePortChannel *channel = nullptr; // weak
    QmpClient client{*this};
};

G_DEFINE_TYPE(SpiceQmpPort, spice_qmp_port, G_TYPE_OBJECT)
G_DEFINE_BOXED_TYPE(SpiceQmpStatus, spice_qmp_status, spice_qmp_status_ref, spice_qmp_status_unref)

namespace {

enum Prop : guint { PROP_CHANNEL = 1, PROP_READY, N_PROPS };
GParamSpec *props[N_PROPS];
guint event_signal;

bool is_open(SpicePortChannel *channel) {
    gboolean opened = FALSE;
    g_object_get(channel, "port-opened", &opened, nullptr);
    return opened != FALSE;
}

void port_event(SpiceQmpPort *self, int event) noexcept {
    auto keep = Ref<SpiceQmpPort>::share(self);
    if (event == SPICE_PORT_EVENT_OPENED) self->priv->client.opened();
    if (event == SPICE_PORT_EVENT_CLOSED) self->priv->client.closed("The monitor was closed");
}

void port_data(SpiceQmpPort *self, const std::byte *data, int size) noexcept {
    auto keep = Ref<SpiceQmpPort>::share(self);
    self->priv->client.received({data, static_cast<std::size_t>(size)});
}

void channel_event(SpiceQmpPort *self, int event) noexcept {
    auto keep = Ref<SpiceQmpPort>::share(self);
    if (event != SPICE_CHANNEL_OPENED) self->priv->client.closed("The monitor was disconnected");
}

void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec) noexcept {
    auto &priv = *SPICE_QMP_PORT(object)->priv;
    switch (id) {
    case PROP_CHANNEL: g_value_set_object(value, priv.channel); break;
    case PROP_READY: g_value_set_boolean(value, priv.client.ready()); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

void set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec) noexcept {
    auto &priv = *SPICE_QMP_PORT(object)->priv;
    switch (id) {
    case PROP_CHANNEL:
        g_set_weak_pointer(&priv.channel, static_cast<SpicePortChannel *>(g_value_get_object(value)));
        break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

void constructed(GObject *object) noexcept {
    G_OBJECT_CLASS(spice_qmp_port_parent_class)->constructed(object);
    auto &priv = *SPICE_QMP_PORT(object)->priv;
    if (!priv.channel) return;
    g_signal_connect_object(priv.channel, "port-event", G_CALLBACK(port_event), object, G_CONNECT_SWAPPED);
    g_signal_connect_object(priv.channel, "port-data", G_CALLBACK(port_data), object, G_CONNECT_SWAPPED);
    g_signal_connect_object(priv.channel, "channel-event", G_CALLBACK(channel_event), object, G_CONNECT_SWAPPED);
    if (is_open(priv.channel) && !spice::api::port_event_follows(priv.channel)) priv.client.opened();
}

void dispose(GObject *object) noexcept {
    SPICE_QMP_PORT(object)->priv->client.closed("The monitor is not used any more");
    G_OBJECT_CLASS(spice_qmp_port_parent_class)->dispose(object);
}

void finalize(GObject *object) noexcept {
    auto *priv = SPICE_QMP_PORT(object)->priv;
    g_clear_weak_pointer(&priv->channel);
    delete priv;
    G_OBJECT_CLASS(spice_qmp_port_parent_class)->finalize(object);
}

// One command with its task, until the first of answer and cancellation.
struct Command {
    Ref<GTask> task;
    GSource *cancelled = nullptr;
    int64_t id = -1;
    ~Command() {
        if (!cancelled) return;
        g_source_destroy(cancelled);
        g_source_unref(cancelled);
    }
};

void watch_cancellable(const std::shared_ptr<Command> &command, GCancellable *cancellable) {
    if (!cancellable) return;
    command->cancelled = g_cancellable_source_new(cancellable);
    const auto fire = +[](GCancellable *, gpointer data) -> gboolean {
        const auto held = *static_cast<std::shared_ptr<Command> *>(data);
        auto *self = SPICE_QMP_PORT(g_task_get_source_object(held->task.get()));
        self->priv->client.forget(held->id);
        if (!g_task_get_completed(held->task.get())) g_task_return_error_if_cancelled(held->task.get());
        return G_SOURCE_REMOVE;
    };
    g_source_set_callback(command->cancelled, G_SOURCE_FUNC(fire), new std::shared_ptr<Command>{command},
                          [](gpointer data) { delete static_cast<std::shared_ptr<Command> *>(data); });
    g_source_attach(command->cancelled, g_task_get_context(command->task.get()));
}

// `use` turns what the command returned into the result of the task.
void run_command(SpiceQmpPort *self, const char *name, GCancellable *cancellable, Ref<GTask> task,
                 void (*use)(GTask *, JsonNode *)) {
    if (g_task_return_error_if_cancelled(task.get())) return;
    auto command = std::make_shared<Command>();
    command->task = std::move(task);
    watch_cancellable(command, cancellable);
    // Ends by itself when the source has fired, whose callback holds it.
    command->id = self->priv->client.execute(name, [command, use](spice::Result<JsonNodePtr> result) {
        if (command->cancelled) g_source_destroy(command->cancelled);
        if (result) use(command->task.get(), (*result).get());
        else
            g_task_return_new_error(command->task.get(), SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED, "%s",
                                    result.error().what.c_str());
    });
}

const char *action_command(SpiceQmpPortVmAction action) {
    switch (action) {
    case SPICE_QMP_PORT_VM_ACTION_QUIT: return "quit";
    case SPICE_QMP_PORT_VM_ACTION_RESET: return "system_reset";
    case SPICE_QMP_PORT_VM_ACTION_POWER_DOWN: return "system_powerdown";
    case SPICE_QMP_PORT_VM_ACTION_PAUSE: return "stop";
    case SPICE_QMP_PORT_VM_ACTION_CONTINUE: return "cont";
    case SPICE_QMP_PORT_VM_ACTION_LAST: break;
    }
    return nullptr;
}

gboolean flag(JsonObject *object, const char *name) {
    auto *node = json_object_has_member(object, name) ? json_object_get_member(object, name) : nullptr;
    return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_BOOLEAN &&
           json_node_get_boolean(node);
}

void return_status(GTask *task, JsonNode *node) {
    auto *object = node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : nullptr;
    auto *text = object && json_object_has_member(object, "status") ? json_object_get_member(object, "status") : nullptr;
    if (!text || !JSON_NODE_HOLDS_VALUE(text) || json_node_get_value_type(text) != G_TYPE_STRING) {
        g_task_return_new_error(task, SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED, "The monitor's answer has no status");
        return;
    }
    auto *status = g_new0(SpiceQmpStatus, 1);
    status->ref = 1;
    status->version = 1;
    status->running = flag(object, "running");
    status->singlestep = flag(object, "singlestep");
    status->status = g_strdup(json_node_get_string(text));
    g_task_return_pointer(task, status, [](gpointer s) { spice_qmp_status_unref(static_cast<SpiceQmpStatus *>(s)); });
}

}

void _SpiceQmpPort::Private::send(std::string line) {
    if (!channel) return client.closed("The monitor was disconnected");
    struct Write { // stays until it is sent
        std::string text;
        Ref<SpiceQmpPort> self;
    };
    auto *write = new Write{std::move(line), Ref<SpiceQmpPort>::share(owner)};
    const spice::DefaultContext scope{spice::api::channel_context(SPICE_CHANNEL(channel))};
    spice_port_channel_write_async(
        channel, write->text.data(), write->text.size(), nullptr,
        [](GObject *source, GAsyncResult *result, gpointer data) {
            const std::unique_ptr<Write> sent{static_cast<Write *>(data)};
            if (spice_port_channel_write_finish(SPICE_PORT_CHANNEL(source), result, nullptr) < 0)
                sent->self.get()->priv->client.closed("The monitor cannot be talked to");
        },
        write);
}

void _SpiceQmpPort::Private::on_ready() { g_object_notify_by_pspec(G_OBJECT(owner), props[PROP_READY]); }

void _SpiceQmpPort::Private::on_event(const char *name, JsonNode *data) {
    g_signal_emit(owner, event_signal, 0, name, data);
}

static void spice_qmp_port_init(SpiceQmpPort *self) { self->priv = new SpiceQmpPort::Private{self}; }

static void spice_qmp_port_class_init(SpiceQmpPortClass *klass) {
    auto *object_class = G_OBJECT_CLASS(klass);
    object_class->get_property = get_property;
    object_class->set_property = set_property;
    object_class->constructed = constructed;
    object_class->dispose = dispose;
    object_class->finalize = finalize;
    /**
     * SpiceQmpPort:channel:
     *
     * The port that the monitor is at; %NULL when it is gone.
     *
     * Since: 0.36
     */
    props[PROP_CHANNEL] = g_param_spec_object(
        "channel", nullptr, nullptr, SPICE_TYPE_PORT_CHANNEL,
        static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));
    /**
     * SpiceQmpPort:ready:
     *
     * Whether the monitor takes commands.
     *
     * Since: 0.36
     */
    props[PROP_READY] = g_param_spec_boolean("ready", nullptr, nullptr, FALSE,
                                             static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
    g_object_class_install_properties(object_class, N_PROPS, props);
    /**
     * SpiceQmpPort::event:
     * @self: the monitor
     * @name: the name of the event, for instance "STOP"
     * @node: (nullable): a JsonNode with what the event says of itself, valid while the handlers run
     *
     * Something has happened to the virtual machine.
     *
     * Since: 0.36
     */
    event_signal = g_signal_new("event", SPICE_TYPE_QMP_PORT, G_SIGNAL_RUN_FIRST, 0, nullptr, nullptr, nullptr,
                                G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_POINTER);
}

/**
 * spice_qmp_port_get:
 * @channel: the port that the monitor is at
 *
 * The monitor at a port. There is one object for each port; the first call makes it, and begins to talk to the monitor
 * as soon as the port is open. The object lives as long as the reference that the first call hands out.
 *
 * Returns: (transfer none): the monitor
 *
 * Since: 0.36
 */
SpiceQmpPort *spice_qmp_port_get(SpicePortChannel *channel) {
    g_return_val_if_fail(SPICE_IS_PORT_CHANNEL(channel), nullptr);
    static const GQuark key = g_quark_from_static_string("spice-client-qmp-port");
    if (auto *known = static_cast<GWeakRef *>(g_object_get_qdata(G_OBJECT(channel), key))) {
        if (auto *self = static_cast<SpiceQmpPort *>(g_weak_ref_get(known))) {
            g_object_unref(self);
            return self;
        }
    }
    auto *self = SPICE_QMP_PORT(g_object_new(SPICE_TYPE_QMP_PORT, "channel", channel, nullptr));
    auto *weak = g_new0(GWeakRef, 1);
    g_weak_ref_init(weak, self);
    g_object_set_qdata_full(G_OBJECT(channel), key, weak, [](gpointer data) {
        g_weak_ref_clear(static_cast<GWeakRef *>(data));
        g_free(data);
    });
    return self;
}

/**
 * spice_qmp_port_vm_action_async:
 * @self: a #SpiceQmpPort that is ready
 * @action: what to do
 * @cancellable: (nullable): a #GCancellable; what was sent is carried out all the same
 * @callback: (scope async) (closure user_data): what to call when it was done
 * @user_data: passed to @callback
 *
 * Does something to the virtual machine as a whole.
 *
 * Since: 0.36
 */
void spice_qmp_port_vm_action_async(SpiceQmpPort *self, SpiceQmpPortVmAction action, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data) {
    g_return_if_fail(SPICE_IS_QMP_PORT(self));
    g_return_if_fail(self->priv->client.ready());
    const char *command = action_command(action);
    g_return_if_fail(command != nullptr);
    auto task = Ref<GTask>::take(g_task_new(self, cancellable, callback, user_data));
    g_task_set_source_tag(task.get(), reinterpret_cast<gpointer>(spice_qmp_port_vm_action_async));
    run_command(self, command, cancellable, std::move(task), [](GTask *t, JsonNode *) { g_task_return_boolean(t, TRUE); });
}

/**
 * spice_qmp_port_vm_action_finish:
 * @self: a #SpiceQmpPort
 * @result: what the callback got
 * @error: where to put an error, or %NULL
 *
 * Ends an operation begun with spice_qmp_port_vm_action_async().
 *
 * Returns: whether it was done; otherwise the error is %SPICE_CLIENT_ERROR_FAILED when the monitor refused or was
 *   closed, or %G_IO_ERROR_CANCELLED
 *
 * Since: 0.36
 */
gboolean spice_qmp_port_vm_action_finish(SpiceQmpPort *self, GAsyncResult *result, GError **error) {
    g_return_val_if_fail(SPICE_IS_QMP_PORT(self), FALSE);
    g_return_val_if_fail(g_task_is_valid(result, self), FALSE);
    return g_task_propagate_boolean(G_TASK(result), error);
}

/**
 * spice_qmp_port_query_status_async:
 * @self: a #SpiceQmpPort that is ready
 * @cancellable: (nullable): a #GCancellable
 * @callback: (scope async) (closure user_data): what to call with the answer
 * @user_data: passed to @callback
 *
 * Asks how the virtual machine is.
 *
 * Since: 0.36
 */
void spice_qmp_port_query_status_async(SpiceQmpPort *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data) {
    g_return_if_fail(SPICE_IS_QMP_PORT(self));
    g_return_if_fail(self->priv->client.ready());
    auto task = Ref<GTask>::take(g_task_new(self, cancellable, callback, user_data));
    g_task_set_source_tag(task.get(), reinterpret_cast<gpointer>(spice_qmp_port_query_status_async));
    run_command(self, "query-status", cancellable, std::move(task), return_status);
}

/**
 * spice_qmp_port_query_status_finish:
 * @self: a #SpiceQmpPort
 * @result: what the callback got
 * @error: where to put an error, or %NULL
 *
 * Ends an operation begun with spice_qmp_port_query_status_async().
 *
 * Returns: (transfer full): the answer; %NULL with %SPICE_CLIENT_ERROR_FAILED when the monitor refused, was closed or
 *   answered something else, or with %G_IO_ERROR_CANCELLED
 *
 * Since: 0.36
 */
SpiceQmpStatus *spice_qmp_port_query_status_finish(SpiceQmpPort *self, GAsyncResult *result, GError **error) {
    g_return_val_if_fail(SPICE_IS_QMP_PORT(self), nullptr);
    g_return_val_if_fail(g_task_is_valid(result, self), nullptr);
    return static_cast<SpiceQmpStatus *>(g_task_propagate_pointer(G_TASK(result), error));
}

/**
 * spice_qmp_status_ref:
 * @status: a #SpiceQmpStatus
 *
 * Takes a reference. The count is not atomic.
 *
 * Returns: (transfer full): @status
 *
 * Since: 0.36
 */
SpiceQmpStatus *spice_qmp_status_ref(SpiceQmpStatus *status) {
    g_return_val_if_fail(status != nullptr, nullptr);
    ++status->ref;
    return status;
}

/**
 * spice_qmp_status_unref:
 * @status: a #SpiceQmpStatus
 *
 * Drops a reference; the last one frees @status.
 *
 * Since: 0.36
 */
void spice_qmp_status_unref(SpiceQmpStatus *status) {
    if (!status || --status->ref > 0) return;
    g_free(status->status);
    g_free(status);
}
