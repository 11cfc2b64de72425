// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "tls-front.hh"

#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <utility>

namespace spice::test {
namespace {

using What = TlsPlan::What;

// Without TLS: what a client must survive.
void misbehave(int fd, What what) {
    std::array<char, 4096> sink;
    if (recv(fd, sink.data(), sink.size(), 0) <= 0) return;
    if (what == What::hang_up) return;
    if (what == What::no_tls) send_all(fd, "HTTP/1.0 400 Bad Request\r\n\r\n", 28);
    const char record[] = {22, 3, 3, 0x3f, 0, 2, 0, 0x3e, 0};
    for (std::size_t i = 0; what == What::drip; ++i) {
        if (!send_all(fd, i < sizeof record ? record + i : "\0", 1)) return;
        pollfd gone{fd, POLLIN, 0};
        if (poll(&gone, 1, 20) > 0 && recv(fd, sink.data(), sink.size(), 0) <= 0) return;
    }
    while (recv(fd, sink.data(), sink.size(), 0) > 0) {}
}

}

TlsFront::TlsFront(Identity identity, TlsPlan plan)
    : identity_{std::move(identity)}, plan_{std::move(plan)}, listener_{[this](int fd) { serve(fd); }} {
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL's sockets raise it
}

std::string TlsFront::server_name() const {
    std::lock_guard lock{mutex_};
    return name_;
}

void TlsFront::set_plan(TlsPlan plan) {
    std::lock_guard lock{mutex_};
    plan_ = std::move(plan);
}

SSL_CTX *TlsFront::context(const TlsPlan &plan) const {
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(context, identity_.certificate());
    SSL_CTX_use_PrivateKey(context, identity_.key());
    for (const auto &extra : plan.chain)
        SSL_CTX_add1_chain_cert(context, extra.certificate());
    if (plan.version != 0) {
        SSL_CTX_set_min_proto_version(context, plan.version);
        SSL_CTX_set_max_proto_version(context, plan.version);
    }
    if (plan.version == TLS1_1_VERSION) SSL_CTX_set_cipher_list(context, "ALL@SECLEVEL=0");
    SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
    return context;
}

void TlsFront::serve(int fd) {
    TlsPlan plan;
    {
        std::lock_guard lock{mutex_};
        plan = plan_;
    }
    if (plan.what >= What::no_tls) {
        misbehave(fd, plan.what);
    } else {
        SSL_CTX *made = context(plan);
        SSL *ssl = SSL_new(made);
        SSL_set_fd(ssl, fd);
        if (SSL_accept(ssl) == 1) {
            {
                std::lock_guard lock{mutex_};
                const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
                name_ = name ? name : "";
            }
            if (plan.what == What::relay) relay(ssl, fd, plan.backend);
            else talk(ssl, fd, plan);
        }
        SSL_free(ssl);
        SSL_CTX_free(made);
    }
}

void TlsFront::talk(SSL *ssl, int fd, const TlsPlan &plan) {
    std::array<char, 16384> buffer;
    for (bool first = true;; first = false) {
        const int n = SSL_read(ssl, buffer.data(), static_cast<int>(buffer.size()));
        if (n <= 0) return;
        bytes_ += static_cast<std::size_t>(n);
        if (plan.what == What::update) SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED);
        if (plan.what == What::again && first) SSL_renegotiate(ssl);
        if (SSL_write(ssl, buffer.data(), n) <= 0) return;
        switch (plan.what) {
        case What::abrupt: return;
        case What::damaged:
            send_all(fd, "this is not a record, is it?", 28);
            break;
        case What::farewell:
            SSL_shutdown(ssl);
            while (recv(fd, buffer.data(), buffer.size(), 0) > 0) {}
            return;
        default: break;
        }
    }
}

void TlsFront::relay(SSL *ssl, int fd, uint16_t port) {
    const int inner = connect_to(port);
    std::array<char, 16384> buffer;
    bool good = inner >= 0;
    while (good) {
        std::array<pollfd, 2> fds{{{fd, POLLIN, 0}, {inner, POLLIN, 0}}};
        if (SSL_pending(ssl) > 0) fds[0].revents = POLLIN;
        else if (poll(fds.data(), fds.size(), -1) < 0) break;
        if (fds[0].revents) {
            const int n = SSL_read(ssl, buffer.data(), static_cast<int>(buffer.size()));
            good = n > 0 && send_all(inner, buffer.data(), static_cast<std::size_t>(n));
            if (n > 0) bytes_ += static_cast<std::size_t>(n);
        }
        if (good && fds[1].revents) {
            const auto n = recv(inner, buffer.data(), buffer.size(), 0);
            good = n > 0 && SSL_write(ssl, buffer.data(), static_cast<int>(n)) > 0;
            if (n == 0) SSL_shutdown(ssl);
        }
    }
    if (inner >= 0) close(inner);
}

}
