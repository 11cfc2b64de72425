// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "listener.hh"

#include <arpa/inet.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <utility>

namespace spice::testserver {
namespace {

struct Address {
    sockaddr_storage storage{};
    socklen_t length = sizeof(sockaddr_storage);
    sockaddr *get() noexcept { return reinterpret_cast<sockaddr *>(&storage); }
    const sockaddr *get() const noexcept { return reinterpret_cast<const sockaddr *>(&storage); }
};

Address local_address(int fd) {
    Address a;
    if (getsockname(fd, a.get(), &a.length) != 0) a.length = 0;
    return a;
}

bool parse_address(const std::string &text, int port, Address &out) {
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(static_cast<uint16_t>(port));
        std::memcpy(&out.storage, &v4, out.length = sizeof v4);
        return true;
    }
    if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) != 1) return false;
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(static_cast<uint16_t>(port));
    std::memcpy(&out.storage, &v6, out.length = sizeof v6);
    return true;
}

int listen_on(const Address &address) {
    const int fd = socket(address.get()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    if (fd < 0) return -1;
    if (address.get()->sa_family != AF_UNIX) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, address.get(), address.length) == 0 && listen(fd, 32) == 0) return fd;
    const int error = errno;
    close(fd);
    errno = error;
    return -1;
}

int port_of(const Address &a) {
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    if (a.get()->sa_family == AF_INET) std::memcpy(&v4, &a.storage, sizeof v4);
    if (a.get()->sa_family == AF_INET6) std::memcpy(&v6, &a.storage, sizeof v6);
    return a.get()->sa_family == AF_INET    ? ntohs(v4.sin_port)
           : a.get()->sa_family == AF_INET6 ? ntohs(v6.sin6_port)
                                            : 0;
}

template <class Matches> int shut_if(Matches matches) {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    int shut = 0;
    for (int fd = 3; fd < static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 4096)); ++fd) {
        int listening = 0;
        socklen_t length = sizeof listening;
        if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) != 0 || listening) continue;
        const auto local = local_address(fd);
        if (local.length && matches(local) && shutdown(fd, SHUT_RDWR) == 0) ++shut;
    }
    return shut;
}

}

std::unique_ptr<Listener> Listener::tcp(const std::string &address, int port, Accept accept) {
    Address a;
    if (!parse_address(address, port, a)) return errno = EINVAL, nullptr;
    const int fd = listen_on(a);
    return std::unique_ptr<Listener>{fd < 0 ? nullptr : new Listener(fd, {}, std::move(accept))};
}

std::unique_ptr<Listener> Listener::unix_socket(const std::string &path, Accept accept) {
    sockaddr_un un{};
    un.sun_family = AF_UNIX;
    if (path.size() >= sizeof un.sun_path) return errno = ENAMETOOLONG, nullptr;
    std::memcpy(un.sun_path, path.data(), path.size());
    Address a;
    std::memcpy(&a.storage, &un, a.length = sizeof un);
    unlink(path.c_str());
    const int fd = listen_on(a);
    return std::unique_ptr<Listener>{fd < 0 ? nullptr : new Listener(fd, path, std::move(accept))};
}

Listener::Listener(int fd, std::string path, Accept accept)
    : fd_{fd}, path_{std::move(path)}, accept_{std::move(accept)}, source_{g_unix_fd_add(fd, G_IO_IN, ready, this)} {}

Listener::~Listener() {
    g_source_remove(source_);
    close(fd_);
    if (!path_.empty()) unlink(path_.c_str());
}

gboolean Listener::ready(gint fd, GIOCondition, gpointer self) noexcept {
    const int client = accept4(fd, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return G_SOURCE_CONTINUE;
    const int on = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); // refused on UNIX sockets, which need none
    static_cast<Listener *>(self)->accept_(client);
    return G_SOURCE_CONTINUE;
}

int Listener::port() const { return port_of(local_address(fd_)); }

int Listener::shut_connections() const {
    if (path_.empty()) return shut_connections(port());
    const auto mine = local_address(fd_);
    return shut_if([&](const Address &other) {
        return other.length == mine.length && !std::memcmp(&other.storage, &mine.storage, mine.length);
    });
}

int Listener::shut_connections(int port) {
    return shut_if([port](const Address &other) { return port_of(other) == port; });
}

int Listener::free_port(const std::string &address) {
    Address a;
    const int fd = parse_address(address, 0, a) ? listen_on(a) : -1;
    if (fd < 0) return 0;
    const int port = port_of(local_address(fd));
    close(fd);
    return port;
}

}
