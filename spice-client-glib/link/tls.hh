// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "link/openssl-ptr.hh"
#include "link/tls-policy.hh"
#include "link/transport.hh"
#include "link/wakeup.hh"

#include <chrono>
#include <memory>
#include <string>

namespace spice::link {

struct TlsLimits {
    std::chrono::milliseconds silence{10'000}; // without a byte from the server
    std::chrono::milliseconds total{60'000};   // for the handshake
};

// TLS over another layer of the connection, which it owns. Made by start_tls(), when the server is known to be the
// right one. Bound to the thread of the attempt.
class TlsTransport final : public Transport {
public:
    ~TlsTransport() override;
    TlsTransport(const TlsTransport &) = delete;
    TlsTransport &operator=(const TlsTransport &) = delete;

    Io read(std::span<std::byte> into) override;
    Io write(std::span<const std::byte> from) override;
    bool pending() const noexcept override;
    short events_to_read() const noexcept override;
    short events_to_write() const noexcept override;
    int fd() const noexcept override { return lower_->fd(); }
    bool is_unix() const noexcept override { return lower_->is_unix(); }
    unsigned cipher_bits() const noexcept override;

private:
    friend Result<std::unique_ptr<Transport>> start_tls(std::unique_ptr<Transport> lower, const TlsPolicy &policy,
                                                        Wakeup &wakeup, const TlsLimits &limits);
    enum class Want { read, write };
    explicit TlsTransport(std::unique_ptr<Transport> lower) noexcept : lower_{std::move(lower)} {}
    Status set_up(SSL_CTX *context, const TlsPolicy &policy);
    Status handshake(Wakeup &wakeup, const TlsLimits &limits);
    Io outcome(int result, Want &want, bool &sound);
    short events_for(Want want) const noexcept;

    static const BIO_METHOD *bio_method();
    static int bio_read(BIO *bio, char *into, int size);
    static int bio_write(BIO *bio, const char *from, int size);
    static long bio_control(BIO *bio, int command, long number, void *data);

    std::unique_ptr<Transport> lower_;
    SslPtr ssl_;
    Want to_read_ = Want::read, to_write_ = Want::write; // what the next step of each kind waits for
    bool dry_ = true;      // nothing to be had without the socket
    bool eof_ = false;     // of the lower layer
    bool to_server_ = true;
    bool sound_ = false;   // no fault so far: an orderly end may be announced
    int error_ = 0;        // errno of the lower layer
};

// Says hello and checks the server's certificate; nothing of the caller is sent before both are done. Blocks its
// thread but for the limits and the wake-up's cancel(). Errors: tls (the text names the cause), cancelled.
Result<std::unique_ptr<Transport>> start_tls(std::unique_ptr<Transport> lower, const TlsPolicy &policy, Wakeup &wakeup,
                                             const TlsLimits &limits = {});

}
