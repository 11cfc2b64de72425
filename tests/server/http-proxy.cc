// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "http-proxy.hh"

#include <netinet/in.h>
#include <openssl/evp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
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

bool send_all(int fd, const char *data, std::size_t size) {
    while (size > 0) {
        const auto n = send(fd, data, size, MSG_NOSIGNAL);
        if (n <= 0) return false;
        data += n, size -= static_cast<std::size_t>(n);
    }
    return true;
}
bool send_all(int fd, const std::string &text) { return send_all(fd, text.data(), text.size()); }

std::string base64(const std::string &text) {
    std::string out(text.size() * 2 + 8, 0);
    const int n = EVP_EncodeBlock(reinterpret_cast<unsigned char *>(out.data()),
                                  reinterpret_cast<const unsigned char *>(text.data()), static_cast<int>(text.size()));
    out.resize(static_cast<std::size_t>(n));
    return out;
}

void pass(int from, int to, bool &good) {
    std::array<char, 16384> buffer;
    const auto n = recv(from, buffer.data(), buffer.size(), 0);
    good = n > 0 && send_all(to, buffer.data(), static_cast<std::size_t>(n));
}

void drain(int fd) {
    std::array<char, 4096> sink;
    while (recv(fd, sink.data(), sink.size(), 0) > 0) {}
}

}

HttpProxy::HttpProxy(ProxyPlan plan) : plan_{std::move(plan)} {
    auto address = loopback(0);
    socklen_t length = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener_, generic, length) != 0 || listen(listener_, 32) != 0) return;
    getsockname(listener_, generic, &length);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_loop(); });
}

HttpProxy::~HttpProxy() {
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

std::string HttpProxy::uri(const std::string &credentials) const {
    return "http://" + (credentials.empty() ? "" : credentials + "@") + "127.0.0.1:" + std::to_string(port_);
}

void HttpProxy::set_plan(ProxyPlan plan) {
    std::lock_guard lock{mutex_};
    plan_ = std::move(plan);
}

std::vector<std::string> HttpProxy::requests() const {
    std::lock_guard lock{mutex_};
    return requests_;
}

void HttpProxy::accept_loop() {
    while (true) {
        const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) return;
        std::lock_guard lock{mutex_};
        if (stopping_) {
            close(fd);
            return;
        }
        open_.push_back(fd);
        threads_.emplace_back([this, fd] { serve(fd); });
    }
}

void HttpProxy::serve(int fd) {
    std::string request;
    std::array<char, 4096> buffer;
    while (!request.ends_with("\r\n\r\n")) {
        const auto n = recv(fd, buffer.data(), buffer.size(), 0);
        if (n <= 0) break;
        request.append(buffer.data(), static_cast<std::size_t>(n));
    }
    ProxyPlan plan;
    {
        std::lock_guard lock{mutex_};
        plan = plan_;
        requests_.push_back(request);
    }
    const bool known = plan.credentials.empty() ||
                       request.find("\r\nProxy-Authorization: Basic " + base64(plan.credentials) + "\r\n") != request.npos;
    if (plan.silent) {
        drain(fd);
    } else if (!plan.answer.empty()) {
        bool good = send_all(fd, plan.answer);
        while (good && plan.endless)
            good = send_all(fd, "X-More: and more\r\n");
        drain(fd);
    } else if (!plan.hang_up && !known) {
        send_all(fd, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\n"
                     "Content-Length: 4\r\n\r\nno!\n");
    } else if (!plan.hang_up && send_all(fd, "HTTP/1.0 200 Connection established\r\nVia: test\r\n\r\n")) {
        relay(fd, plan.backend);
    }
    std::lock_guard lock{mutex_};
    std::erase(open_, fd);
    close(fd);
}

void HttpProxy::relay(int fd, uint16_t port) {
    const int inner = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(port);
    bool good = connect(inner, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
    while (good) {
        std::array<pollfd, 2> fds{{{fd, POLLIN, 0}, {inner, POLLIN, 0}}};
        if (poll(fds.data(), fds.size(), -1) < 0) break;
        if (fds[0].revents) pass(fd, inner, good);
        if (good && fds[1].revents) pass(inner, fd, good);
    }
    close(inner);
}

}
