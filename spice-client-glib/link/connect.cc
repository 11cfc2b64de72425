// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/connect.hh"

#include "base/glib/glib-ptr.hh"
#include "link/socket.hh"
#include "link/stream.hh"
#include "link/tls.hh"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace spice::link {

namespace {

constexpr auto connect_limit = std::chrono::seconds(10);

void free_addresses(GList *list) { g_resolver_free_addresses(list); }
using AddressList = Owned<GList, free_addresses>;

Result<std::unique_ptr<Transport>> connect_to(const sockaddr *address, socklen_t size, Wakeup &wakeup) {
    const int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return io_error("cannot make a socket", errno);
    auto transport = std::make_unique<SocketTransport>(fd);
    if (connect(fd, address, size) == 0) return std::unique_ptr<Transport>{std::move(transport)};
    if (errno != EINPROGRESS) return io_error("cannot connect", errno);
    const auto deadline = Clock::now() + connect_limit;
    while (true) {
        const auto ready = wait(fd, POLLOUT, wakeup, deadline);
        if (wakeup.cancelled()) return Error{Error::Kind::cancelled, "cancelled"};
        if (ready.timed_out) return io_error("cannot connect", ETIMEDOUT);
        if (!ready.transport) continue;
        int error = 0;
        socklen_t length = sizeof error;
        if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) error = errno;
        if (error != 0) return io_error("cannot connect", error);
        return std::unique_ptr<Transport>{std::move(transport)};
    }
}

Result<std::unique_ptr<Transport>> connect_unix(const std::string &path, Wakeup &wakeup) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return io_error("cannot connect", ENAMETOOLONG);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return connect_to(reinterpret_cast<const sockaddr *>(&address), sizeof address, wakeup);
}

Result<uint16_t> parse_port(const std::string &text) {
    unsigned port = 0;
    const char *end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port);
    if (error != std::errc{} || stop != end || port == 0 || port > 65535)
        return Error{Error::Kind::argument, "\"" + text + "\" is not a port number"};
    return static_cast<uint16_t>(port);
}

// A literal address needs no resolver, and a bracketed one is always literal.
Result<AddressList> look_up(std::string host, GCancellable *cancel) {
    if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    if (host.empty()) return Error{Error::Kind::argument, "there is no host to connect to"};
    if (GInetAddress *literal = g_inet_address_new_from_string(host.c_str()))
        return AddressList{g_list_prepend(nullptr, literal)};
    // The resolver would begin all the same, and GLib then loses an error when there is no such host.
    if (g_cancellable_is_cancelled(cancel)) return Error{Error::Kind::cancelled, "cancelled"};
    auto resolver = Ref<GResolver>::take(g_resolver_get_default());
    GError *raw = nullptr;
    AddressList found{g_resolver_lookup_by_name(resolver.get(), host.c_str(), cancel, &raw)};
    if (found) return found;
    GErrorPtr error{raw};
    if (g_error_matches(raw, G_IO_ERROR, G_IO_ERROR_CANCELLED)) return Error{Error::Kind::cancelled, "cancelled"};
    return Error{Error::Kind::resolve, error->message, error->domain == G_RESOLVER_ERROR ? error->code : 0};
}

Result<std::unique_ptr<Transport>> connect_tcp(const std::string &host, uint16_t port, Wakeup &wakeup,
                                               GCancellable *cancel) {
    auto addresses = look_up(host, cancel);
    if (!addresses) return std::move(addresses.error());
    Error last{Error::Kind::resolve, "the host has no address"};
    for (GList *item = addresses->get(); item; item = item->next) {
        auto address = Ref<GSocketAddress>::take(g_inet_socket_address_new(G_INET_ADDRESS(item->data), port));
        sockaddr_storage native{};
        const auto size = g_socket_address_get_native_size(address.get());
        if (size < 0 || !g_socket_address_to_native(address.get(), &native, sizeof native, nullptr)) continue;
        auto transport = connect_to(reinterpret_cast<sockaddr *>(&native), static_cast<socklen_t>(size), wakeup);
        if (transport || transport.error().kind == Error::Kind::cancelled) return transport;
        last = std::move(transport.error());
    }
    last.what = host + ": " + last.what;
    return last;
}

Result<std::unique_ptr<Transport>> connect_through(const ProxyTarget &proxy, const std::string &host, uint16_t port,
                                                   Wakeup &wakeup, GCancellable *cancel) {
    if (proxy.host.empty() || proxy.port == 0)
        return Error{Error::Kind::argument, "the address of the proxy cannot be used"};
    auto transport = connect_tcp(proxy.host, proxy.port, wakeup, cancel);
    if (!transport) return transport;
    if (proxy.https) {
        TlsPolicy policy;
        policy.host = proxy.host;
        policy.ends_at_proxy = true;
        transport = start_tls(std::move(*transport), policy, wakeup);
        if (!transport && transport.error().kind == Error::Kind::tls)
            return Error{Error::Kind::proxy, "the proxy: " + transport.error().what, G_IO_ERROR_PROXY_FAILED};
        if (!transport) return transport;
    }
    return open_tunnel(std::move(*transport), proxy, host, port, wakeup);
}

Result<std::unique_ptr<Transport>> secure(std::unique_ptr<Transport> transport, const Endpoint &endpoint, Wakeup &wakeup) {
    if (!endpoint.tls_policy) return Error{Error::Kind::tls, "TLS: nothing says whom to trust"};
    return start_tls(std::move(transport), *endpoint.tls_policy, wakeup);
}

}

bool is_plain_unix(const Endpoint &endpoint) noexcept {
    if (endpoint.tls) return false;
    return endpoint.fd >= 0 ? is_unix_socket(endpoint.fd) : !endpoint.unix_path.empty();
}

Result<std::unique_ptr<Transport>> open_transport(const Endpoint &endpoint, Wakeup &wakeup, GCancellable *lookup_cancel) {
    if (endpoint.fd >= 0) {
        auto transport = std::make_unique<SocketTransport>(endpoint.fd);
        if (endpoint.tls) return secure(std::move(transport), endpoint, wakeup);
        return std::unique_ptr<Transport>{std::move(transport)};
    }
    if (!endpoint.unix_path.empty()) {
        if (endpoint.tls) return Error{Error::Kind::argument, "there is no TLS on UNIX sockets"};
        return connect_unix(endpoint.unix_path, wakeup);
    }
    // Without a usable plain port TLS is what remains, and it never falls back.
    const bool tls = endpoint.tls || !parse_port(endpoint.port);
    auto port = parse_port(tls ? endpoint.tls_port : endpoint.port);
    if (!port) return std::move(port.error());
    auto transport = endpoint.proxy ? connect_through(*endpoint.proxy, endpoint.host, *port, wakeup, lookup_cancel)
                                    : connect_tcp(endpoint.host, *port, wakeup, lookup_cancel);
    if (!transport || !tls) return transport;
    return secure(std::move(*transport), endpoint, wakeup);
}

}
