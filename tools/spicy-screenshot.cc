// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "config.h"

#include "picture-file.hh"

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <glib/gi18n.h>
#include <memory>
#include <spice-client.h>
#include <string>

namespace {

constexpr unsigned quiet_ms = 200;   // after the last change, the picture counts as complete
constexpr unsigned longest_ms = 2000; // an animated guest is never quiet

struct Options {
    char *uri = nullptr, *host = nullptr, *port = nullptr, *tls_port = nullptr, *password = nullptr;
    char *out_file = nullptr;
    int display = 0, timeout = 30;
    gboolean version = FALSE;
};
Options options; // GOption writes into statics

// Connects, waits for a complete picture of one display and writes it; or says why there is none.
class Screenshot {
public:
    int run();

private:
    static void on_channel_new(SpiceSession *, SpiceChannel *channel, gpointer self);
    static void on_main_event(SpiceChannel *channel, SpiceChannelEvent event, gpointer self);
    static void on_display_event(SpiceChannel *channel, SpiceChannelEvent event, gpointer self);
    static void on_mark(SpiceChannel *channel, gint marked, gpointer self);
    static void on_invalidate(SpiceChannel *channel, gint, gint, gint, gint, gpointer self);
    static gboolean on_quiet(gpointer self);
    static gboolean on_timeout(gpointer self);

    void apply_options(SpiceSession *session);
    void restart_quiet();
    void save();
    void fail(const std::string &text);
    void quit() { g_main_loop_quit(loop_); }

    GMainLoop *loop_ = nullptr;
    SpiceChannel *display_ = nullptr; // the session holds it
    guint quiet_source_ = 0;
    gint64 marked_at_ = 0;
    bool opened_ = false;
    int status_ = EXIT_FAILURE;
    bool said_ = false;
};

std::string detail_of(SpiceChannel *channel) {
    const GError *error = spice_channel_get_error(channel);
    return error ? std::string{": "} + error->message : std::string{};
}

std::string event_text(SpiceChannel *channel, SpiceChannelEvent event) {
    switch (event) {
    case SPICE_CHANNEL_ERROR_CONNECT: return _("cannot connect to the server") + detail_of(channel);
    case SPICE_CHANNEL_ERROR_TLS: return _("no secure connection to the server") + detail_of(channel);
    case SPICE_CHANNEL_ERROR_LINK: return _("the server does not answer as a SPICE server") + detail_of(channel);
    case SPICE_CHANNEL_ERROR_AUTH: return _("the server did not accept the password") + detail_of(channel);
    case SPICE_CHANNEL_ERROR_IO: return _("the connection broke") + detail_of(channel);
    default: return _("the server closed the connection");
    }
}

void Screenshot::fail(const std::string &text) {
    if (!said_) std::fprintf(stderr, "spicy-screenshot: %s\n", text.c_str());
    said_ = true;
    quit();
}

void Screenshot::save() {
    SpiceDisplayPrimary primary{};
    if (!spice_display_channel_get_primary(display_, 0, &primary)) return fail(_("the display has no picture"));
    const auto picture = spice::tools::copy_primary(primary);
    if (picture.pixels.empty()) return fail(_("the display has a format that cannot be saved"));
    const char *path = options.out_file ? options.out_file : "spicy-screenshot.ppm";
    const auto trouble = spice::tools::write_picture(picture, path);
    if (!trouble.empty()) return fail(std::string{path} + ": " + trouble);
    std::printf(_("%s: %u x %u pixels\n"), path, picture.width, picture.height);
    status_ = EXIT_SUCCESS;
    quit();
}

gboolean Screenshot::on_quiet(gpointer data) {
    auto *self = static_cast<Screenshot *>(data);
    self->quiet_source_ = 0;
    self->save();
    return G_SOURCE_REMOVE;
}

void Screenshot::restart_quiet() {
    const auto elapsed_ms = (g_get_monotonic_time() - marked_at_) / 1000;
    if (elapsed_ms >= longest_ms && quiet_source_) return; // let the timer that runs come to its end
    if (quiet_source_) g_source_remove(quiet_source_);
    quiet_source_ = g_timeout_add(quiet_ms, on_quiet, this);
}

void Screenshot::on_mark(SpiceChannel *, gint marked, gpointer data) {
    auto *self = static_cast<Screenshot *>(data);
    if (!marked) return;
    self->marked_at_ = g_get_monotonic_time();
    self->restart_quiet();
}

void Screenshot::on_invalidate(SpiceChannel *, gint, gint, gint, gint, gpointer data) {
    auto *self = static_cast<Screenshot *>(data);
    if (self->marked_at_) self->restart_quiet();
}

void Screenshot::on_main_event(SpiceChannel *channel, SpiceChannelEvent event, gpointer data) {
    auto *self = static_cast<Screenshot *>(data);
    if (event == SPICE_CHANNEL_OPENED) self->opened_ = true;
    else self->fail(event_text(channel, event));
}

void Screenshot::on_display_event(SpiceChannel *channel, SpiceChannelEvent event, gpointer data) {
    if (event != SPICE_CHANNEL_OPENED) static_cast<Screenshot *>(data)->fail(event_text(channel, event));
}

void Screenshot::on_channel_new(SpiceSession *, SpiceChannel *channel, gpointer data) {
    auto *self = static_cast<Screenshot *>(data);
    int id = 0;
    g_object_get(channel, "channel-id", &id, nullptr);
    if (SPICE_IS_MAIN_CHANNEL(channel)) {
        g_signal_connect(channel, "channel-event", G_CALLBACK(on_main_event), self);
    } else if (SPICE_IS_DISPLAY_CHANNEL(channel) && id == options.display) {
        self->display_ = channel;
        g_signal_connect(channel, "channel-event", G_CALLBACK(on_display_event), self);
        g_signal_connect(channel, "display-mark", G_CALLBACK(on_mark), self);
        g_signal_connect(channel, "display-invalidate", G_CALLBACK(on_invalidate), self);
        spice_channel_connect(channel);
    }
}

gboolean Screenshot::on_timeout(gpointer data) {
    auto *self = static_cast<Screenshot *>(data);
    self->fail(!self->opened_   ? _("the server does not answer in time")
               : self->display_ ? _("no picture came in time")
                                : _("the virtual machine has no such display"));
    return G_SOURCE_REMOVE;
}

void Screenshot::apply_options(SpiceSession *session) {
    spice_set_session_option(session);
    if (options.uri) g_object_set(session, "uri", options.uri, nullptr);
    if (options.host) g_object_set(session, "host", options.host, nullptr);
    if (options.port) g_object_set(session, "port", options.port, nullptr);
    if (options.tls_port) g_object_set(session, "tls-port", options.tls_port, nullptr);
    if (options.password) g_object_set(session, "password", options.password, nullptr);
}

int Screenshot::run() {
    loop_ = g_main_loop_new(nullptr, FALSE);
    SpiceSession *session = spice_session_new();
    apply_options(session);
    // Sound and USB have no place in a picture.
    g_object_set(session, "enable-audio", FALSE, "enable-usbredir", FALSE, "read-only", TRUE, nullptr);
    g_signal_connect(session, "channel-new", G_CALLBACK(on_channel_new), this);
    if (!spice_session_connect(session)) fail(_("cannot connect to the server"));
    g_timeout_add_seconds(static_cast<guint>(options.timeout), on_timeout, this);
    if (!said_) g_main_loop_run(loop_);
    g_signal_handlers_disconnect_by_data(session, this);
    g_object_unref(session);
    g_main_loop_unref(loop_);
    return status_;
}

bool read_options(int argc, char **argv) {
    const GOptionEntry entries[] = {
        {"uri", 0, 0, G_OPTION_ARG_STRING, &options.uri, N_("Address of the server, spice://…"), N_("URI")},
        {"host", 'h', 0, G_OPTION_ARG_STRING, &options.host, N_("Host name or address of the server"), N_("HOST")},
        {"port", 'p', 0, G_OPTION_ARG_STRING, &options.port, N_("Port of the server"), N_("PORT")},
        {"secure-port", 's', 0, G_OPTION_ARG_STRING, &options.tls_port, N_("TLS port of the server"), N_("PORT")},
        {"password", 'w', 0, G_OPTION_ARG_STRING, &options.password, N_("Password of the server"), N_("PASSWORD")},
        {"out-file", 'o', 0, G_OPTION_ARG_FILENAME, &options.out_file,
         N_("File to write: PNG if its name ends in .png, PPM otherwise (default spicy-screenshot.ppm)"), N_("FILE")},
        {"display", 0, 0, G_OPTION_ARG_INT, &options.display, N_("Number of the display (default 0)"), N_("N")},
        {"timeout", 0, 0, G_OPTION_ARG_INT, &options.timeout, N_("Give up after that many seconds (default 30)"),
         N_("SECONDS")},
        {"version", 0, 0, G_OPTION_ARG_NONE, &options.version, N_("Print the version and exit"), nullptr},
        {nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr}};
    g_autoptr(GOptionContext) context = g_option_context_new(nullptr);
    g_option_context_set_summary(context, _("Saves the picture of a virtual machine's display."));
    g_option_context_set_translation_domain(context, GETTEXT_PACKAGE);
    g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
    g_option_context_add_group(context, spice_get_option_group());
    g_autoptr(GError) error = nullptr;
    bool ok = g_option_context_parse(context, &argc, &argv, &error);
    if (!ok) std::fprintf(stderr, "spicy-screenshot: %s\n", error->message);
    if (ok && argc > 1) {
        std::fprintf(stderr, _("spicy-screenshot: unexpected argument \"%s\"\n"), argv[1]);
        ok = false;
    }
    if (ok && (options.timeout < 1 || options.display < 0)) {
        std::fprintf(stderr, _("spicy-screenshot: --timeout and --display want a positive number\n"));
        ok = false;
    }
    return ok;
}

}

int main(int argc, char **argv) {
    std::setlocale(LC_ALL, "");
    bindtextdomain(GETTEXT_PACKAGE, LOCALEDIR);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);
    constexpr int usage_error = 2;
    if (!read_options(argc, argv)) return usage_error;
    if (options.version) {
        std::printf("spicy-screenshot %s\n", PACKAGE_VERSION);
        return EXIT_SUCCESS;
    }
    return Screenshot{}.run();
}
