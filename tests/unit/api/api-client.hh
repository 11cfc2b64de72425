// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "spice-client.h"

#include "base/glib/glib-ptr.hh"

#include <functional>
#include <string>
#include <vector>

namespace spice::test {

// An application that connects everything and writes down what it is told, one line a signal:
//     "channel-new main-0", "main-0 opened", "main-0 error-auth spice-client-error-quark 3", "disconnected", ...
// It holds no reference to channels. Bound to the main context that is the default of its thread.
class ApiClient {
public:
    // `context`: where it iterates; null: the thread's default.
    explicit ApiClient(GMainContext *context = nullptr);
    ~ApiClient();
    ApiClient(const ApiClient &) = delete;
    ApiClient &operator=(const ApiClient &) = delete;

    SpiceSession *session() const noexcept { return session_.get(); }
    void set_uri(const std::string &uri) { g_object_set(session(), "uri", uri.c_str(), nullptr); }
    bool connect() { return spice_session_connect(session()) != FALSE; }
    SpiceChannel *channel(int type, int id = 0) const; // null when the session has none

    // Runs the main loop until `line` was written (counted from the last call of forget()), or 5 s have passed.
    bool wait(const std::string &line, std::size_t times = 1);
    bool wait_for(const std::function<bool()> &done);
    // Disconnects and waits for the end.
    bool disconnect();

    const std::vector<std::string> &lines() const noexcept { return lines_; }
    std::size_t count(const std::string &line) const;
    std::vector<std::string> lines_of(const std::string &channel) const; // "main-0": its events
    void forget() { lines_.clear(); }

    std::function<void(SpiceChannel *, SpiceChannelEvent)> on_event; // after the line was written
    std::function<void(SpiceChannel *, bool with_tls)> on_open_fd;
    bool connect_channels = true; // in channel-new, all but main

private:
    void write(std::string line);
    static void channel_new(SpiceSession *, SpiceChannel *channel, ApiClient *self);
    static void channel_destroy(SpiceSession *, SpiceChannel *channel, ApiClient *self);
    static void disconnected(SpiceSession *, ApiClient *self);
    static void channel_event(SpiceChannel *channel, SpiceChannelEvent event, ApiClient *self);
    static void open_fd(SpiceChannel *channel, int with_tls, ApiClient *self);

    Ref<SpiceSession> session_;
    std::vector<std::string> lines_;
    ContextPtr context_;
};

std::string channel_name(SpiceChannel *channel); // "display-0"
void set_ca(SpiceSession *session, const std::string &pem);

}
