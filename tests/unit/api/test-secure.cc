// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// Sessions that use TLS, as a program sees them.
#include "api-client.hh"

#include "http-proxy.hh"
#include "scripted-server.hh"
#include "tls-front.hh"

#include <netinet/in.h>
#include <spice/protocol.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace spice::test;

namespace {

using Lines = std::vector<std::string>;

const Identity &authority() {
    static const Identity made{{.subject = {{"CN", "Test Authority"}}, .authority = true}};
    return made;
}

void expect_lines(const Lines &got, const Lines &wanted) {
    if (got == wanted) return;
    for (const auto &line : got) g_test_message("got: %s", line.c_str());
    for (const auto &line : wanted) g_test_message("wanted: %s", line.c_str());
    g_test_fail();
}

void describe(ScriptedServer &server) {
    server.main().init().channels({{SPICE_CHANNEL_INPUTS, 0}, {SPICE_CHANNEL_CURSOR, 0}});
    server.inputs().inputs_init();
    server.cursor().cursor_init();
}

// One server behind a port in clear and a port with TLS, of which either may have its own ideas.
struct Host {
    ScriptedServer clear, inside;
    std::unique_ptr<TlsFront> front;
    ApiClient client;
    Host() {
        describe(clear), describe(inside);
        g_assert_true(clear.start() && inside.start());
        const Identity server{{.subject = {{"CN", "vm.test"}}, .alt_names = {"IP:127.0.0.1"}}, &authority()};
        front = std::make_unique<TlsFront>(server, TlsPlan{.what = TlsPlan::What::relay, .backend = inside.port()});
        g_object_set(client.session(), "host", "127.0.0.1", "port", std::to_string(clear.port()).c_str(), "tls-port",
                     std::to_string(front->port()).c_str(), nullptr);
        set_ca(client.session(), authority().pem());
    }
    void secure(std::vector<const char *> channels) {
        channels.push_back(nullptr);
        g_object_set(client.session(), "secure-channels", channels.data(), nullptr);
    }
    bool opened() {
        return client.wait("main-0 opened") && client.wait("inputs-0 opened") && client.wait("cursor-0 opened");
    }
};

void test_all_secure() {
    Host host;
    host.secure({"all"});
    g_assert_true(host.client.connect());
    g_assert_true(host.opened());
    g_assert_cmpuint(host.clear.links().size(), ==, 0);
    g_assert_cmpuint(host.inside.links().size(), ==, 3);
    g_assert_true(host.client.disconnect());
}

void test_some_secure() {
    Host host;
    host.secure({"inputs"});
    g_assert_true(host.client.connect());
    g_assert_true(host.client.wait("main-0 opened") && host.client.wait("cursor-0 opened"));
    g_assert_true(host.client.wait_for([&] { return host.front->connections() == 1; }));
    g_assert_cmpuint(host.clear.links().size(), ==, 2);
}

void test_only_tls_port() {
    Host host;
    g_object_set(host.client.session(), "uri", ("spice+tls://127.0.0.1:" + std::to_string(host.front->port())).c_str(), nullptr);
    g_assert_true(host.client.connect());
    g_assert_true(host.opened());
    g_assert_cmpuint(host.inside.links().size(), ==, 3);
}

// The server says so, channel by channel; the program notices nothing.
void test_server_demands() {
    Host host;
    host.clear.link_plan({.error = SPICE_LINK_ERR_NEED_SECURED});
    g_assert_true(host.client.connect());
    g_assert_true(host.opened());
    expect_lines(host.client.lines_of("main-0"), {"opened"});
    g_assert_cmpuint(host.clear.links().size(), ==, 3);
    g_assert_cmpuint(host.inside.links().size(), ==, 3);
    g_assert_true(host.client.disconnect());

    Host insisting; // still wants it when it has it
    insisting.clear.link_plan({.error = SPICE_LINK_ERR_NEED_SECURED});
    insisting.inside.link_plan({.error = SPICE_LINK_ERR_NEED_SECURED});
    g_assert_true(insisting.client.connect());
    g_assert_true(insisting.client.wait("main-0 error-link"));
    g_assert_cmpint(insisting.front->connections(), ==, 1);

    Host nowhere;
    nowhere.clear.link_plan({.error = SPICE_LINK_ERR_NEED_SECURED});
    g_object_set(nowhere.client.session(), "tls-port", nullptr, nullptr);
    g_assert_true(nowhere.client.connect());
    g_assert_true(nowhere.client.wait("main-0 error-connect"));
}

// Not a byte of the protocol goes to a server that is not the right one, and none in clear; the next attempt may be better.
void test_wrong_server() {
    Host host;
    host.secure({"all"});
    const Identity stranger{{.subject = {{"CN", "Somebody Else"}}, .authority = true}};
    set_ca(host.client.session(), stranger.pem());
    g_assert_true(host.client.connect());
    g_assert_true(host.client.wait("main-0 error-tls"));
    expect_lines(host.client.lines(), {"channel-new main-0", "main-0 error-tls"});
    g_assert_cmpuint(host.front->bytes_inside(), ==, 0);
    g_assert_cmpuint(host.clear.links().size(), ==, 0);
    set_ca(host.client.session(), authority().pem());
    g_object_set(host.client.session(), "cert-subject", "CN=other.test", nullptr);
    g_assert_true(host.client.connect());
    g_assert_true(host.client.wait("main-0 error-tls", 2));
    g_assert_cmpuint(host.front->bytes_inside(), ==, 0);
    g_object_set(host.client.session(), "cert-subject", "CN=vm.test", nullptr);
    g_assert_true(host.client.connect());
    g_assert_true(host.opened());
}

int connected_to(uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address), ==, 0);
    return fd;
}

// The application is told that its socket must lead to where TLS is spoken.
void test_own_sockets() {
    Host host;
    host.client.on_open_fd = [&](SpiceChannel *channel, bool with_tls) {
        const auto port = with_tls ? host.front->port() : host.clear.port();
        g_assert_true(spice_channel_open_fd(channel, connected_to(port)));
    };
    host.secure({"all"});
    g_assert_true(spice_session_open_fd(host.client.session(), -1));
    g_assert_true(host.opened());
    for (const char *name : {"main-0", "inputs-0", "cursor-0"})
        expect_lines(host.client.lines_of(name), {"open-fd tls", "opened"});
    g_assert_true(host.client.disconnect());
    g_assert_cmpuint(host.clear.links().size(), ==, 0);

    host.client.forget();
    host.secure({});
    host.clear.link_plan({.error = SPICE_LINK_ERR_NEED_SECURED});
    g_assert_true(spice_session_open_fd(host.client.session(), -1));
    g_assert_true(host.opened());
    for (const char *name : {"main-0", "inputs-0", "cursor-0"})
        expect_lines(host.client.lines_of(name), {"open-fd", "open-fd tls", "opened"});
}

// Every channel goes through the proxy; who wants credentials is told the way that programs know.
void test_proxy() {
    Host host;
    HttpProxy proxy{{.backend = host.clear.port(), .credentials = "user:word"}};
    const auto need = "main-0 error-connect g-io-error-quark " + std::to_string(G_IO_ERROR_PROXY_NEED_AUTH);
    const auto wrong = "main-0 error-connect g-io-error-quark " + std::to_string(G_IO_ERROR_PROXY_AUTH_FAILED);
    g_object_set(host.client.session(), "proxy", proxy.uri().c_str(), "host", "only.known.there", nullptr);
    g_assert_true(host.client.connect());
    g_assert_true(host.client.wait(need));
    auto *uri = spice_session_get_proxy_uri(host.client.session());
    spice_uri_set_user(uri, "user");
    g_assert_true(host.client.connect());
    g_assert_true(host.client.wait(wrong));
    spice_uri_set_password(uri, "word");
    g_assert_true(host.client.connect());
    g_assert_true(host.opened());
    g_assert_cmpuint(proxy.requests().size(), ==, 5);
    g_assert_cmpuint(host.clear.links().size(), ==, 3);
    g_assert_true(host.client.disconnect());
    g_object_set(host.client.session(), "proxy", "http://127.0.0.1:1/", "host", "127.0.0.1", nullptr);
    host.client.forget();
    g_assert_true(host.client.connect()); // nobody there, and nothing goes around it
    g_assert_true(host.client.wait("main-0 error-connect g-io-error-quark " + std::to_string(G_IO_ERROR_CONNECTION_REFUSED)));
    g_assert_cmpuint(host.clear.links().size(), ==, 3);
}

// What was set is what is read, also when it is nothing.
void test_properties() {
    ApiClient client;
    GByteArray *ca = nullptr;
    g_object_get(client.session(), "ca", &ca, nullptr);
    g_assert_null(ca);
    set_ca(client.session(), "some bytes");
    g_object_get(client.session(), "ca", &ca, nullptr);
    g_assert_cmpmem(ca->data, ca->len, "some bytes", 10);
    g_byte_array_unref(ca);
    g_object_set(client.session(), "ca", nullptr, nullptr);
    g_object_get(client.session(), "ca", &ca, nullptr);
    g_assert_null(ca);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/secure/all", test_all_secure);
    g_test_add_func("/secure/some", test_some_secure);
    g_test_add_func("/secure/only-tls-port", test_only_tls_port);
    g_test_add_func("/secure/server-demands", test_server_demands);
    g_test_add_func("/secure/wrong-server", test_wrong_server);
    g_test_add_func("/secure/own-sockets", test_own_sockets);
    g_test_add_func("/secure/proxy", test_proxy);
    g_test_add_func("/secure/properties", test_properties);
    return g_test_run();
}
