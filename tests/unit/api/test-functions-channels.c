// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "test-functions.h"

void try_types(void) {
    const GType types[] = {
        SPICE_TYPE_AUDIO, SPICE_TYPE_CHANNEL, SPICE_TYPE_CHANNEL_EVENT, SPICE_TYPE_CURSOR_CHANNEL, SPICE_TYPE_CURSOR_SHAPE,
        SPICE_TYPE_DISPLAY_CHANNEL, SPICE_TYPE_FILE_TRANSFER_TASK, SPICE_TYPE_GL_SCANOUT, SPICE_TYPE_INPUTS_CHANNEL,
        SPICE_TYPE_INPUTS_LOCK, SPICE_TYPE_MAIN_CHANNEL, SPICE_TYPE_PLAYBACK_CHANNEL, SPICE_TYPE_PORT_CHANNEL,
        SPICE_TYPE_QMP_PORT, spice_qmp_status_get_type(), SPICE_TYPE_RECORD_CHANNEL, SPICE_TYPE_SESSION,
        SPICE_TYPE_SESSION_MIGRATION, SPICE_TYPE_SESSION_VERIFY, SPICE_TYPE_SMARTCARD_CHANNEL, SPICE_TYPE_SMARTCARD_MANAGER,
        SPICE_TYPE_SMARTCARD_READER, SPICE_TYPE_URI, SPICE_TYPE_USB_DEVICE, SPICE_TYPE_USB_DEVICE_MANAGER,
        SPICE_TYPE_USBREDIR_CHANNEL, SPICE_TYPE_WEBDAV_CHANNEL,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(types); ++i)
        check(g_type_is_a(types[i], G_TYPE_OBJECT) || g_type_is_a(types[i], G_TYPE_BOXED) ||
              g_type_is_a(types[i], G_TYPE_ENUM) || g_type_is_a(types[i], G_TYPE_FLAGS));
}

static void copied(GObject *channel, GAsyncResult *result, gpointer data) {
    GError *error = NULL;
    check(!spice_main_channel_file_copy_finish(SPICE_MAIN_CHANNEL(channel), result, &error) && error && data == &pending);
    g_clear_error(&error);
    --pending;
}

static void copied_before(GObject *channel, GAsyncResult *result, gpointer data) {
    check(data == &pending);
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
    check(!spice_main_file_copy_finish(SPICE_MAIN_CHANNEL(channel), result, NULL));
    G_GNUC_END_IGNORE_DEPRECATIONS
    --pending;
}

// Without an agent nothing reaches anybody, and files are refused.
void try_agent(SpiceMainChannel *channel) {
    guint32 types[] = {1};
    const guchar text[] = "text";
    GFile *file = g_file_new_for_path("/nonexistent");
    GFile *files[] = {file, NULL};
    spice_main_channel_update_display(channel, 0, 0, 0, 640, 480, FALSE);
    spice_main_channel_update_display_mm(channel, 0, 300, 200, FALSE);
    spice_main_channel_update_display_enabled(channel, 0, TRUE, FALSE);
    check(!spice_main_channel_send_monitor_config(channel));
    spice_main_channel_clipboard_selection_grab(channel, 0, types, 1);
    spice_main_channel_clipboard_selection_release(channel, 0);
    spice_main_channel_clipboard_selection_notify(channel, 0, 1, text, sizeof text);
    spice_main_channel_clipboard_selection_request(channel, 0, 1);
    check(!spice_main_channel_agent_test_capability(channel, 0));
    pending += 2;
    spice_main_channel_file_copy_async(channel, files, G_FILE_COPY_NONE, NULL, NULL, NULL, copied, &pending);
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
    spice_main_file_copy_async(channel, files, G_FILE_COPY_NONE, NULL, NULL, NULL, copied_before, &pending);
    spice_main_set_display(channel, 0, 0, 0, 640, 480);
    spice_main_update_display(channel, 0, 0, 0, 640, 480, FALSE);
    spice_main_set_display_enabled(channel, 0, TRUE);
    spice_main_update_display_enabled(channel, 0, TRUE, FALSE);
    check(!spice_main_send_monitor_config(channel));
    spice_main_clipboard_grab(channel, types, 1);
    spice_main_clipboard_release(channel);
    spice_main_clipboard_notify(channel, 1, text, sizeof text);
    spice_main_clipboard_request(channel, 1);
    spice_main_clipboard_selection_grab(channel, 0, types, 1);
    spice_main_clipboard_selection_release(channel, 0);
    spice_main_clipboard_selection_notify(channel, 0, 1, text, sizeof text);
    spice_main_clipboard_selection_request(channel, 0, 1);
    check(!spice_main_agent_test_capability(channel, 0));
    G_GNUC_END_IGNORE_DEPRECATIONS
    wait_for_answers();
    g_object_unref(file);
}

void try_file_task(SpiceMainChannel *channel) {
    GFile *file = g_file_new_for_path("/nonexistent/name");
    GCancellable *cancellable = g_cancellable_new();
    SpiceFileTransferTask *task = g_object_new(SPICE_TYPE_FILE_TRANSFER_TASK, "channel", channel, "file", file,
                                               "cancellable", cancellable, "id", 7u, NULL);
    char *name = spice_file_transfer_task_get_filename(task);
    check(g_strcmp0(name, "name") == 0);
    g_free(name);
    check(spice_file_transfer_task_get_total_bytes(task) == 0);
    check(spice_file_transfer_task_get_transferred_bytes(task) == 0);
    check(spice_file_transfer_task_get_progress(task) == 0.0);
    spice_file_transfer_task_cancel(task);
    check(g_cancellable_is_cancelled(cancellable));
    g_object_unref(task);
    g_object_unref(cancellable);
    g_object_unref(file);
}

void try_sound(SpiceSession *session) {
    guint8 samples[4] = {0};
    SpicePlaybackChannel *playback = SPICE_PLAYBACK_CHANNEL(spice_channel_new(session, SPICE_CHANNEL_PLAYBACK, 0));
    SpiceRecordChannel *record = SPICE_RECORD_CHANNEL(spice_channel_new(session, SPICE_CHANNEL_RECORD, 0));
    spice_playback_channel_set_delay(playback, 20);
    spice_record_channel_send_data(record, samples, sizeof samples, 0);
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
    spice_record_send_data(record, samples, sizeof samples, 0);
    SpiceAudio *audio = spice_audio_new(session, NULL, "test");
    G_GNUC_END_IGNORE_DEPRECATIONS
    check(SPICE_IS_AUDIO(audio));
    g_object_unref(audio);
    check(SPICE_IS_AUDIO(spice_audio_get(session, NULL)));
}

static void written(GObject *port, GAsyncResult *result, gpointer data) {
    GError *error = NULL;
    check(spice_port_channel_write_finish(SPICE_PORT_CHANNEL(port), result, &error) == -1 && error && data == &pending);
    g_clear_error(&error);
    --pending;
}

static void written_before(GObject *port, GAsyncResult *result, gpointer data) {
    check(data == &pending);
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
    check(spice_port_write_finish(SPICE_PORT_CHANNEL(port), result, NULL) == -1);
    G_GNUC_END_IGNORE_DEPRECATIONS
    --pending;
}

// Nothing is connected: there is no monitor, and its functions say so.
void try_port(SpiceSession *session) {
    SpicePortChannel *port = SPICE_PORT_CHANNEL(spice_channel_new(session, SPICE_CHANNEL_PORT, 0));
    check(SPICE_IS_WEBDAV_CHANNEL(spice_channel_new(session, SPICE_CHANNEL_WEBDAV, 0)));
    pending += 2;
    spice_port_channel_write_async(port, "x", 1, NULL, written, &pending);
    spice_port_channel_event(port, SPICE_PORT_EVENT_BREAK);
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
    spice_port_write_async(port, "x", 1, NULL, written_before, &pending);
    spice_port_event(port, SPICE_PORT_EVENT_BREAK);
    G_GNUC_END_IGNORE_DEPRECATIONS
    wait_for_answers();
    SpiceQmpPort *monitor = spice_qmp_port_get(port); /* the only reference, whatever is written about it */
    check(SPICE_IS_QMP_PORT(monitor));
    check(spice_qmp_port_get(port) == monitor);
    g_object_unref(monitor);
    spice_qmp_port_vm_action_async(NULL, SPICE_QMP_PORT_VM_ACTION_PAUSE, NULL, NULL, NULL);
    check(!spice_qmp_port_vm_action_finish(NULL, NULL, NULL));
    spice_qmp_port_query_status_async(NULL, NULL, NULL, NULL);
    check(spice_qmp_port_query_status_finish(NULL, NULL, NULL) == NULL);
    check(spice_qmp_status_ref(NULL) == NULL);
    spice_qmp_status_unref(NULL);
}

void try_gl(SpiceDisplayChannel *display) {
    spice_display_channel_gl_draw_done(display);
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
    spice_display_gl_draw_done(display);
    G_GNUC_END_IGNORE_DEPRECATIONS
#ifdef SPICE_TYPE_GL_SCANOUT2
    spice_display_channel_accept_gl_scanout2(display);
    check(spice_display_channel_get_gl_scanout2(display) == NULL);
    check(g_type_is_a(SPICE_TYPE_GL_SCANOUT2, G_TYPE_BOXED));
    g_list_free_full(spice_display_channel_list_monitors(display), g_free);
    SpiceGlScanout2 *scanout = g_boxed_copy(SPICE_TYPE_GL_SCANOUT2, &(SpiceGlScanout2){.fds = {-1, -1, -1, -1}});
    spice_gl_scanout2_free(scanout);
    spice_util_set_main_context(NULL);
#endif
}
