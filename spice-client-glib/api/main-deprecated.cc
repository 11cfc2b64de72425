// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// Former names of SpiceMainChannel's functions; each is the same call.
#include "spice-client.h"

#include <spice/vd_agent.h>

/**
 * spice_main_agent_test_capability:
 * @channel: a #SpiceMainChannel
 * @cap: the number of a capability, VD_AGENT_CAP_*
 *
 * The former name of spice_main_channel_agent_test_capability().
 *
 * Returns: %FALSE also while there is no agent
 *
 * Deprecated: 0.35: use spice_main_channel_agent_test_capability()
 */
gboolean spice_main_agent_test_capability(SpiceMainChannel *channel, guint32 cap) {
    return spice_main_channel_agent_test_capability(channel, cap);
}

/**
 * spice_main_clipboard_grab:
 * @channel: a #SpiceMainChannel
 * @types: (array length=ntypes): what kinds of content there are, as VD_AGENT_CLIPBOARD_*
 * @ntypes: how many
 *
 * Calls spice_main_channel_clipboard_selection_grab() for the first clipboard.
 *
 * Deprecated: 0.6: use spice_main_channel_clipboard_selection_grab()
 */
void spice_main_clipboard_grab(SpiceMainChannel *channel, guint32 *types, int ntypes) {
    spice_main_channel_clipboard_selection_grab(channel, VD_AGENT_CLIPBOARD_SELECTION_CLIPBOARD, types, ntypes);
}

/**
 * spice_main_clipboard_release:
 * @channel: a #SpiceMainChannel
 *
 * Calls spice_main_channel_clipboard_selection_release() for the first clipboard.
 *
 * Deprecated: 0.6: use spice_main_channel_clipboard_selection_release()
 */
void spice_main_clipboard_release(SpiceMainChannel *channel) {
    spice_main_channel_clipboard_selection_release(channel, VD_AGENT_CLIPBOARD_SELECTION_CLIPBOARD);
}

/**
 * spice_main_clipboard_notify:
 * @channel: a #SpiceMainChannel
 * @type: what kind of content, as VD_AGENT_CLIPBOARD_*
 * @data: (array length=size): the content
 * @size: how many bytes
 *
 * Calls spice_main_channel_clipboard_selection_notify() for the first clipboard.
 *
 * Deprecated: 0.6: use spice_main_channel_clipboard_selection_notify()
 */
void spice_main_clipboard_notify(SpiceMainChannel *channel, guint32 type, const guchar *data, size_t size) {
    spice_main_channel_clipboard_selection_notify(channel, VD_AGENT_CLIPBOARD_SELECTION_CLIPBOARD, type, data, size);
}

/**
 * spice_main_clipboard_request:
 * @channel: a #SpiceMainChannel
 * @type: what kind of content, as VD_AGENT_CLIPBOARD_*
 *
 * Calls spice_main_channel_clipboard_selection_request() for the first clipboard.
 *
 * Deprecated: 0.6: use spice_main_channel_clipboard_selection_request()
 */
void spice_main_clipboard_request(SpiceMainChannel *channel, guint32 type) {
    spice_main_channel_clipboard_selection_request(channel, VD_AGENT_CLIPBOARD_SELECTION_CLIPBOARD, type);
}

/**
 * spice_main_clipboard_selection_grab:
 * @channel: a #SpiceMainChannel
 * @selection: which clipboard, as VD_AGENT_CLIPBOARD_SELECTION_*
 * @types: (array length=ntypes): what kinds of content there are, as VD_AGENT_CLIPBOARD_*
 * @ntypes: how many
 *
 * The former name of spice_main_channel_clipboard_selection_grab().
 *
 * Since: 0.6
 *
 * Deprecated: 0.35: use spice_main_channel_clipboard_selection_grab()
 */
void spice_main_clipboard_selection_grab(SpiceMainChannel *channel, guint selection, guint32 *types, int ntypes) {
    spice_main_channel_clipboard_selection_grab(channel, selection, types, ntypes);
}

/**
 * spice_main_clipboard_selection_release:
 * @channel: a #SpiceMainChannel
 * @selection: which clipboard, as VD_AGENT_CLIPBOARD_SELECTION_*
 *
 * The former name of spice_main_channel_clipboard_selection_release().
 *
 * Since: 0.6
 *
 * Deprecated: 0.35: use spice_main_channel_clipboard_selection_release()
 */
void spice_main_clipboard_selection_release(SpiceMainChannel *channel, guint selection) {
    spice_main_channel_clipboard_selection_release(channel, selection);
}

/**
 * spice_main_clipboard_selection_notify:
 * @channel: a #SpiceMainChannel
 * @selection: which clipboard, as VD_AGENT_CLIPBOARD_SELECTION_*
 * @type: what kind of content, as VD_AGENT_CLIPBOARD_*
 * @data: (array length=size): the content
 * @size: how many bytes
 *
 * The former name of spice_main_channel_clipboard_selection_notify().
 *
 * Since: 0.6
 *
 * Deprecated: 0.35: use spice_main_channel_clipboard_selection_notify()
 */
void spice_main_clipboard_selection_notify(SpiceMainChannel *channel, guint selection, guint32 type, const guchar
                                           *data, size_t size) {
    spice_main_channel_clipboard_selection_notify(channel, selection, type, data, size);
}

/**
 * spice_main_clipboard_selection_request:
 * @channel: a #SpiceMainChannel
 * @selection: which clipboard, as VD_AGENT_CLIPBOARD_SELECTION_*
 * @type: what kind of content, as VD_AGENT_CLIPBOARD_*
 *
 * The former name of spice_main_channel_clipboard_selection_request().
 *
 * Since: 0.6
 *
 * Deprecated: 0.35: use spice_main_channel_clipboard_selection_request()
 */
void spice_main_clipboard_selection_request(SpiceMainChannel *channel, guint selection, guint32 type) {
    spice_main_channel_clipboard_selection_request(channel, selection, type);
}

/**
 * spice_main_set_display:
 * @channel: a #SpiceMainChannel
 * @id: the number of the monitor
 * @x: horizontal position in pixels
 * @y: vertical position in pixels
 * @width: in pixels
 * @height: in pixels
 *
 * Calls spice_main_channel_update_display() with the guest being told.
 *
 * Deprecated: 0.35: use spice_main_channel_update_display()
 */
void spice_main_set_display(SpiceMainChannel *channel, int id, int x, int y, int width, int height) {
    spice_main_channel_update_display(channel, id, x, y, width, height, TRUE);
}

/**
 * spice_main_update_display:
 * @channel: a #SpiceMainChannel
 * @id: the number of the monitor
 * @x: horizontal position in pixels
 * @y: vertical position in pixels
 * @width: in pixels
 * @height: in pixels
 * @update: whether the guest is told
 *
 * The former name of spice_main_channel_update_display().
 *
 * Deprecated: 0.35: use spice_main_channel_update_display()
 */
void spice_main_update_display(SpiceMainChannel *channel, int id, int x, int y, int width, int height, gboolean
                               update) {
    spice_main_channel_update_display(channel, id, x, y, width, height, update);
}

/**
 * spice_main_set_display_enabled:
 * @channel: a #SpiceMainChannel
 * @id: the number of the monitor
 * @enabled: whether there should be such a monitor
 *
 * Calls spice_main_channel_update_display_enabled() with the guest being told.
 *
 * Since: 0.6
 *
 * Deprecated: 0.35: use spice_main_channel_update_display_enabled()
 */
void spice_main_set_display_enabled(SpiceMainChannel *channel, int id, gboolean enabled) {
    spice_main_channel_update_display_enabled(channel, id, enabled, TRUE);
}

/**
 * spice_main_update_display_enabled:
 * @channel: a #SpiceMainChannel
 * @id: the number of the monitor
 * @enabled: whether there should be such a monitor
 * @update: whether the guest is told
 *
 * The former name of spice_main_channel_update_display_enabled().
 *
 * Since: 0.30
 *
 * Deprecated: 0.35: use spice_main_channel_update_display_enabled()
 */
void spice_main_update_display_enabled(SpiceMainChannel *channel, int id, gboolean enabled, gboolean update) {
    spice_main_channel_update_display_enabled(channel, id, enabled, update);
}

/**
 * spice_main_send_monitor_config:
 * @channel: a #SpiceMainChannel
 *
 * The former name of spice_main_channel_send_monitor_config().
 *
 * Returns: whether the guest was told
 *
 * Deprecated: 0.35: use spice_main_channel_send_monitor_config()
 */
gboolean spice_main_send_monitor_config(SpiceMainChannel *channel) {
    return spice_main_channel_send_monitor_config(channel);
}

/**
 * spice_main_file_copy_async:
 * @channel: a #SpiceMainChannel
 * @sources: (array zero-terminated=1): the files, ended by %NULL
 * @flags: ignored
 * @cancellable: (nullable): cancels all of them
 * @progress_callback: (nullable) (scope call) (closure progress_callback_data): is told how far it is
 * @progress_callback_data: (nullable): passed to @progress_callback
 * @callback: (nullable) (scope async): what to call when all have ended
 * @user_data: passed to @callback
 *
 * The former name of spice_main_channel_file_copy_async().
 *
 * Deprecated: 0.35: use spice_main_channel_file_copy_async()
 */
void spice_main_file_copy_async(SpiceMainChannel *channel, GFile **sources, GFileCopyFlags flags, GCancellable
                                *cancellable, GFileProgressCallback progress_callback, gpointer
                                progress_callback_data, GAsyncReadyCallback callback, gpointer user_data) {
    spice_main_channel_file_copy_async(channel, sources, flags, cancellable, progress_callback,
                                       progress_callback_data, callback, user_data);
}

/**
 * spice_main_file_copy_finish:
 * @channel: a #SpiceMainChannel
 * @result: what the callback got
 * @error: where to put an error, or %NULL
 *
 * The former name of spice_main_channel_file_copy_finish().
 *
 * Returns: whether no file has failed
 */
gboolean spice_main_file_copy_finish(SpiceMainChannel *channel, GAsyncResult *result, GError **error) {
    return spice_main_channel_file_copy_finish(channel, result, error);
}

/**
 * spice_main_request_mouse_mode:
 * @channel: a #SpiceMainChannel
 * @mode: 1 for server, 2 for client mouse mode
 *
 * The former name of spice_main_channel_request_mouse_mode().
 *
 * Since: 0.32
 *
 * Deprecated: 0.35: use spice_main_channel_request_mouse_mode()
 */
void spice_main_request_mouse_mode(SpiceMainChannel *channel, int mode) {
    spice_main_channel_request_mouse_mode(channel, mode);
}
