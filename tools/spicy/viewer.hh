// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "dialogs.hh"
#include "options.hh"
#include "window.hh"

#include <memory>
#include <vector>

namespace spicy {

// The session and its windows: connects, asks for passwords, tells what went wrong. Owned by main().
class Viewer final : public Window::Host, public PasswordDialog::Host, public ConnectDialog::Host {
public:
    Viewer(GtkApplication *app, const Options &options, SpiceSession *session);
    ~Viewer();
    void start(); // connects, or asks where to

private:
    struct DisplayChannel {
        DisplayChannel(Viewer &v, SpiceChannel *c, int number);
        void monitors_changed(GParamSpec *) { viewer.update_windows(*this); }
        Viewer &viewer;
        spice::gtk::Weak<SpiceChannel> channel;
        int id;
        spice::gtk::Connection on_monitors;
    };
    void connect();
    void channel_new(SpiceChannel *channel);
    void channel_destroy(SpiceChannel *channel);
    void main_event(SpiceChannelEvent event);
    void name_changed(GParamSpec *);
    void update_windows(DisplayChannel &display);
    void add_window(Window::Place place);
    void keep_first_window();
    void ask_password(const GError *error);
    std::string server_name() const;
    Window &first() { return *windows_.front(); }
    // Window::Host
    void window_closed(Window &window) override;
    void window_retry() override { connect(); }
    // PasswordDialog::Host
    void password_given(const std::string &user, const std::string &password) override;
    void password_refused() override;
    // ConnectDialog::Host
    void address_given(const Address &address) override;
    void address_refused() override;

    GtkApplication *app_;
    Options options_;
    spice::gtk::Ref<SpiceSession> session_;
    std::vector<std::unique_ptr<Window>> windows_; // the first one stays as long as the viewer
    std::vector<Window::Place> closed_;            // the user closed these
    std::vector<std::unique_ptr<DisplayChannel>> displays_;
    std::unique_ptr<PasswordDialog> password_dialog_;
    std::unique_ptr<ConnectDialog> connect_dialog_;
    bool connected_ = false, asked_ = false;
    spice::gtk::Connection on_new_, on_destroy_, on_name_, on_main_;
};

}
