// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "port-peer.hh"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

namespace spice::test {

namespace {

constexpr int patience_ms = 10'000;

bool send_all(int fd, const char *data, std::size_t size) {
    while (size > 0) {
        const auto n = ::send(fd, data, size, MSG_NOSIGNAL);
        if (n <= 0) return false;
        data += n;
        size -= static_cast<std::size_t>(n);
    }
    return true;
}

}

PortPeer::~PortPeer() {
    stop();
    if (listener_ >= 0) ::close(listener_);
    if (!path_.empty()) unlink(path_.c_str());
}

void PortPeer::stop() {
    if (fd_ >= 0) shutdown(fd_, SHUT_RDWR);
    go_on();
    if (thread_.joinable()) thread_.join();
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

bool PortPeer::listen(const std::string &path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return false;
    path.copy(address.sun_path, path.size());
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    path_ = path;
    return bind(listener_, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0 && ::listen(listener_, 4) == 0;
}

bool PortPeer::accept() {
    stop();
    pollfd wait{listener_, POLLIN, 0};
    if (poll(&wait, 1, patience_ms) != 1) return false;
    fd_ = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    return fd_ >= 0;
}

void PortPeer::send(std::string_view data) { send_all(fd_, data.data(), data.size()); }

std::string PortPeer::receive(std::size_t at_least) {
    std::string out;
    std::vector<char> block(64u << 10);
    while (out.size() < at_least) {
        pollfd wait{fd_, POLLIN, 0};
        if (poll(&wait, 1, patience_ms) != 1) break;
        const auto n = recv(fd_, block.data(), block.size(), 0);
        if (n <= 0) break;
        out.append(block.data(), static_cast<std::size_t>(n));
    }
    return out;
}

void PortPeer::echo() {
    received_ = 0;
    {
        std::lock_guard lock{mutex_};
        may_go_ = false;
    }
    thread_ = std::thread{[this, fd = fd_] { run(fd); }};
}

void PortPeer::go_on() {
    std::lock_guard lock{mutex_};
    may_go_ = true;
}

bool PortPeer::may_read() {
    if (hold_at_ == 0 || received_ < hold_at_) return true;
    std::lock_guard lock{mutex_};
    holding_ = !may_go_;
    if (may_go_) hold_at_ = 0;
    return may_go_;
}

// Both directions go on by themselves: the server may stop reading from us until we have read from it.
void PortPeer::run(int fd) {
    std::vector<char> block(64u << 10);
    std::string back; // not sent yet
    std::size_t sent = 0;
    while (true) {
        const bool reading = may_read();
        const short out = sent < back.size() ? POLLOUT : 0;
        pollfd wait{fd, static_cast<short>(out | (reading ? POLLIN : 0)), 0};
        poll(&wait, 1, reading ? -1 : 10); // what ends a hold wakes nobody
        if (wait.revents & POLLIN) {
            auto room = block.size();
            if (hold_at_ > 0) room = std::min(room, hold_at_ - received_);
            const auto n = recv(fd, block.data(), room, 0);
            if (n <= 0) return;
            received_ += static_cast<std::size_t>(n);
            back.append(block.data(), static_cast<std::size_t>(n));
        }
        if (sent < back.size()) {
            const auto n = ::send(fd, back.data() + sent, back.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (n < 0 && errno != EAGAIN) return;
            sent += n > 0 ? static_cast<std::size_t>(n) : 0;
        }
        if (sent > (1u << 20)) back.erase(0, std::exchange(sent, 0));
        if ((wait.revents & (POLLHUP | POLLERR)) && !(wait.revents & POLLIN)) return;
    }
}

}
