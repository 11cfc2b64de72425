// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "input/keyboard.hh"

#include <algorithm>

namespace spice::gtk {

Keyboard::Keyboard(InputContext &context, Grabs &grabs) : context_{context}, grabs_{grabs}, keys_{*this} {
    auto *controller = controller_ = gtk_event_controller_key_new();
    gtk_event_controller_set_name(controller, "spice-display-keys");
    // Before anything else in the window, or Tab and the arrows would move the focus.
    gtk_event_controller_set_propagation_phase(controller, GTK_PHASE_CAPTURE);
    on_press_.attach<&Keyboard::key_pressed>(controller, "key-pressed", this);
    on_release_.attach<&Keyboard::key_released>(controller, "key-released", this);
    gtk_widget_add_controller(context_.widget(), controller);
}

// Made late: the widget's GdkDisplay is certain once there are events.
Keymap &Keyboard::keymap() {
    if (!keymap_) keymap_.emplace(gtk_widget_get_display(context_.widget()));
    return *keymap_;
}

gboolean Keyboard::key_pressed(guint keyval, guint keycode, GdkModifierType) {
    if (context_.options().disable_inputs) return FALSE;
    grabs_.combination(grabs_.keys().key(keyval, true));
    if (!context_.inputs()) return TRUE;
    if (keyval == GDK_KEY_Pause) send_pause(true);
    else press(keyval, keycode);
    return TRUE;
}

bool Keyboard::is_modifier() const {
    auto *event = gtk_event_controller_get_current_event(controller_);
    return event && gdk_event_get_event_type(event) == GDK_KEY_PRESS && gdk_key_event_is_modifier(event);
}

void Keyboard::press(guint keyval, guint keycode) {
    const auto key = keymap().translate(keycode, keyval);
    if (key.scancode == 0) return;
    std::erase_if(held_, [&](auto &h) { return h.keycode == keycode; });
    held_.push_back({keycode, key.scancode});
    const bool shifted = keys_.is_down(scancode_left_shift) || keys_.is_down(scancode_right_shift);
    if (key.shift && !shifted) {
        keys_.press(scancode_left_shift, 0);
        keys_.press(key.scancode, 0);
        keys_.release(scancode_left_shift);
        return;
    }
    // Modifiers must not lag behind the key that they modify.
    keys_.press(key.scancode, is_modifier() ? 0 : context_.options().keypress_delay);
}

void Keyboard::key_released(guint keyval, guint keycode, GdkModifierType) {
    if (context_.options().disable_inputs) return;
    const auto it = std::find_if(held_.begin(), held_.end(), [&](auto &h) { return h.keycode == keycode; });
    const unsigned scancode = it != held_.end() ? it->scancode : keymap().translate(keycode, keyval).scancode;
    if (it != held_.end()) held_.erase(it);
    if (context_.inputs()) {
        if (keyval == GDK_KEY_Pause) send_pause(false);
        else keys_.release(scancode);
    }
    // After the release of the key itself: the end of the combination releases what is left.
    grabs_.combination(grabs_.keys().key(keyval, false));
}

// The one key with an E1 prefix, which has no place in the table of pressed keys.
void Keyboard::send_pause(bool press) {
    keys_.delay_elapsed();
    for (const unsigned scancode : {0x21du, 0x45u}) {
        if (press) send_press(scancode);
        else send_release(scancode);
    }
}

void Keyboard::send_keys(std::span<const guint> keyvals, SpiceDisplayKeyEvent kind) {
    if (!context_.inputs()) return;
    std::vector<UsKey> keys;
    for (const guint keyval : keyvals)
        if (const auto k = keymap().find(keyval); k.scancode) keys.push_back(k);
    if (kind & SPICE_DISPLAY_KEY_EVENT_PRESS)
        for (const auto &k : keys) keys_.press(k.scancode, 0);
    if (kind & SPICE_DISPLAY_KEY_EVENT_RELEASE)
        for (auto k = keys.rbegin(); k != keys.rend(); ++k) keys_.release(k->scancode);
}

void Keyboard::release_all() {
    keys_.release_all();
    held_.clear();
}

void Keyboard::forget() {
    keys_.forget();
    held_.clear();
}

void Keyboard::send_press(unsigned scancode) {
    if (auto *inputs = context_.inputs()) spice_inputs_channel_key_press(inputs, scancode);
}
void Keyboard::send_release(unsigned scancode) {
    if (auto *inputs = context_.inputs()) spice_inputs_channel_key_release(inputs, scancode);
}
void Keyboard::send_click(unsigned scancode) {
    if (auto *inputs = context_.inputs()) spice_inputs_channel_key_press_and_release(inputs, scancode);
}
void Keyboard::arm_delay(unsigned ms) { delay_.start<&Keyboard::delay_over>(ms, this); }
void Keyboard::cancel_delay() { delay_.stop(); }

}
