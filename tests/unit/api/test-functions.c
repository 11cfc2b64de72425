// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// A C program that calls every function on objects that are not connected. It is compiled with our headers and, where
// they are installed, with the distribution's: what was written for those links and runs with this library.
#include "test-functions.h"

#include <string.h>

static int wrong;
int pending;

void check_at(gboolean good, const char *file, int line) {
    if (good) return;
    g_printerr("%s:%d\n", file, line);
    ++wrong;
}

static gboolean wait_over(gpointer over) {
    *(gboolean *)over = TRUE;
    return G_SOURCE_REMOVE;
}

void wait_for_answers(void) {
    gboolean over = FALSE;
    guint timeout = g_timeout_add_seconds(10, wait_over, &over);
    while (pending > 0 && !over) g_main_context_iteration(NULL, TRUE);
    check(!over);
    if (!over) g_source_remove(timeout);
}

static void flushed(GObject *channel, GAsyncResult *result, gpointer data) {
    GError *error = NULL;
    check(!spice_channel_flush_finish(SPICE_CHANNEL(channel), result, &error) && data == &pending);
    check(g_error_matches(error, SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED));
    g_clear_error(&error);
    --pending;
}

static void try_utilities(void) {
    guint8 uuid[16] = {1};
    gchar *text = spice_uuid_to_string(uuid);
    check(strcmp(text, "01000000-0000-0000-0000-000000000000") == 0);
    g_free(text);
    check(strcmp(spice_util_get_version_string(), "0.42") == 0);
    gboolean debug = spice_util_get_debug();
    spice_util_set_debug(debug);
    check(strcmp(g_quark_to_string(spice_client_error_quark()), "spice-client-error-quark") == 0);
    check(spice_channel_string_to_type("display") == SPICE_CHANNEL_DISPLAY);
    check(strcmp(spice_channel_type_to_string(SPICE_CHANNEL_CURSOR), "cursor") == 0);
    GOptionContext *context = g_option_context_new(NULL);
    g_option_context_add_group(context, spice_get_option_group());
    g_option_context_free(context);
    GObject *object = g_object_new(G_TYPE_OBJECT, NULL);
    gulong id = spice_g_signal_connect_object(object, "notify", G_CALLBACK(flushed), object, G_CONNECT_SWAPPED);
    check(id != 0);
    g_object_unref(object);
    SpiceGlScanout *scanout = g_boxed_copy(SPICE_TYPE_GL_SCANOUT, &(SpiceGlScanout){.fd = -1});
    spice_gl_scanout_free(scanout);
}

static void try_proxy(SpiceSession *session) {
    g_object_set(session, "proxy", "http://user:pass@proxy:8080", NULL);
    SpiceURI *uri = spice_session_get_proxy_uri(session);
    check(strcmp(spice_uri_get_hostname(uri), "proxy") == 0 && spice_uri_get_port(uri) == 8080);
    check(strcmp(spice_uri_get_scheme(uri), "http") == 0 && strcmp(spice_uri_get_user(uri), "user") == 0);
    check(strcmp(spice_uri_get_password(uri), "pass") == 0);
    spice_uri_set_hostname(uri, "other");
    spice_uri_set_port(uri, 1);
    spice_uri_set_scheme(uri, "https");
    spice_uri_set_user(uri, "u");
    spice_uri_set_password(uri, "p");
    gchar *text = spice_uri_to_string(uri);
    check(strcmp(text, "https://u:p@other:1") == 0);
    g_free(text);
}

static void try_channel(SpiceSession *session) {
    SpiceChannel *channel = spice_channel_new(session, SPICE_CHANNEL_CURSOR, 0);
    check(SPICE_IS_CURSOR_CHANNEL(channel));
    check(!spice_channel_test_capability(channel, 0) && !spice_channel_test_common_capability(channel, 0));
    check(spice_channel_get_error(channel) == NULL);
    ++pending;
    spice_channel_flush_async(channel, NULL, flushed, &pending);
    wait_for_answers();
    spice_channel_disconnect(channel, SPICE_CHANNEL_NONE);
    check(spice_channel_connect(channel));
    check(spice_channel_open_fd(channel, -1));
    spice_channel_disconnect(channel, SPICE_CHANNEL_NONE);
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
    spice_channel_set_capability(channel, 3);
    spice_channel_destroy(channel);
    G_GNUC_END_IGNORE_DEPRECATIONS
}

static void try_display(SpiceSession *session) {
    SpiceChannel *channel = spice_channel_new(session, SPICE_CHANNEL_DISPLAY, 0);
    SpiceDisplayChannel *display = SPICE_DISPLAY_CHANNEL(channel);
    SpiceDisplayPrimary primary;
    GError *error = NULL;
    gint codecs[] = {SPICE_VIDEO_CODEC_TYPE_MJPEG};
    check(!spice_display_channel_get_primary(channel, 0, &primary));
    spice_display_channel_change_preferred_compression(channel, SPICE_IMAGE_COMPRESSION_LZ4);
    spice_display_channel_change_preferred_video_codec_type(channel, SPICE_VIDEO_CODEC_TYPE_MJPEG);
    check(!spice_display_channel_change_preferred_video_codec_types(channel, codecs, 1, &error) && error);
    g_clear_error(&error);
    check(spice_display_channel_get_gl_scanout(display) == NULL);
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
    check(!spice_display_get_primary(channel, 0, &primary));
    spice_display_change_preferred_compression(channel, SPICE_IMAGE_COMPRESSION_LZ4);
    spice_display_change_preferred_video_codec_type(channel, SPICE_VIDEO_CODEC_TYPE_MJPEG);
    check(spice_display_get_gl_scanout(display) == NULL);
    G_GNUC_END_IGNORE_DEPRECATIONS
    try_gl(display);
}

static void try_inputs(SpiceSession *session) {
    SpiceInputsChannel *inputs = SPICE_INPUTS_CHANNEL(spice_channel_new(session, SPICE_CHANNEL_INPUTS, 0));
    spice_inputs_channel_motion(inputs, 1, 1, 0);
    spice_inputs_channel_position(inputs, 1, 1, 0, 0);
    spice_inputs_channel_button_press(inputs, SPICE_MOUSE_BUTTON_LEFT, 0);
    spice_inputs_channel_button_release(inputs, SPICE_MOUSE_BUTTON_LEFT, 0);
    spice_inputs_channel_key_press(inputs, 0x1e);
    spice_inputs_channel_key_release(inputs, 0x1e);
    spice_inputs_channel_key_press_and_release(inputs, 0x1e);
    spice_inputs_channel_set_key_locks(inputs, SPICE_INPUTS_NUM_LOCK);
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
    spice_inputs_motion(inputs, 1, 1, 0);
    spice_inputs_position(inputs, 1, 1, 0, 0);
    spice_inputs_button_press(inputs, SPICE_MOUSE_BUTTON_LEFT, 0);
    spice_inputs_button_release(inputs, SPICE_MOUSE_BUTTON_LEFT, 0);
    spice_inputs_key_press(inputs, 0x1e);
    spice_inputs_key_release(inputs, 0x1e);
    spice_inputs_key_press_and_release(inputs, 0x1e);
    spice_inputs_set_key_locks(inputs, SPICE_INPUTS_NUM_LOCK);
    G_GNUC_END_IGNORE_DEPRECATIONS
}

static void try_main(SpiceSession *session) {
    SpiceMainChannel *channel = SPICE_MAIN_CHANNEL(spice_channel_new(session, SPICE_CHANNEL_MAIN, 0));
    spice_main_channel_request_mouse_mode(channel, SPICE_MOUSE_MODE_CLIENT);
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
    spice_main_request_mouse_mode(channel, SPICE_MOUSE_MODE_CLIENT);
    G_GNUC_END_IGNORE_DEPRECATIONS
    try_agent(channel);
    try_file_task(channel);
}

static void connected(GObject *manager, GAsyncResult *result, gpointer data) {
    GError *error = NULL;
    check(!spice_usb_device_manager_connect_device_finish(SPICE_USB_DEVICE_MANAGER(manager), result, &error));
    check(g_error_matches(error, SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED) && data == &pending);
    g_clear_error(&error);
    --pending;
}

static void disconnected(GObject *manager, GAsyncResult *result, gpointer data) {
    check(data == &pending);
    check(spice_usb_device_manager_disconnect_device_finish(SPICE_USB_DEVICE_MANAGER(manager), result, NULL));
    --pending;
}

static void shared(SpiceUsbDeviceManager *manager, SpiceUsbDevice *device, gpointer data) {
    check(SPICE_IS_USB_DEVICE_MANAGER(manager) && data == &pending);
    if (spice_usb_device_manager_is_device_shared_cd(manager, device)) --pending;
}

static void try_usb(SpiceSession *session, char *file) {
    GError *error = NULL;
    SpiceUsbDeviceManager *manager = spice_usb_device_manager_get(session, NULL);
    if (!manager) return; // a machine without USB
    g_signal_connect(manager, "device-added", G_CALLBACK(shared), &pending);
    ++pending;
    check(spice_usb_device_manager_create_shared_cd_device(manager, file, NULL));
    wait_for_answers();
    check(!spice_usb_device_manager_allocate_device_for_file_descriptor(manager, 0, &error) && error);
    g_clear_error(&error);
    GPtrArray *all = spice_usb_device_manager_get_devices(manager);
    g_ptr_array_unref(all);
    all = spice_usb_device_manager_get_devices_with_filter(manager, "-1,0x2b23,0xcdcd,-1,1");
    check(all->len == 1);
    SpiceUsbDevice *device = all->pdata[0];
    gchar *text = spice_usb_device_get_description(device, NULL);
    check(strstr(text, "2b23:cdcd") != NULL);
    g_free(text);
    check(spice_usb_device_get_libusb_device(device) == NULL);
    check(!spice_usb_device_manager_can_redirect_device(manager, device, &error) && error);
    g_clear_error(&error);
    check(!spice_usb_device_manager_is_device_connected(manager, device));
    check(!spice_usb_device_manager_is_redirecting(manager));
    pending += 2;
    spice_usb_device_manager_connect_device_async(manager, device, NULL, connected, &pending);
    spice_usb_device_manager_disconnect_device_async(manager, device, NULL, disconnected, &pending);
    wait_for_answers();
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
    spice_usb_device_manager_disconnect_device(manager, device);
    G_GNUC_END_IGNORE_DEPRECATIONS
    g_ptr_array_unref(all);
}

static void try_smartcard(void) {
    SpiceSmartcardManager *manager = spice_smartcard_manager_get();
    check(SPICE_IS_SMARTCARD_MANAGER(manager));
    check(spice_smartcard_manager_get_readers(manager) == NULL);
    // Without a reader these say so: what matters is that they are there.
    check(!spice_smartcard_manager_insert_card(manager) && !spice_smartcard_manager_remove_card(manager));
    check(!spice_smartcard_reader_is_software(NULL));
    check(!spice_smartcard_reader_insert_card(NULL) && !spice_smartcard_reader_remove_card(NULL));
}

int main(int argc, char **argv) {
    check(argc > 0);
    g_log_set_always_fatal(G_LOG_LEVEL_ERROR); // some calls have nothing to work on, and say so
    try_utilities();
    try_types();
    SpiceSession *session = spice_session_new();
    spice_set_session_option(session);
    try_proxy(session);
    check(!spice_session_get_read_only(session) && !spice_session_is_for_migration(session));
    check(!spice_session_has_channel_type(session, SPICE_CHANNEL_DISPLAY));
    try_channel(session);
    try_display(session);
    try_inputs(session);
    try_main(session);
    try_sound(session);
    try_port(session);
    try_usb(session, argv[0]);
    try_smartcard();
    GList *channels = spice_session_get_channels(session);
    check(channels != NULL);
    g_list_free(channels);
    g_object_set(session, "uri", "spice+unix:///nonexistent", NULL);
    check(spice_session_connect(session));
    check(spice_session_open_fd(session, -1));
    spice_session_disconnect(session);
    while (g_main_context_iteration(NULL, FALSE)) {}
    g_object_unref(session);
    return wrong ? 1 : 0;
}
