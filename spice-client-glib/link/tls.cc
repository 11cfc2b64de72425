// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/tls.hh"

#include "base/log.hh"
#include "link/cert-verify.hh"
#include "link/stream.hh"
#include "link/tls-context.hh"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <arpa/inet.h>
#include <openssl/err.h>

namespace spice::link {

namespace {

Error fault(std::string what) { return {Error::Kind::tls, "TLS: " + std::move(what)}; }

// Names that DNS knows may be told to the server in clear; tokens for proxies and addresses are not such.
bool is_dns_name(const std::string &host) {
    unsigned char raw[16];
    if (host.empty() || host.size() > 255 || inet_pton(AF_INET, host.c_str(), raw) == 1) return false;
    return std::all_of(host.begin(), host.end(), [](unsigned char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
               c == '_';
    });
}

int verify_with(X509_STORE_CTX *context, void *verifier) {
    return static_cast<CertVerifier *>(verifier)->accept(context) ? 1 : 0;
}

}

// --- the layer below, as OpenSSL sees it

int TlsTransport::bio_read(BIO *bio, char *into, int size) {
    auto &self = *static_cast<TlsTransport *>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    if (size <= 0) return 0;
    const auto io = self.lower_->read({reinterpret_cast<std::byte *>(into), static_cast<std::size_t>(size)});
    switch (io.kind) {
    case Io::Kind::done: return static_cast<int>(io.bytes);
    case Io::Kind::again: BIO_set_retry_read(bio); return -1;
    case Io::Kind::closed: self.eof_ = true; return 0;
    case Io::Kind::failed: self.error_ = io.error; return -1;
    }
    return -1;
}

int TlsTransport::bio_write(BIO *bio, const char *from, int size) {
    auto &self = *static_cast<TlsTransport *>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    if (size <= 0) return 0;
    const auto io = self.lower_->write({reinterpret_cast<const std::byte *>(from), static_cast<std::size_t>(size)});
    switch (io.kind) {
    case Io::Kind::done: return static_cast<int>(io.bytes);
    case Io::Kind::again: BIO_set_retry_write(bio); return -1;
    case Io::Kind::closed: self.error_ = EPIPE; return -1;
    case Io::Kind::failed: self.error_ = io.error; return -1;
    }
    return -1;
}

long TlsTransport::bio_control(BIO *bio, int command, long, void *) {
    switch (command) {
    case BIO_CTRL_FLUSH: return 1;
    case BIO_CTRL_EOF: return static_cast<TlsTransport *>(BIO_get_data(bio))->eof_ ? 1 : 0;
    default: return 0;
    }
}

const BIO_METHOD *TlsTransport::bio_method() {
    static const BIO_METHOD *const method = [] {
        auto *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "spice transport");
        BIO_meth_set_read(made, bio_read);
        BIO_meth_set_write(made, bio_write);
        BIO_meth_set_ctrl(made, bio_control);
        return made;
    }();
    return method;
}

// --- the connection

TlsTransport::~TlsTransport() {
    if (ssl_ && sound_) SSL_shutdown(ssl_.get()); // says good-bye if there is room for it
    ERR_clear_error();
}

Status TlsTransport::set_up(SSL_CTX *context, const TlsPolicy &policy) {
    to_server_ = !policy.ends_at_proxy;
    ssl_.reset(SSL_new(context));
    BIO *bio = BIO_new(bio_method());
    if (!ssl_ || !bio) {
        BIO_free(bio);
        return fault("no connection: " + openssl_error());
    }
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_connect_state(ssl_.get());
    if (is_dns_name(policy.host)) // as the macro does, without its cast
        SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char *>(policy.host.c_str()));
    return success();
}

// What an operation that did not succeed means. A fault is remembered by OpenSSL: it is found again by the next try.
Io TlsTransport::outcome(int result, Want &want, bool &sound) {
    switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ: want = Want::read; return {Io::Kind::again, 0, 0};
    case SSL_ERROR_WANT_WRITE: want = Want::write; return {Io::Kind::again, 0, 0};
    case SSL_ERROR_ZERO_RETURN: return {Io::Kind::closed, 0, 0};
    case SSL_ERROR_SYSCALL:
        sound = false;
        if (eof_ && error_ == 0) return {Io::Kind::closed, 0, 0};
        return {Io::Kind::failed, 0, error_ != 0 ? error_ : ECONNRESET};
    default: sound = false; return {Io::Kind::failed, 0, EPROTO};
    }
}

Status TlsTransport::handshake(Wakeup &wakeup, const TlsLimits &limits) {
    const auto last = Clock::now() + limits.total;
    while (true) {
        if (wakeup.cancelled()) return Error{Error::Kind::cancelled, "cancelled"};
        ERR_clear_error();
        const int result = SSL_do_handshake(ssl_.get());
        if (result == 1) {
            sound_ = true;
            return success();
        }
        auto want = Want::read;
        bool sound = true;
        const auto io = outcome(result, want, sound);
        if (io.kind == Io::Kind::closed || (io.kind == Io::Kind::failed && eof_))
            return fault("the server closed the connection during the handshake");
        if (io.kind == Io::Kind::failed)
            return fault(io.error == EPROTO ? openssl_error() : std::generic_category().message(io.error));
        const auto deadline = std::min(last, Clock::now() + limits.silence);
        while (true) {
            const auto ready = wait(fd(), events_for(want), wakeup, deadline);
            if (wakeup.cancelled()) return Error{Error::Kind::cancelled, "cancelled"};
            if (ready.transport) break;
            if (ready.timed_out) return fault("the server stays silent");
        }
        if (Clock::now() >= last) return fault("the handshake takes too long");
    }
}

Io TlsTransport::read(std::span<std::byte> into) {
    std::size_t total = 0;
    while (total < into.size()) {
        ERR_clear_error();
        std::size_t got = 0;
        const int result = SSL_read_ex(ssl_.get(), into.data() + total, into.size() - total, &got);
        if (result == 1) {
            total += got;
            dry_ = false;
            continue;
        }
        const auto io = outcome(result, to_read_, sound_);
        dry_ = io.kind == Io::Kind::again;
        if (total > 0) break; // the rest is told next time
        if (io.kind == Io::Kind::failed && io.error == EPROTO)
            log::write(log::Level::message, "TLS: %s", openssl_error().c_str());
        return io;
    }
    return {Io::Kind::done, total, 0};
}

Io TlsTransport::write(std::span<const std::byte> from) {
    ERR_clear_error();
    std::size_t sent = 0;
    const int result = SSL_write_ex(ssl_.get(), from.data(), from.size(), &sent);
    if (result == 1) return {Io::Kind::done, sent, 0};
    return outcome(result, to_write_, sound_);
}

// A record, or the news of the end, may wait inside although the socket has nothing more.
bool TlsTransport::pending() const noexcept { return !dry_; }

short TlsTransport::events_for(Want want) const noexcept {
    return want == Want::read ? lower_->events_to_read() : lower_->events_to_write();
}
short TlsTransport::events_to_read() const noexcept { return events_for(to_read_); }
short TlsTransport::events_to_write() const noexcept { return events_for(to_write_); }

unsigned TlsTransport::cipher_bits() const noexcept {
    if (!to_server_) return lower_->cipher_bits();
    const int bits = SSL_get_cipher_bits(ssl_.get(), nullptr);
    return bits > 0 ? static_cast<unsigned>(bits) : 0;
}

Result<std::unique_ptr<Transport>> start_tls(std::unique_ptr<Transport> lower, const TlsPolicy &policy, Wakeup &wakeup,
                                             const TlsLimits &limits) {
    auto context = make_tls_context(policy);
    if (!context) return std::move(context.error());
    CertVerifier verifier{policy};
    SSL_CTX_set_verify(context->get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context->get(), verify_with, &verifier);
    std::unique_ptr<TlsTransport> tls{new TlsTransport{std::move(lower)}};
    if (auto status = tls->set_up(context->get(), policy); !status) return std::move(status.error());
    if (auto status = tls->handshake(wakeup, limits); !status) {
        ERR_clear_error();
        if (!verifier.reason().empty() && status.error().kind == Error::Kind::tls) return fault(verifier.reason());
        return std::move(status.error());
    }
    // Renegotiation is off: nobody asks the verifier, which goes now, again.
    return std::unique_ptr<Transport>{std::move(tls)};
}

}
