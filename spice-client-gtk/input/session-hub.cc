// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "input/session-hub.hh"

#include <algorithm>

namespace spice::gtk {

SessionHub::SessionHub(SpiceSession *session, Observer &observer) : observer_{observer}, session_{session}, locks_{session} {
    on_inhibit_.attach<&SessionHub::inhibit_changed>(session, "notify::inhibit-keyboard-grab", this);
}

SessionHub::Entry *SessionHub::find(Member &member) noexcept {
    const auto it = std::find_if(entries_.begin(), entries_.end(), [&](Entry &e) { return e.member == &member; });
    return it == entries_.end() ? nullptr : &*it;
}

std::vector<SessionHub::Member *> SessionHub::members() const {
    std::vector<Member *> all;
    for (auto &e : entries_) all.push_back(e.member);
    return all;
}

void SessionHub::add(Member &member) {
    if (!find(member)) entries_.push_back({&member});
}

void SessionHub::remove(Member &member) {
    set_mouse_grabbed(member, false);
    std::erase_if(entries_, [&](Entry &e) { return e.member == &member; });
    locks_.set_focused(has_focus());
}

void SessionHub::set_focus(Member &member, bool on) {
    if (auto *e = find(member)) e->focus = on;
    locks_.set_focused(has_focus());
}

void SessionHub::set_pointer(Member &member, bool on) {
    if (auto *e = find(member)) e->pointer = on;
}

void SessionHub::set_mouse_grabbed(Member &member, bool on) {
    const bool before = pointer_grabbed();
    if (auto *e = find(member)) e->grabbed = on;
    grabbed_changed(before);
}

void SessionHub::grabbed_changed(bool before) {
    if (before == pointer_grabbed()) return;
    for (auto *m : members())
        if (find(*m)) m->hub_pointer_grabbed_changed();
    observer_.hub_notify_pointer_grabbed();
}

void SessionHub::inhibit_changed(GParamSpec *) {
    for (auto *m : members()) // a handler may drop another display
        if (find(*m)) m->hub_inhibit_changed();
}

bool SessionHub::has_focus() const noexcept {
    return std::any_of(entries_.begin(), entries_.end(), [](auto &e) { return e.focus; });
}
bool SessionHub::has_pointer() const noexcept {
    return std::any_of(entries_.begin(), entries_.end(), [](auto &e) { return e.pointer; });
}
bool SessionHub::pointer_grabbed() const noexcept {
    return std::any_of(entries_.begin(), entries_.end(), [](auto &e) { return e.grabbed; });
}

bool SessionHub::keyboard_inhibited() const noexcept {
    gboolean inhibited = FALSE;
    if (session_) g_object_get(session_.get(), "inhibit-keyboard-grab", &inhibited, nullptr);
    return inhibited;
}

bool SessionHub::route_drag(Member &from, GtkWidget *widget, double x, double y, int mask) {
    for (auto *m : members())
        if (m != &from && m->hub_take_drag(widget, x, y, mask)) return true;
    return false;
}

}
