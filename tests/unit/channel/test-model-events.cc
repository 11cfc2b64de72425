// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/inputs-model.hh"
#include "fake-session.hh"
#include "link/sasl.hh"
#include "scripted-server.hh"

#include <fcntl.h>
#include <netinet/in.h>
#include <spice/protocol.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace spice::test;
using spice::Error;
using spice::channel::Event;
using spice::channel::InputsModel;
using spice::channel::Model;
using State = Model::State;

// The order and the moment of channel events (event table of the public API). The inputs channel stands for all.
namespace {

struct Observer final : Recorder<InputsModel::Observer> {
    void on_modifiers() override { note("modifiers"); }
};

struct Setup {
    ScriptedServer server;
    Loop loop;
    FakeHost host;
    Observer observer;
    InputsModel model{observer, &host, loop.context(), 0};

    explicit Setup(bool start = true) {
        if (!start) return;
        g_assert_true(server.start());
        host.connect_to(server.port());
    }
    ~Setup() {
        model.disconnect(Event::none);
        g_assert_true(loop.until([this] { return model.state() == State::unconnected; }));
        g_assert_true(threads_gone(loop));
        g_assert_cmpint(observer.token.use_count(), ==, 1); // nobody keeps the public object alive
    }
    Setup(const Setup &) = delete;
    Setup &operator=(const Setup &) = delete;

    bool wait(const char *line, std::size_t times = 1) {
        return loop.until([&] { return observer.has(line, times); });
    }
    void open() {
        g_assert_true(model.connect());
        g_assert_true(wait("opened"));
    }
    // Whatever is still on its way would show up now.
    void settle() {
        g_assert_true(threads_gone(loop));
        loop.drain();
    }
};

void test_open() {
    Setup s;
    g_assert_true(s.model.state() == State::unconnected);
    g_assert_false(s.model.test_common_capability(SPICE_COMMON_CAP_MINI_HEADER));
    g_assert_cmpint(s.model.socket_fd(), ==, -1);
    g_assert_true(s.model.connect());
    g_assert_true(s.model.state() == State::connecting);
    g_assert_true(s.model.connect()); // once more: nothing happens
    s.observer.on_line = [&](const std::string &) { g_assert_true(s.model.state() == State::ready); };
    g_assert_true(s.wait("opened"));
    g_assert_true(s.model.connect());
    g_assert_true(s.model.test_common_capability(SPICE_COMMON_CAP_MINI_HEADER));
    g_assert_false(s.model.test_common_capability(SPICE_COMMON_CAP_AUTH_SASL));
    g_assert_true(s.model.test_capability(SPICE_INPUTS_CAP_KEY_SCANCODE));
    g_assert_false(s.model.test_capability(100'000));
    g_assert_cmpuint(s.model.total_read_bytes(), ==, 16 + 178 + 8 + 4);
    g_assert_cmpint(fcntl(s.model.socket_fd(), F_GETFD), !=, -1);
    g_assert_cmpuint(s.server.links().size(), ==, 1);
    assert_lines(s.observer.lines, "opened");
    s.observer.on_line = [](const std::string &) {};
}

void test_server_closes() {
    Setup s;
    s.server.inputs().inputs_init(0).expect(SPICE_MSGC_INPUTS_KEY_MODIFIERS).close(); // with nothing unread: no reset
    s.observer.on_line = [&](const std::string &line) {
        if (line != "closed") return;
        g_assert_true(s.model.state() == State::unconnected);
        g_assert_cmpint(s.model.socket_fd(), ==, -1);
        g_assert_false(s.model.test_capability(SPICE_INPUTS_CAP_KEY_SCANCODE));
    };
    s.open();
    g_assert_true(s.wait("closed"));
    s.settle();
    assert_lines(s.observer.lines, "opened, modifiers, closed");
}

void test_connection_reset() {
    Setup s;
    s.server.inputs().reset();
    s.open();
    g_assert_true(s.wait("closed"));
    s.settle();
    assert_lines(s.observer.lines, "opened, error-io, closed");
}

void test_malformed_message() {
    Setup s;
    s.server.inputs().inputs_init(3).send(SPICE_MSG_INPUTS_KEY_MODIFIERS, Bytes().u8(1)).inputs_init(3);
    s.open();
    g_assert_true(s.wait("closed"));
    s.settle();
    assert_lines(s.observer.lines, "opened, modifiers, error-io, closed"); // what came before it was delivered
}

void test_message_too_large() {
    Setup s;
    s.server.inputs().send_header(SPICE_MSG_INPUTS_INIT, 0x7fffffff);
    s.open();
    g_assert_true(s.wait("closed"));
    assert_lines(s.observer.lines, "opened, error-io, closed");
}

// One attempt from scratch that must fail with exactly this event.
void check_failure(Setup &s, const char *lines, int code = 0) {
    s.observer.lines.clear();
    g_assert_true(s.model.connect());
    g_assert_true(s.observer.lines.empty()); // never inside the call
    g_assert_true(s.loop.until([&] { return s.model.state() == State::unconnected; }));
    s.settle();
    assert_lines(s.observer.lines, lines);
    if (code) g_assert_cmpint(s.observer.detail->code, ==, code);
}

void test_cannot_connect() {
    Setup s{false};
    s.host.params.endpoint = {};
    s.host.params.endpoint.unix_path = "/nonexistent/socket";
    check_failure(s, "error-connect+", ENOENT);
    s.host.params.endpoint = {};
    s.host.params.endpoint.host = "127.0.0.1";
    for (const char *port : {"", "0", "nonsense"}) {
        s.host.params.endpoint.port = port;
        check_failure(s, "error-connect");
    }
    s.host.params.endpoint.port = "5900";
    s.host.params.endpoint.tls = true; // and there is no port for it
    check_failure(s, "error-connect");
    s.host.params.endpoint.tls = false;
    s.host.params.endpoint.proxy.emplace(); // asked for, and nobody knows which
    check_failure(s, "error-connect");
}

void test_refused() {
    Setup s{false};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); // holds the port, does not listen
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    g_assert_cmpint(bind(fd, reinterpret_cast<sockaddr *>(&address), size), ==, 0);
    g_assert_cmpint(getsockname(fd, reinterpret_cast<sockaddr *>(&address), &size), ==, 0);
    s.host.connect_to(ntohs(address.sin_port));
    check_failure(s, "error-connect+", ECONNREFUSED);
    close(fd);
}

void test_link_fails() {
    Setup s;
    const LinkPlan plans[] = {{.magic = 1}, {.major = 1}, {.error = 1}, {.error = 6}, {.garbage_key = true},
                              {.auth_result = 8}, {.auth_result = 9}, {.close_after = 0}, {.close_after = 100},
                              {.close_after = 203}, {.close_after = 100, .reset = true}};
    for (const auto &plan : plans) {
        s.server.link_plan(plan);
        check_failure(s, "error-link");
    }
    s.server.link_plan({.password = "right"});
    s.host.params.password = "wrong";
    check_failure(s, "error-auth+", SPICE_LINK_ERR_PERMISSION_DENIED);
    s.host.params.password = std::string(61, 'x');
    check_failure(s, "error-auth+");
    s.host.params.password = "right"; // and the same object connects after all that
    s.observer.lines.clear();
    s.open();
}

// The server wants TLS for this channel, which is tried once and never in clear.
void test_need_secured() {
    Setup s;
    s.server.link_plan({.error = SPICE_LINK_ERR_NEED_SECURED});
    check_failure(s, "error-connect");
    s.host.params.endpoint.tls_port = s.host.params.endpoint.port;
    check_failure(s, "error-tls"); // nothing says whom to trust
    g_assert_true(s.loop.until([&] { return s.server.links().size() == 2; })); // it takes note after its answer
}

void test_disconnect_while_ready() {
    for (const auto reason : {Event::none, Event::closed, Event::error_io, Event::error_auth}) {
        Setup s;
        s.server.inputs().inputs_init(1);
        s.open();
        g_assert_true(s.wait("modifiers"));
        const auto name = event_name(reason);
        s.observer.lines.clear();
        s.model.disconnect(reason);
        assert_lines(s.observer.lines, reason == Event::none ? "" : name); // inside the call
        g_assert_true(s.model.state() == State::closing);
        g_assert_cmpint(s.model.socket_fd(), ==, -1);
        g_assert_false(s.model.test_capability(SPICE_INPUTS_CAP_KEY_SCANCODE));
        g_assert_false(s.model.send(SPICE_MSGC_INPUTS_KEY_DOWN, std::vector<std::byte>(4)));
        g_assert_true(s.model.connect()); // neither starts nor fails
        s.model.disconnect(Event::closed); // nothing more
        s.loop.drain();
        g_assert_true(s.server.inputs().closed());
        s.settle();
        assert_lines(s.observer.lines, reason == Event::none ? "closed" : name + ", closed");
        g_assert_true(s.model.state() == State::unconnected);
        g_assert_cmpuint(s.server.links().size(), ==, 1);
    }
}

void test_disconnect_while_unconnected() {
    Setup s;
    s.model.disconnect(Event::closed);
    s.loop.drain();
    g_assert_true(s.observer.lines.empty());
}

void test_disconnect_while_linking() {
    for (const bool before_reply : {true, false}) {
        Setup s;
        if (before_reply) s.server.link_plan({.stall_before_reply = true});
        else s.server.link_plan({.stall_before_result = true});
        g_assert_true(s.model.connect());
        g_assert_true(s.loop.until([&] { return !s.server.links().empty(); }));
        const auto start = g_get_monotonic_time();
        s.model.disconnect(Event::closed);
        g_assert_true(s.observer.lines.empty()); // it has never been open: no reason is given
        g_assert_true(s.wait("error-link"));
        g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_USEC_PER_SEC);
        s.settle();
        assert_lines(s.observer.lines, "error-link");
        g_assert_false(s.observer.detail.has_value());
    }
}

void test_disconnect_at_once() {
    Setup s;
    for (int i = 0; i < 30; ++i) {
        s.observer.lines.clear();
        g_assert_true(s.model.connect());
        s.model.disconnect(Event::none);
        g_assert_true(s.wait("error-link"));
        assert_lines(s.observer.lines, "error-link");
    }
}

// The terminal event is the moment from which connecting again works.
void test_reconnect_in_handler() {
    Setup s;
    s.server.inputs().expect(SPICE_MSGC_INPUTS_KEY_MODIFIERS).close().next_connection().reset();
    s.server.inputs().next_connection().inputs_init(1);
    s.observer.on_line = [&](const std::string &line) {
        if (line != "closed" && line != "error-io") return;
        g_assert_true(s.model.connect());
        g_assert_true(s.model.state() == State::connecting);
    };
    s.open();
    g_assert_true(s.wait("modifiers"));
    assert_lines(s.observer.lines, "opened, closed, opened, error-io, closed, opened, modifiers");
    g_assert_cmpuint(s.server.links().size(), ==, 3);
    s.observer.on_line = [](const std::string &) {};
}

void test_reconnect_after_own_disconnect() {
    Setup s;
    int left = 20;
    s.observer.on_line = [&](const std::string &line) {
        if (line == "opened" && left > 0) s.model.disconnect(Event::none);
        if (line == "closed" && left-- > 0) g_assert_true(s.model.connect());
    };
    g_assert_true(s.model.connect());
    g_assert_true(s.wait("opened", 21));
    s.observer.on_line = [](const std::string &) {};
    for (std::size_t i = 0; i < s.observer.lines.size(); ++i)
        g_assert_cmpstr(s.observer.lines[i].c_str(), ==, i % 2 ? "closed" : "opened");
}

// Nothing of the old connection arrives once it was disconnected, however much of it was waiting.
void test_old_events_are_dropped() {
    Setup s;
    auto &script = s.server.inputs();
    for (int i = 0; i < 100; ++i) script.inputs_init(1);
    script.ping(1).expect_pong(1);
    g_assert_true(s.model.connect());
    g_assert_true(script.finished()); // everything waits in the outbox
    s.observer.on_line = [&](const std::string &line) {
        if (line == "modifiers" && s.observer.lines.size() == 4) s.model.disconnect(Event::error_io);
    };
    g_assert_true(s.wait("closed"));
    s.settle();
    assert_lines(s.observer.lines, "opened, modifiers, modifiers, modifiers, error-io, closed");
    s.observer.on_line = [](const std::string &) {};
}

void test_disconnect_in_opened() {
    Setup s;
    s.server.inputs().inputs_init(1);
    s.observer.on_line = [&](const std::string &line) {
        if (line == "opened") s.model.disconnect(Event::closed);
    };
    g_assert_true(s.model.connect());
    g_assert_true(s.wait("closed", 2));
    s.settle();
    assert_lines(s.observer.lines, "opened, closed, closed");
    s.observer.on_line = [](const std::string &) {};
}

void test_model_goes_while_connected() {
    for (const int moment : {0, 1, 2}) {
        ScriptedServer server;
        if (moment == 1) server.link_plan({.stall_before_result = true});
        server.inputs().inputs_init(1);
        g_assert_true(server.start());
        Loop loop;
        FakeHost host;
        host.connect_to(server.port());
        Observer observer;
        {
            InputsModel model{observer, &host, loop.context(), 0};
            g_assert_true(model.connect());
            if (moment == 1) g_assert_true(loop.until([&] { return !server.links().empty(); }));
            if (moment == 2) g_assert_true(loop.until([&] { return observer.has("modifiers"); }));
            observer.lines.clear();
        }
        g_assert_true(threads_gone(loop));
        loop.drain();
        g_assert_true(observer.lines.empty());
        g_assert_cmpint(observer.token.use_count(), ==, 1);
    }
}

void test_without_session() {
    Setup s;
    s.model.leave_session();
    g_assert_false(s.model.connect());
    g_assert_true(s.observer.lines.empty());
}

void test_session_leaves_open_channel() {
    Setup s;
    s.open();
    s.model.leave_session();
    g_assert_true(s.model.send(SPICE_MSGC_INPUTS_KEY_DOWN, std::vector<std::byte>(4)));
    g_assert_true(s.server.inputs().wait_received(SPICE_MSGC_INPUTS_KEY_DOWN).has_value());
    s.model.disconnect(Event::none);
    g_assert_true(s.wait("closed"));
    g_assert_false(s.model.connect());
}

int socket_to(uint16_t port) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    g_assert_cmpint(connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address), ==, 0);
    return fd;
}

void test_application_sockets() {
    Setup s;
    s.host.application_sockets = true;
    s.host.params.endpoint = {}; // the only way there is the descriptor
    g_assert_true(s.model.connect());
    assert_lines(s.observer.lines, "open-fd"); // inside the call
    g_assert_true(s.model.state() == State::unconnected);
    g_assert_true(s.model.open_fd(socket_to(s.server.port())));
    g_assert_true(s.wait("opened"));
    s.model.disconnect(Event::none);
    g_assert_true(s.wait("closed"));
    // Given inside the handler.
    s.observer.lines.clear();
    s.observer.on_line = [&](const std::string &line) {
        if (line == "open-fd") g_assert_true(s.model.open_fd(socket_to(s.server.port())));
    };
    g_assert_true(s.model.connect());
    g_assert_true(s.wait("opened"));
    assert_lines(s.observer.lines, "open-fd, opened");
    s.observer.on_line = [](const std::string &) {};
}

void test_dead_socket() {
    Setup s;
    s.host.application_sockets = true;
    int fds[2];
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
    close(fds[1]);
    g_assert_true(s.model.open_fd(fds[0]));
    g_assert_true(s.wait("error-link"));
    assert_lines(s.observer.lines, "error-link");
}

enum class Flushed { pending, yes, no };

std::function<void(bool)> into(Flushed &result) {
    return [&result](bool ok) { result = ok ? Flushed::yes : Flushed::no; };
}

void test_flush() {
    Setup s;
    auto first = Flushed::pending, second = Flushed::pending;
    s.open();
    s.model.flush(into(first)); // nothing to write
    g_assert_true(first == Flushed::pending); // never inside the call
    g_assert_true(s.loop.until([&] { return first == Flushed::yes; }));
    for (int i = 0; i < 50; ++i) s.model.key_press(0x1e);
    s.model.flush(into(second));
    g_assert_true(s.loop.until([&] { return second == Flushed::yes; }));
    g_assert_true(s.server.inputs().wait_received(SPICE_MSGC_INPUTS_KEY_DOWN, 50).has_value());
}

// What cannot be written any more has failed, before `closed` is said.
void test_flush_fails() {
    Setup s;
    s.server.inputs().stall();
    s.open();
    auto result = Flushed::pending;
    g_assert_true(s.model.send(SPICE_MSGC_INPUTS_KEY_DOWN, std::vector<std::byte>(32u << 20))); // more than sockets hold
    s.model.flush(into(result));
    s.observer.on_line = [&](const std::string &line) {
        if (line == "closed") g_assert_true(result == Flushed::no);
    };
    s.model.disconnect(Event::none);
    g_assert_true(result == Flushed::pending);
    g_assert_true(s.wait("closed"));
    s.server.inputs().release();
    s.observer.on_line = [](const std::string &) {};
}

void test_flush_fails_when_server_goes() {
    Setup s;
    s.server.inputs().stall().close();
    s.open();
    auto result = Flushed::pending;
    g_assert_true(s.model.send(SPICE_MSGC_INPUTS_KEY_DOWN, std::vector<std::byte>(32u << 20)));
    s.model.flush(into(result));
    s.server.inputs().release();
    g_assert_true(s.wait("closed"));
    g_assert_true(result == Flushed::no);
}

void test_read_only() {
    Setup s;
    s.host.is_read_only = true;
    s.open();
    g_assert_false(s.model.send(SPICE_MSGC_INPUTS_KEY_DOWN, std::vector<std::byte>(4)));
    g_assert_true(s.model.send(SPICE_MSGC_PONG, std::vector<std::byte>(12)));
    g_assert_true(s.server.inputs().wait_received(SPICE_MSGC_PONG).has_value());
    g_assert_cmpuint(s.server.inputs().received().size(), ==, 1);
}

void test_announced_capabilities() {
    Setup s;
    s.model.set_capability(35);
    g_setenv("SPICE_COMMON_CAP_MINI_HEADER", "0", TRUE);
    s.open();
    g_unsetenv("SPICE_COMMON_CAP_MINI_HEADER");
    const auto link = s.server.links().at(0);
    g_assert_true(link.common_caps == std::vector<uint32_t>{spice::link::sasl_available() ? 5u : 1u});
    g_assert_true((link.channel_caps == std::vector<uint32_t>{0, 8}));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    const struct {
        const char *name;
        void (*run)();
    } tests[] = {
        {"open", test_open},
        {"server-closes", test_server_closes},
        {"connection-reset", test_connection_reset},
        {"malformed-message", test_malformed_message},
        {"message-too-large", test_message_too_large},
        {"cannot-connect", test_cannot_connect},
        {"refused", test_refused},
        {"link-fails", test_link_fails},
        {"need-secured", test_need_secured},
        {"disconnect-while-ready", test_disconnect_while_ready},
        {"disconnect-while-unconnected", test_disconnect_while_unconnected},
        {"disconnect-while-linking", test_disconnect_while_linking},
        {"disconnect-at-once", test_disconnect_at_once},
        {"reconnect-in-handler", test_reconnect_in_handler},
        {"reconnect-after-own-disconnect", test_reconnect_after_own_disconnect},
        {"old-events-are-dropped", test_old_events_are_dropped},
        {"disconnect-in-opened", test_disconnect_in_opened},
        {"model-goes-while-connected", test_model_goes_while_connected},
        {"without-session", test_without_session},
        {"session-leaves-open-channel", test_session_leaves_open_channel},
        {"application-sockets", test_application_sockets},
        {"dead-socket", test_dead_socket},
        {"flush", test_flush},
        {"flush-fails", test_flush_fails},
        {"flush-fails-when-server-goes", test_flush_fails_when_server_goes},
        {"read-only", test_read_only},
        {"announced-capabilities", test_announced_capabilities},
    };
    for (const auto &test : tests) g_test_add_func((std::string{"/model-events/"} + test.name).c_str(), test.run);
    return g_test_run();
}
