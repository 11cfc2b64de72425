// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "http-proxy.hh"
#include "link-peer.hh"
#include "link/proxy.hh"
#include "scripted-server.hh"
#include "tls-front.hh"

#include <gio/gio.h>

#include <glib/gstdio.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;
using namespace spice;
using test::HttpProxy;
using test::ProxyPlan;
using Kind = Error::Kind;
using Opened = Result<std::unique_ptr<link::Transport>>;

namespace {

link::Endpoint endpoint_through(uint16_t proxy_port, const char *host = "only.known.there") {
    link::Endpoint endpoint;
    endpoint.host = host;
    endpoint.port = "5900";
    endpoint.proxy = link::ProxyTarget{false, "127.0.0.1", proxy_port, {}, {}};
    return endpoint;
}

Opened open(const link::Endpoint &endpoint) {
    link::Wakeup wakeup;
    return link::open_transport(endpoint, wakeup, nullptr);
}

void assert_fails(const link::Endpoint &endpoint, Kind kind, int code = -1) {
    const auto opened = open(endpoint);
    g_assert_false(static_cast<bool>(opened));
    g_assert_cmpint(static_cast<int>(opened.error().kind), ==, static_cast<int>(kind));
    if (code >= 0) g_assert_cmpint(opened.error().code, ==, code);
}

bool links(const link::Endpoint &endpoint) {
    link::Wakeup wakeup;
    auto transport = link::open_transport(endpoint, wakeup, nullptr);
    return transport && static_cast<bool>(test::link_over(**transport, wakeup));
}

void test_tunnel() {
    test::ScriptedServer server;
    g_assert_true(server.start());
    HttpProxy proxy{{.backend = server.port()}};
    g_assert_true(links(endpoint_through(proxy.port(), "pvespiceproxy:1234abcd:100:node::5997")));
    g_assert_true(links(endpoint_through(proxy.port(), "[::1]")));
    g_assert_true(links(endpoint_through(proxy.port(), "::1")));
    const auto requests = proxy.requests();
    g_assert_cmpstr(requests[0].c_str(), ==,
                    "CONNECT pvespiceproxy:1234abcd:100:node::5997:5900 HTTP/1.0\r\n"
                    "Host: pvespiceproxy:1234abcd:100:node::5997:5900\r\n"
                    "Proxy-Connection: keep-alive\r\nUser-Agent: spice-client\r\n\r\n");
    for (const auto &request : {requests[1], requests[2]}) g_assert_true(request.starts_with("CONNECT [::1]:5900 HTTP/1.0\r\n"));
}

void test_credentials() {
    test::ScriptedServer server;
    g_assert_true(server.start());
    HttpProxy proxy{{.backend = server.port(), .credentials = "us er:pa:ss\xc3\xa9"}};
    auto endpoint = endpoint_through(proxy.port());
    assert_fails(endpoint, Kind::proxy, G_IO_ERROR_PROXY_NEED_AUTH);
    endpoint.proxy->user = "us er";
    assert_fails(endpoint, Kind::proxy, G_IO_ERROR_PROXY_AUTH_FAILED);
    endpoint.proxy->password = "pa:ss\xc3\xa9";
    g_assert_true(links(endpoint));
}

// What proxies may say; the client neither hangs nor takes it for a tunnel.
void test_answers() {
    HttpProxy proxy;
    struct {
        const char *answer;
        int code;
    } const cases[] = {
        {"HTTP/1.1 404 Not Found\r\n\r\n", G_IO_ERROR_PROXY_FAILED},
        {"HTTP/1.1 503 Busy\r\nContent-Length: 5\r\n\r\nhello", G_IO_ERROR_PROXY_FAILED},
        {"HTTP/1.1 407 Who?\r\n\r\n", G_IO_ERROR_PROXY_NEED_AUTH},
        {"HTTP/1.1 200 OK\r\n\r\nREDQ", G_IO_ERROR_PROXY_FAILED},
        {"HTTP/2 200 OK\r\n\r\n", G_IO_ERROR_PROXY_FAILED},
        {"HTTP/1.1 2000 OK\r\n\r\n", G_IO_ERROR_PROXY_FAILED},
        {"HTTP/1.1 20\r\n\r\n", G_IO_ERROR_PROXY_FAILED},
        {"HTTP/1.1  200\r\n\r\n", G_IO_ERROR_PROXY_FAILED},
        {"SSH-2.0-OpenSSH\r\n\r\n", G_IO_ERROR_PROXY_FAILED},
        {"\r\n\r\n", G_IO_ERROR_PROXY_FAILED},
    };
    for (const auto &c : cases) {
        proxy.set_plan({.answer = c.answer});
        assert_fails(endpoint_through(proxy.port()), Kind::proxy, c.code);
    }
    proxy.set_plan({.hang_up = true});
    assert_fails(endpoint_through(proxy.port()), Kind::proxy, G_IO_ERROR_PROXY_FAILED);
    proxy.set_plan({.answer = "HTTP/1.0 200 OK\r\n", .endless = true});
    assert_fails(endpoint_through(proxy.port()), Kind::proxy, G_IO_ERROR_PROXY_FAILED);
    for (const char *good : {"HTTP/1.0 200\n\n", "HTTP/1.1 200 OK\r\nA: b\n\r\n", "HTTP/1.1 204 \r\n\r\n"}) {
        proxy.set_plan({.answer = good});
        g_assert_true(static_cast<bool>(open(endpoint_through(proxy.port()))));
    }
}

void test_hosts_that_cannot_be_told() {
    HttpProxy proxy;
    for (const char *host : {"", "a b", "a\r\nX: y", "a\tb", "\x7f"})
        assert_fails(endpoint_through(proxy.port(), host), Kind::argument);
    for (const auto &request : proxy.requests()) g_assert_cmpstr(request.c_str(), ==, "");
}

Opened tunnel_with(const HttpProxy &proxy, link::Wakeup &wakeup, const link::ProxyLimits &limits) {
    link::Endpoint clear;
    clear.host = "127.0.0.1";
    clear.port = std::to_string(proxy.port());
    auto transport = link::open_transport(clear, wakeup, nullptr);
    g_assert_true(static_cast<bool>(transport));
    return link::open_tunnel(std::move(*transport), {}, "host", 1, wakeup, limits);
}

void test_patience() {
    HttpProxy proxy{{.silent = true}};
    link::Wakeup wakeup;
    auto silent = tunnel_with(proxy, wakeup, {.silence = 50ms});
    g_assert_true(!silent && silent.error().kind == Kind::proxy && silent.error().code == G_IO_ERROR_TIMED_OUT);
    proxy.set_plan({.answer = "HTTP/1.0 200 OK\r\nA: b"}); // and no more
    auto half = tunnel_with(proxy, wakeup, {.silence = 50ms});
    g_assert_true(!half && half.error().code == G_IO_ERROR_TIMED_OUT);
    proxy.set_plan({.silent = true});
    auto kind = Kind::internal;
    std::thread attempt{[&] {
        const auto opened = tunnel_with(proxy, wakeup, {});
        kind = opened ? Kind::argument : opened.error().kind;
    }};
    while (proxy.requests().size() < 3) std::this_thread::yield();
    wakeup.cancel();
    attempt.join();
    g_assert_cmpint(static_cast<int>(kind), ==, static_cast<int>(Kind::cancelled));
}

// TLS through the proxy, TLS to the proxy, and one inside the other.
void test_tls() {
    const test::Identity authority{{.subject = {{"CN", "Test Authority"}}, .authority = true}};
    const test::Identity server_identity{{.subject = {{"CN", "vm"}}, .alt_names = {"DNS:only.known.there"}}, &authority};
    const test::Identity proxy_identity{{.subject = {{"CN", "proxy"}}, .alt_names = {"IP:127.0.0.1"}}, &authority};
    test::ScriptedServer server;
    g_assert_true(server.start());
    test::TlsFront front{server_identity, {.what = test::TlsPlan::What::relay, .backend = server.port()}};
    HttpProxy proxy{{.backend = front.port()}};
    test::TlsFront secure_proxy{proxy_identity, {.what = test::TlsPlan::What::relay, .backend = proxy.port()}};
    link::TlsPolicy policy;
    policy.host = "only.known.there";
    policy.ca = authority.pem();
    auto endpoint = endpoint_through(proxy.port());
    endpoint.tls = true;
    endpoint.tls_port = "5901";
    endpoint.tls_policy = std::make_shared<const link::TlsPolicy>(policy);
    g_assert_true(links(endpoint));
    g_assert_true(proxy.requests()[0].starts_with("CONNECT only.known.there:5901 "));
    endpoint.proxy->https = true;
    endpoint.proxy->port = secure_proxy.port();
    assert_fails(endpoint, Kind::proxy, G_IO_ERROR_PROXY_FAILED); // the system does not know that authority
    char *path = nullptr;
    close(g_file_open_tmp(nullptr, &path, nullptr));
    g_assert_true(g_file_set_contents(path, authority.pem().c_str(), -1, nullptr));
    g_setenv("SSL_CERT_FILE", path, TRUE);
    g_assert_true(links(endpoint));
    g_assert_cmpuint((*open(endpoint))->cipher_bits(), >=, 128);
    // Only to the proxy: whoever is behind it can read everything, which is what SASL asks about.
    auto clear = endpoint_through(proxy.port());
    clear.proxy = endpoint.proxy;
    const auto exposed = open(clear);
    g_assert_true(exposed && (*exposed)->cipher_bits() == 0);
    g_unsetenv("SSL_CERT_FILE");
    g_unlink(path);
    g_free(path);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/proxy/tunnel", test_tunnel);
    g_test_add_func("/proxy/credentials", test_credentials);
    g_test_add_func("/proxy/answers", test_answers);
    g_test_add_func("/proxy/hosts-that-cannot-be-told", test_hosts_that_cannot_be_told);
    g_test_add_func("/proxy/patience", test_patience);
    g_test_add_func("/proxy/tls", test_tls);
    return g_test_run();
}
