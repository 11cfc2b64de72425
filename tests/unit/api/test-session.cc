// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "spice-client.h"

#include "base/glib/glib-ptr.hh"

#include <string>
#include <vector>

namespace {

using spice::Ref;

Ref<SpiceSession> make_session() { return Ref<SpiceSession>::take(spice_session_new()); }

std::string text(const Ref<SpiceSession> &session, const char *property) {
    char *value = nullptr;
    g_object_get(session.get(), property, &value, nullptr);
    std::string result = value ? value : "(null)";
    g_free(value);
    return result;
}

void expect_text(const Ref<SpiceSession> &session, const char *property, const char *wanted) {
    const auto value = text(session, property);
    g_assert_cmpstr(value.c_str(), ==, wanted);
}

guint verify(const Ref<SpiceSession> &session) {
    guint flags = 0;
    g_object_get(session.get(), "verify", &flags, nullptr);
    return flags;
}

void record(GObject *, GParamSpec *spec, gpointer list) {
    static_cast<std::vector<std::string> *>(list)->emplace_back(spec->name);
}

void expect_warning(const char *pattern) { g_test_expect_message("GSpice", G_LOG_LEVEL_WARNING, pattern); }

void test_defaults() {
    auto session = make_session();
    expect_text(session, "host", "localhost");
    for (const char *name : {"port", "tls-port", "unix-path", "uri", "username", "password", "proxy", "name", "shared-dir"})
        expect_text(session, name, "(null)");
    g_assert_cmpuint(verify(session), ==, SPICE_SESSION_VERIFY_HOSTNAME);
    const guint8 *uuid = nullptr;
    char **list = nullptr;
    g_object_get(session.get(), "uuid", &uuid, "secure-channels", &list, nullptr);
    const guint8 zeros[16] = {};
    g_assert_cmpmem(uuid, 16, zeros, 16);
    g_assert_null(list);
    g_assert_null(spice_session_get_channels(session.get()));
    g_assert_null(spice_session_get_proxy_uri(session.get()));
    g_assert_false(spice_session_get_read_only(session.get()));
    g_assert_false(spice_session_is_for_migration(session.get()));
    g_assert_false(spice_session_has_channel_type(session.get(), SPICE_CHANNEL_MAIN));
}

void test_uri() {
    auto session = make_session();
    g_object_set(session.get(), "unix-path", "/socket", "tls-port", "2", "username", "u", "password", "p", nullptr);
    std::vector<std::string> notified;
    g_signal_connect(session.get(), "notify", G_CALLBACK(record), &notified);
    g_object_set(session.get(), "uri", "spice://h:1", nullptr);
    g_assert_cmpuint(notified.size(), ==, 1); // the parts that it replaces are not notified
    g_assert_cmpstr(notified[0].c_str(), ==, "uri");
    expect_text(session, "host", "h");
    expect_text(session, "port", "1");
    for (const char *name : {"tls-port", "unix-path", "username", "password"})
        expect_text(session, name, "(null)");

    expect_warning("*URI*");
    g_object_set(session.get(), "uri", "http://other:2", nullptr);
    g_test_assert_expected_messages();
    g_object_set(session.get(), "uri", nullptr, nullptr);
    expect_text(session, "uri", "spice://h:1");

    expect_warning("*password*");
    g_object_set(session.get(), "uri", "spice://h?tls-port=3&password=secret", nullptr);
    g_test_assert_expected_messages();
    expect_text(session, "password", "secret");
    expect_text(session, "uri", "spice+tls://h:3");
}

void test_verify() {
    auto session = make_session();
    std::vector<std::string> notified;
    g_signal_connect(session.get(), "notify", G_CALLBACK(record), &notified);
    g_object_set(session.get(), "cert-subject", "CN=x", nullptr);
    g_assert_cmpuint(verify(session), ==, SPICE_SESSION_VERIFY_HOSTNAME | SPICE_SESSION_VERIFY_SUBJECT);
    auto *key = g_byte_array_append(g_byte_array_new(), reinterpret_cast<const guint8 *>("key"), 3);
    g_object_set(session.get(), "pubkey", key, nullptr);
    g_assert_cmpuint(verify(session), ==, 7);
    GByteArray *read = nullptr;
    g_object_get(session.get(), "pubkey", &read, nullptr);
    g_assert_cmpmem(read->data, read->len, "key", 3);
    g_byte_array_unref(read);
    g_byte_array_unref(key);
    g_object_set(session.get(), "cert-subject", nullptr, nullptr);
    g_object_set(session.get(), "pubkey", nullptr, nullptr);
    g_assert_cmpuint(verify(session), ==, SPICE_SESSION_VERIFY_HOSTNAME);
    g_object_set(session.get(), "verify", 0u, nullptr);
    g_assert_cmpuint(verify(session), ==, 0);
    const std::vector<std::string> expected = {"cert-subject", "pubkey", "cert-subject", "pubkey", "verify"};
    g_assert_true(notified == expected);
}

void test_lists_and_numbers() {
    auto session = make_session();
    const char *channels[] = {"main", "inputs", nullptr};
    g_object_set(session.get(), "secure-channels", channels, "cache-size", 77, "color-depth", 16, "read-only", TRUE,
                 "preferred-compression", SPICE_IMAGE_COMPRESSION_LZ4, nullptr);
    char **list = nullptr;
    int cache = 0, depth = 1, compression = 0;
    g_object_get(session.get(), "secure-channels", &list, "cache-size", &cache, "color-depth", &depth,
                 "preferred-compression", &compression, nullptr);
    g_assert_true(g_strv_equal(list, channels));
    g_strfreev(list);
    g_assert_cmpint(cache, ==, 77);
    g_assert_cmpint(depth, ==, 0);
    g_assert_cmpint(compression, ==, SPICE_IMAGE_COMPRESSION_LZ4);
    g_assert_true(spice_session_get_read_only(session.get()));
}

void test_proxy() {
    auto session = make_session();
    g_object_set(session.get(), "proxy", "https://user:word@proxy/", nullptr);
    auto *uri = spice_session_get_proxy_uri(session.get());
    g_assert_cmpstr(spice_uri_get_scheme(uri), ==, "https");
    g_assert_cmpstr(spice_uri_get_hostname(uri), ==, "proxy");
    g_assert_cmpuint(spice_uri_get_port(uri), ==, 3129);
    g_assert_cmpstr(spice_uri_get_user(uri), ==, "user");
    g_assert_cmpstr(spice_uri_get_password(uri), ==, "word");
    expect_text(session, "proxy", "https://user:word@proxy:3129");

    std::vector<std::string> notified;
    g_signal_connect(uri, "notify", G_CALLBACK(record), &notified);
    spice_uri_set_password(uri, spice_uri_get_user(uri));
    g_object_set(uri, "port", 8080u, nullptr);
    g_assert_true((notified == std::vector<std::string>{"password", "port"}));
    expect_text(session, "proxy", "https://user:user@proxy:8080");
    spice_uri_set_hostname(uri, nullptr);
    g_assert_null(spice_uri_to_string(uri));

    expect_warning("*proxy*");
    g_object_set(session.get(), "proxy", "ftp://other", nullptr);
    g_test_assert_expected_messages();
    g_assert_true(spice_session_get_proxy_uri(session.get()) == uri); // the old one stays
    g_object_set(session.get(), "proxy", "", nullptr);
    g_assert_null(spice_session_get_proxy_uri(session.get()));
}

void test_proxy_from_environment() {
    g_setenv("SPICE_PROXY", "http://from-environment", TRUE);
    auto session = make_session();
    expect_text(session, "proxy", "http://from-environment:3128");
    g_object_set(session.get(), "proxy", "other:1", nullptr);
    g_object_set(session.get(), "proxy", nullptr, nullptr);
    expect_text(session, "proxy", "http://from-environment:3128");
    g_unsetenv("SPICE_PROXY");
}

void test_gl_scanout_from_environment() {
    if (g_test_subprocess()) {
        g_setenv("SPICE_DISABLE_GL_SCANOUT", "1", TRUE);
        gboolean on = TRUE;
        g_object_get(make_session().get(), "gl-scanout", &on, nullptr);
        g_assert_false(on);
        return;
    }
    g_test_trap_subprocess(nullptr, 0, GTestSubprocessFlags(0));
    g_test_trap_assert_passed();
}

void test_channel_kinds() {
    auto session = make_session();
    const char *names[] = {"main", "display", "inputs", "cursor", "playback", "record",
                           "tunnel", "smartcard", "usbredir", "port", "webdav"};
    for (int i = 0; i < 11; ++i) {
        g_assert_cmpstr(spice_channel_type_to_string(i + 1), ==, names[i]);
        g_assert_cmpint(spice_channel_string_to_type(names[i]), ==, i + 1);
    }
    for (const int type : {-1, 0, 12, G_MAXINT}) g_assert_cmpstr(spice_channel_type_to_string(type), ==, "unknown");
    for (const char *name : {"", "unknown", "Main", "main "}) g_assert_cmpint(spice_channel_string_to_type(name), ==, -1);
    for (const int type : {int{SPICE_CHANNEL_TUNNEL}, 0, 99}) g_assert_null(spice_channel_new(session.get(), type, 0));
    g_assert_null(spice_session_get_channels(session.get()));
}

void count(SpiceSession *, SpiceChannel *, gpointer n) { ++*static_cast<int *>(n); }

// Channels belong to the session, newest first; making one announces it.
void test_channel_objects() {
    auto session = make_session();
    int announced = 0, destroyed = 0;
    g_signal_connect(session.get(), "channel-new", G_CALLBACK(count), &announced);
    g_signal_connect(session.get(), "channel-destroy", G_CALLBACK(count), &destroyed);
    auto *display = spice_channel_new(session.get(), SPICE_CHANNEL_DISPLAY, 3);
    auto *cursor = spice_channel_new(session.get(), SPICE_CHANNEL_CURSOR, 0);
    g_assert_cmpint(announced, ==, 2);
    auto *list = spice_session_get_channels(session.get());
    g_assert_true(list->data == cursor && list->next->data == display && !list->next->next);
    g_list_free(list);
    g_assert_true(spice_session_has_channel_type(session.get(), SPICE_CHANNEL_CURSOR));

    SpiceSession *owner = nullptr;
    int type = 0, id = 0;
    GSocket *socket = nullptr;
    g_object_get(display, "spice-session", &owner, "channel-type", &type, "channel-id", &id, "socket", &socket, nullptr);
    g_assert_true(owner == session.get() && type == SPICE_CHANNEL_DISPLAY && id == 3 && !socket);
    g_object_unref(owner);

    auto kept = Ref<SpiceChannel>::share(cursor);
    session = {};
    g_assert_cmpint(destroyed, ==, 2);
    g_object_get(cursor, "spice-session", &owner, nullptr);
    g_assert_null(owner);
    expect_warning("*without a session*");
    g_assert_false(spice_channel_connect(cursor));
    g_test_assert_expected_messages();
}

// What getters say before any connection.
void test_unconnected() {
    auto session = make_session();
    auto *channel = spice_channel_new(session.get(), SPICE_CHANNEL_DISPLAY, 0);
    auto *display = SPICE_DISPLAY_CHANNEL(channel);
    SpiceDisplayPrimary primary{};
    GError *error = nullptr;
    const int mjpeg = SPICE_VIDEO_CODEC_TYPE_MJPEG, unknown = 77;
    g_assert_false(spice_channel_test_capability(channel, 0));
    g_assert_false(spice_channel_test_common_capability(channel, 1000));
    g_assert_null(spice_channel_get_error(channel));
    g_assert_false(spice_display_channel_get_primary(channel, 0, &primary));
    g_assert_null(spice_display_channel_get_gl_scanout(display));
    spice_display_channel_change_preferred_compression(channel, SPICE_IMAGE_COMPRESSION_LZ);
    for (const auto *codec : {&mjpeg, &unknown}) {
        g_assert_false(spice_display_channel_change_preferred_video_codec_types(channel, codec, 1, &error));
        g_assert_error(error, SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED);
        g_clear_error(&error);
    }
    GArray *monitors = nullptr;
    guint width = 1, max = 0;
    g_object_get(channel, "monitors", &monitors, "monitors-max", &max, "width", &width, nullptr);
    g_assert_cmpuint(monitors->len, ==, 0);
    g_array_unref(monitors);
    g_assert_cmpuint(max, ==, 1);
    g_assert_cmpuint(width, ==, 0);
    spice_channel_disconnect(channel, SPICE_CHANNEL_NONE);

    auto *inputs = SPICE_INPUTS_CHANNEL(spice_channel_new(session.get(), SPICE_CHANNEL_INPUTS, 0));
    spice_inputs_channel_key_press_and_release(inputs, 30);
    spice_inputs_channel_set_key_locks(inputs, SPICE_INPUTS_CAPS_LOCK);
}

void test_main_effects() {
    auto session = make_session();
    const char *effects[] = {"animation", "font-smooth", nullptr};
    g_object_set(session.get(), "disable-effects", effects, nullptr);
    auto *channel = spice_channel_new(session.get(), SPICE_CHANNEL_MAIN, 0);
    gboolean wallpaper = TRUE, smooth = FALSE, animation = FALSE;
    guint depth = 0;
    int clipboard = 0;
    g_object_get(channel, "disable-wallpaper", &wallpaper, "disable-font-smooth", &smooth, "disable-animation",
                 &animation, "color-depth", &depth, "max-clipboard", &clipboard, nullptr);
    g_assert_true(!wallpaper && smooth && animation);
    g_assert_cmpuint(depth, ==, 32);
    g_assert_cmpint(clipboard, ==, 104857600);
    g_setenv("SPICE_MAX_CLIPBOARD", "-1", TRUE);
    g_object_get(channel, "max-clipboard", &clipboard, nullptr);
    g_unsetenv("SPICE_MAX_CLIPBOARD");
    g_assert_cmpint(clipboard, ==, -1);
}

void test_utilities() {
    g_assert_cmpstr(spice_util_get_version_string(), ==, "0.42");
    g_assert_true(SPICE_GTK_CHECK_VERSION(0, 42, 0) && SPICE_GTK_CHECK_VERSION(0, 41, 9));
    g_assert_false(SPICE_GTK_CHECK_VERSION(0, 42, 1) || SPICE_GTK_CHECK_VERSION(1, 0, 0));
    guint8 uuid[16];
    for (guint8 i = 0; i < 16; ++i) uuid[i] = static_cast<guint8>(i * 17);
    spice::StrPtr written{spice_uuid_to_string(uuid)};
    g_assert_cmpstr(written.get(), ==, "00112233-4455-6677-8899-aabbccddeeff");
    spice_util_set_debug(TRUE);
    g_assert_true(spice_util_get_debug());
    spice_util_set_debug(FALSE);
    g_assert_false(spice_util_get_debug());
}

void swapped(int *calls) { ++*calls; }

void test_connect_object() {
    int calls = 0;
    auto source = Ref<GObject>::take(G_OBJECT(g_object_new(SPICE_TYPE_URI, nullptr)));
    auto target = Ref<GObject>::take(G_OBJECT(g_object_new(SPICE_TYPE_URI, nullptr)));
    g_object_set_data(target.get(), "calls", &calls);
    const auto handler = +[](GObject *self) { swapped(static_cast<int *>(g_object_get_data(self, "calls"))); };
    g_assert_cmpuint(spice_g_signal_connect_object(source.get(), "notify::port", G_CALLBACK(handler), target.get(),
                                                   G_CONNECT_SWAPPED), !=, 0);
    g_object_set(source.get(), "port", 1u, nullptr);
    g_assert_cmpint(calls, ==, 1);
    target = {};
    g_object_set(source.get(), "port", 2u, nullptr);
    g_assert_cmpint(calls, ==, 1);
}

}

int main(int argc, char **argv) {
    g_unsetenv("SPICE_PROXY");
    g_unsetenv("SPICE_DISABLE_GL_SCANOUT");
    g_unsetenv("SPICE_MAX_CLIPBOARD");
    g_setenv("XDG_CONFIG_HOME", "/nonexistent", TRUE); // no folders of the user's
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/session/gl-scanout-from-environment", test_gl_scanout_from_environment);
    g_test_add_func("/session/defaults", test_defaults);
    g_test_add_func("/session/uri", test_uri);
    g_test_add_func("/session/verify", test_verify);
    g_test_add_func("/session/lists-and-numbers", test_lists_and_numbers);
    g_test_add_func("/session/proxy", test_proxy);
    g_test_add_func("/session/proxy-from-environment", test_proxy_from_environment);
    g_test_add_func("/session/channel-kinds", test_channel_kinds);
    g_test_add_func("/session/channel-objects", test_channel_objects);
    g_test_add_func("/session/unconnected", test_unconnected);
    g_test_add_func("/session/main-effects", test_main_effects);
    g_test_add_func("/session/utilities", test_utilities);
    g_test_add_func("/session/connect-object", test_connect_object);
    return g_test_run();
}
