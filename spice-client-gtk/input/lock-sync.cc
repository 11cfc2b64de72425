// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "input/lock-sync.hh"

#include <algorithm>

namespace spice::gtk {

LockSync::Guest::Guest(LockSync &o, SpiceInputsChannel *c) : owner{o}, channel{c} {
    on_event.attach<&Guest::channel_event>(c, "channel-event", this);
    on_modifiers.attach<&Guest::modifiers_changed>(c, "inputs-modifiers", this);
}

void LockSync::Guest::channel_event(SpiceChannelEvent event) {
    if (event == SPICE_CHANNEL_OPENED) owner.send(*this, true);
}

void LockSync::Guest::modifiers_changed() { owner.send(*this, false); }

LockSync::LockSync(SpiceSession *session) : session_{session} {
    on_new_.attach<&LockSync::channel_new>(session, "channel-new", this);
    on_destroy_.attach<&LockSync::channel_destroy>(session, "channel-destroy", this);
    const Owned<GList, g_list_free> channels{spice_session_get_channels(session)};
    for (GList *l = channels.get(); l; l = l->next) channel_new(SPICE_CHANNEL(l->data));
    if (auto *display = gdk_display_get_default()) on_seat_.attach<&LockSync::seat_added>(display, "seat-added", this);
    watch_keyboard();
}

void LockSync::channel_new(SpiceChannel *channel) {
    if (SPICE_IS_INPUTS_CHANNEL(channel))
        guests_.push_back(std::make_unique<Guest>(*this, SPICE_INPUTS_CHANNEL(channel)));
}

void LockSync::channel_destroy(SpiceChannel *channel) {
    std::erase_if(guests_, [&](auto &g) { return !g->channel || SPICE_CHANNEL(g->channel.get()) == channel; });
}

void LockSync::seat_added(GdkSeat *) { watch_keyboard(); }

// A display need not have a seat (a headless compositor), and a seat need not have a keyboard.
void LockSync::watch_keyboard() {
    auto *display = gdk_display_get_default();
    auto *seat = display ? gdk_display_get_default_seat(display) : nullptr;
    auto *keyboard = seat ? gdk_seat_get_keyboard(seat) : nullptr;
    keyboard_.set(keyboard);
    if (!keyboard) return;
    on_caps_.attach<&LockSync::host_changed>(keyboard, "notify::caps-lock-state", this);
    on_num_.attach<&LockSync::host_changed>(keyboard, "notify::num-lock-state", this);
    on_scroll_.attach<&LockSync::host_changed>(keyboard, "notify::scroll-lock-state", this);
}

bool LockSync::host_locks(guint &locks) const {
    if (!keyboard_) return false;
    locks = 0;
    if (gdk_device_get_scroll_lock_state(keyboard_.get())) locks |= SPICE_INPUTS_SCROLL_LOCK;
    if (gdk_device_get_num_lock_state(keyboard_.get())) locks |= SPICE_INPUTS_NUM_LOCK;
    if (gdk_device_get_caps_lock_state(keyboard_.get())) locks |= SPICE_INPUTS_CAPS_LOCK;
    return true;
}

void LockSync::send(Guest &guest, bool forced) {
    guint locks = 0;
    if (!enabled_ || !session_ || spice_session_get_read_only(session_.get())) return;
    if (!guest.channel || !host_locks(locks)) return;
    if (!forced) {
        gint reported = 0;
        g_object_get(guest.channel.get(), "key-modifiers", &reported, nullptr);
        if (static_cast<guint>(reported) == locks) return;
    }
    spice_inputs_channel_set_key_locks(guest.channel.get(), locks);
}

void LockSync::sync_all() {
    for (auto &g : guests_) send(*g, true);
}

void LockSync::host_changed(GParamSpec *) {
    if (focused_) return;
    for (auto &g : guests_) send(*g, false);
}

}
