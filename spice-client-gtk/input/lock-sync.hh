// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "glue.hh"

#include <gdk/gdk.h>
#include <spice-client.h>

#include <memory>
#include <vector>

namespace spice::gtk {

// Keeps the guest's Caps, Num and Scroll Lock like the host's. One per session. Main thread.
class LockSync {
public:
    explicit LockSync(SpiceSession *session);
    bool enabled() const noexcept { return enabled_; }
    void set_enabled(bool on) noexcept { enabled_ = on; }
    // While a display has the focus the key events themselves change the guest's locks; setting them would race.
    void set_focused(bool on) noexcept { focused_ = on; }
    void sync_all(); // whatever the guest reports

private:
    struct Guest {
        explicit Guest(LockSync &o, SpiceInputsChannel *c);
        void channel_event(SpiceChannelEvent event);
        void modifiers_changed();
        LockSync &owner;
        Weak<SpiceInputsChannel> channel;
        Connection on_event, on_modifiers;
    };
    void channel_new(SpiceChannel *channel);
    void channel_destroy(SpiceChannel *channel);
    void seat_added(GdkSeat *seat);
    void watch_keyboard();
    void host_changed(GParamSpec *);
    bool host_locks(guint &locks) const;
    void send(Guest &guest, bool forced);

    Weak<SpiceSession> session_;
    Weak<GdkDevice> keyboard_;
    std::vector<std::unique_ptr<Guest>> guests_;
    bool enabled_ = true, focused_ = false;
    Connection on_new_, on_destroy_, on_seat_, on_caps_, on_num_, on_scroll_;
};

}
