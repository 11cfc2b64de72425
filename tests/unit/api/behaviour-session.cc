// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "behaviour.hh"

#include <cstring>

namespace spice::test {

namespace {

// A server with one channel of some kinds, all of which open.
struct Desktop : Stage {
    Desktop() {
        server.main().init().send(SPICE_MSG_MAIN_NAME, vm_name("vm")).send(SPICE_MSG_MAIN_UUID, vm_uuid());
        server.main().channels({{SPICE_CHANNEL_DISPLAY, 0}, {SPICE_CHANNEL_INPUTS, 0}, {SPICE_CHANNEL_CURSOR, 0}});
        server.inputs().inputs_init();
        server.cursor().cursor_init();
    }
    bool all_open() {
        bool good = open();
        for (const char *name : {"display-0", "inputs-0", "cursor-0"})
            good = good && wait(std::string{name} + " channel-event opened");
        settle(50);
        return good;
    }
};

std::string one_notify_for_a_property() {
    Stage s;
    g_object_set(s.session, "port", "1", nullptr);
    g_object_set(s.session, "port", "1", nullptr); // also when nothing changes
    same_lines(s.lines, {"session notify port", "session notify port"});
    return {};
}

std::string uri_notifies_only_itself() {
    Stage s;
    g_object_set(s.session, "uri", "spice://host:1?tls-port=2", nullptr);
    same_lines(s.lines, {"session notify uri"});
    return {};
}

std::string uri_replaces_all_parts() {
    Stage s;
    g_object_set(s.session, "uri", "spice://user@host:1", "password", "p", nullptr);
    g_object_set(s.session, "uri", "spice://other?tls-port=3", nullptr);
    g_autofree char *port = nullptr, *user = nullptr, *password = nullptr;
    g_object_get(s.session, "port", &port, "username", &user, "password", &password, nullptr);
    holds(!port && !user && !password);
    return {};
}

std::string only_channel_new_inside_connect() {
    Desktop s;
    s.start();
    bool good = false;
    s.call([&] { good = s.connect(); });
    holds(good);
    same_lines(s.in_calls, {"session channel-new main-0"});
    holds(s.wait("main-0 channel-event opened"));
    return {};
}

std::string every_other_signal_is_from_the_loop() {
    Desktop s;
    holds(s.all_open());
    spice_session_disconnect(s.session);
    holds(s.wait("session disconnected"));
    for (std::size_t i = 0; i < s.lines.size(); ++i)
        if (!s.from_loop[i] && s.lines[i] != "session channel-new main-0" && !s.lines[i].starts_with("session notify c"))
            return s.lines[i] + " came from elsewhere";
    return {};
}

std::string order_after_connecting() {
    Desktop s;
    s.connect_channels = false;
    holds(s.open());
    holds(s.wait("session channel-new cursor-0"));
    Lines told;
    for (const auto &line : s.lines)
        if (!line.starts_with("session notify client-sockets") && !line.starts_with("main-0 notify socket")) told.push_back(line);
    same_lines(told, {"session channel-new main-0", "main-0 channel-event opened", "main-0 main-mouse-update",
                      "main-0 notify mouse-mode", "session mm-time-reset", "session notify name", "session notify uuid",
                      "session notify uuid", "session channel-new display-0", "session channel-new inputs-0",
                      "session channel-new cursor-0"});
    return {};
}

// The application's own sources get their turn between two new channels.
std::string one_new_channel_a_turn() {
    Desktop s;
    s.connect_channels = false;
    int turn = 0, last = -1;
    bool twice = false;
    s.on_line = [&](const std::string &line, GObject *) {
        if (!line.starts_with("session channel-new")) return;
        twice = twice || turn == last;
        last = turn;
    };
    s.start();
    s.connect();
    while (s.count("session channel-new cursor-0") == 0) {
        ++turn;
        g_main_context_iteration(nullptr, TRUE);
    }
    holds(!twice);
    return {};
}

std::string nothing_inside_disconnect() {
    Desktop s;
    holds(s.all_open());
    s.call([&] {
        spice_session_disconnect(s.session);
        spice_session_disconnect(s.session);
    });
    holds(s.in_calls.empty());
    holds(s.wait("session disconnected"));
    s.settle();
    holds(s.count("session disconnected") == 1);
    return {};
}

std::string order_of_disconnecting() {
    Desktop s;
    holds(s.all_open());
    s.forget();
    spice_session_disconnect(s.session);
    holds(s.wait("session disconnected"));
    same_lines(s.events(),
               {"session channel-destroy cursor-0", "session channel-destroy inputs-0", "session channel-destroy display-0",
                "session channel-destroy main-0", "cursor-0 channel-event closed", "inputs-0 channel-event closed",
                "display-0 channel-event closed", "main-0 channel-event closed", "session disconnected"});
    return {};
}

std::string session_of_a_channel_that_leaves() {
    Desktop s;
    holds(s.all_open());
    std::string fault;
    s.on_line = [&](const std::string &line, GObject *object) {
        const bool closed = line.find("channel-event closed") != std::string::npos;
        if (line.starts_with("session channel-destroy")) object = G_OBJECT(s.channel(SPICE_CHANNEL_MAIN));
        else if (!closed) return;
        SpiceSession *session = nullptr;
        if (object) g_object_get(object, "spice-session", &session, nullptr);
        if (closed && session) fault = "it is still set at closed";
        if (session) g_object_unref(session);
    };
    spice_session_disconnect(s.session);
    holds(s.wait("session disconnected"));
    return fault;
}

std::string session_is_set_in_channel_destroy() {
    Desktop s;
    holds(s.all_open());
    SpiceSession *seen = nullptr;
    auto *inputs = g_object_ref(s.channel(SPICE_CHANNEL_INPUTS));
    s.on_line = [&](const std::string &line, GObject *) {
        if (line == "session channel-destroy inputs-0") g_object_get(inputs, "spice-session", &seen, nullptr);
    };
    spice_session_disconnect(s.session);
    holds(s.wait("inputs-0 channel-event closed"));
    const bool good = seen == s.session;
    if (seen) g_object_unref(seen);
    g_object_unref(inputs);
    holds(good);
    return {};
}

std::string nothing_to_disconnect() {
    Stage s;
    spice_session_disconnect(s.session);
    s.settle();
    holds(s.lines.empty());
    return {};
}

std::string no_connect_while_disconnecting() {
    Desktop s;
    holds(s.all_open());
    spice_session_disconnect(s.session);
    holds(!s.connect());
    holds(s.wait("session disconnected"));
    s.forget();
    holds(s.connect());
    holds(s.wait("main-0 channel-event opened"));
    return {};
}

// TRUE, but the end of the old connection is all that follows.
std::string connect_of_a_live_session() {
    Desktop s;
    holds(s.all_open());
    s.forget();
    bool good = false;
    s.call([&] { good = s.connect(); });
    holds(good);
    same_lines(s.in_calls, {"session channel-destroy cursor-0", "session channel-destroy inputs-0",
                            "session channel-destroy display-0"});
    holds(s.wait("main-0 channel-event closed") && s.wait("cursor-0 channel-event closed"));
    s.settle();
    holds(s.count("main-0 channel-event opened") == 0);
    return {};
}

std::string kept_channel_delays_the_end() {
    Desktop s;
    holds(s.all_open());
    auto *kept = g_object_ref(s.channel(SPICE_CHANNEL_INPUTS));
    spice_session_disconnect(s.session);
    holds(s.wait("inputs-0 channel-event closed") && s.wait("main-0 channel-event closed"));
    s.settle();
    const bool early = s.count("session disconnected") != 0;
    g_object_unref(kept);
    holds(s.wait("session disconnected"));
    holds(!early);
    return {};
}

std::string name_is_forgotten_quietly() {
    Desktop s;
    holds(s.all_open());
    s.forget();
    spice_session_disconnect(s.session);
    holds(s.wait("session disconnected"));
    g_autofree char *name = nullptr;
    gpointer uuid = nullptr;
    g_object_get(s.session, "name", &name, "uuid", &uuid, nullptr);
    const char zeros[16] = {};
    holds(name == nullptr);
    holds(uuid && std::memcmp(uuid, zeros, sizeof zeros) == 0);
    holds(s.of("session notify").empty());
    return {};
}

std::string main_survives_a_wrong_password() {
    Desktop s;
    s.server.link_plan({.password = "tiger"});
    s.start();
    int code = -1;
    s.on_line = [&](const std::string &line, GObject *object) {
        if (line != "main-0 channel-event error-auth") return;
        const auto *error = spice_channel_get_error(SPICE_CHANNEL(object));
        code = error && error->domain == SPICE_CLIENT_ERROR ? error->code : -2;
    };
    holds(s.connect());
    holds(s.wait("main-0 channel-event error-auth"));
    holds(code == SPICE_CLIENT_ERROR_AUTH_NEEDS_PASSWORD);
    auto *main = s.channel(SPICE_CHANNEL_MAIN);
    s.settle(50);
    holds(main && spice_channel_get_error(main) == nullptr); // it is forgotten after the event
    g_object_set(s.session, "password", "tiger", nullptr);
    holds(s.connect());
    holds(s.wait("cursor-0 channel-event opened"));
    holds(s.channel(SPICE_CHANNEL_MAIN) == main && s.count("session channel-new main-0") == 1);
    return {};
}

std::string open_fd_inside_the_call() {
    Stage s;
    s.call([&] { spice_session_open_fd(s.session, -1); });
    const Lines wanted = {"session channel-new main-0", "main-0 open-fd 0"};
    same_lines(Lines(s.in_calls.end() - std::min<std::ptrdiff_t>(2, static_cast<std::ptrdiff_t>(s.in_calls.size())),
                     s.in_calls.end()), wanted);
    holds(flag_of(s.session, "client-sockets"));
    return {};
}

std::string client_sockets_ends_with_connect() {
    Stage s;
    spice_session_open_fd(s.session, -1);
    s.start();
    s.server.main().init();
    spice_session_disconnect(s.session);
    holds(s.until([&] { return s.channel(SPICE_CHANNEL_MAIN) == nullptr; }));
    s.settle(50);
    holds(s.connect());
    holds(!flag_of(s.session, "client-sockets"));
    return {};
}

std::string read_only_may_change_at_any_time() {
    Desktop s;
    holds(s.all_open());
    auto *inputs = SPICE_INPUTS_CHANNEL(s.channel(SPICE_CHANNEL_INPUTS));
    for (const bool read_only : {false, true, false}) {
        g_object_set(s.session, "read-only", gboolean{read_only}, nullptr);
        spice_inputs_channel_key_press(inputs, read_only ? 31 : 30);
    }
    holds(s.until([&] { return s.server.inputs().received(SPICE_MSGC_INPUTS_KEY_DOWN).size() == 2; }));
    for (const auto &message : s.server.inputs().received(SPICE_MSGC_INPUTS_KEY_DOWN)) holds(message.u(0, 1) == 30);
    return {};
}

std::string disabled_kinds_are_not_made() {
    Stage s;
    s.server.main().init().channels({{SPICE_CHANNEL_PLAYBACK, 0}, {SPICE_CHANNEL_INPUTS, 0}});
    g_object_set(s.session, "enable-audio", FALSE, nullptr);
    holds(spice_channel_new(s.session, SPICE_CHANNEL_PLAYBACK, 3) == nullptr);
    holds(spice_channel_new(s.session, 7, 0) == nullptr);
    s.connect_channels = false;
    holds(s.open() && s.wait("session channel-new inputs-0"));
    holds(s.count("session channel-new playback-0") == 0);
    return {};
}

constexpr Rule rules[] = {
    {"a property that is set is notified once", one_notify_for_a_property},
    {"uri notifies itself only", uri_notifies_only_itself},
    {"uri replaces all parts", uri_replaces_all_parts},
    {"channel-new of main is all that comes inside connect", only_channel_new_inside_connect},
    {"every other signal comes from the loop", every_other_signal_is_from_the_loop},
    {"order after connecting", order_after_connecting},
    {"one new channel a turn of the loop", one_new_channel_a_turn, "several come in one"},
    {"nothing comes inside disconnect, and the end once", nothing_inside_disconnect},
    {"order of disconnecting", order_of_disconnecting},
    {"spice-session is gone at closed", session_of_a_channel_that_leaves},
    {"spice-session is set in channel-destroy", session_is_set_in_channel_destroy},
    {"a session without channels says nothing at disconnect", nothing_to_disconnect},
    {"connect is FALSE while a disconnect is pending", no_connect_while_disconnecting},
    {"connect of a live session ends it, and is TRUE", connect_of_a_live_session},
    {"a channel that is held delays disconnected", kept_channel_delays_the_end},
    {"name and uuid are forgotten without notify", name_is_forgotten_quietly},
    {"main survives a wrong password", main_survives_a_wrong_password},
    {"open-fd comes inside spice_session_open_fd(-1)", open_fd_inside_the_call},
    {"client-sockets is FALSE after connect", client_sockets_ends_with_connect},
    {"read-only may change at any time", read_only_may_change_at_any_time},
    {"channels of disabled kinds are not made", disabled_kinds_are_not_made},
};

}

std::span<const Rule> session_rules() { return rules; }

}
