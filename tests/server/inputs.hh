// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "desktop.hh"
#include "keyboard.hh"

#include <spice.h>

#include <functional>
#include <string>
#include <vector>

namespace spice::testserver {

// Keyboard, relative mouse and tablet of the virtual machine, with a log of all they received. Thread-bound to the
// main thread.
class Inputs {
public:
    struct Hooks {
        std::function<void()> changed; // state() or a log is new
        std::function<void(const std::string &)> typed;
    };
    Inputs(SpiceServer *server, bool tablet, Hooks hooks);
    ~Inputs();
    Inputs(const Inputs &) = delete;
    Inputs &operator=(const Inputs &) = delete;

    void set_tablet(bool present);          // plug or unplug: decides which mouse modes exist
    void set_leds(uint8_t leds);            // the guest changes its lock lights by itself
    void set_limits(int width, int height); // where the relative pointer may go
    const InputState &state() const noexcept { return state_; }
    const std::vector<uint8_t> &keys() const noexcept { return keys_; }
    const std::vector<std::string> &mouse() const noexcept { return mouse_; }
    void clear_logs();

private:
    template <class Base> struct Instance : Base { Inputs *owner = nullptr; };
    template <class Base> static Inputs &self(Base *sin) { return *static_cast<Instance<Base> *>(sin)->owner; }
    template <class Base> void plug(Instance<Base> &instance, const SpiceBaseInterface &table);
    static const SpiceKbdInterface &keyboard_table();
    static const SpiceMouseInterface &mouse_table();
    static const SpiceTabletInterface &tablet_table();
    void scancode(uint8_t byte);
    void motion(int dx, int dy, int dz, uint32_t buttons);
    void position(int x, int y, uint32_t buttons);
    void wheel(int dz, uint32_t buttons);
    void buttons(uint32_t buttons);
    void log(std::string entry);

    SpiceServer *server_;
    Hooks hooks_;
    Instance<SpiceKbdInstance> keyboard_device_;
    Instance<SpiceMouseInstance> mouse_device_;
    Instance<SpiceTabletInstance> tablet_device_;
    bool tablet_ = false;
    int width_ = 0, height_ = 0;
    Keyboard keyboard_;
    InputState state_;
    std::vector<uint8_t> keys_;
    std::vector<std::string> mouse_;
};

}
