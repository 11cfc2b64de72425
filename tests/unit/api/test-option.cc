// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// Values of options live as long as the process, so each case runs in one of its own.
#include "spice-client.h"

#include "base/glib/glib-ptr.hh"

#include <string>
#include <vector>

namespace {

struct Case {
    const char *name;
    std::vector<const char *> arguments;
    const char *property; // null: must be refused
    const char *value;    // as g_strdup_value_contents() writes it
    int code = 0;         // of the GOptionError
};

const Case cases[] = {
    {"nothing", {}, "cache-size", "0"},
    {"secure", {"--spice-secure-channels=main,inputs"}, "secure-channels", "[\"main\", \"inputs\"]"},
    {"secure-all", {"--spice-secure-channels", "main,all"}, "secure-channels", "[\"main\", \"all\"]"},
    {"secure-last", {"--spice-secure-channels=main", "--spice-secure-channels=cursor"}, "secure-channels", "[\"cursor\"]"},
    {"secure-unknown", {"--spice-secure-channels=main,foo"}, nullptr, nullptr, G_OPTION_ERROR_FAILED},
    {"secure-semicolon", {"--spice-secure-channels=main;inputs"}, nullptr, nullptr, G_OPTION_ERROR_FAILED},
    {"secure-blank", {"--spice-secure-channels=main, inputs"}, nullptr, nullptr, G_OPTION_ERROR_FAILED},
    {"effects", {"--spice-disable-effects=wallpaper,animation"}, "disable-effects", "[\"wallpaper\", \"animation\"]"},
    {"effects-unknown", {"--spice-disable-effects=foo"}, nullptr, nullptr, G_OPTION_ERROR_FAILED},
    {"cache", {"--spice-cache-size=0x10"}, "cache-size", "16"},
    {"window", {"--spice-glz-window-size=7"}, "glz-window-size", "7"},
    {"cache-text", {"--spice-cache-size=abc"}, nullptr, nullptr, G_OPTION_ERROR_BAD_VALUE},
    {"window-huge", {"--spice-glz-window-size=999999999999"}, nullptr, nullptr, G_OPTION_ERROR_BAD_VALUE},
    {"compression", {"--spice-preferred-compression=lz4"}, "preferred-compression",
     "((SpiceImageCompress) SPICE_IMAGE_COMPRESSION_LZ4)"},
    {"compression-case", {"--spice-preferred-compression=LZ4"}, nullptr, nullptr, G_OPTION_ERROR_FAILED},
    {"subject", {"--spice-host-subject=CN=x"}, "cert-subject", "\"CN=x\""},
    {"ca", {"--spice-ca-file=/ca.pem"}, "ca-file", "\"/ca.pem\""},
    {"shared", {"--spice-shared-dir=/shared"}, "shared-dir", "\"/shared\""},
    {"usb-auto", {"--spice-usbredir-auto-redirect-filter=-1,-1,-1,-1,0"}, "auto-connect-filter", "\"-1,-1,-1,-1,0\""},
    {"usb-connect", {"--spice-usbredir-redirect-on-connect=0x08,-1,-1,-1,1"}, "redirect-on-connect",
     "\"0x08,-1,-1,-1,1\""},
    {"usb-none", {}, "redirect-on-connect", "NULL"},
    {"no-audio", {"--spice-disable-audio"}, "enable-audio", "FALSE"},
    {"no-usb", {"--spice-disable-usbredir"}, "enable-usbredir", "FALSE"},
    {"card", {"--spice-smartcard", "--spice-smartcard-certificates=a,b,c"}, "smartcard-certificates",
     "[\"a\", \"b\", \"c\"]"},
    {"card-alone", {"--spice-smartcard-certificates=a,b,c"}, "smartcard-certificates", "NULL"},
};

void run(const Case &row) {
    GError *error = nullptr;
    std::vector<char *> words{g_strdup("program")};
    for (const auto *word : row.arguments) words.push_back(g_strdup(word));
    auto *context = g_option_context_new(nullptr);
    g_option_context_add_group(context, spice_get_option_group());
    words.push_back(nullptr);
    auto **list = words.data();
    spice::StrvPtr copy{g_strdupv(list)};
    auto *argv = copy.release();
    const bool parsed = g_option_context_parse_strv(context, &argv, &error) != FALSE;
    g_strfreev(argv);
    for (auto *word : words) g_free(word);
    g_option_context_free(context);
    if (!row.property) {
        g_assert_error(error, G_OPTION_ERROR, row.code);
        g_clear_error(&error);
        return;
    }
    g_assert_no_error(error);
    g_assert_true(parsed);
    for (int i = 0; i < 2; ++i) { // for every session of the process
        auto session = spice::Ref<SpiceSession>::take(spice_session_new());
        spice_set_session_option(session.get());
        auto *object = G_OBJECT(session.get());
        if (!g_object_class_find_property(G_OBJECT_GET_CLASS(object), row.property))
            object = G_OBJECT(spice_usb_device_manager_get(session.get(), nullptr));
        GValue value = G_VALUE_INIT;
        g_object_get_property(object, row.property, &value);
        auto *text = g_strdup_value_contents(&value);
        g_assert_cmpstr(text, ==, row.value);
        g_free(text);
        g_value_unset(&value);
    }
}

void test_case(gconstpointer data) {
    if (g_test_subprocess()) return run(*static_cast<const Case *>(data));
    g_test_trap_subprocess(nullptr, 0, GTestSubprocessFlags(0));
    g_test_trap_assert_passed();
}

unsigned devices_of(SpiceSession *session) {
    auto *manager = spice_usb_device_manager_get(session, nullptr);
    while (g_main_context_iteration(nullptr, FALSE)) {}
    auto *list = spice_usb_device_manager_get_devices_with_filter(manager, "-1,0x2b23,0xcdcd,-1,1");
    const auto count = list->len;
    g_ptr_array_unref(list);
    return count;
}

// One drive for each file that can be shared, in the first session only.
void test_share_cd() {
    if (!g_test_subprocess()) {
        g_test_trap_subprocess(nullptr, 0, GTestSubprocessFlags(0));
        g_test_trap_assert_passed();
        g_test_trap_assert_stderr("*cannot share*nonexistent*");
        return;
    }
    g_log_set_always_fatal(G_LOG_LEVEL_ERROR);
    const char *arguments[] = {"program", "--spice-share-cd=/proc/self/exe", "--spice-share-cd=/nonexistent",
                               "--spice-share-cd=/proc/self/exe", nullptr};
    auto **copy = g_strdupv(const_cast<char **>(arguments));
    auto *context = g_option_context_new(nullptr);
    g_option_context_add_group(context, spice_get_option_group());
    g_assert_true(g_option_context_parse_strv(context, &copy, nullptr));
    g_strfreev(copy);
    g_option_context_free(context);
    for (const unsigned wanted : {2u, 0u}) {
        auto session = spice::Ref<SpiceSession>::take(spice_session_new());
        spice_set_session_option(session.get());
        g_assert_cmpuint(devices_of(session.get()), ==, wanted);
    }
}

void test_version() {
    if (g_test_subprocess()) {
        run({"version", {"--spice-gtk-version"}, nullptr, nullptr});
        g_assert_not_reached();
    }
    g_test_trap_subprocess(nullptr, 0, GTestSubprocessFlags(0));
    g_test_trap_assert_passed();
    g_test_trap_assert_stdout("*spice-gtk 0.42\n*");
}

}

int main(int argc, char **argv) {
    g_setenv("HOME", "/nonexistent", TRUE); // no trust store of the user's
    g_test_init(&argc, &argv, nullptr);
    for (const auto &row : cases) {
        const auto path = std::string{"/option/"} + row.name;
        g_test_add_data_func(path.c_str(), &row, test_case);
    }
    g_test_add_func("/option/share-cd", test_share_cd);
    g_test_add_func("/option/version", test_version);
    return g_test_run();
}
