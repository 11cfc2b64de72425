// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "display/guest-cursor.hh"
#include "display/screen.hh"
#include "glue.hh"
#include "input/context.hh"
#include "input/keyboard.hh"
#include "input/pointer.hh"
#include "input/session-hub.hh"

namespace spice::gtk {

struct DisplayOptions {
    int channel_id = 0, monitor_id = 0, zoom = 100;
    bool resize_guest = false;
    ScaleOptions scaling;
    Filter filter = Filter::automatic;
    InputOptions input;
    bool delay_is_chosen = false; // the application set keypress-delay: connecting does not change it
};

// The widget behind SpiceDisplay: watches the session's channels and joins screen, cursor and input.
// Owned by the GObject, thread-bound to GTK's thread.
class View final : Screen::Host, InputContext, SessionHub::Member {
public:
    struct Observer {
        virtual void view_notify(const char *property) = 0;
        virtual void view_keyboard_grab(bool on) = 0;
        virtual void view_mouse_grab(bool on) = 0;
        virtual void view_grab_keys_pressed() = 0;
        virtual void view_delay_changed(unsigned ms) = 0;

    protected:
        ~Observer() = default;
    };
    View(GtkWidget *widget, SpiceSession *session, const DisplayOptions &options, Observer &observer);
    View(const View &) = delete;
    View &operator=(const View &) = delete;
    ~View();
    void shut_down(); // nothing more is sent or shown

    void set_options(const DisplayOptions &options);
    Screen &screen() noexcept { return screen_; }
    Grabs &grabs() noexcept { return pointer_.grabs(); }
    Keyboard &keyboard() noexcept { return keyboard_; }
    SpiceSession *session() const noexcept { return session_.get(); }
    void snapshot(GtkSnapshot *snapshot);
    void mapped();
    void unmapped();

private:
    // channels
    void channel_new(SpiceChannel *channel);
    void channel_destroy(SpiceChannel *channel);
    void attach_main(SpiceMainChannel *channel);
    void attach_inputs(SpiceInputsChannel *channel);
    void inputs_event(SpiceChannelEvent event);
    void inputs_opened();
    void mouse_mode_changed();
    void update_guest_size();
    void update_guest_enabled();
    void focus_in();
    void focus_out();
    void scale_factor_changed(GParamSpec *);
    // Screen::Host
    void screen_area_changed() override;
    void screen_ready_changed() override;
    // InputContext
    GtkWidget *widget() const override { return widget_; }
    SpiceInputsChannel *inputs() const override;
    const InputOptions &options() const override { return options_.input; }
    SessionHub &hub() const override { return hub_; }
    void hub_focus(bool on) override { hub_.set_focus(*this, on); }
    void hub_pointer(bool on) override { hub_.set_pointer(*this, on); }
    void hub_grabbed(bool on) override;
    bool server_mouse() const override { return mouse_mode_ == SPICE_MOUSE_MODE_SERVER; }
    int display_id() const override;
    const Layout &layout() const override { return screen_.layout(); }
    std::optional<Point> guest_cursor() const override;
    bool drag_elsewhere(double x, double y, int mask) override;
    void release_keys() override { keyboard_.release_all(); }
    void release_buttons() override { pointer_.release_buttons(); }
    void keyboard_grab_changed(bool on) override;
    void mouse_grab_changed(bool on) override;
    void grab_keys_pressed() override { observer_.view_grab_keys_pressed(); }
    void shortcuts_inhibited_changed() override { observer_.view_notify("shortcuts-inhibited"); }
    // SessionHub::Member
    void hub_inhibit_changed() override;
    void hub_pointer_grabbed_changed() override;
    bool hub_take_drag(GtkWidget *from, double x, double y, int mask) override;

    GtkWidget *widget_;
    Observer &observer_;
    Ref<SpiceSession> session_;
    SessionHub &hub_;
    DisplayOptions options_;
    Screen screen_;
    GuestCursor cursor_;
    Pointer pointer_;
    Keyboard keyboard_;
    Weak<SpiceMainChannel> main_;
    Weak<SpiceInputsChannel> inputs_;
    Weak<SpiceChannel> display_channel_, cursor_channel_;
    Rect known_area_;
    int mouse_mode_ = 0;
    bool inputs_ready_ = false, ready_ = false, finished_ = false;
    Connection on_new_, on_destroy_, on_mouse_mode_, on_inputs_event_, on_focus_, on_blur_, on_scale_;
};

}
