// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "spice-client.h"

#include "scripted-server.hh"

#include "base/glib/glib-ptr.hh"

#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Sessions that end inside a handler.
namespace spice::test {

enum class How {
    disconnect_session,
    disconnect_channel,
    destroy_channel,
    drop_session,
    connect,
    reconnect,
    change_properties,
    n
};
const char *name_of(How how);

// One application with a server of its own. It ends its session in the chosen way when the chosen signal comes for the
// first time, and looks whether everything goes that it had. It holds no references to channels.
class Victim {
public:
    Victim(std::string signal, How how); // "display display-mark"; "port callback:write" for what is no signal
    ~Victim();
    Victim(const Victim &) = delete;
    Victim &operator=(const Victim &) = delete;

    // For the script of a case.
    ScriptedServer server, target; // where a machine moves to
    SpiceSession *session() const noexcept { return session_.get(); }
    SpiceChannel *channel(int type) const;              // null when the session has none
    std::function<void(SpiceChannel *)> on_channel;     // a channel is there, before it connects
    std::function<void(SpiceChannel *)> on_opened;      // it is open
    std::function<bool()> connect;                      // by default to `server`
    std::string unix_path;                              // what the server listens at instead of TCP
    void later(std::function<void(Victim &)> function); // from the loop, if the session is still there
    void watch(gpointer object, const char *name);      // "manager": signals of objects that are not made for a session
    void adopt(gpointer object, const char *name);      // watch, and wait for its end
    void hold(gpointer object) { held_ = Ref<GObject>::take(G_OBJECT(object)); } // goes with the session
    bool chosen(std::string_view signal) const noexcept { return signal_ == signal; }
    void skip(int emissions) { skip_ = emissions; } // another one than the first
    void fire(gpointer emitter); // null: it came from no object
    static void answered(GObject *source, GAsyncResult *result, gpointer victim); // fires

    bool run(); // false, with a message, when anything did not come or did not go

private:
    void fail(const char *what);
    bool until(const std::function<bool()> &done);
    bool end();
    void end_now(gpointer emitter);
    void drop();
    void change_properties(gpointer emitter);
    static void disconnected(SpiceSession *session, Victim *self);
    static void channel_new(SpiceSession *, SpiceChannel *channel, Victim *self);
    static void channel_event(SpiceChannel *channel, SpiceChannelEvent event, Victim *self);

    const std::string signal_;
    const How how_;
    Ref<SpiceSession> session_;
    Ref<GObject> held_;
    SpiceChannel *main_ = nullptr; // weak
    std::vector<std::pair<gpointer, gulong>> foreign_; // handlers at objects that outlive this
    std::size_t links_ = 0;
    int fired_ = 0, skip_ = 0, alive_ = 0, disconnected_ = 0;
    bool failed_ = false, reconnects_ = false;
};

struct EndCase {
    const char *signal;
    void (*script)(Victim &victim);
    bool in_child = false; // something in the process can be used only once
};

// "display notify::monitors": what properties were notified while no test was changing any.
const std::set<std::string> &notified();

std::span<const EndCase> session_cases();
std::span<const EndCase> content_cases();
std::span<const EndCase> device_cases();

}
