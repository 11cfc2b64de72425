// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/socket.hh"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace spice::link {

namespace {

Io failure() noexcept {
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {Io::Kind::again, 0, 0};
    return {Io::Kind::failed, 0, errno};
}

// A message of the protocol has at most four; the kernel closes what does not fit.
constexpr std::size_t max_descriptors = 16;

std::vector<UniqueFd> descriptors_of(msghdr &header) {
    std::vector<UniqueFd> fds;
    for (auto *part = CMSG_FIRSTHDR(&header); part; part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        const auto count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
            fds.emplace_back(fd);
        }
    }
    return fds;
}

void set_option(int fd, int level, int name, int value) noexcept { setsockopt(fd, level, name, &value, sizeof value); }

}

bool is_unix_socket(int fd) noexcept {
    int domain = 0;
    socklen_t size = sizeof domain;
    return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX;
}

void tune_socket(int fd) noexcept {
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    // A peer that vanished without a word is noticed after 30 + 3 * 15 seconds.
    set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, 30);
    set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, 15);
    set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
}

SocketTransport::SocketTransport(int fd) noexcept : fd_{fd}, unix_{is_unix_socket(fd)} {
    fcntl(fd_, F_SETFD, FD_CLOEXEC);
    fcntl(fd_, F_SETFL, fcntl(fd_, F_GETFL) | O_NONBLOCK);
    if (!unix_) tune_socket(fd_);
}

SocketTransport::~SocketTransport() {
    // The application may hold a duplicate (SpiceChannel:socket): the connection ends all the same.
    shutdown(fd_, SHUT_RDWR);
    close(fd_);
}

Io SocketTransport::read(std::span<std::byte> into) {
    if (unix_) return read_with_descriptors(into);
    const auto n = recv(fd_, into.data(), into.size(), 0);
    if (n > 0) return {Io::Kind::done, static_cast<std::size_t>(n), 0};
    return n == 0 ? Io{Io::Kind::closed, 0, 0} : failure();
}

// The kernel ends a read with the byte that descriptors were sent with.
Io SocketTransport::read_with_descriptors(std::span<std::byte> into) {
    received_.clear();
    iovec piece{into.data(), into.size()};
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(max_descriptors * sizeof(int))> control;
    msghdr header{};
    header.msg_iov = &piece, header.msg_iovlen = 1;
    header.msg_control = control.data(), header.msg_controllen = control.size();
    const auto n = recvmsg(fd_, &header, MSG_CMSG_CLOEXEC);
    if (n < 0) return failure();
    received_ = descriptors_of(header);
    return n > 0 ? Io{Io::Kind::done, static_cast<std::size_t>(n), 0} : Io{Io::Kind::closed, 0, 0};
}

Io SocketTransport::write(std::span<const std::byte> from) {
    const auto n = send(fd_, from.data(), from.size(), MSG_NOSIGNAL);
    return n >= 0 ? Io{Io::Kind::done, static_cast<std::size_t>(n), 0} : failure();
}

short SocketTransport::events_to_read() const noexcept { return POLLIN; }
short SocketTransport::events_to_write() const noexcept { return POLLOUT; }

}
