// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "certificates.hh"
#include "threaded-listener.hh"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace spice::test {

// How a TlsFront behaves.
struct TlsPlan {
    enum class What {
        relay,     // passes what is inside to and from `backend`
        echo,      // sends back what is inside
        update,    // echo with new keys before each answer (TLS 1.3)
        again,     // asks for a new handshake before the first answer (TLS 1.2)
        abrupt,    // echo once, then closes without a farewell
        farewell,  // echo once, then says farewell and goes on reading
        damaged,   // echo once, then bytes that are no record
        no_tls,    // answers the client's hello with text
        silent,    // answers nothing
        drip,      // one byte of a record that never ends every 20 ms
        hang_up,   // closes when the client has said hello
    };
    What what = What::echo;
    uint16_t backend = 0;
    int version = 0;                  // TLS1_2_VERSION: this one only; 0: any
    std::vector<Identity> chain = {}; // sent behind the certificate
};

// A server of TLS on 127.0.0.1 with a certificate of the test's choice, on threads of its own. Thread-safe.
class TlsFront {
public:
    explicit TlsFront(Identity identity, TlsPlan plan = {});
    TlsFront(const TlsFront &) = delete;
    TlsFront &operator=(const TlsFront &) = delete;

    uint16_t port() const noexcept { return listener_.port(); }
    int connections() const noexcept { return listener_.accepted(); }
    std::size_t bytes_inside() const noexcept { return bytes_; } // received under the protection of TLS
    std::string server_name() const; // what the last client asked for
    void set_plan(TlsPlan plan);     // for the connections that follow

private:
    void serve(int fd);
    void talk(SSL *ssl, int fd, const TlsPlan &plan);
    void relay(SSL *ssl, int fd, uint16_t port);
    SSL_CTX *context(const TlsPlan &plan) const;

    const Identity identity_;
    mutable std::mutex mutex_;
    TlsPlan plan_; // guarded by mutex_, as the next one
    std::string name_;
    std::atomic<std::size_t> bytes_{0};
    ThreadedListener listener_;
};

}
