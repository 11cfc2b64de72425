// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "inputs.hh"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace spice::testserver {
namespace {

template <class Table> Table named(const char *type, uint32_t major, uint32_t minor) {
    Table table{};
    table.base.type = type;
    table.base.description = type;
    table.base.major_version = major;
    table.base.minor_version = minor;
    return table;
}

std::string hex(uint8_t byte) {
    char text[4];
    std::snprintf(text, sizeof text, "%02x", byte);
    return text;
}

}

const SpiceKbdInterface &Inputs::keyboard_table() {
    static const auto table = [] {
        auto t = named<SpiceKbdInterface>(SPICE_INTERFACE_KEYBOARD, SPICE_INTERFACE_KEYBOARD_MAJOR,
                                          SPICE_INTERFACE_KEYBOARD_MINOR);
        t.push_scan_freg = [](SpiceKbdInstance *sin, uint8_t byte) { self(sin).scancode(byte); };
        t.get_leds = [](SpiceKbdInstance *sin) { return self(sin).keyboard_.leds(); };
        return t;
    }();
    return table;
}

const SpiceMouseInterface &Inputs::mouse_table() {
    static const auto table = [] {
        auto t =
            named<SpiceMouseInterface>(SPICE_INTERFACE_MOUSE, SPICE_INTERFACE_MOUSE_MAJOR, SPICE_INTERFACE_MOUSE_MINOR);
        t.motion = [](SpiceMouseInstance *sin, int dx, int dy, int dz, uint32_t b) { self(sin).motion(dx, dy, dz, b); };
        t.buttons = [](SpiceMouseInstance *sin, uint32_t b) { self(sin).buttons(b); };
        return t;
    }();
    return table;
}

const SpiceTabletInterface &Inputs::tablet_table() {
    static const auto table = [] {
        auto t = named<SpiceTabletInterface>(SPICE_INTERFACE_TABLET, SPICE_INTERFACE_TABLET_MAJOR,
                                             SPICE_INTERFACE_TABLET_MINOR);
        t.set_logical_size = [](SpiceTabletInstance *, int, int) {};
        t.position = [](SpiceTabletInstance *sin, int x, int y, uint32_t b) { self(sin).position(x, y, b); };
        t.wheel = [](SpiceTabletInstance *sin, int dz, uint32_t b) { self(sin).wheel(dz, b); };
        t.buttons = [](SpiceTabletInstance *sin, uint32_t b) { self(sin).buttons(b); };
        return t;
    }();
    return table;
}

template <class Base> void Inputs::plug(Instance<Base> &instance, const SpiceBaseInterface &table) {
    instance.base.sif = &table;
    instance.st = nullptr;
    instance.owner = this;
    spice_server_add_interface(server_, &instance.base);
}

Inputs::Inputs(SpiceServer *server, bool tablet, Hooks hooks) : server_{server}, hooks_{std::move(hooks)} {
    plug(keyboard_device_, keyboard_table().base);
    plug(mouse_device_, mouse_table().base);
    state_.absolute = false;
    set_tablet(tablet);
}

// libspice-server never frees what it made for the keyboard and the mouse; staying reachable keeps leak checkers calm.
Inputs::~Inputs() {
    static auto &kept = *new std::vector<void *>;
    kept.insert(kept.end(), {keyboard_device_.st, mouse_device_.st});
    set_tablet(false);
}

void Inputs::set_tablet(bool present) {
    if (present == tablet_) return;
    tablet_ = state_.absolute = present;
    if (present)
        plug(tablet_device_, tablet_table().base);
    else
        spice_server_remove_interface(&tablet_device_.base);
}

void Inputs::set_leds(uint8_t leds) {
    keyboard_.set_leds(leds);
    spice_server_kbd_leds(&keyboard_device_, leds);
}

void Inputs::set_limits(int width, int height) { width_ = width, height_ = height; }

void Inputs::clear_logs() {
    keys_.clear();
    mouse_.clear();
}

void Inputs::scancode(uint8_t byte) {
    const auto before = keyboard_.leds();
    const auto text = keyboard_.feed(byte);
    keys_.push_back(byte);
    if (keyboard_.leds() != before) spice_server_kbd_leds(&keyboard_device_, keyboard_.leds());
    state_.last_keys.clear();
    for (auto i = keys_.size() - std::min<std::size_t>(keys_.size(), 6); i < keys_.size(); ++i)
        state_.last_keys += (state_.last_keys.empty() ? "" : " ") + hex(keys_[i]);
    if (!text.empty() && hooks_.typed) hooks_.typed(text);
    hooks_.changed();
}

void Inputs::log(std::string entry) {
    mouse_.push_back(std::move(entry));
    hooks_.changed();
}

void Inputs::motion(int dx, int dy, int dz, uint32_t buttons) {
    state_.x = std::clamp(std::max(state_.x, 0) + dx, 0, std::max(width_ - 1, 0));
    state_.y = std::clamp(std::max(state_.y, 0) + dy, 0, std::max(height_ - 1, 0));
    state_.wheel -= dz;
    state_.buttons = buttons;
    log("motion " + std::to_string(dx) + " " + std::to_string(dy) + " " + std::to_string(dz) + " " +
        std::to_string(buttons));
}

void Inputs::position(int x, int y, uint32_t buttons) {
    state_.x = x, state_.y = y, state_.buttons = buttons;
    log("position " + std::to_string(x) + " " + std::to_string(y) + " " + std::to_string(buttons));
}

// The server reports a button on the tablet as a turn of the wheel by nothing.
void Inputs::wheel(int dz, uint32_t buttons) {
    if (dz == 0) return this->buttons(buttons);
    state_.wheel -= dz;
    state_.buttons = buttons;
    log("wheel " + std::to_string(dz) + " " + std::to_string(buttons));
}

void Inputs::buttons(uint32_t buttons) {
    state_.buttons = buttons;
    log("buttons " + std::to_string(buttons));
}

}
