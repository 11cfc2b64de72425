// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/view.hh"

#include "clipboard/gtk-session.hh"
#include "display/guest-size.hh"

namespace spice::gtk {

View::View(GtkWidget *widget, SpiceSession *session, const DisplayOptions &options, Observer &observer)
    : widget_{widget}, observer_{observer}, session_{Ref<SpiceSession>::share(session)}, hub_{hub_of(session)},
      options_{options}, screen_{widget, *this}, cursor_{widget}, pointer_{*this}, keyboard_{*this, pointer_.grabs()} {
    hub_.add(*this);
    screen_.set_monitor(options_.monitor_id);
    screen_.set_scaling(options_.scaling, options_.filter);
    auto *focus = gtk_event_controller_focus_new();
    gtk_event_controller_set_name(focus, "spice-display-focus");
    on_focus_.attach<&View::focus_in>(focus, "enter", this);
    on_blur_.attach<&View::focus_out>(focus, "leave", this);
    gtk_widget_add_controller(widget, focus);
    on_scale_.attach<&View::scale_factor_changed>(widget, "notify::scale-factor", this);
    on_new_.attach<&View::channel_new>(session, "channel-new", this, widget);
    on_destroy_.attach<&View::channel_destroy>(session, "channel-destroy", this, widget);
    // Main first: the others ask it for the mouse mode.
    const Owned<GList, g_list_free> channels{spice_session_get_channels(session)};
    for (const bool main : {true, false})
        for (GList *l = channels.get(); l; l = l->next)
            if (SPICE_IS_MAIN_CHANNEL(l->data) == main) channel_new(SPICE_CHANNEL(l->data));
}

View::~View() { hub_.remove(*this); }

void View::shut_down() {
    if (std::exchange(finished_, true)) return;
    on_new_.reset(), on_destroy_.reset(), on_mouse_mode_.reset();
    keyboard_.release_all();
    pointer_.release_buttons();
    grabs().unmapped();
    on_inputs_event_.reset();
    inputs_ready_ = false;
    screen_.detach();
    cursor_.detach();
}

void View::set_options(const DisplayOptions &options) {
    const auto old = std::exchange(options_, options);
    if (finished_) return;
    if (options_.input.disable_inputs && !old.input.disable_inputs) {
        options_.input.disable_inputs = false; // the releases still have to go out
        keyboard_.release_all();
        pointer_.release_buttons();
        options_.input.disable_inputs = true;
    }
    if (old.monitor_id != options_.monitor_id) screen_.set_monitor(options_.monitor_id);
    if (old.scaling != options_.scaling || old.filter != options_.filter) {
        screen_.set_scaling(options_.scaling, options_.filter);
        gtk_widget_queue_resize(widget_);
    }
    if (old.resize_guest != options_.resize_guest || old.zoom != options_.zoom) {
        gtk_widget_queue_resize(widget_);
        update_guest_size();
        update_guest_enabled();
    }
    grabs().options_changed();
}

void View::channel_new(SpiceChannel *channel) {
    int id = -1;
    g_object_get(channel, "channel-id", &id, nullptr);
    if (SPICE_IS_MAIN_CHANNEL(channel)) {
        attach_main(SPICE_MAIN_CHANNEL(channel));
    } else if (SPICE_IS_DISPLAY_CHANNEL(channel) && id == options_.channel_id) {
        display_channel_.set(channel);
        screen_.attach(SPICE_DISPLAY_CHANNEL(channel));
        spice_channel_connect(channel);
    } else if (SPICE_IS_CURSOR_CHANNEL(channel) && id == options_.channel_id) {
        cursor_channel_.set(channel);
        cursor_.attach(SPICE_CURSOR_CHANNEL(channel));
        spice_channel_connect(channel);
    } else if (SPICE_IS_INPUTS_CHANNEL(channel)) {
        attach_inputs(SPICE_INPUTS_CHANNEL(channel));
        spice_channel_connect(channel);
    }
}

void View::channel_destroy(SpiceChannel *channel) {
    if (SPICE_IS_MAIN_CHANNEL(channel) && SPICE_CHANNEL(main_.get()) == channel) {
        on_mouse_mode_.reset();
        main_.set(nullptr);
    } else if (display_channel_.get() == channel) {
        display_channel_.set(nullptr);
        screen_.detach();
    } else if (cursor_channel_.get() == channel) {
        cursor_channel_.set(nullptr);
        cursor_.detach();
    } else if (SPICE_IS_INPUTS_CHANNEL(channel) && SPICE_CHANNEL(inputs_.get()) == channel) {
        inputs_event(SPICE_CHANNEL_CLOSED);
        on_inputs_event_.reset();
        inputs_.set(nullptr);
    }
}

void View::attach_main(SpiceMainChannel *channel) {
    main_.set(channel);
    on_mouse_mode_.attach<&View::mouse_mode_changed>(channel, "main-mouse-update", this, widget_);
    mouse_mode_changed();
    update_guest_size();
}

void View::mouse_mode_changed() {
    g_object_get(main_.get(), "mouse-mode", &mouse_mode_, nullptr);
    cursor_.set_server_mode(server_mouse());
    pointer_.mode_changed();
}

void View::attach_inputs(SpiceInputsChannel *channel) {
    inputs_.set(channel);
    on_inputs_event_.attach<&View::inputs_event>(channel, "channel-event", this, widget_);
    // A channel that is connected already said so before we listened.
    GSocket *socket = nullptr;
    g_object_get(channel, "socket", &socket, nullptr);
    if (socket) inputs_opened();
    g_clear_object(&socket);
}

void View::inputs_event(SpiceChannelEvent event) {
    if (event == SPICE_CHANNEL_OPENED) {
        inputs_opened();
    } else if (event != SPICE_CHANNEL_SWITCHING) {
        inputs_ready_ = false;
        keyboard_.forget();
        pointer_.forget();
        grabs().ungrab_mouse();
    }
}

void View::inputs_opened() {
    inputs_ready_ = true;
    if (options_.delay_is_chosen) return;
    // Keys pass through a local socket fast enough to tell a tap from a hold.
    GSocket *socket = nullptr;
    g_object_get(inputs_.get(), "socket", &socket, nullptr);
    const bool local = socket && g_socket_get_family(socket) == G_SOCKET_FAMILY_UNIX;
    g_clear_object(&socket);
    observer_.view_delay_changed(local ? 0 : 100);
}

SpiceInputsChannel *View::inputs() const {
    if (!inputs_ready_ || options_.input.disable_inputs || spice_session_get_read_only(session_.get())) return nullptr;
    return inputs_.get();
}

int View::display_id() const {
    return options_.channel_id == 0 && options_.monitor_id >= 0 ? options_.monitor_id : options_.channel_id;
}

std::optional<Point> View::guest_cursor() const {
    if (!cursor_.known_position()) return std::nullopt;
    return cursor_.position();
}

void View::focus_in() {
    keyboard_.release_all();
    if (!options_.input.disable_inputs) hub_.locks().sync_all();
    grabs().focus_in();
}

void View::focus_out() {
    keyboard_.release_all();
    grabs().focus_out();
}

void View::scale_factor_changed(GParamSpec *) {
    screen_.update_layout();
    gtk_widget_queue_resize(widget_);
}

void View::hub_grabbed(bool on) {
    hub_.set_mouse_grabbed(*this, on);
    cursor_.set_grabbed(grabs().mouse(), hub_.pointer_grabbed());
}

void View::hub_pointer_grabbed_changed() { cursor_.set_grabbed(grabs().mouse(), hub_.pointer_grabbed()); }

void View::hub_inhibit_changed() { grabs().options_changed(); }

void View::keyboard_grab_changed(bool on) {
    if (!on) keyboard_.release_all();
    observer_.view_keyboard_grab(on);
}

void View::mouse_grab_changed(bool on) {
    cursor_.set_grabbed(on, hub_.pointer_grabbed());
    observer_.view_mouse_grab(on);
}

bool View::drag_elsewhere(double x, double y, int mask) { return hub_.route_drag(*this, widget_, x, y, mask); }

bool View::hub_take_drag(GtkWidget *from, double x, double y, int mask) {
    double mx = 0, my = 0;
    if (gtk_widget_get_root(from) != gtk_widget_get_root(widget_) || !gtk_widget_get_mapped(widget_)) return false;
    if (!gtk_widget_translate_coordinates(from, widget_, x, y, &mx, &my)) return false;
    if (!to_guest(screen_.layout(), mx, my).inside) return false;
    pointer_.take_drag(mx, my, mask);
    return true;
}

void View::screen_area_changed() {
    cursor_.set_layout(screen_.layout());
    const auto area = std::exchange(known_area_, screen_.area());
    update_guest_size();
    if (area.w != known_area_.w) observer_.view_notify("guest-width");
    if (area.h != known_area_.h) observer_.view_notify("guest-height");
}

void View::screen_ready_changed() {
    cursor_.set_ready(screen_.ready());
    update_guest_enabled();
    if (std::exchange(ready_, screen_.ready()) != ready_) observer_.view_notify("ready");
}

void View::update_guest_enabled() {
    if (options_.resize_guest && main_) request_guest_enabled(main_.get(), display_id(), screen_.ready());
}

void View::update_guest_size() {
    if (!options_.resize_guest || !main_ || !gtk_widget_get_mapped(widget_)) return;
    const double zoom = options_.scaling.scaling ? options_.zoom / 100. : 1;
    request_guest_size(main_.get(), display_id(), widget_, screen_.area(), screen_.layout(), zoom);
}

void View::mapped() {
    screen_.map();
    update_guest_size();
}

void View::unmapped() {
    keyboard_.release_all();
    pointer_.release_buttons();
    grabs().unmapped();
    screen_.unmap();
}

void View::snapshot(GtkSnapshot *snapshot) {
    screen_.snapshot(snapshot);
    if (screen_.ready()) cursor_.snapshot(snapshot);
}

}
