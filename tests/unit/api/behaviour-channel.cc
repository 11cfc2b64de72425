// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "behaviour.hh"

namespace spice::test {

namespace {

struct Inputs : Stage {
    SpiceChannel *inputs = nullptr;
    Inputs() {
        server.main().init().channels({{SPICE_CHANNEL_INPUTS, 0}});
        server.inputs().inputs_init(2);
        if (!open() || !wait("inputs-0 channel-event opened") || !wait("inputs-0 inputs-modifiers")) return;
        settle(50);
        inputs = channel(SPICE_CHANNEL_INPUTS);
        forget();
    }
};

std::string connect_twice() {
    Inputs s;
    holds(s.inputs != nullptr);
    holds(spice_channel_connect(s.inputs) && spice_channel_connect(s.inputs));
    s.settle();
    holds(s.events().empty());
    return {};
}

std::string reason_inside_the_call() {
    Inputs s;
    holds(s.inputs != nullptr);
    s.call([&] { spice_channel_disconnect(s.inputs, SPICE_CHANNEL_ERROR_IO); });
    same_lines(s.in_calls, {"inputs-0 channel-event error-io"});
    holds(s.wait("inputs-0 channel-event closed"));
    s.settle();
    same_lines(s.events(), {"inputs-0 channel-event error-io", "inputs-0 channel-event closed"});
    return {};
}

std::string closed_twice() {
    Inputs s;
    holds(s.inputs != nullptr);
    s.call([&] { spice_channel_disconnect(s.inputs, SPICE_CHANNEL_CLOSED); });
    same_lines(s.in_calls, {"inputs-0 channel-event closed"});
    holds(s.wait("inputs-0 channel-event closed", 2));
    return {};
}

std::string no_reason_says_nothing_inside() {
    Inputs s;
    holds(s.inputs != nullptr);
    s.call([&] { spice_channel_disconnect(s.inputs, SPICE_CHANNEL_NONE); });
    holds(s.in_calls.empty());
    holds(s.wait("inputs-0 channel-event closed"));
    return {};
}

// Until the terminal event the attempt is over, and not yet forgotten.
std::string connect_before_the_end() {
    Inputs s;
    holds(s.inputs != nullptr);
    spice_channel_disconnect(s.inputs, SPICE_CHANNEL_NONE);
    holds(spice_channel_connect(s.inputs));
    holds(s.wait("inputs-0 channel-event closed"));
    s.settle();
    holds(s.count("inputs-0 channel-event opened") == 0);
    return {};
}

std::string getters_after_disconnect() {
    Inputs s;
    holds(s.inputs != nullptr && spice_channel_test_common_capability(s.inputs, 3));
    spice_channel_disconnect(s.inputs, SPICE_CHANNEL_NONE);
    GSocket *socket = nullptr;
    g_object_get(s.inputs, "socket", &socket, nullptr);
    if (socket) g_object_unref(socket);
    holds(s.wait("inputs-0 channel-event closed"));
    g_object_get(s.inputs, "socket", &socket, nullptr);
    holds(socket == nullptr && !spice_channel_test_common_capability(s.inputs, 3));
    return {};
}

std::string connect_in_the_terminal_handler() {
    Inputs s;
    holds(s.inputs != nullptr);
    s.on_line = [&](const std::string &line, GObject *object) {
        if (line == "inputs-0 channel-event closed" && s.count(line) == 1) spice_channel_connect(SPICE_CHANNEL(object));
    };
    spice_channel_disconnect(s.inputs, SPICE_CHANNEL_NONE);
    holds(s.wait("inputs-0 channel-event opened"));
    same_lines(s.events(), {"inputs-0 channel-event closed", "inputs-0 channel-event opened"});
    return {};
}

std::string disconnect_of_nothing() {
    Inputs s;
    holds(s.inputs != nullptr);
    spice_channel_disconnect(s.inputs, SPICE_CHANNEL_NONE);
    holds(s.wait("inputs-0 channel-event closed"));
    s.forget();
    s.call([&] { spice_channel_disconnect(s.inputs, SPICE_CHANNEL_ERROR_IO); });
    s.settle();
    holds(s.lines.empty());
    return {};
}

std::string server_goes() {
    Inputs s;
    holds(s.inputs != nullptr);
    s.server.inputs().wait_received(SPICE_MSGC_INPUTS_KEY_MODIFIERS, 1, Milliseconds{300});
    s.server.disconnect_all();
    holds(s.wait("inputs-0 channel-event closed") && s.wait("main-0 channel-event closed"));
    s.settle();
    holds(s.events().size() == 2);
    holds(s.channel(SPICE_CHANNEL_INPUTS) == s.inputs); // it stays in the list
    return {};
}

std::string bytes_are_counted_on() {
    Inputs s;
    holds(s.inputs != nullptr);
    gulong before = 0, after = 0;
    g_object_get(s.inputs, "total-read-bytes", &before, nullptr);
    spice_channel_disconnect(s.inputs, SPICE_CHANNEL_NONE);
    holds(s.wait("inputs-0 channel-event closed"));
    holds(spice_channel_connect(s.inputs) && s.wait("inputs-0 inputs-modifiers"));
    g_object_get(s.inputs, "total-read-bytes", &after, nullptr);
    holds(before > 178 && after > before);
    holds(s.of("inputs-0 notify total").empty());
    return {};
}

void flushed(GObject *source, GAsyncResult *result, gpointer data) {
    GError *error = nullptr;
    const auto good = spice_channel_flush_finish(SPICE_CHANNEL(source), result, &error);
    *static_cast<std::string *>(data) = good ? "done" : error ? std::string{"error "} + std::to_string(error->code) : "false";
    g_clear_error(&error);
}

std::string flush_never_inside() {
    Inputs s;
    holds(s.inputs != nullptr);
    std::string end;
    spice_channel_flush_async(s.inputs, nullptr, flushed, &end);
    holds(end.empty());
    holds(s.until([&] { return !end.empty(); }));
    holds(end == "done");
    return {};
}

std::string flush_of_a_closed_channel() {
    Inputs s;
    holds(s.inputs != nullptr);
    spice_channel_disconnect(s.inputs, SPICE_CHANNEL_NONE);
    holds(s.wait("inputs-0 channel-event closed"));
    std::string end;
    spice_channel_flush_async(s.inputs, nullptr, flushed, &end);
    holds(end.empty());
    holds(s.until([&] { return !end.empty(); }));
    holds(end == "error 0");
    return {};
}

// What was pressed before the flush has left when it is done.
std::string flush_waits_for_what_was_sent() {
    Inputs s;
    holds(s.inputs != nullptr);
    for (guint key = 30; key < 40; ++key) spice_inputs_channel_key_press(SPICE_INPUTS_CHANNEL(s.inputs), key);
    std::string end;
    spice_channel_flush_async(s.inputs, nullptr, flushed, &end);
    holds(s.until([&] { return !end.empty(); }));
    holds(s.until([&] { return s.server.inputs().received(SPICE_MSGC_INPUTS_KEY_DOWN).size() == 10; }));
    holds(end == "done");
    return {};
}

std::string link_error_once(LinkPlan plan) {
    Stage s;
    s.server.link_plan(std::move(plan));
    s.start();
    bool clean = false;
    s.on_line = [&](const std::string &line, GObject *object) {
        if (line == "main-0 channel-event error-link") clean = spice_channel_get_error(SPICE_CHANNEL(object)) == nullptr;
    };
    holds(s.connect());
    holds(s.wait("main-0 channel-event error-link"));
    s.settle();
    holds(s.of("main-0 channel-event").size() == 1);
    holds(clean);
    return {};
}
std::string wrong_magic() { return link_error_once({.magic = 0x12345678}); }
std::string refused_link() { return link_error_once({.error = SPICE_LINK_ERR_PERMISSION_DENIED}); }
std::string closed_while_linking() { return link_error_once({.close_after = 16}); }

std::string disconnect_while_linking() {
    Stage s;
    s.server.link_plan({.stall_before_reply = true});
    s.start();
    holds(s.connect());
    s.settle(200); // it waits for the server's answer
    s.call([&] { spice_channel_disconnect(s.channel(SPICE_CHANNEL_MAIN), SPICE_CHANNEL_NONE); });
    holds(s.in_calls.empty());
    holds(s.wait("main-0 channel-event error-link"));
    holds(s.of("main-0 channel-event").size() == 1);
    return {};
}

std::string refused_socket() {
    Stage s;
    s.start();
    s.server.stop();
    bool found = false;
    s.on_line = [&](const std::string &line, GObject *object) {
        if (line != "main-0 channel-event error-connect") return;
        const auto *error = spice_channel_get_error(SPICE_CHANNEL(object));
        found = error && error->domain == G_IO_ERROR;
    };
    holds(s.connect());
    holds(s.of("main-0 channel-event").empty());
    holds(s.wait("main-0 channel-event error-connect"));
    holds(found);
    return {};
}

std::string new_inside_new() {
    Stage s;
    SpiceChannel *made = nullptr;
    s.connect_channels = false;
    s.call([&] { made = spice_channel_new(s.session, SPICE_CHANNEL_INPUTS, 3); });
    same_lines(s.in_calls, {"session channel-new inputs-3"});
    holds(s.channel(SPICE_CHANNEL_INPUTS, 3) == made);
    return {};
}

std::string destroy_leaves_the_session() {
    Inputs s;
    holds(s.inputs != nullptr);
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
    s.call([&] { spice_channel_destroy(s.inputs); });
    G_GNUC_END_IGNORE_DEPRECATIONS
    same_lines(s.in_calls, {"session channel-destroy inputs-0"});
    holds(s.channel(SPICE_CHANNEL_INPUTS) == nullptr);
    holds(s.wait("inputs-0 channel-event closed"));
    return {};
}

std::string disconnect_in_opened() {
    Stage s;
    s.server.main().init();
    s.start();
    s.on_line = [&](const std::string &line, GObject *) {
        if (line == "main-0 channel-event opened") spice_session_disconnect(s.session);
    };
    holds(s.connect());
    holds(s.wait("session disconnected"));
    same_lines(s.of("main-0 channel-event"), {"main-0 channel-event opened", "main-0 channel-event closed"});
    return {};
}

std::string modifiers() {
    Inputs s;
    holds(s.inputs != nullptr);
    holds(number_of(s.inputs, "key-modifiers") == 2);
    int seen = -1;
    s.on_line = [&](const std::string &line, GObject *object) {
        if (line == "inputs-0 inputs-modifiers") seen = number_of(object, "key-modifiers");
    };
    s.server.inputs().send(SPICE_MSG_INPUTS_KEY_MODIFIERS, Bytes().u16(5));
    holds(s.wait("inputs-0 inputs-modifiers"));
    holds(seen == 5);
    s.settle(50);
    holds(s.of("inputs-0 notify key").empty());
    return {};
}

constexpr Rule rules[] = {
    {"connect of what is connected is TRUE, and nothing", connect_twice},
    {"disconnect says its reason inside the call, closed from the loop", reason_inside_the_call},
    {"the reason closed makes two", closed_twice},
    {"without a reason nothing comes inside disconnect", no_reason_says_nothing_inside},
    {"connect before the terminal event is TRUE, and nothing", connect_before_the_end},
    {"a closed channel has neither socket nor capabilities", getters_after_disconnect},
    {"connect in the terminal event's handler begins anew", connect_in_the_terminal_handler},
    {"disconnect of what is closed is nothing", disconnect_of_nothing},
    {"a server that goes means closed, once, and the channel stays", server_goes},
    {"total-read-bytes goes on counting without notify", bytes_are_counted_on},
    {"flush ends from the loop", flush_never_inside},
    {"flush of a closed channel fails from the loop", flush_of_a_closed_channel},
    {"flush waits for what was sent", flush_waits_for_what_was_sent},
    {"a wrong magic number is error-link, once, without GError", wrong_magic},
    {"a refused link is error-link, once", refused_link},
    {"an end while linking is error-link, once", closed_while_linking},
    {"disconnect while linking is error-link from the loop", disconnect_while_linking},
    {"a refused connection is error-connect with GError, from the loop", refused_socket},
    {"channel-new comes inside spice_channel_new", new_inside_new},
    {"spice_channel_destroy leaves the session inside the call", destroy_leaves_the_session, "nothing is said inside the call"},
    {"disconnecting in the handler of opened", disconnect_in_opened},
    {"inputs-modifiers is told, its value is there, and no notify", modifiers},
};

}

std::span<const Rule> channel_rules() { return rules; }

}
