// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/channel-private.hh"
#include "api/error.hh"
#include "api/file-transfer-task-private.hh"

/**
 * SECTION:file-transfer-task
 * @title: SpiceFileTransferTask
 * @short_description: one file on its way to the guest
 */

/**
 * SpiceFileTransferTask:
 *
 * The transfer of one file to the guest, made by spice_main_channel_file_copy_async() and announced by
 * #SpiceMainChannel::new-file-transfer. It tells how far it is, and it can be cancelled.
 */

struct SpiceFileTransferTaskPrivate final : spice::agent::Transfer::Observer {
    explicit SpiceFileTransferTaskPrivate(SpiceFileTransferTask *self) : owner{self} {}
    void on_size() override;
    void on_progress() override;
    void on_finished(const spice::Error *error) override;
    std::shared_ptr<void> keep_alive() override { return spice::api::hold(owner); }

    ~SpiceFileTransferTaskPrivate() { g_clear_weak_pointer(&channel); }

    SpiceFileTransferTask *owner;
    SpiceMainChannel *channel = nullptr; // weak: who keeps a task does not keep the session
    // As they were set; from then on the transfer has them.
    spice::Ref<GFile> file;
    spice::Ref<GCancellable> cancellable;
    guint id = 0;
    std::shared_ptr<spice::agent::Transfer> transfer;
};

struct _SpiceFileTransferTask {
    GObject parent;
    SpiceFileTransferTaskPrivate *priv;
};

struct _SpiceFileTransferTaskClass {
    GObjectClass parent_class;
};

G_DEFINE_TYPE(SpiceFileTransferTask, spice_file_transfer_task, G_TYPE_OBJECT)

namespace {

enum Prop : guint {
    PROP_ID = 1,
    PROP_CHANNEL,
    PROP_FILE,
    PROP_CANCELLABLE,
    PROP_TOTAL_BYTES,
    PROP_TRANSFERRED_BYTES,
    PROP_PROGRESS,
    N_PROPS
};
GParamSpec *props[N_PROPS];
guint finished_signal;

void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec) noexcept {
    auto *self = SPICE_FILE_TRANSFER_TASK(object);
    const auto &priv = *self->priv;
    switch (id) {
    case PROP_ID: g_value_set_uint(value, priv.id); break;
    case PROP_CHANNEL: g_value_set_object(value, priv.channel); break;
    case PROP_FILE: g_value_set_object(value, priv.file.get()); break;
    case PROP_CANCELLABLE: g_value_set_object(value, priv.cancellable.get()); break;
    case PROP_TOTAL_BYTES: g_value_set_uint64(value, spice_file_transfer_task_get_total_bytes(self)); break;
    case PROP_TRANSFERRED_BYTES: g_value_set_uint64(value, spice_file_transfer_task_get_transferred_bytes(self)); break;
    case PROP_PROGRESS: g_value_set_double(value, spice_file_transfer_task_get_progress(self)); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

void set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec) noexcept {
    auto &priv = *SPICE_FILE_TRANSFER_TASK(object)->priv;
    switch (id) {
    case PROP_ID: priv.id = g_value_get_uint(value); break;
    case PROP_CHANNEL:
        g_set_weak_pointer(&priv.channel, static_cast<SpiceMainChannel *>(g_value_get_object(value)));
        break;
    case PROP_FILE: priv.file = spice::Ref<GFile>::share(static_cast<GFile *>(g_value_get_object(value))); break;
    case PROP_CANCELLABLE:
        priv.cancellable = spice::Ref<GCancellable>::share(static_cast<GCancellable *>(g_value_get_object(value)));
        break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

void constructed(GObject *object) noexcept {
    auto &priv = *SPICE_FILE_TRANSFER_TASK(object)->priv;
    G_OBJECT_CLASS(spice_file_transfer_task_parent_class)->constructed(object);
    if (!priv.cancellable) priv.cancellable = spice::Ref<GCancellable>::take(g_cancellable_new());
    if (priv.file) priv.transfer = std::make_shared<spice::agent::Transfer>(priv, priv.id, priv.file.get(), priv.cancellable.get());
}

void finalize(GObject *object) noexcept {
    delete SPICE_FILE_TRANSFER_TASK(object)->priv;
    G_OBJECT_CLASS(spice_file_transfer_task_parent_class)->finalize(object);
}

constexpr auto readable = static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
constexpr auto once = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

void make_constant_properties() {
    /**
     * SpiceFileTransferTask:id:
     *
     * The number of the transfer, unique in the process.
     */
    props[PROP_ID] = g_param_spec_uint("id", nullptr, nullptr, 0, G_MAXUINT, 0, once);
    /**
     * SpiceFileTransferTask:channel:
     *
     * The channel of the agent that takes the file.
     */
    props[PROP_CHANNEL] = g_param_spec_object("channel", nullptr, nullptr, SPICE_TYPE_MAIN_CHANNEL, once);
    /**
     * SpiceFileTransferTask:file:
     *
     * The file that is sent.
     */
    props[PROP_FILE] = g_param_spec_object("file", nullptr, nullptr, G_TYPE_FILE, once);
    /**
     * SpiceFileTransferTask:cancellable:
     *
     * What cancels the transfer. All tasks of a copy share the one that was given to it.
     */
    props[PROP_CANCELLABLE] = g_param_spec_object("cancellable", nullptr, nullptr, G_TYPE_CANCELLABLE, once);
}

void make_state_properties() {
    /**
     * SpiceFileTransferTask:total-bytes:
     *
     * The size of the file in bytes; 0 while it is not known.
     */
    props[PROP_TOTAL_BYTES] = g_param_spec_uint64("total-bytes", nullptr, nullptr, 0, G_MAXUINT64, 0, readable);
    /**
     * SpiceFileTransferTask:transferred-bytes:
     *
     * How many bytes have been sent.
     */
    props[PROP_TRANSFERRED_BYTES] =
        g_param_spec_uint64("transferred-bytes", nullptr, nullptr, 0, G_MAXUINT64, 0, readable);
    /**
     * SpiceFileTransferTask:progress:
     *
     * The part of the file that has been sent, from 0 to 1.
     */
    props[PROP_PROGRESS] = g_param_spec_double("progress", nullptr, nullptr, 0.0, 1.0, 0.0, readable);
}

}

void SpiceFileTransferTaskPrivate::on_size() {
    auto keep = keep_alive();
    g_object_notify_by_pspec(G_OBJECT(owner), props[PROP_TOTAL_BYTES]);
    g_object_notify_by_pspec(G_OBJECT(owner), props[PROP_PROGRESS]);
}

void SpiceFileTransferTaskPrivate::on_progress() {
    auto keep = keep_alive();
    g_object_notify_by_pspec(G_OBJECT(owner), props[PROP_PROGRESS]);
    g_object_notify_by_pspec(G_OBJECT(owner), props[PROP_TRANSFERRED_BYTES]);
}

void SpiceFileTransferTaskPrivate::on_finished(const spice::Error *error) {
    auto keep = keep_alive();
    const auto gerror = error ? spice::api::to_gerror(*error) : nullptr;
    g_signal_emit(owner, finished_signal, 0, gerror.get());
}

static void spice_file_transfer_task_init(SpiceFileTransferTask *self) { self->priv = new SpiceFileTransferTaskPrivate{self}; }

static void spice_file_transfer_task_class_init(SpiceFileTransferTaskClass *klass) {
    auto *object_class = G_OBJECT_CLASS(klass);
    object_class->get_property = get_property;
    object_class->set_property = set_property;
    object_class->constructed = constructed;
    object_class->finalize = finalize;
    make_constant_properties();
    make_state_properties();
    g_object_class_install_properties(object_class, N_PROPS, props);
    /**
     * SpiceFileTransferTask::finished:
     * @task: the task
     * @object: why the file did not arrive, or %NULL when it did; valid during the emission
     *
     * The transfer has ended. Emitted once, possibly before spice_main_channel_file_copy_async() has returned.
     */
    finished_signal = g_signal_new("finished", SPICE_TYPE_FILE_TRANSFER_TASK, G_SIGNAL_RUN_FIRST, 0, nullptr, nullptr,
                                   nullptr, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

namespace spice::api {

SpiceFileTransferTask *new_file_transfer_task(SpiceMainChannel *channel, GFile *file, GCancellable *cancellable) {
    return SPICE_FILE_TRANSFER_TASK(g_object_new(SPICE_TYPE_FILE_TRANSFER_TASK, "id", agent::Transfer::new_id(), "channel",
                                                 channel, "file", file, "cancellable", cancellable, nullptr));
}

const std::shared_ptr<agent::Transfer> &transfer_of(SpiceFileTransferTask *task) { return task->priv->transfer; }

}

/**
 * spice_file_transfer_task_get_filename:
 * @self: a #SpiceFileTransferTask
 *
 * The name of the file, without its folder.
 *
 * Returns: (transfer full): the name, to be freed with g_free()
 */
char *spice_file_transfer_task_get_filename(SpiceFileTransferTask *self) {
    g_return_val_if_fail(SPICE_IS_FILE_TRANSFER_TASK(self), nullptr);
    return self->priv->file ? g_file_get_basename(self->priv->file.get()) : nullptr;
}

/**
 * spice_file_transfer_task_cancel:
 * @self: a #SpiceFileTransferTask
 *
 * Ends the transfer: #SpiceFileTransferTask::finished follows from the main loop with %G_IO_ERROR_CANCELLED. When a
 * #GCancellable was given to the copy, this cancels all of its files. Does nothing after the end. Any thread may call it.
 */
void spice_file_transfer_task_cancel(SpiceFileTransferTask *self) {
    g_return_if_fail(SPICE_IS_FILE_TRANSFER_TASK(self));
    g_cancellable_cancel(self->priv->cancellable.get());
}

/**
 * spice_file_transfer_task_get_total_bytes:
 * @self: a #SpiceFileTransferTask
 *
 * The size of the file.
 *
 * Returns: bytes, 0 while it is not known
 */
guint64 spice_file_transfer_task_get_total_bytes(SpiceFileTransferTask *self) {
    g_return_val_if_fail(SPICE_IS_FILE_TRANSFER_TASK(self), 0);
    return self->priv->transfer ? self->priv->transfer->total() : 0;
}

/**
 * spice_file_transfer_task_get_transferred_bytes:
 * @self: a #SpiceFileTransferTask
 *
 * How much of the file has been sent.
 *
 * Returns: bytes
 */
guint64 spice_file_transfer_task_get_transferred_bytes(SpiceFileTransferTask *self) {
    g_return_val_if_fail(SPICE_IS_FILE_TRANSFER_TASK(self), 0);
    return self->priv->transfer ? self->priv->transfer->sent() : 0;
}

/**
 * spice_file_transfer_task_get_progress:
 * @self: a #SpiceFileTransferTask
 *
 * The part of the file that has been sent.
 *
 * Returns: 0 to 1; 0 while the size is not known, and for an empty file
 */
double spice_file_transfer_task_get_progress(SpiceFileTransferTask *self) {
    g_return_val_if_fail(SPICE_IS_FILE_TRANSFER_TASK(self), 0.0);
    return self->priv->transfer ? self->priv->transfer->progress() : 0.0;
}
