// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// What a program is told when connections open, end and fail, and in which order.
#include "api-client.hh"

#include "scripted-server.hh"

#include <sys/socket.h>
#include <unistd.h>

using namespace spice::test;

namespace {

using Lines = std::vector<std::string>;

constexpr const char *needs_password = "error-auth spice-client-error-quark 3";

// A server with a main channel, which lists one of each other kind.
struct Desktop {
    ScriptedServer server;
    ApiClient client;
    Desktop() {
        server.main().init().channels({{SPICE_CHANNEL_DISPLAY, 0}, {SPICE_CHANNEL_INPUTS, 0}, {SPICE_CHANNEL_CURSOR, 0}});
        server.inputs().inputs_init();
        server.cursor().cursor_init();
    }
    void open() {
        g_assert_true(server.start());
        client.set_uri(server.uri());
        g_assert_true(client.connect());
        for (const char *name : {"main-0", "display-0", "inputs-0", "cursor-0"})
            g_assert_true(client.wait(std::string{name} + " opened"));
    }
};

void expect_lines(const Lines &got, const Lines &wanted) {
    if (got == wanted) return;
    for (const auto &line : got) g_test_message("got: %s", line.c_str());
    for (const auto &line : wanted) g_test_message("wanted: %s", line.c_str());
    g_test_fail();
}

void test_connect_and_disconnect() {
    Desktop desktop;
    desktop.open();
    auto &client = desktop.client;
    g_assert_cmpstr(client.lines().front().c_str(), ==, "channel-new main-0");
    g_assert_null(spice_channel_get_error(client.channel(SPICE_CHANNEL_MAIN)));
    g_assert_true(spice_channel_test_common_capability(client.channel(SPICE_CHANNEL_MAIN), 1));
    GSocket *socket = nullptr;
    gulong bytes = 0;
    g_object_get(client.channel(SPICE_CHANNEL_MAIN), "socket", &socket, "total-read-bytes", &bytes, nullptr);
    g_assert_true(G_IS_SOCKET(socket));
    g_assert_cmpuint(bytes, >, 178);
    g_object_unref(socket);
    client.forget();
    spice_session_disconnect(client.session());
    spice_session_disconnect(client.session()); // again: nothing more
    g_assert_true(client.lines().empty());
    g_assert_true(client.wait("disconnected"));
    // newest first and main last; `closed` after the channels have left; then once the end
    expect_lines(client.lines(), {"channel-destroy cursor-0", "channel-destroy inputs-0", "channel-destroy display-0",
                                  "channel-destroy main-0", "cursor-0 closed", "inputs-0 closed", "display-0 closed",
                                  "main-0 closed", "disconnected"});
    g_assert_true(desktop.server.failures().empty());
}

void test_reconnect() {
    Desktop desktop;
    desktop.open();
    g_assert_true(desktop.client.disconnect());
    desktop.client.forget();
    g_assert_true(desktop.client.connect());
    g_assert_true(desktop.client.wait("cursor-0 opened"));
    g_assert_true(desktop.client.wait("main-0 opened"));
}

// A session that was never connected has nothing to say.
void test_nothing_to_disconnect() {
    ApiClient client;
    spice_session_disconnect(client.session());
    for (int i = 0; i < 10; ++i) g_main_context_iteration(nullptr, FALSE);
    g_assert_true(client.lines().empty());
}

void test_refused() {
    ScriptedServer server;
    g_assert_true(server.start());
    const auto uri = server.uri();
    server.stop();
    ApiClient client;
    client.set_uri(uri);
    g_assert_true(client.connect());
    g_assert_true(client.wait("main-0 error-connect g-io-error-quark " + std::to_string(G_IO_ERROR_CONNECTION_REFUSED)));
    g_assert_null(spice_channel_get_error(client.channel(SPICE_CHANNEL_MAIN)));
    g_assert_cmpuint(client.lines().size(), ==, 2); // with channel-new
}

void test_nowhere_to_go() {
    const auto fails = [](const char *property, const char *value, const char *path) {
        ApiClient client;
        g_object_set(client.session(), property, value, "unix-path", path, nullptr);
        g_assert_true(client.connect());
        g_assert_true(client.wait("main-0 error-connect"));
        g_assert_cmpuint(client.lines_of("main-0").size(), ==, 1);
    };
    fails("port", nullptr, nullptr);
    fails("port", "none", nullptr);
    fails("port", "65536", nullptr);
}

void test_link_errors() {
    const auto fails = [](LinkPlan plan) {
        ScriptedServer server;
        server.link_plan(std::move(plan));
        g_assert_true(server.start());
        ApiClient client;
        client.set_uri(server.uri());
        g_assert_true(client.connect());
        g_assert_true(client.wait_for([&] { return !client.lines_of("main-0").empty(); }));
        expect_lines(client.lines_of("main-0"), {"error-link"});
    };
    fails({.magic = 0x12345678});
    fails({.major = 3});
    fails({.error = SPICE_LINK_ERR_PERMISSION_DENIED});
    fails({.garbage_key = true});
    fails({.close_after = 0});
    fails({.close_after = 16});
    fails({.close_after = 100});
    fails({.close_after = 10, .reset = true});
}

// The same main channel object emits again once the password is right; it is announced only once.
void test_password() {
    Desktop desktop;
    auto &client = desktop.client;
    desktop.server.link_plan({.password = "tiger"});
    g_assert_true(desktop.server.start());
    client.set_uri(desktop.server.uri());
    g_assert_true(client.connect());
    g_assert_true(client.wait(std::string{"main-0 "} + needs_password));
    auto *main = client.channel(SPICE_CHANNEL_MAIN);
    g_assert_null(spice_channel_get_error(main));
    g_object_set(client.session(), "password", "lion", nullptr);
    g_assert_true(client.connect());
    g_assert_true(client.wait(std::string{"main-0 "} + needs_password, 2));
    g_object_set(client.session(), "password", "tiger", nullptr);
    g_assert_true(client.connect());
    g_assert_true(client.wait("cursor-0 opened")); // which uses the same password
    g_assert_true(client.channel(SPICE_CHANNEL_MAIN) == main);
    g_assert_cmpuint(client.count("channel-new main-0"), ==, 1);
    expect_lines(client.lines_of("main-0"), {needs_password, needs_password, "opened"});
}

void test_password_too_long() {
    ScriptedServer server;
    g_assert_true(server.start());
    ApiClient client;
    client.set_uri(server.uri());
    g_object_set(client.session(), "password", std::string(61, 'x').c_str(), nullptr);
    g_assert_true(client.connect());
    g_assert_true(client.wait(std::string{"main-0 "} + needs_password));
}

// Connecting again inside the handler of the error.
void test_retry_in_handler() {
    ScriptedServer server;
    server.main().init();
    server.link_plan({.password = "tiger"});
    g_assert_true(server.start());
    ApiClient client;
    client.set_uri(server.uri());
    client.on_event = [&](SpiceChannel *channel, SpiceChannelEvent event) {
        if (event != SPICE_CHANNEL_ERROR_AUTH) return;
        g_object_set(client.session(), "password", "tiger", nullptr);
        g_assert_true(spice_channel_connect(channel));
    };
    g_assert_true(client.connect());
    g_assert_true(client.wait("main-0 opened"));
    expect_lines(client.lines_of("main-0"), {needs_password, "opened"});
}

void test_server_closes() {
    Desktop desktop;
    desktop.open();
    // A server that closes with unread data resets the connection, which is an error.
    g_assert_true(desktop.server.inputs().wait_received(SPICE_MSGC_INPUTS_KEY_MODIFIERS).has_value());
    g_assert_true(desktop.server.display().wait_received(SPICE_MSGC_DISPLAY_INIT).has_value());
    desktop.client.forget();
    desktop.server.disconnect_all();
    for (const char *name : {"main-0", "display-0", "inputs-0", "cursor-0"})
        g_assert_true(desktop.client.wait(std::string{name} + " closed"));
    g_assert_cmpuint(desktop.client.lines().size(), ==, 4); // nothing else
    g_assert_nonnull(desktop.client.channel(SPICE_CHANNEL_CURSOR)); // it stays in the list
}

void test_socket_error() {
    ScriptedServer server;
    server.main().init().gate().reset();
    g_assert_true(server.start());
    ApiClient client;
    client.set_uri(server.uri());
    g_assert_true(client.connect());
    g_assert_true(client.wait("main-0 opened"));
    server.main().open_gate();
    g_assert_true(client.wait("main-0 closed"));
    expect_lines(client.lines_of("main-0"), {"opened", "error-io", "closed"});
}

// The reason is told inside the call, `closed` from the loop.
void test_channel_disconnect() {
    Desktop desktop;
    desktop.open();
    auto &client = desktop.client;
    client.forget();
    auto *inputs = client.channel(SPICE_CHANNEL_INPUTS);
    spice_channel_disconnect(inputs, SPICE_CHANNEL_ERROR_IO);
    expect_lines(client.lines(), {"inputs-0 error-io"});
    spice_channel_disconnect(inputs, SPICE_CHANNEL_ERROR_IO); // no longer connected
    g_assert_true(client.wait("inputs-0 closed"));
    expect_lines(client.lines(), {"inputs-0 error-io", "inputs-0 closed"});
    g_assert_true(desktop.server.inputs().closed());

    client.forget();
    g_assert_true(spice_channel_connect(inputs));
    g_assert_true(spice_channel_connect(inputs)); // twice is no error
    g_assert_true(client.wait("inputs-0 opened"));
    spice_channel_disconnect(inputs, SPICE_CHANNEL_NONE);
    g_assert_true(client.wait("inputs-0 closed"));
    expect_lines(client.lines(), {"inputs-0 opened", "inputs-0 closed"});
}

// The former way to give up a channel: it leaves the session.
void test_channel_destroy() {
    Desktop desktop;
    desktop.open();
    auto &client = desktop.client;
    client.forget();
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
    spice_channel_destroy(client.channel(SPICE_CHANNEL_CURSOR));
    G_GNUC_END_IGNORE_DEPRECATIONS
    g_assert_null(client.channel(SPICE_CHANNEL_CURSOR));
    g_assert_true(client.wait("cursor-0 closed"));
    expect_lines(client.lines(), {"channel-destroy cursor-0", "cursor-0 closed"});
}

void test_disconnect_while_linking() {
    ScriptedServer server;
    server.link_plan({.stall_before_reply = true});
    g_assert_true(server.start());
    ApiClient client;
    client.set_uri(server.uri());
    g_assert_true(client.connect());
    spice_channel_disconnect(client.channel(SPICE_CHANNEL_MAIN), SPICE_CHANNEL_NONE);
    g_assert_true(client.wait("main-0 error-link"));
    g_assert_cmpuint(client.lines_of("main-0").size(), ==, 1);
}

struct ConnectedSocket {
    int ours = -1;
    explicit ConnectedSocket(uint16_t port) {
        ours = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        auto address = spice::Ref<GInetAddress>::take(g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4));
        auto place = spice::Ref<GSocketAddress>::take(g_inet_socket_address_new(address.get(), port));
        sockaddr_storage native{};
        const auto size = g_socket_address_get_native_size(place.get());
        g_assert_true(g_socket_address_to_native(place.get(), &native, sizeof native, nullptr));
        g_assert_cmpint(::connect(ours, reinterpret_cast<sockaddr *>(&native), static_cast<socklen_t>(size)), ==, 0);
    }
};

// The application makes the connections: asked inside the call for main, later for the others.
void test_open_fd() {
    Desktop desktop;
    auto &client = desktop.client;
    g_assert_true(desktop.server.start());
    client.on_open_fd = [&](SpiceChannel *channel, bool with_tls) {
        g_assert_false(with_tls);
        g_assert_true(spice_channel_open_fd(channel, ConnectedSocket{desktop.server.port()}.ours));
    };
    g_assert_true(spice_session_open_fd(client.session(), -1));
    expect_lines(client.lines(), {"channel-new main-0", "main-0 open-fd"});
    gboolean own_sockets = FALSE;
    g_object_get(client.session(), "client-sockets", &own_sockets, nullptr);
    g_assert_true(own_sockets);
    for (const char *name : {"main-0", "display-0", "inputs-0", "cursor-0"}) {
        g_assert_true(client.wait(std::string{name} + " opened"));
        expect_lines(client.lines_of(name), {"open-fd", "opened"});
    }
}

void test_open_given_fd() {
    ScriptedServer server;
    server.main().init();
    g_assert_true(server.start());
    ApiClient client;
    g_assert_true(spice_session_open_fd(client.session(), ConnectedSocket{server.port()}.ours));
    g_assert_true(client.wait("main-0 opened"));

    ApiClient unlucky;
    int ends[2];
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
    close(ends[1]);
    g_assert_true(spice_session_open_fd(unlucky.session(), ends[0]));
    g_assert_true(unlucky.wait("main-0 error-link"));
}

void flushed(GObject *source, GAsyncResult *result, gpointer data) {
    GError *error = nullptr;
    const auto done = spice_channel_flush_finish(SPICE_CHANNEL(source), result, &error);
    *static_cast<int *>(data) = done ? 1 : error ? 2 : 3;
    g_clear_error(&error);
}

void test_flush() {
    Desktop desktop;
    desktop.server.inputs().expect(SPICE_MSGC_INPUTS_KEY_DOWN);
    desktop.open();
    auto *inputs = desktop.client.channel(SPICE_CHANNEL_INPUTS);
    int state = 0;
    spice_inputs_channel_key_press(SPICE_INPUTS_CHANNEL(inputs), 30);
    spice_channel_flush_async(inputs, nullptr, flushed, &state);
    g_assert_cmpint(state, ==, 0); // never inside the call
    g_assert_true(desktop.client.wait_for([&] { return state != 0; }));
    g_assert_cmpint(state, ==, 1);
    g_assert_true(desktop.server.inputs().wait_received(SPICE_MSGC_INPUTS_KEY_DOWN).has_value());

    spice_channel_disconnect(inputs, SPICE_CHANNEL_NONE);
    g_assert_true(desktop.client.wait("inputs-0 closed"));
    state = 0;
    spice_channel_flush_async(inputs, nullptr, flushed, &state);
    g_assert_cmpint(state, ==, 0);
    g_assert_true(desktop.client.wait_for([&] { return state != 0; }));
    g_assert_cmpint(state, ==, 2);
}

// Disconnecting and dropping the last reference in a handler.
void test_drop_in_handler() {
    ScriptedServer server;
    server.main().init().channels({{SPICE_CHANNEL_DISPLAY, 0}});
    g_assert_true(server.start());
    auto client = std::make_unique<ApiClient>();
    client->set_uri(server.uri());
    auto session = spice::Ref<SpiceSession>::share(client->session());
    bool seen = false;
    client->on_event = [&](SpiceChannel *, SpiceChannelEvent event) {
        if (event != SPICE_CHANNEL_OPENED || seen) return;
        seen = true;
        spice_session_disconnect(session.get());
        session = {};
    };
    g_assert_true(client->connect());
    g_assert_true(client->wait("disconnected"));
    client.reset();
    g_assert_true(server.main().closed());
}

void count_call(gpointer, gpointer, gpointer calls) { ++*static_cast<int *>(calls); }

// A session belongs to the context that is the thread's default when it is made.
void test_own_context() {
    spice::ContextPtr context{g_main_context_new()};
    g_main_context_push_thread_default(context.get());
    {
        Desktop desktop;
        int foreign = 0;
        g_signal_connect(desktop.client.session(), "notify", G_CALLBACK(count_call), &foreign);
        desktop.open(); // iterates only this context
        g_assert_cmpint(foreign, >, 0);
        g_assert_true(desktop.client.disconnect());
    }
    g_main_context_pop_thread_default(context.get());
}

// Chosen for the process, it wins over the thread's default; sessions made later are free again.
void test_chosen_context() {
    spice::ContextPtr chosen{g_main_context_new()};
    spice_util_set_main_context(chosen.get());
    {
        ScriptedServer server;
        ApiClient client{chosen.get()}; // iterates only this context
        spice_util_set_main_context(nullptr);
        server.main().init();
        g_assert_true(server.start());
        client.set_uri(server.uri());
        g_assert_true(client.connect());
        g_assert_true(client.wait("main-0 opened"));
        g_assert_true(client.disconnect());
    }
    Desktop desktop;
    desktop.open();
    g_assert_true(desktop.client.disconnect());
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_log_set_always_fatal(GLogLevelFlags(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL)); // faults are announced by warnings
    g_test_add_func("/events/connect-and-disconnect", test_connect_and_disconnect);
    g_test_add_func("/events/reconnect", test_reconnect);
    g_test_add_func("/events/nothing-to-disconnect", test_nothing_to_disconnect);
    g_test_add_func("/events/refused", test_refused);
    g_test_add_func("/events/nowhere-to-go", test_nowhere_to_go);
    g_test_add_func("/events/link-errors", test_link_errors);
    g_test_add_func("/events/password", test_password);
    g_test_add_func("/events/password-too-long", test_password_too_long);
    g_test_add_func("/events/retry-in-handler", test_retry_in_handler);
    g_test_add_func("/events/server-closes", test_server_closes);
    g_test_add_func("/events/socket-error", test_socket_error);
    g_test_add_func("/events/channel-disconnect", test_channel_disconnect);
    g_test_add_func("/events/channel-destroy", test_channel_destroy);
    g_test_add_func("/events/disconnect-while-linking", test_disconnect_while_linking);
    g_test_add_func("/events/open-fd", test_open_fd);
    g_test_add_func("/events/open-given-fd", test_open_given_fd);
    g_test_add_func("/events/flush", test_flush);
    g_test_add_func("/events/drop-in-handler", test_drop_in_handler);
    g_test_add_func("/events/own-context", test_own_context);
    g_test_add_func("/events/chosen-context", test_chosen_context);
    return g_test_run();
}
