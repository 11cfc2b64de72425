// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "spice-client.h"

#include "base/glib/glib-ptr.hh"
#include "base/log.hh"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/**
 * SECTION:spice-option
 * @title: Options
 * @short_description: command line options for sessions
 */

namespace {

using spice::StrPtr;
using spice::StrvPtr;

// What the command line said; for every session of the process.
struct Given {
    StrvPtr secure_channels, disable_effects, smartcard_certificates;
    std::optional<std::string> ca_file, host_subject, smartcard_db, shared_dir;
    int cache_size = -1, glz_window_size = -1; // -1: not given
    std::optional<SpiceImageCompression> compression;
    std::optional<std::string> usb_auto_filter, usb_connect_filter;
    std::vector<std::string> shared_cds;
    bool cds_shared = false; // they go to the first session that there is
    bool disable_audio = false, disable_usbredir = false, smartcard = false;
};

Given &given() {
    static auto *values = new Given; // never destroyed: sessions may be made until the very end
    return *values;
}

// For option --spice-NAME. False: the text is not valid.
using Take = bool (*)(Given &, const char *text);

gboolean take(Take function, const gchar *option, const gchar *text, GError **error) {
    if (function(given(), text)) return TRUE;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "“%s” is not valid for %s", text ? text : "", option);
    return FALSE;
}

template <Take function> gboolean parse(const gchar *option, const gchar *text, gpointer, GError **error) noexcept {
    return take(function, option, text, error);
}

template <class Known> bool take_list(StrvPtr &slot, const char *text, Known known) {
    StrvPtr words{g_strsplit(text, ",", -1)};
    for (auto *word = words.get(); *word; ++word)
        if (!known(*word)) return false;
    slot = std::move(words);
    return true;
}

bool secure_channels(Given &g, const char *text) {
    return take_list(g.secure_channels, text, [](const char *word) {
        return g_str_equal(word, "all") || spice_channel_string_to_type(word) != -1;
    });
}
bool disable_effects(Given &g, const char *text) {
    return take_list(g.disable_effects, text, [](std::string_view word) {
        constexpr std::string_view effects[] = {"wallpaper", "font-smooth", "animation", "all"};
        return std::find(std::begin(effects), std::end(effects), word) != std::end(effects);
    });
}
bool smartcard_certificates(Given &g, const char *text) {
    return take_list(g.smartcard_certificates, text, [](const char *) { return true; });
}

bool preferred_compression(Given &g, const char *text) {
    constexpr std::pair<std::string_view, SpiceImageCompression> names[] = {
        {"auto-glz", SPICE_IMAGE_COMPRESSION_AUTO_GLZ}, {"auto-lz", SPICE_IMAGE_COMPRESSION_AUTO_LZ},
        {"quic", SPICE_IMAGE_COMPRESSION_QUIC},         {"glz", SPICE_IMAGE_COMPRESSION_GLZ},
        {"lz", SPICE_IMAGE_COMPRESSION_LZ},             {"lz4", SPICE_IMAGE_COMPRESSION_LZ4},
        {"off", SPICE_IMAGE_COMPRESSION_OFF},
    };
    const std::string_view wanted = text;
    const auto found = std::find_if(std::begin(names), std::end(names), [&](const auto &n) { return n.first == wanted; });
    if (found == std::end(names)) return false;
    g.compression = found->second;
    return true;
}

template <std::optional<std::string> Given::*slot> bool text_option(Given &g, const char *text) {
    return (g.*slot = text), true;
}
bool share_cd(Given &g, const char *text) { return g.shared_cds.emplace_back(text), true; }
template <bool Given::*slot> bool switch_option(Given &g, const char *) { return (g.*slot = true), true; }

bool color_depth(Given &, const char *) {
    spice::log::warn("--spice-color-depth has no effect");
    return true;
}
bool debug(Given &, const char *) { return spice_util_set_debug(TRUE), true; }
bool version(Given &, const char *) {
    g_print("spice-gtk %s\n", spice_util_get_version_string());
    std::exit(EXIT_SUCCESS);
}

template <Take function>
GOptionEntry entry(const char *name, const char *about, const char *argument, int flags = 0) {
    return {name, 0, flags | (argument ? 0 : G_OPTION_FLAG_NO_ARG), G_OPTION_ARG_CALLBACK,
            reinterpret_cast<gpointer>(parse<function>), about, argument};
}

GOptionEntry number_entry(const char *name, const char *about, int &slot) {
    return {name, 0, 0, G_OPTION_ARG_INT, &slot, about, "BYTES"};
}

void set_strv(SpiceSession *session, const char *property, const StrvPtr &value) {
    if (value) g_object_set(session, property, value.get(), nullptr);
}
void set_text(SpiceSession *session, const char *property, const std::optional<std::string> &value) {
    if (value) g_object_set(session, property, value->c_str(), nullptr);
}
void set_number(SpiceSession *session, const char *property, int value) {
    if (value >= 0) g_object_set(session, property, value, nullptr);
}

void set_ca_file(SpiceSession *session, const Given &values) {
    if (values.ca_file) return set_text(session, "ca-file", values.ca_file);
    const char *home = g_getenv("HOME");
    StrPtr store{g_build_filename(home ? home : g_get_home_dir(), ".spicec", "spice_truststore.pem", nullptr)};
    if (g_file_test(store.get(), G_FILE_TEST_IS_REGULAR)) g_object_set(session, "ca-file", store.get(), nullptr);
}

}

namespace {

void share_cds(SpiceUsbDeviceManager *manager, Given &values) {
    if (std::exchange(values.cds_shared, true)) return;
    for (auto &file : values.shared_cds) {
        GError *raw = nullptr;
        if (spice_usb_device_manager_create_shared_cd_device(manager, file.data(), &raw)) continue;
        spice::GErrorPtr error{raw};
        spice::log::warn("%s", error->message);
    }
}

// The manager is made only when an option is about it.
void set_usb_options(SpiceSession *session, Given &values) {
    const bool cds = !values.shared_cds.empty() && !values.cds_shared;
    if (!values.usb_auto_filter && !values.usb_connect_filter && !cds) return;
    GError *raw = nullptr;
    auto *manager = spice_usb_device_manager_get(session, &raw);
    spice::GErrorPtr error{raw};
    if (!manager) return spice::log::warn("%s", error->message);
    const auto set = [&](const char *property, const std::optional<std::string> &value) {
        if (value) g_object_set(manager, property, value->c_str(), nullptr);
    };
    set("auto-connect-filter", values.usb_auto_filter);
    set("redirect-on-connect", values.usb_connect_filter);
    if (cds) share_cds(manager, values);
}

}

/**
 * spice_get_option_group:
 *
 * Makes a group of command line options, all of which begin with `--spice-`. Add it to a #GOptionContext with
 * g_option_context_add_group(), which takes it over.
 *
 * Returns: (transfer full): the options
 */
GOptionGroup *spice_get_option_group() {
    const GOptionEntry entries[] = {
        entry<secure_channels>("spice-secure-channels", "Encrypt these channels", "main,display,…|all"),
        entry<disable_effects>("spice-disable-effects", "Ask the guest to do without these effects",
                               "wallpaper,font-smooth,animation|all"),
        entry<color_depth>("spice-color-depth", "Has no effect", "16|32", G_OPTION_FLAG_HIDDEN),
        entry<text_option<&Given::ca_file>>("spice-ca-file", "Certificates of trusted authorities", "FILE"),
        entry<text_option<&Given::host_subject>>("spice-host-subject", "Subject of the server's certificate", "SUBJECT"),
        entry<switch_option<&Given::disable_audio>>("spice-disable-audio", "Do without audio", nullptr),
        entry<switch_option<&Given::disable_usbredir>>("spice-disable-usbredir", "Do without USB redirection", nullptr),
        entry<switch_option<&Given::smartcard>>("spice-smartcard", "Share smartcards", nullptr),
        entry<smartcard_certificates>("spice-smartcard-certificates", "Certificates of a software smartcard",
                                      "NAME,NAME,NAME"),
        entry<text_option<&Given::smartcard_db>>("spice-smartcard-db", "Where these certificates are", "PATH"),
        entry<text_option<&Given::usb_auto_filter>>("spice-usbredir-auto-redirect-filter",
                                                    "USB devices that go to the guest when plugged in", "RULES"),
        entry<text_option<&Given::usb_connect_filter>>("spice-usbredir-redirect-on-connect",
                                                       "USB devices that go to the guest on connecting", "RULES"),
        entry<share_cd>("spice-share-cd", "File to share as a USB CD, may be given repeatedly", "FILE"),
        number_entry("spice-cache-size", "Size of the image cache", given().cache_size),
        number_entry("spice-glz-window-size", "Size of the compression window", given().glz_window_size),
        entry<text_option<&Given::shared_dir>>("spice-shared-dir", "Folder to share with the guest", "FOLDER"),
        entry<preferred_compression>("spice-preferred-compression", "Compression to prefer for images",
                                     "auto-glz|auto-lz|quic|glz|lz|lz4|off"),
        entry<debug>("spice-debug", "Write debug messages", nullptr),
        entry<version>("spice-gtk-version", "Write the version of the interface and exit", nullptr),
        {nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr},
    };
    auto *group = g_option_group_new("spice", "SPICE options:", "Show SPICE options", nullptr, nullptr);
    g_option_group_add_entries(group, entries);
    return group;
}

/**
 * spice_set_session_option:
 * @session: a #SpiceSession
 *
 * Sets the properties of a session that options of spice_get_option_group() were given for.
 */
void spice_set_session_option(SpiceSession *session) {
    g_return_if_fail(SPICE_IS_SESSION(session));
    auto &values = given();
    set_usb_options(session, values);
    set_ca_file(session, values);
    set_text(session, "cert-subject", values.host_subject);
    set_strv(session, "secure-channels", values.secure_channels);
    set_strv(session, "disable-effects", values.disable_effects);
    set_number(session, "cache-size", values.cache_size);
    set_number(session, "glz-window-size", values.glz_window_size);
    set_text(session, "shared-dir", values.shared_dir);
    if (values.compression)
        g_object_set(session, "preferred-compression", static_cast<int>(*values.compression), nullptr);
    if (values.disable_audio) g_object_set(session, "enable-audio", FALSE, nullptr);
    if (values.disable_usbredir) g_object_set(session, "enable-usbredir", FALSE, nullptr);
    if (!values.smartcard) return;
    g_object_set(session, "enable-smartcard", TRUE, nullptr);
    set_strv(session, "smartcard-certificates", values.smartcard_certificates);
    set_text(session, "smartcard-db", values.smartcard_db);
}
