// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "spice-client.h"

#include "class-tables.hh"

#include <cstddef>
#include <limits>
#include <set>
#include <string>

namespace {

// Layouts are compiled into existing programs.
#define LAYOUT(type, size) static_assert(sizeof(type) == (size))
#define MEMBER(type, member, offset) static_assert(offsetof(type, member) == (offset))
#if defined(__x86_64__)
LAYOUT(SpiceSession, 32);
MEMBER(SpiceSession, priv, 24);
LAYOUT(SpiceSessionClass, 232);
MEMBER(SpiceSessionClass, channel_new, 136);
MEMBER(SpiceSessionClass, channel_destroy, 144);
LAYOUT(SpiceChannel, 32);
MEMBER(SpiceChannel, priv, 24);
LAYOUT(SpiceChannelClass, 288);
MEMBER(SpiceChannelClass, channel_event, 136);
MEMBER(SpiceChannelClass, open_fd, 144);
MEMBER(SpiceChannelClass, handle_msg, 152);
MEMBER(SpiceChannelClass, channel_up, 160);
MEMBER(SpiceChannelClass, iterate_write, 168);
MEMBER(SpiceChannelClass, iterate_read, 176);
MEMBER(SpiceChannelClass, channel_reset, 192);
MEMBER(SpiceChannelClass, channel_send_migration_handshake, 208);
MEMBER(SpiceChannelClass, priv, 216);
LAYOUT(SpiceMainChannel, 40);
MEMBER(SpiceMainChannel, priv, 32);
LAYOUT(SpiceMainChannelClass, 304);
MEMBER(SpiceMainChannelClass, mouse_update, 288);
MEMBER(SpiceMainChannelClass, agent_update, 296);
LAYOUT(SpiceDisplayChannel, 40);
MEMBER(SpiceDisplayChannel, priv, 32);
LAYOUT(SpiceDisplayChannelClass, 320);
MEMBER(SpiceDisplayChannelClass, display_primary_create, 288);
MEMBER(SpiceDisplayChannelClass, display_primary_destroy, 296);
MEMBER(SpiceDisplayChannelClass, display_invalidate, 304);
MEMBER(SpiceDisplayChannelClass, display_mark, 312);
LAYOUT(SpiceInputsChannel, 40);
LAYOUT(SpiceInputsChannelClass, 296);
MEMBER(SpiceInputsChannelClass, inputs_modifiers, 288);
LAYOUT(SpiceAudio, 32);
LAYOUT(SpiceAudioClass, 224);
MEMBER(SpiceAudioClass, _spice_reserved, 176);
LAYOUT(SpicePlaybackChannel, 40);
LAYOUT(SpicePlaybackChannelClass, 312);
MEMBER(SpicePlaybackChannelClass, playback_data, 296);
LAYOUT(SpiceRecordChannel, 40);
LAYOUT(SpiceRecordChannelClass, 312);
MEMBER(SpiceRecordChannelClass, record_stop, 304);
LAYOUT(SpicePortChannel, 40);
MEMBER(SpicePortChannel, priv, 32);
LAYOUT(SpicePortChannelClass, 288);
LAYOUT(SpiceQmpStatus, 24);
MEMBER(SpiceQmpStatus, status, 16);
LAYOUT(SpiceCursorChannel, 40);
LAYOUT(SpiceCursorChannelClass, 320);
MEMBER(SpiceCursorChannelClass, cursor_set, 288);
MEMBER(SpiceCursorChannelClass, cursor_move, 296);
MEMBER(SpiceCursorChannelClass, cursor_hide, 304);
MEMBER(SpiceCursorChannelClass, cursor_reset, 312);
LAYOUT(SpiceUsbDeviceManager, 32);
MEMBER(SpiceUsbDeviceManager, priv, 24);
LAYOUT(SpiceUsbDeviceManagerClass, 248);
MEMBER(SpiceUsbDeviceManagerClass, device_added, 136);
MEMBER(SpiceUsbDeviceManagerClass, device_error, 160);
LAYOUT(SpiceUsbredirChannel, 40);
LAYOUT(SpiceUsbredirChannelClass, 288);
LAYOUT(SpiceSmartcardManager, 32);
LAYOUT(SpiceSmartcardManagerClass, 248);
MEMBER(SpiceSmartcardManagerClass, reader_added, 136);
MEMBER(SpiceSmartcardManagerClass, card_removed, 160);
LAYOUT(SpiceSmartcardChannel, 40);
LAYOUT(SpiceSmartcardChannelClass, 288);
LAYOUT(SpiceDisplayPrimary, 40);
MEMBER(SpiceDisplayPrimary, width, 4);
MEMBER(SpiceDisplayPrimary, stride, 12);
MEMBER(SpiceDisplayPrimary, shmid, 16);
MEMBER(SpiceDisplayPrimary, data, 24);
MEMBER(SpiceDisplayPrimary, marked, 32);
LAYOUT(SpiceDisplayMonitorConfig, 24);
MEMBER(SpiceDisplayMonitorConfig, surface_id, 4);
MEMBER(SpiceDisplayMonitorConfig, height, 20);
LAYOUT(SpiceGlScanout, 24);
MEMBER(SpiceGlScanout, format, 16);
MEMBER(SpiceGlScanout, y0top, 20);
LAYOUT(SpiceCursorShape, 24);
MEMBER(SpiceCursorShape, hot_spot_y, 10);
MEMBER(SpiceCursorShape, data, 16);
#endif

struct TypeRow {
    const char *name, *parent;
    GType (*get_type)();
};

const TypeRow types[] = {
    {"SpiceSession", "GObject", spice_session_get_type},
    {"SpiceChannel", "GObject", spice_channel_get_type},
    {"SpiceMainChannel", "SpiceChannel", spice_main_channel_get_type},
    {"SpiceFileTransferTask", "GObject", spice_file_transfer_task_get_type},
    {"SpiceDisplayChannel", "SpiceChannel", spice_display_channel_get_type},
    {"SpiceInputsChannel", "SpiceChannel", spice_inputs_channel_get_type},
    {"SpiceCursorChannel", "SpiceChannel", spice_cursor_channel_get_type},
    {"SpiceUsbredirChannel", "SpiceChannel", spice_usbredir_channel_get_type},
    {"SpiceUsbDeviceManager", "GObject", spice_usb_device_manager_get_type},
    {"SpiceUsbDevice", "GBoxed", spice_usb_device_get_type},
    {"SpicePortChannel", "SpiceChannel", spice_port_channel_get_type},
    {"SpiceWebdavChannel", "SpicePortChannel", spice_webdav_channel_get_type},
    {"SpiceAudio", "GObject", spice_audio_get_type},
    {"SpicePlaybackChannel", "SpiceChannel", spice_playback_channel_get_type},
    {"SpiceRecordChannel", "SpiceChannel", spice_record_channel_get_type},
    {"SpiceQmpPort", "GObject", spice_qmp_port_get_type},
    {"SpiceQmpStatus", "GBoxed", spice_qmp_status_get_type},
    {"SpiceSmartcardChannel", "SpiceChannel", spice_smartcard_channel_get_type},
    {"SpiceSmartcardManager", "GObject", spice_smartcard_manager_get_type},
    {"VReader", "GBoxed", spice_smartcard_reader_get_type},
    {"SpiceURI", "GObject", spice_uri_get_type},
    {"SpiceCursorShape", "GBoxed", spice_cursor_shape_get_type},
    {"SpiceGlScanout", "GBoxed", spice_gl_scanout_get_type},
    {"SpiceChannelEvent", "GEnum", spice_channel_event_get_type},
    {"SpiceSessionMigration", "GEnum", spice_session_migration_get_type},
    {"SpiceSessionVerify", "GFlags", spice_session_verify_get_type},
    {"SpiceInputsLock", "GFlags", spice_inputs_lock_get_type},
};

void expect_same(const std::string &got, const char *wanted) { g_assert_cmpstr(got.c_str(), ==, wanted); }

void test_types() {
    for (const auto &row : types) {
        g_assert_cmpstr(g_type_name(row.get_type()), ==, row.name);
        g_assert_cmpstr(g_type_name(g_type_parent(row.get_type())), ==, row.parent);
        g_assert_cmpuint(g_type_from_name(row.name), ==, row.get_type());
    }
}

std::string flag_letters(GParamFlags flags) {
    std::string letters;
    const auto add = [&](int bit, const char *text) {
        if (flags & bit) letters += letters.empty() ? text : std::string{" "} + text;
    };
    add(G_PARAM_READABLE, "R");
    add(G_PARAM_WRITABLE, "W");
    add(G_PARAM_CONSTRUCT, "C");
    add(G_PARAM_CONSTRUCT_ONLY, "CO");
    add(static_cast<int>(G_PARAM_DEPRECATED), "D");
    return letters;
}

std::string range_of(GParamSpec *spec) {
    const auto range = [](auto low, auto high) { return std::to_string(low) + ".." + std::to_string(high); };
    if (G_IS_PARAM_SPEC_INT(spec)) return range(G_PARAM_SPEC_INT(spec)->minimum, G_PARAM_SPEC_INT(spec)->maximum);
    if (G_IS_PARAM_SPEC_UINT(spec)) return range(G_PARAM_SPEC_UINT(spec)->minimum, G_PARAM_SPEC_UINT(spec)->maximum);
    if (G_IS_PARAM_SPEC_ULONG(spec)) return range(G_PARAM_SPEC_ULONG(spec)->minimum, G_PARAM_SPEC_ULONG(spec)->maximum);
    return "";
}

std::string default_of(GParamSpec *spec) {
    auto *text = g_strdup_value_contents(g_param_spec_get_default_value(spec));
    std::string value = text;
    g_free(text);
    if (!value.starts_with("((")) return value;
    const auto name = value.find(") ") + 2; // "((Type) VALUE)"
    return value.substr(name, value.size() - name - 1);
}

GObjectClass *class_of(const char *name) { return G_OBJECT_CLASS(g_type_class_ref(g_type_from_name(name))); }

void test_properties() {
    std::set<std::string> expected;
    for (const auto &row : property_rows) {
        expected.insert(std::string{row.owner} + ":" + row.name);
        auto *klass = class_of(row.owner);
        auto *spec = g_object_class_find_property(klass, row.name);
        if (!spec) g_error("%s has no property %s", row.owner, row.name);
        g_assert_cmpstr(g_type_name(spec->value_type), ==, row.type);
        expect_same(flag_letters(spec->flags), row.flags);
        expect_same(default_of(spec), row.initial);
        expect_same(range_of(spec), row.range);
        g_type_class_unref(klass);
    }
    for (const auto &row : types) { // nothing is there that the table does not know
        if (!g_type_is_a(row.get_type(), G_TYPE_OBJECT)) continue;
        auto *klass = class_of(row.name);
        guint n = 0;
        auto **specs = g_object_class_list_properties(klass, &n);
        for (guint i = 0; i < n; ++i)
            g_assert_true(expected.count(std::string{g_type_name(specs[i]->owner_type)} + ":" + specs[i]->name) == 1);
        g_free(specs);
        g_type_class_unref(klass);
    }
}

std::string signal_flags(GSignalFlags flags) {
    std::string text;
    const auto add = [&](int bit, const char *name) {
        if (flags & bit) text += text.empty() ? name : std::string{", "} + name;
    };
    add(G_SIGNAL_RUN_FIRST, "run-first");
    add(G_SIGNAL_RUN_LAST, "run-last");
    add(G_SIGNAL_DETAILED, "detailed");
    add(G_SIGNAL_ACTION, "action");
    add(G_SIGNAL_DEPRECATED, "deprecated");
    return text;
}

void test_signals() {
    std::size_t found = 0;
    for (const auto &row : signal_rows) {
        auto *klass = class_of(row.owner);
        GSignalQuery query{};
        g_signal_query(g_signal_lookup(row.name, g_type_from_name(row.owner)), &query);
        if (query.signal_id == 0) g_error("%s has no signal %s", row.owner, row.name);
        g_assert_cmpstr(g_type_name(query.itype), ==, row.owner);
        std::string parameters;
        for (guint i = 0; i < query.n_params; ++i)
            parameters += (i ? ", " : "") + std::string{g_type_name(query.param_types[i])};
        g_assert_cmpstr(parameters.c_str(), ==, row.parameters);
        g_assert_cmpstr(g_type_name(query.return_type), ==, row.result);
        expect_same(signal_flags(query.signal_flags), row.flags);
        g_type_class_unref(klass);
    }
    for (const auto &row : types) {
        if (!g_type_is_a(row.get_type(), G_TYPE_OBJECT)) continue;
        guint n = 0;
        g_free(g_signal_list_ids(row.get_type(), &n));
        found += n;
    }
    g_assert_cmpuint(found, ==, G_N_ELEMENTS(signal_rows)); // and no others
}

struct ValueRow {
    const char *type, *name, *nick;
    int value;
};

const ValueRow values[] = {
    {"SpiceChannelEvent", "SPICE_CHANNEL_NONE", "none", 0},
    {"SpiceChannelEvent", "SPICE_CHANNEL_OPENED", "opened", 10},
    {"SpiceChannelEvent", "SPICE_CHANNEL_SWITCHING", "switching", 11},
    {"SpiceChannelEvent", "SPICE_CHANNEL_CLOSED", "closed", 12},
    {"SpiceChannelEvent", "SPICE_CHANNEL_ERROR_CONNECT", "error-connect", 20},
    {"SpiceChannelEvent", "SPICE_CHANNEL_ERROR_TLS", "error-tls", 21},
    {"SpiceChannelEvent", "SPICE_CHANNEL_ERROR_LINK", "error-link", 22},
    {"SpiceChannelEvent", "SPICE_CHANNEL_ERROR_AUTH", "error-auth", 23},
    {"SpiceChannelEvent", "SPICE_CHANNEL_ERROR_IO", "error-io", 24},
    {"SpiceInputsLock", "SPICE_INPUTS_SCROLL_LOCK", "scroll-lock", 1},
    {"SpiceInputsLock", "SPICE_INPUTS_NUM_LOCK", "num-lock", 2},
    {"SpiceInputsLock", "SPICE_INPUTS_CAPS_LOCK", "caps-lock", 4},
    {"SpiceSessionVerify", "SPICE_SESSION_VERIFY_PUBKEY", "pubkey", 1},
    {"SpiceSessionVerify", "SPICE_SESSION_VERIFY_HOSTNAME", "hostname", 2},
    {"SpiceSessionVerify", "SPICE_SESSION_VERIFY_SUBJECT", "subject", 4},
    {"SpiceSessionMigration", "SPICE_SESSION_MIGRATION_NONE", "none", 0},
    {"SpiceSessionMigration", "SPICE_SESSION_MIGRATION_SWITCHING", "switching", 1},
    {"SpiceSessionMigration", "SPICE_SESSION_MIGRATION_MIGRATING", "migrating", 2},
    {"SpiceSessionMigration", "SPICE_SESSION_MIGRATION_CONNECTING", "connecting", 3},
    {"SpiceImageCompress", "SPICE_IMAGE_COMPRESSION_INVALID", "invalid", 0},
    {"SpiceImageCompress", "SPICE_IMAGE_COMPRESSION_OFF", "off", 1},
    {"SpiceImageCompress", "SPICE_IMAGE_COMPRESSION_AUTO_GLZ", "auto-glz", 2},
    {"SpiceImageCompress", "SPICE_IMAGE_COMPRESSION_AUTO_LZ", "auto-lz", 3},
    {"SpiceImageCompress", "SPICE_IMAGE_COMPRESSION_QUIC", "quic", 4},
    {"SpiceImageCompress", "SPICE_IMAGE_COMPRESSION_GLZ", "glz", 5},
    {"SpiceImageCompress", "SPICE_IMAGE_COMPRESSION_LZ", "lz", 6},
    {"SpiceImageCompress", "SPICE_IMAGE_COMPRESSION_LZ4", "lz4", 7},
};

void test_values() {
    g_type_class_unref(class_of("SpiceSession")); // registers SpiceImageCompress
    std::size_t count = 0;
    std::set<std::string> seen;
    for (const auto &row : values) {
        auto *klass = g_type_class_ref(g_type_from_name(row.type));
        const bool first = seen.insert(row.type).second;
        if (G_IS_ENUM_CLASS(klass)) {
            const auto *value = g_enum_get_value(G_ENUM_CLASS(klass), row.value);
            g_assert_cmpstr(value->value_name, ==, row.name);
            g_assert_cmpstr(value->value_nick, ==, row.nick);
            if (first) count += G_ENUM_CLASS(klass)->n_values;
        } else {
            const auto *value = g_flags_get_value_by_name(G_FLAGS_CLASS(klass), row.name);
            g_assert_cmpuint(value->value, ==, static_cast<guint>(row.value));
            g_assert_cmpstr(value->value_nick, ==, row.nick);
            if (first) count += G_FLAGS_CLASS(klass)->n_values;
        }
        g_type_class_unref(klass);
    }
    g_assert_cmpuint(count, ==, G_N_ELEMENTS(values));
    g_assert_cmpint(SPICE_CLIENT_ERROR_FAILED, ==, 0);
    g_assert_cmpint(SPICE_CLIENT_ERROR_AUTH_NEEDS_PASSWORD, ==, 3);
    g_assert_cmpint(SPICE_CLIENT_ERROR_USB_SERVICE, ==, 6);
    g_assert_cmpint(SPICE_CLIENT_USB_DEVICE_LOST, ==, 2);
    g_assert_cmpstr(g_quark_to_string(SPICE_CLIENT_ERROR), ==, "spice-client-error-quark");
}

void test_boxed() {
    guint32 pixels[2] = {1, 2};
    SpiceCursorShape shape{};
    shape.width = 2;
    shape.height = 1;
    shape.data = pixels;
    auto *copy = static_cast<SpiceCursorShape *>(g_boxed_copy(SPICE_TYPE_CURSOR_SHAPE, &shape));
    g_assert_true(copy->data != shape.data);
    g_assert_cmpmem(copy->data, 8, pixels, 8);
    g_boxed_free(SPICE_TYPE_CURSOR_SHAPE, copy);

    SpiceGlScanout none{};
    none.fd = -1;
    auto *same = static_cast<SpiceGlScanout *>(g_boxed_copy(SPICE_TYPE_GL_SCANOUT, &none));
    g_assert_cmpint(same->fd, ==, -1);
    spice_gl_scanout_free(same);
}

}

int main(int argc, char **argv) {
    g_setenv("XDG_CONFIG_HOME", "/nonexistent", TRUE); // a user's public folder would be a default
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/types/names", test_types);
    g_test_add_func("/types/properties", test_properties);
    g_test_add_func("/types/signals", test_signals);
    g_test_add_func("/types/values", test_values);
    g_test_add_func("/types/boxed", test_boxed);
    return g_test_run();
}
