// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "glue.hh"
#include "input/lock-sync.hh"

#include <gtk/gtk.h>
#include <spice-client.h>

#include <vector>

namespace spice::gtk {

// What the displays of one session share: who has the keyboard focus, the pointer and the grab. Owned by the
// session's SpiceGtkSession, so it lives as long as the session. Main thread.
class SessionHub {
public:
    struct Member {
        virtual void hub_inhibit_changed() = 0;
        virtual void hub_pointer_grabbed_changed() = 0;
        // Sends a drag that left another display of this session here; false when the point is not on this one.
        virtual bool hub_take_drag(GtkWidget *from, double x, double y, int mask) = 0;

    protected:
        ~Member() = default;
    };
    struct Observer {
        virtual void hub_notify_pointer_grabbed() = 0;

    protected:
        ~Observer() = default;
    };
    SessionHub(SpiceSession *session, Observer &observer);

    void add(Member &member);
    void remove(Member &member);
    void set_focus(Member &member, bool on);
    void set_pointer(Member &member, bool on);
    void set_mouse_grabbed(Member &member, bool on);

    bool has_focus() const noexcept;
    bool has_pointer() const noexcept;
    bool pointer_grabbed() const noexcept;
    bool keyboard_inhibited() const noexcept;
    bool route_drag(Member &from, GtkWidget *widget, double x, double y, int mask);
    LockSync &locks() noexcept { return locks_; }

private:
    struct Entry {
        Member *member = nullptr;
        bool focus = false, pointer = false, grabbed = false;
    };
    Entry *find(Member &member) noexcept;
    std::vector<Member *> members() const;
    void inhibit_changed(GParamSpec *);
    void grabbed_changed(bool before);

    Observer &observer_;
    Weak<SpiceSession> session_;
    std::vector<Entry> entries_;
    Connection on_inhibit_;
    LockSync locks_;
};

}
