// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "display/geometry.hh"

#include <gtk/gtk.h>
#include <spice-client.h>

#include <optional>

namespace spice::gtk {

class SessionHub;

struct InputOptions {
    bool grab_keyboard = true, grab_mouse = true, disable_inputs = false;
    unsigned keypress_delay = 100; // ms
};

// What the input classes may ask of the display they belong to, and tell it.
class InputContext {
public:
    virtual GtkWidget *widget() const = 0;
    // The channel to send to; nullptr when it is not open, the session is read-only or inputs are disabled.
    virtual SpiceInputsChannel *inputs() const = 0;
    virtual const InputOptions &options() const = 0;
    virtual SessionHub &hub() const = 0;
    virtual void hub_focus(bool on) = 0;
    virtual void hub_pointer(bool on) = 0;
    virtual void hub_grabbed(bool on) = 0;
    virtual bool server_mouse() const = 0;
    virtual int display_id() const = 0;
    virtual const Layout &layout() const = 0;
    virtual std::optional<Point> guest_cursor() const = 0; // in widget coordinates
    virtual bool drag_elsewhere(double x, double y, int mask) = 0;
    virtual void release_keys() = 0;
    virtual void release_buttons() = 0;
    virtual void keyboard_grab_changed(bool grabbed) = 0;
    virtual void mouse_grab_changed(bool grabbed) = 0;
    virtual void grab_keys_pressed() = 0;
    virtual void shortcuts_inhibited_changed() = 0;

protected:
    ~InputContext() = default;
};

}
