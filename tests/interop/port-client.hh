// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "port-peer.hh"
#include "server-process.hh"

#include "base/glib/glib-ptr.hh"

#include <spice-client.h>

#include <functional>
#include <string>
#include <vector>

// A session with one port of spice-test-server, for tests of ports of all kinds.
namespace spice::test {

inline constexpr guint limit_ms = 60'000;

inline bool turn_until(const std::function<bool()> &done) {
    bool late = false;
    const guint timer = g_timeout_add(limit_ms, [](gpointer flag) -> gboolean { return *static_cast<bool *>(flag) = true, G_SOURCE_CONTINUE; }, &late);
    const guint tick = g_timeout_add(5, [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr);
    while (!done() && !late) g_main_context_iteration(nullptr, TRUE);
    g_source_remove(timer);
    g_source_remove(tick);
    return done();
}

// One client with the first port of a server.
struct PortClient {
    ServerProcess server;
    PortPeer peer;
    Ref<SpiceSession> session;
    SpicePortChannel *port = nullptr; // borrowed
    std::string lines, data;
    std::function<void(const char *, int)> on_data = [this](const char *bytes, int size) { data.append(bytes, static_cast<std::size_t>(size)); };
    bool gone = false;

    explicit PortClient(std::vector<std::string> more = {}, const char *name_of_port = "org.example.line.0") {
        std::vector<std::string> arguments{"--size", "320x240", "--still", "--ports", name_of_port};
        arguments.insert(arguments.end(), more.begin(), more.end());
        g_assert_true(server.start(arguments));
        g_assert_true(peer.listen(server.folder() + "/line"));
        session = Ref<SpiceSession>::take(spice_session_new());
        g_object_set(session.get(), "uri", server.uri().c_str(), nullptr);
        g_signal_connect_swapped(session.get(), "channel-new", G_CALLBACK(+[](PortClient *self, SpiceChannel *channel) {
                                     if (SPICE_IS_PORT_CHANNEL(channel)) self->adopt(SPICE_PORT_CHANNEL(channel));
                                 }),
                                 this);
        g_signal_connect_swapped(session.get(), "disconnected", G_CALLBACK(+[](PortClient *self) { self->gone = true; }), this);
    }
    ~PortClient() {
        spice_session_disconnect(session.get());
        g_assert_true(turn_until([this] { return gone; }));
        g_signal_handlers_disconnect_by_data(session.get(), this);
    }
    void adopt(SpicePortChannel *channel) {
        port = channel;
        g_signal_connect_swapped(port, "notify::port-name", G_CALLBACK(+[](PortClient *self) { self->lines += "name "; }), this);
        g_signal_connect_swapped(port, "notify::port-opened",
                                 G_CALLBACK(+[](PortClient *self) { self->lines += self->opened() ? "open " : "shut "; }), this);
        g_signal_connect_swapped(port, "port-event", G_CALLBACK(+[](PortClient *self, int event) {
                                     self->lines += std::to_string(event) + " ";
                                 }),
                                 this);
        g_signal_connect_swapped(port, "port-data", G_CALLBACK(+[](PortClient *self, const char *bytes, int size) {
                                     self->on_data(bytes, size);
                                 }),
                                 this);
        g_assert_true(spice_channel_connect(SPICE_CHANNEL(port)));
    }
    bool opened() const {
        gboolean opened = FALSE;
        g_object_get(port, "port-opened", &opened, nullptr);
        return opened != FALSE;
    }
    std::string name() const {
        char *name = nullptr;
        g_object_get(port, "port-name", &name, nullptr);
        const std::string out = name ? name : "";
        g_free(name);
        return out;
    }
    // With somebody at the other end.
    void start() {
        g_assert_true(server.ok("port 0 connect " + peer.path()));
        g_assert_true(peer.accept());
        g_assert_true(spice_session_connect(session.get()));
        g_assert_true(turn_until([this] { return port && opened() && !name().empty(); }));
    }
};

}
