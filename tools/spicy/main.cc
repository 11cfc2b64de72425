// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "options.hh"
#include "spicy-config.h"
#include "text.hh"
#include "viewer.hh"

#include <clocale>
#include <cstdio>
#include <libintl.h>
#include <memory>

namespace {
using spice::gtk::Owned;
using spice::gtk::Ref;
using spice::gtk::StrPtr;
using spicy::Options;

// Without a GPU the Cairo renderer is far cheaper than GL done by the CPU.
void choose_renderer() {
    if (g_getenv("GSK_RENDERER")) return;
    bool gpu = false;
    if (const Owned<GDir, g_dir_close> dir{g_dir_open("/dev/dri", 0, nullptr)})
        while (const char *name = g_dir_read_name(dir.get())) gpu |= g_str_has_prefix(name, "renderD");
    if (!gpu) g_setenv("GSK_RENDERER", "cairo", TRUE);
}

// The session takes what it understands and only logs what it does not.
bool set_uri(SpiceSession *session, const std::string &uri) {
    const bool known = g_str_has_prefix(uri.c_str(), "spice://") || g_str_has_prefix(uri.c_str(), "spice+");
    if (known) {
        g_object_set(session, "uri", uri.c_str(), nullptr);
        for (const char *name : {"port", "tls-port", "unix-path"}) {
            char *value = nullptr;
            g_object_get(session, name, &value, nullptr);
            if (const StrPtr set{value}; set && *set) return true;
        }
    }
    std::fprintf(stderr, _("spicy: '%s' is not a SPICE URI, which looks like spice://HOST:PORT\n"), uri.c_str());
    return false;
}

struct Program {
    Options options;
    Ref<SpiceSession> session;
    std::unique_ptr<spicy::Viewer> viewer;
};

void activate(GtkApplication *app, gpointer data) {
    auto &program = *static_cast<Program *>(data);
    const char *accels[] = {"<Shift>F11", nullptr};
    gtk_application_set_accels_for_action(app, "win.fullscreen", accels);
    if (program.viewer) return;
    program.viewer = std::make_unique<spicy::Viewer>(app, program.options, program.session.get());
    program.viewer->start();
}
}

int main(int argc, char **argv) {
    std::setlocale(LC_ALL, "");
    bindtextdomain("spice-client", SPICY_LOCALEDIR);
    bind_textdomain_codeset("spice-client", "UTF-8");
    int exit_code = 0;
    auto options = spicy::parse_options(argc, argv, exit_code);
    if (!options) return exit_code;
    g_set_prgname("spicy");
    choose_renderer();
    Program program{std::move(*options), Ref<SpiceSession>::take(spice_session_new()), nullptr};
    spice_set_session_option(program.session.get());
    if (!program.options.uri.empty() && !set_uri(program.session.get(), program.options.uri)) return 2;
    const auto app = Ref<GtkApplication>::take(gtk_application_new(nullptr, G_APPLICATION_NON_UNIQUE));
    g_signal_connect(app.get(), "activate", G_CALLBACK(activate), &program);
    const int status = g_application_run(G_APPLICATION(app.get()), 1, argv);
    program.viewer.reset();
    return status;
}
