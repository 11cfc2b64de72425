// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// Files from the client to the guest.
#include "api/error.hh"
#include "api/file-transfer-task-private.hh"
#include "api/main-channel-private.hh"

#include <string>

namespace {

using TaskRef = spice::Ref<GTask>;

// Some of many: one error for all, with numbers.
void return_counts(GTask *task, const spice::agent::CopyCounts &counts) {
    if (counts.failed > 0) {
        g_task_return_new_error(task, SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED,
                                "%u of %u files did not arrive (%u arrived, %u were cancelled)", counts.failed, counts.total,
                                counts.succeeded, counts.cancelled);
    } else if (counts.cancelled > 0 && counts.succeeded == 0) {
        g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The transfer was cancelled");
    } else {
        g_task_return_boolean(task, TRUE);
    }
}

spice::agent::Copy::Progress progress_of(GFileProgressCallback callback, gpointer data) {
    if (!callback) return {};
    return [=](uint64_t sent, uint64_t size) { callback(static_cast<goffset>(sent), static_cast<goffset>(size), data); };
}

}

/**
 * spice_main_channel_file_copy_async:
 * @channel: a #SpiceMainChannel
 * @sources: (array zero-terminated=1): the files, ended by %NULL
 * @flags: ignored
 * @cancellable: (nullable): cancels all of them
 * @progress_callback: (nullable) (scope call) (closure progress_callback_data): is told how many bytes of how many have
 *     been sent, of all files together
 * @progress_callback_data: (nullable): passed to @progress_callback
 * @callback: (nullable) (scope async): what to call when all have ended
 * @user_data: passed to @callback
 *
 * Sends files to the guest, where the agent saves them in a folder of its choice. Each is a task of its own, announced
 * by #SpiceMainChannel::new-file-transfer inside this call. Folders cannot be sent. The files are read as fast as the
 * guest takes them, without blocking.
 *
 * Since: 0.35
 */
void spice_main_channel_file_copy_async(SpiceMainChannel *channel, GFile **sources, GFileCopyFlags flags,
                                        GCancellable *cancellable, GFileProgressCallback progress_callback,
                                        gpointer progress_callback_data, GAsyncReadyCallback callback, gpointer user_data) {
    g_return_if_fail(SPICE_IS_MAIN_CHANNEL(channel));
    g_return_if_fail(sources != nullptr);
    (void)flags;
    const auto task = TaskRef::take(g_task_new(channel, nullptr, callback, user_data));
    g_task_set_source_tag(task.get(), reinterpret_cast<gpointer>(spice_main_channel_file_copy_async));
    if (cancellable && g_cancellable_is_cancelled(cancellable))
        return g_task_return_new_error(task.get(), G_IO_ERROR, G_IO_ERROR_CANCELLED, "The transfer was cancelled");
    if (!*sources) return g_task_return_boolean(task.get(), TRUE);
    auto copy = std::make_shared<spice::agent::Copy>(
        progress_of(progress_callback, progress_callback_data),
        [task](const spice::agent::CopyCounts &counts) { return_counts(task.get(), counts); });
    std::vector<spice::Ref<SpiceFileTransferTask>> tasks;
    std::vector<std::shared_ptr<spice::agent::Transfer>> transfers;
    for (auto **source = sources; *source; ++source) {
        tasks.push_back(
            spice::Ref<SpiceFileTransferTask>::take(spice::api::new_file_transfer_task(channel, *source, cancellable)));
        transfers.push_back(spice::api::transfer_of(tasks.back().get()));
        transfers.back()->join(copy);
    }
    for (const auto &one : tasks)
        g_signal_emit(channel, spice::api::main_signal(spice::api::SIGNAL_NEW_FILE_TRANSFER), 0, one.get());
    channel->priv->model->agent().files().start(std::move(transfers));
}

/**
 * spice_main_channel_file_copy_finish:
 * @channel: a #SpiceMainChannel
 * @result: what the callback got
 * @error: where to put an error, or %NULL
 *
 * Ends an operation begun with spice_main_channel_file_copy_async(). When a file did not arrive the error is
 * %SPICE_CLIENT_ERROR_FAILED; when none arrived because of cancelling it is %G_IO_ERROR_CANCELLED. What happened to each
 * file is told by #SpiceFileTransferTask::finished.
 *
 * Returns: whether no file has failed
 */
gboolean spice_main_channel_file_copy_finish(SpiceMainChannel *channel, GAsyncResult *result, GError **error) {
    g_return_val_if_fail(SPICE_IS_MAIN_CHANNEL(channel), FALSE);
    g_return_val_if_fail(g_task_is_valid(result, channel), FALSE);
    return g_task_propagate_boolean(G_TASK(result), error);
}
