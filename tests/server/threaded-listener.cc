// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "threaded-listener.hh"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace spice::test {
namespace {

sockaddr_in loopback(uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

}

bool send_all(int fd, const char *data, std::size_t size) {
    while (size > 0) {
        const auto n = send(fd, data, size, MSG_NOSIGNAL);
        if (n <= 0) return false;
        data += n, size -= static_cast<std::size_t>(n);
    }
    return true;
}

int connect_to(uint16_t port) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(port);
    if (connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0) return fd;
    close(fd);
    return -1;
}

ThreadedListener::ThreadedListener(Serve serve) : serve_{std::move(serve)} {
    auto address = loopback(0);
    socklen_t length = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener_, generic, length) != 0 || listen(listener_, 32) != 0) return;
    getsockname(listener_, generic, &length);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_loop(); });
}

ThreadedListener::~ThreadedListener() {
    {
        std::lock_guard lock{mutex_};
        stopping_ = true;
        for (const int fd : open_)
            shutdown(fd, SHUT_RDWR);
    }
    shutdown(listener_, SHUT_RDWR);
    if (acceptor_.joinable()) acceptor_.join();
    for (auto &thread : threads_)
        thread.join();
    close(listener_);
}

void ThreadedListener::accept_loop() {
    while (true) {
        const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) return;
        ++accepted_;
        std::lock_guard lock{mutex_};
        if (stopping_) {
            close(fd);
            return;
        }
        open_.push_back(fd);
        threads_.emplace_back([this, fd] { run(fd); });
    }
}

void ThreadedListener::run(int fd) {
    serve_(fd);
    std::lock_guard lock{mutex_};
    std::erase(open_, fd);
    close(fd);
}

}
