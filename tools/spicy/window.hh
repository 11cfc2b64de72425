// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "glue.hh"

#include <spice-client-gtk.h>

#include <string>

namespace spicy {

// One window with one display of the session, or with words about the connection. Owned by the viewer.
class Window {
public:
    struct Host {
        virtual void window_closed(Window &window) = 0;
        virtual void window_retry() = 0;

    protected:
        ~Host() = default;
    };
    struct Place {
        int channel = 0, monitor = 0;
        bool operator==(const Place &) const = default;
        bool first() const noexcept { return channel == 0 && monitor == 0; }
    };
    Window(GtkApplication *app, SpiceSession *session, Place place, Host &host);
    Window(const Window &) = delete;
    Window &operator=(const Window &) = delete;
    ~Window();

    GtkWindow *gtk() const noexcept { return window_; }
    Place place() const noexcept { return place_; }
    void set_name(const std::string &name);
    void show_busy(const char *text);
    void show_problem(const char *headline, const std::string &detail);
    void show_display(); // as soon as there is a picture
    void set_fullscreen(bool on);

private:
    void build_header();
    GtkWidget *build_status();
    void add_actions();
    void send_keys(const char *names);
    void take_screenshot();
    void screenshot_chosen(int response);
    void update_title();
    void fit_to_guest();
    void ready_changed(GParamSpec *);
    void size_changed(GParamSpec *);
    void mouse_grabbed(int status);
    void fullscreen_changed(GParamSpec *);
    void retry_clicked();
    gboolean close_requested();

    Host &host_;
    Place place_;
    GtkWindow *window_;
    SpiceDisplay *display_;
    GtkWidget *stack_ = nullptr, *spinner_ = nullptr, *icon_ = nullptr, *headline_ = nullptr, *detail_ = nullptr,
              *retry_ = nullptr;
    std::string name_;
    bool wants_display_ = false, fitted_ = false, grabbed_ = false;
    spice::gtk::Ref<GtkFileChooserNative> chooser_;
    spice::gtk::Connection on_ready_, on_width_, on_height_, on_grab_, on_fullscreen_, on_close_, on_retry_, on_chosen_;
};

// The menu that every window shows.
GMenuModel *make_menu();

}
