// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "http-proxy.hh"

#include <openssl/evp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace spice::test {
namespace {

bool send_text(int fd, const std::string &text) { return send_all(fd, text.data(), text.size()); }

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

HttpProxy::HttpProxy(ProxyPlan plan) : plan_{std::move(plan)}, listener_{[this](int fd) { serve(fd); }} {}

std::string HttpProxy::uri(const std::string &credentials) const {
    return "http://" + (credentials.empty() ? "" : credentials + "@") + "127.0.0.1:" + std::to_string(port());
}

void HttpProxy::set_plan(ProxyPlan plan) {
    std::lock_guard lock{mutex_};
    plan_ = std::move(plan);
}

std::vector<std::string> HttpProxy::requests() const {
    std::lock_guard lock{mutex_};
    return requests_;
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
        bool good = send_text(fd, plan.answer);
        while (good && plan.endless)
            good = send_text(fd, "X-More: and more\r\n");
        drain(fd);
    } else if (!plan.hang_up && !known) {
        send_text(fd, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\n"
                     "Content-Length: 4\r\n\r\nno!\n");
    } else if (!plan.hang_up && send_text(fd, "HTTP/1.0 200 Connection established\r\nVia: test\r\n\r\n")) {
        relay(fd, plan.backend);
    }
}

void HttpProxy::relay(int fd, uint16_t port) {
    const int inner = connect_to(port);
    bool good = inner >= 0;
    while (good) {
        std::array<pollfd, 2> fds{{{fd, POLLIN, 0}, {inner, POLLIN, 0}}};
        if (poll(fds.data(), fds.size(), -1) < 0) break;
        if (fds[0].revents) pass(fd, inner, good);
        if (good && fds[1].revents) pass(inner, fd, good);
    }
    if (inner >= 0) close(inner);
}

}
