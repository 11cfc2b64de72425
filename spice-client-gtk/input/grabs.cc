// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "input/grabs.hh"

#include "input/session-hub.hh"

namespace spice::gtk {

// The display is going away: nobody is told, the window system gets its things back.
Grabs::~Grabs() = default;

bool Grabs::may_grab() const {
    static const bool never = g_getenv("SPICE_NOGRAB") != nullptr;
    return !never && !context_.options().disable_inputs && !context_.hub().keyboard_inhibited();
}

void Grabs::try_keyboard(GdkEvent *event) {
    const auto &hub = context_.hub();
    if (keyboard_ || released_by_user_ || !may_grab() || !context_.options().grab_keyboard) return;
    if (!hub.has_focus() || !hub.has_pointer() || !focus_) return;
    inhibit(event);
    keyboard_ = true;
    context_.keyboard_grab_changed(true);
}

void Grabs::inhibit(GdkEvent *event) {
    if (inhibitor_ && inhibitor_->toplevel()) return;
    inhibitor_ = std::make_unique<ShortcutInhibitor>(context_.widget(), event);
    if (!inhibitor_->toplevel()) return;
    on_inhibited_.attach<&Grabs::inhibited_changed>(inhibitor_->toplevel(), "notify::shortcuts-inhibited", this);
    inhibited_changed(nullptr);
}

void Grabs::inhibited_changed(GParamSpec *) {
    gboolean granted = FALSE;
    if (inhibitor_ && inhibitor_->toplevel())
        g_object_get(inhibitor_->toplevel(), "shortcuts-inhibited", &granted, nullptr);
    if (std::exchange(inhibited_, granted != FALSE) != inhibited_) context_.shortcuts_inhibited_changed();
}

void Grabs::drop_inhibitor() {
    on_inhibited_.reset();
    inhibitor_.reset();
    inhibited_changed(nullptr);
}

void Grabs::ungrab_keyboard() {
    const auto &system = WindowSystem::get(gtk_widget_get_display(context_.widget()));
    const bool away_for_good = released_by_user_ || !may_grab() || !context_.options().grab_keyboard ||
                               !gtk_widget_get_mapped(context_.widget());
    if (!system.keeps_inhibitor() || away_for_good) drop_inhibitor();
    if (!std::exchange(keyboard_, false)) return;
    context_.keyboard_grab_changed(false);
}

bool Grabs::try_mouse(GdkEvent *event) {
    if (mouse_ || !may_grab() || !context_.options().grab_mouse || !context_.server_mouse()) return false;
    if (!inside_ || !focus_ || !context_.inputs()) return false;
    try_keyboard(event);
    auto &system = WindowSystem::get(gtk_widget_get_display(context_.widget()));
    auto lock = system.lock(context_.widget(), *this);
    if (!lock && system.can_lock()) return false; // an open menu has it, the next click tries again
    lock_ = std::move(lock);
    mouse_ = true;
    context_.hub_grabbed(true);
    context_.mouse_grab_changed(true);
    return true;
}

void Grabs::ungrab_mouse() {
    if (!std::exchange(mouse_, false)) return;
    context_.release_buttons();
    if (lock_)
        if (const auto at = context_.guest_cursor()) lock_->set_restore_hint(at->x, at->y);
    lock_.reset();
    context_.hub_grabbed(false);
    context_.mouse_grab_changed(false);
}

void Grabs::request(GdkEvent *event) {
    released_by_user_ = false;
    gtk_widget_grab_focus(context_.widget());
    try_keyboard(event);
    try_mouse(event);
}

void Grabs::focus_in() {
    if (std::exchange(focus_, true)) return;
    context_.hub_focus(true);
    if (released_by_user_) keys_.reset();
    try_keyboard(nullptr);
}

void Grabs::focus_out() {
    if (!std::exchange(focus_, false)) return;
    context_.hub_focus(false);
    ungrab_mouse();
    ungrab_keyboard();
}

void Grabs::pointer_entered() {
    if (std::exchange(inside_, true)) return;
    context_.hub_pointer(true);
    try_keyboard(nullptr);
}

void Grabs::pointer_left() {
    if (lock_ || !std::exchange(inside_, false)) return; // a locked pointer stays, whatever its warps look like
    context_.hub_pointer(false);
    if (!mouse_) ungrab_keyboard();
}

void Grabs::pointer_moved() {
    if (std::exchange(combination_held_, false)) keys_.reset();
    if (!released_by_user_ || !focus_) return;
    released_by_user_ = false;
    context_.release_keys();
    try_keyboard(nullptr);
}

void Grabs::combination(GrabCombination::Event event) {
    if (event == GrabCombination::Event::pressed) {
        combination_held_ = true;
        context_.grab_keys_pressed();
        if (!context_.server_mouse()) return;
        if (mouse_) ungrab_mouse();
        else try_mouse(nullptr);
    } else if (event == GrabCombination::Event::released) {
        combination_held_ = false;
        context_.release_keys();
        released_by_user_ = !released_by_user_;
        if (released_by_user_) ungrab_keyboard();
        else try_keyboard(nullptr);
    }
}

void Grabs::mode_changed(bool button_down) {
    if (!context_.server_mouse()) ungrab_mouse();
    else if (button_down) try_mouse(nullptr);
}

void Grabs::options_changed() {
    if (!may_grab() || !context_.options().grab_mouse) ungrab_mouse();
    if (!may_grab() || !context_.options().grab_keyboard) ungrab_keyboard();
    else try_keyboard(nullptr);
}

void Grabs::unmapped() {
    ungrab_mouse();
    ungrab_keyboard();
    drop_inhibitor();
    if (std::exchange(inside_, false)) context_.hub_pointer(false);
    if (std::exchange(focus_, false)) context_.hub_focus(false);
}

}
