// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "glue.hh"
#include "input/context.hh"
#include "input/grabs.hh"
#include "input/key-state.hh"
#include "input/keymap.hh"

#include "spice-client-gtk.h"

#include <optional>
#include <span>
#include <vector>

namespace spice::gtk {

// Keys of one display: GTK's key events to scancodes on the inputs channel. Main thread.
class Keyboard final : KeyState::Sink {
public:
    Keyboard(InputContext &context, Grabs &grabs);
    void send_keys(std::span<const guint> keyvals, SpiceDisplayKeyEvent kind);
    void release_all();
    void forget();

private:
    struct Held { // a key is released as what it was pressed, whatever the keymap is by then
        guint keycode;
        unsigned scancode;
    };
    gboolean key_pressed(guint keyval, guint keycode, GdkModifierType state);
    void key_released(guint keyval, guint keycode, GdkModifierType state);
    void press(guint keyval, guint keycode);
    bool is_modifier() const; // the key of the current event
    void send_pause(bool press);
    Keymap &keymap();

    void send_press(unsigned scancode) override;
    void send_release(unsigned scancode) override;
    void send_click(unsigned scancode) override;
    void arm_delay(unsigned ms) override;
    void cancel_delay() override;
    void delay_over() { keys_.delay_elapsed(); }

    InputContext &context_;
    Grabs &grabs_;
    GtkEventController *controller_ = nullptr; // the widget's
    KeyState keys_;
    std::optional<Keymap> keymap_;
    std::vector<Held> held_;
    Timer delay_;
    Connection on_press_, on_release_;
};

}
