// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "options.hh"

#include "spicy-config.h"
#include "text.hh"

#include "glue.hh"

#include <cstdio>
#include <spice-client.h>

namespace spicy {

namespace {
using spice::gtk::ErrorPtr;
using spice::gtk::Owned;
using spice::gtk::StrPtr;
using ContextPtr = Owned<GOptionContext, g_option_context_free>;
using StrvPtr = Owned<char *, g_strfreev>;
}

std::optional<Options> parse_options(int argc, char **argv, int &exit_code) {
    char *title = nullptr, **rest = nullptr;
    gboolean fullscreen = FALSE, version = FALSE;
    const GOptionEntry entries[] = {
        {"title", 't', 0, G_OPTION_ARG_STRING, &title, N_("Title of the windows"), N_("TEXT")},
        {"fullscreen", 'f', 0, G_OPTION_ARG_NONE, &fullscreen, N_("Start in full screen"), nullptr},
        {"version", 'V', 0, G_OPTION_ARG_NONE, &version, N_("Show the version and exit"), nullptr},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &rest, nullptr, N_("[URI]")},
        {nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr}};
    const ContextPtr context{g_option_context_new(nullptr)};
    g_option_context_set_translation_domain(context.get(), "spice-client");
    g_option_context_add_main_entries(context.get(), entries, "spice-client");
    g_option_context_add_group(context.get(), spice_get_option_group());
    g_option_context_set_summary(context.get(), _("Shows a remote machine over SPICE."));
    GError *raw_error = nullptr;
    const bool parsed = g_option_context_parse(context.get(), &argc, &argv, &raw_error);
    const ErrorPtr error{raw_error};
    const StrPtr title_owner{title};
    const StrvPtr rest_owner{rest};
    exit_code = 2;
    if (!parsed) {
        std::fprintf(stderr, "spicy: %s\n", error->message);
        return std::nullopt;
    }
    if (version) {
        std::printf("spicy %s\n", SPICY_VERSION);
        exit_code = 0;
        return std::nullopt;
    }
    if (rest && rest[0] && rest[1]) {
        std::fprintf(stderr, "spicy: %s\n", _("more than one URI"));
        return std::nullopt;
    }
    Options options;
    if (rest && rest[0]) options.uri = rest[0];
    if (title) options.title = title;
    options.fullscreen = fullscreen;
    return options;
}

}
