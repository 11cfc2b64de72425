// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "viewer.hh"

#include "text.hh"

#include <algorithm>

namespace spicy {

using spice::gtk::Owned;
using spice::gtk::Ref;
using spice::gtk::StrPtr;

namespace {
const char *headline_of(SpiceChannelEvent event, bool connected) {
    switch (event) {
    case SPICE_CHANNEL_ERROR_CONNECT: return _("Cannot connect");
    case SPICE_CHANNEL_ERROR_TLS: return _("The connection cannot be secured");
    case SPICE_CHANNEL_ERROR_LINK: return _("The server does not answer as a SPICE server");
    case SPICE_CHANNEL_ERROR_AUTH: return _("The server refused access");
    case SPICE_CHANNEL_ERROR_IO: return _("The connection broke");
    default: return connected ? _("The connection was closed") : _("Cannot connect");
    }
}

StrPtr string_property(gpointer object, const char *name) {
    char *value = nullptr;
    g_object_get(object, name, &value, nullptr);
    return StrPtr{value};
}
}

Viewer::DisplayChannel::DisplayChannel(Viewer &v, SpiceChannel *c, int number) : viewer{v}, channel{c}, id{number} {
    on_monitors.attach<&DisplayChannel::monitors_changed>(c, "notify::monitors", this);
}

Viewer::Viewer(GtkApplication *app, const Options &options, SpiceSession *session)
    : app_{app}, options_{options}, session_{Ref<SpiceSession>::share(session)} {
    on_new_.attach<&Viewer::channel_new>(session, "channel-new", this);
    on_destroy_.attach<&Viewer::channel_destroy>(session, "channel-destroy", this);
    on_name_.attach<&Viewer::name_changed>(session, "notify::name", this);
}

Viewer::~Viewer() {
    on_new_.reset(), on_destroy_.reset(), on_name_.reset(), on_main_.reset();
    windows_.clear();
    spice_session_disconnect(session_.get());
}

void Viewer::start() {
    if (!options_.uri.empty()) return connect();
    connect_dialog_ = std::make_unique<ConnectDialog>(app_, *this);
    connect_dialog_->present();
}

std::string Viewer::server_name() const {
    const auto unix_path = string_property(session_.get(), "unix-path"), host = string_property(session_.get(), "host");
    if (unix_path) return unix_path.get();
    std::string name = host ? host.get() : "localhost";
    auto port = string_property(session_.get(), "port");
    if (!port) port = string_property(session_.get(), "tls-port");
    return port ? name + ":" + port.get() : name;
}

void Viewer::connect() {
    connected_ = asked_ = false;
    if (windows_.empty()) add_window({});
    // Translators: the address of a server
    const StrPtr text{g_strdup_printf(_("Connecting to %s…"), server_name().c_str())};
    first().show_busy(text.get());
    spice_session_connect(session_.get());
}

void Viewer::add_window(Window::Place place) {
    auto &window = *windows_.emplace_back(std::make_unique<Window>(app_, session_.get(), place, *this));
    name_changed(nullptr);
    if (options_.fullscreen && place.first()) window.set_fullscreen(true);
    gtk_window_present(window.gtk());
}

void Viewer::name_changed(GParamSpec *) {
    const auto name = string_property(session_.get(), "name");
    std::string title = options_.title;
    if (title.empty()) title = name && *name ? name.get() : server_name();
    for (auto &w : windows_) w->set_name(title);
}

void Viewer::channel_new(SpiceChannel *channel) {
    int id = 0;
    g_object_get(channel, "channel-id", &id, nullptr);
    if (SPICE_IS_MAIN_CHANNEL(channel)) {
        on_main_.attach<&Viewer::main_event>(channel, "channel-event", this);
    } else if (SPICE_IS_DISPLAY_CHANNEL(channel)) {
        auto &display = *displays_.emplace_back(std::make_unique<DisplayChannel>(*this, channel, id));
        update_windows(display);
    } else if (SPICE_IS_WEBDAV_CHANNEL(channel)) {
        spice_channel_connect(channel); // the guest sees the shared folder
    }
}

void Viewer::channel_destroy(SpiceChannel *channel) {
    std::erase_if(displays_, [&](auto &d) { return !d->channel || d->channel.get() == channel; });
}

// One window for each display channel, and for each monitor of channel 0.
void Viewer::update_windows(DisplayChannel &display) {
    GArray *monitors = nullptr;
    if (display.channel) g_object_get(display.channel.get(), "monitors", &monitors, nullptr);
    std::vector<Window::Place> wanted{{display.id, 0}};
    for (guint i = 0; monitors && display.id == 0 && i < monitors->len; ++i) {
        const int monitor = static_cast<int>(g_array_index(monitors, SpiceDisplayMonitorConfig, i).id);
        if (monitor > 0) wanted.push_back({0, monitor});
    }
    if (monitors) g_array_unref(monitors);
    const auto has = [](const auto &list, Window::Place p) { return std::find(list.begin(), list.end(), p) != list.end(); };
    std::erase_if(windows_, [&](auto &w) {
        return !w->place().first() && w->place().channel == display.id && !has(wanted, w->place());
    });
    for (const auto place : wanted) {
        if (has(closed_, place)) continue;
        if (std::none_of(windows_.begin(), windows_.end(), [&](auto &w) { return w->place() == place; })) add_window(place);
    }
    if (connected_)
        for (auto &w : windows_) w->show_display();
}

void Viewer::keep_first_window() {
    if (windows_.size() > 1) windows_.resize(1);
    closed_.clear();
}

void Viewer::main_event(SpiceChannelEvent event) {
    if (event == SPICE_CHANNEL_SWITCHING || event == SPICE_CHANNEL_NONE) return;
    if (event == SPICE_CHANNEL_OPENED) {
        connected_ = true;
        for (auto &w : windows_) w->show_display();
        return;
    }
    const Ref<SpiceSession> keep = session_;
    const Owned<GList, g_list_free> channels{spice_session_get_channels(session_.get())};
    const GError *error = nullptr;
    for (GList *l = channels.get(); l; l = l->next)
        if (SPICE_IS_MAIN_CHANNEL(l->data)) error = spice_channel_get_error(SPICE_CHANNEL(l->data));
    keep_first_window();
    if (event == SPICE_CHANNEL_ERROR_AUTH) return ask_password(error);
    first().show_problem(headline_of(event, connected_), error ? error->message : server_name());
    connected_ = false;
}

void Viewer::ask_password(const GError *error) {
    PasswordDialog::Wanted wanted;
    if (error && error->domain == SPICE_CLIENT_ERROR) {
        wanted.user = error->code == SPICE_CLIENT_ERROR_AUTH_NEEDS_USERNAME ||
                      error->code == SPICE_CLIENT_ERROR_AUTH_NEEDS_PASSWORD_AND_USERNAME;
        wanted.password = error->code != SPICE_CLIENT_ERROR_AUTH_NEEDS_USERNAME;
    }
    const auto known = string_property(session_.get(), "password");
    const bool wrong = asked_ || (known && *known);
    const StrPtr message{g_strdup_printf(wrong ? _("%s did not accept the password. Try again.") : _("%s asks for a password."),
                                         server_name().c_str())};
    if (wrong) first().show_problem(_("The server refused access"), error ? error->message : "");
    else first().show_problem(_("The server asks who you are"), server_name());
    password_dialog_ = std::make_unique<PasswordDialog>(app_, first().gtk(), wanted, message.get(), *this);
    password_dialog_->present();
}

void Viewer::password_given(const std::string &user, const std::string &password) {
    password_dialog_.reset();
    if (!user.empty()) g_object_set(session_.get(), "username", user.c_str(), nullptr);
    g_object_set(session_.get(), "password", password.c_str(), nullptr);
    connect();
    asked_ = true;
}

void Viewer::password_refused() { password_dialog_.reset(); } // the page behind it says why, and offers to retry

void Viewer::address_given(const Address &a) {
    const auto set = [&](const char *name, const std::string &value) {
        g_object_set(session_.get(), name, value.empty() ? nullptr : value.c_str(), nullptr);
    };
    set("host", a.host), set("port", a.port), set("tls-port", a.tls_port), set("password", a.password);
    const auto dialog = std::move(connect_dialog_); // after the window exists: the last window ends the application
    connect();
}

void Viewer::address_refused() {
    connect_dialog_.reset();
    g_application_quit(G_APPLICATION(app_));
}

void Viewer::window_closed(Window &window) {
    if (window.place().first()) return g_application_quit(G_APPLICATION(app_));
    closed_.push_back(window.place());
    std::erase_if(windows_, [&](auto &w) { return w.get() == &window; });
}

}
