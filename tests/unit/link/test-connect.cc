// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/glib/glib-ptr.hh"
#include "link/connect.hh"

#include <glib/gstdio.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <map>
#include <thread>
#include <vector>

using spice::Error;
using spice::link::Endpoint;
using Kind = Error::Kind;
using Opened = spice::Result<std::unique_ptr<spice::link::Transport>>;

namespace {

// --- a resolver that knows what the tests need, so that none of them asks the network

struct TestResolver {
    GResolver parent;
};
struct TestResolverClass {
    GResolverClass parent;
};
G_DEFINE_TYPE(TestResolver, test_resolver, g_resolver_get_type())

std::map<std::string, std::vector<const char *>> &names() {
    static auto *const table = new std::map<std::string, std::vector<const char *>>;
    return *table;
}

GList *look_up(GResolver *, const char *name, GCancellable *cancel, GError **error) {
    if (g_str_equal(name, "slow.test")) { // until somebody loses patience
        GPollFD fd{};
        g_cancellable_make_pollfd(cancel, &fd);
        g_poll(&fd, 1, 20'000);
        g_cancellable_release_fd(cancel);
        g_cancellable_set_error_if_cancelled(cancel, error);
        return nullptr;
    }
    const auto found = names().find(name);
    if (found == names().end()) {
        g_set_error(error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no such host: %s", name);
        return nullptr;
    }
    GList *list = nullptr;
    for (const char *address : found->second) list = g_list_append(list, g_inet_address_new_from_string(address));
    return list;
}

void test_resolver_init(TestResolver *) {}
void test_resolver_class_init(TestResolverClass *klass) { G_RESOLVER_CLASS(klass)->lookup_by_name = look_up; }

// --- listening sockets

struct Listener {
    Listener(int family, const sockaddr *address, socklen_t size, int backlog = 8)
        : fd{socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)} {
        usable = fd >= 0 && bind(fd, address, size) == 0 && (backlog < 0 || listen(fd, backlog) == 0);
        sockaddr_storage bound{};
        socklen_t length = sizeof bound;
        if (usable) getsockname(fd, reinterpret_cast<sockaddr *>(&bound), &length);
        if (family == AF_INET) port = ntohs(reinterpret_cast<sockaddr_in *>(&bound)->sin_port);
        if (family == AF_INET6) port = ntohs(reinterpret_cast<sockaddr_in6 *>(&bound)->sin6_port);
    }
    ~Listener() { close(fd); }
    Listener(const Listener &) = delete;
    Listener &operator=(const Listener &) = delete;
    bool somebody_came() const {
        const int client = accept(fd, nullptr, nullptr);
        if (client >= 0) close(client);
        return client >= 0;
    }
    Endpoint endpoint(const char *host) const {
        Endpoint e;
        e.host = host;
        e.port = std::to_string(port);
        return e;
    }
    int fd;
    uint16_t port = 0;
    bool usable = false;
};

std::unique_ptr<Listener> listen_v4(int backlog = 8) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto listener = std::make_unique<Listener>(AF_INET, reinterpret_cast<sockaddr *>(&address), sizeof address, backlog);
    g_assert_true(listener->usable);
    return listener;
}

Opened open(const Endpoint &endpoint) {
    spice::link::Wakeup wakeup;
    return spice::link::open_transport(endpoint, wakeup, nullptr);
}

void assert_fails(const Endpoint &endpoint, Kind kind, int code = 0) {
    const auto opened = open(endpoint);
    g_assert_false(static_cast<bool>(opened));
    g_assert_cmpint(static_cast<int>(opened.error().kind), ==, static_cast<int>(kind));
    if (code) g_assert_cmpint(opened.error().code, ==, code);
}

void test_ipv4() {
    auto listener = listen_v4();
    auto opened = open(listener->endpoint("127.0.0.1"));
    g_assert_true(static_cast<bool>(opened));
    g_assert_true(listener->somebody_came());
    g_assert_false((*opened)->is_unix());
    const int fd = (*opened)->fd();
    int value = 0;
    socklen_t size = sizeof value;
    g_assert_cmpint(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, &size), ==, 0);
    g_assert_cmpint(value, !=, 0);
    g_assert_cmpint(getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, &size), ==, 0);
    g_assert_cmpint(value, !=, 0);
    g_assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    g_assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
}

void test_ipv6() {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    const Listener listener{AF_INET6, reinterpret_cast<sockaddr *>(&address), sizeof address};
    if (!listener.usable) {
        g_test_skip("this machine has no IPv6");
        return;
    }
    for (const char *host : {"::1", "[::1]"}) {
        g_assert_true(static_cast<bool>(open(listener.endpoint(host))));
        g_assert_true(listener.somebody_came());
    }
}

void test_refused() {
    auto nobody = listen_v4(-1); // the port is taken, so that nobody else listens there
    assert_fails(nobody->endpoint("127.0.0.1"), Kind::io, ECONNREFUSED);
}

void test_names() {
    auto listener = listen_v4();
    names()["good.test"] = {"127.0.0.1"};
    names()["second.test"] = {"127.0.0.2", "127.0.0.1"}; // the first refuses
    names()["none.test"] = {"127.0.0.2", "127.0.0.3"};
    for (const char *host : {"good.test", "second.test"}) {
        g_assert_true(static_cast<bool>(open(listener->endpoint(host))));
        g_assert_true(listener->somebody_came());
    }
    assert_fails(listener->endpoint("none.test"), Kind::io, ECONNREFUSED);
    assert_fails(listener->endpoint("unknown.test"), Kind::resolve, G_RESOLVER_ERROR_NOT_FOUND);
    assert_fails(listener->endpoint(""), Kind::argument);
    assert_fails(listener->endpoint("[]"), Kind::argument);
}

void test_bad_ports() {
    Endpoint endpoint;
    endpoint.host = "127.0.0.1";
    for (const char *port : {"", "0", "-1", "65536", "4294967296", "99999999999999999999", "12x", "x", " 5900", "5900 ", "0x1f",
                             "+5900", "59.0"}) {
        endpoint.port = port;
        assert_fails(endpoint, Kind::argument);
        endpoint.tls_port = port;
        endpoint.tls = true;
        assert_fails(endpoint, Kind::argument);
        endpoint.tls = false;
        endpoint.tls_port.clear();
    }
}

// What was asked for and cannot be had never becomes a connection in clear.
void test_fails_closed() {
    auto listener = listen_v4();
    auto demanded = listener->endpoint("127.0.0.1");
    demanded.tls = true;
    assert_fails(demanded, Kind::argument); // there is no port for it
    auto proxy = listener->endpoint("127.0.0.1");
    proxy.proxy.emplace(); // asked for, and nobody knows which
    assert_fails(proxy, Kind::argument);
    proxy.proxy->host = "unknown.test";
    assert_fails(proxy, Kind::argument);
    proxy.proxy->port = 3128;
    assert_fails(proxy, Kind::resolve, G_RESOLVER_ERROR_NOT_FOUND);
    proxy.host = "unknown.test"; // is for the proxy to look up, so it is not looked up here
    proxy.proxy->host = "127.0.0.1";
    auto nobody = listen_v4(-1);
    proxy.proxy->port = nobody->port;
    assert_fails(proxy, Kind::io, ECONNREFUSED);
    g_assert_false(listener->somebody_came());
}

void test_unix_socket() {
    spice::StrPtr folder{g_dir_make_tmp("spice-connect-XXXXXX", nullptr)};
    g_assert_nonnull(folder.get());
    Endpoint endpoint;
    endpoint.unix_path = std::string{folder.get()} + "/socket";
    endpoint.host = "unknown.test"; // the path wins
    assert_fails(endpoint, Kind::io, ENOENT);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    g_strlcpy(address.sun_path, endpoint.unix_path.c_str(), sizeof address.sun_path);
    {
        const Listener listener{AF_UNIX, reinterpret_cast<sockaddr *>(&address), sizeof address};
        g_assert_true(listener.usable);
        auto opened = open(endpoint);
        g_assert_true(static_cast<bool>(opened));
        g_assert_true((*opened)->is_unix());
        g_assert_true(listener.somebody_came());
        endpoint.tls = true;
        assert_fails(endpoint, Kind::argument);
        g_assert_false(listener.somebody_came());
        endpoint.tls = false;
    }
    assert_fails(endpoint, Kind::io, ECONNREFUSED); // the file is left, the server is not
    g_unlink(endpoint.unix_path.c_str());
    g_rmdir(folder.get());
    endpoint.unix_path = "/" + std::string(200, 'x');
    assert_fails(endpoint, Kind::io, ENAMETOOLONG);
}

void test_given_descriptor() {
    int fds[2];
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
    Endpoint endpoint;
    endpoint.fd = fds[0];
    endpoint.host = "unknown.test";
    {
        auto opened = open(endpoint);
        g_assert_true(static_cast<bool>(opened));
        g_assert_cmpint((*opened)->fd(), ==, fds[0]);
        g_assert_true((*opened)->is_unix());
        g_assert_true(fcntl(fds[0], F_GETFL) & O_NONBLOCK);
        g_assert_true(fcntl(fds[0], F_GETFD) & FD_CLOEXEC);
        std::byte byte{};
        g_assert_true((*opened)->read({&byte, 1}).kind == spice::link::Io::Kind::again);
    }
    char c = 0;
    g_assert_cmpint(read(fds[1], &c, 1), ==, 0); // closed with the transport
    close(fds[1]);

    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
    endpoint.fd = fds[0];
    endpoint.tls = true;
    assert_fails(endpoint, Kind::tls); // whom to trust is not said
    g_assert_cmpint(read(fds[1], &c, 1), ==, 0); // it was taken over all the same
    close(fds[1]);
}

// A duplicate that the application holds does not keep the connection open.
void test_duplicate_descriptor() {
    int fds[2];
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
    const int copy = dup(fds[0]);
    Endpoint endpoint;
    endpoint.fd = fds[0];
    { auto opened = open(endpoint); }
    char c = 0;
    g_assert_cmpint(read(fds[1], &c, 1), ==, 0);
    close(copy);
    close(fds[1]);
}

Kind kind_when_cancelled(const Endpoint &endpoint, bool before) {
    spice::link::Wakeup wakeup;
    auto cancel = spice::Ref<GCancellable>::take(g_cancellable_new());
    auto kind = Kind::internal;
    const auto stop = [&] {
        wakeup.cancel();
        g_cancellable_cancel(cancel.get());
    };
    if (before) stop();
    std::thread attempt{[&] {
        const auto opened = spice::link::open_transport(endpoint, wakeup, cancel.get());
        kind = opened ? Kind::argument : opened.error().kind;
    }};
    if (!before) stop();
    attempt.join();
    return kind;
}

void test_cancel() {
    auto listener = listen_v4(0);
    const auto endpoint = listener->endpoint("127.0.0.1");
    // A full backlog: further connections stay where they are.
    std::vector<std::unique_ptr<spice::link::Transport>> waiting;
    std::vector<int> half_open;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(listener->port);
    for (int i = 0; i < 8; ++i) {
        half_open.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        (void)!connect(half_open.back(), reinterpret_cast<sockaddr *>(&address), sizeof address);
    }
    for (const bool before : {false, true}) {
        auto slow = endpoint;
        slow.host = "slow.test";
        g_assert_true(kind_when_cancelled(slow, before) == Kind::cancelled);
        g_assert_true(kind_when_cancelled(endpoint, before) == Kind::cancelled);
    }
    for (const int fd : half_open) close(fd);
    auto unknown = endpoint;
    unknown.host = "unknown.test";
    g_assert_true(kind_when_cancelled(unknown, true) == Kind::cancelled); // nobody is asked for it
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    auto resolver = spice::Ref<GResolver>::take(G_RESOLVER(g_object_new(test_resolver_get_type(), nullptr)));
    g_resolver_set_default(resolver.get());
    g_test_add_func("/connect/ipv4", test_ipv4);
    g_test_add_func("/connect/ipv6", test_ipv6);
    g_test_add_func("/connect/refused", test_refused);
    g_test_add_func("/connect/names", test_names);
    g_test_add_func("/connect/bad-ports", test_bad_ports);
    g_test_add_func("/connect/fails-closed", test_fails_closed);
    g_test_add_func("/connect/unix-socket", test_unix_socket);
    g_test_add_func("/connect/given-descriptor", test_given_descriptor);
    g_test_add_func("/connect/duplicate-descriptor", test_duplicate_descriptor);
    g_test_add_func("/connect/cancel", test_cancel);
    return g_test_run();
}
