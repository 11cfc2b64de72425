// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "input/keymap.hh"

#include "input/windowing/window-system.hh"

#include <algorithm>

namespace spice::gtk {

namespace {
using KeysPtr = Owned<GdkKeymapKey, g_free>;
}

Keymap::Keymap(GdkDisplay *display) : display_{display} {
    on_seat_.attach<&Keymap::watch>(display, "seat-added", this);
    watch(gdk_display_get_default_seat(display));
}

void Keymap::watch(GdkSeat *seat) {
    if (auto *keyboard = seat ? gdk_seat_get_keyboard(seat) : nullptr)
        on_changed_.attach<&Keymap::inspect>(keyboard, "changed", this);
    inspect();
}

bool Keymap::has_key_at(unsigned keyval, unsigned keycode) const {
    GdkKeymapKey *found = nullptr;
    int n = 0;
    if (!gdk_display_map_keyval(display_, keyval, &found, &n)) return false;
    const KeysPtr keys{found};
    return std::any_of(found, found + n, [&](auto &k) { return k.keycode == keycode; });
}

void Keymap::inspect() {
    const auto &system = WindowSystem::get(display_);
    // People remap one or two of these keys, not most.
    const int hits = has_key_at(GDK_KEY_Return, 36) + has_key_at(GDK_KEY_Escape, 9) + has_key_at(GDK_KEY_space, 65) +
                     has_key_at(GDK_KEY_BackSpace, 22);
    if (!system.has_keycodes() || hits < 2) kind_ = Kind::keysyms;
    else kind_ = system.may_use_xkbd() && has_key_at(GDK_KEY_Page_Up, 99) ? Kind::xkbd : Kind::evdev;
}

UsKey Keymap::translate(unsigned keycode, unsigned keyval) const noexcept {
    switch (kind_) {
    case Kind::evdev: return {evdev_to_scancode(keycode), false};
    case Kind::xkbd: return {xkbd_to_scancode(keycode), false};
    case Kind::keysyms: break;
    }
    return us_key(keyval);
}

UsKey Keymap::find(unsigned keyval) const {
    if (kind_ != Kind::keysyms) {
        GdkKeymapKey *found = nullptr;
        int n = 0;
        if (gdk_display_map_keyval(display_, keyval, &found, &n) && n > 0) {
            const KeysPtr keys{found};
            const auto *plain = std::find_if(found, found + n, [](auto &k) { return k.group == 0 && k.level == 0; });
            const auto &key = plain != found + n ? *plain : found[0];
            if (const auto k = translate(key.keycode, keyval); k.scancode) return k;
        }
    }
    return {us_key(keyval).scancode, false};
}

}
