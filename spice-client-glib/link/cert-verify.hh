// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "link/tls-policy.hh"

#include <string>

#include <openssl/types.h>

namespace spice::link {

// Judges the certificate of one server by one policy (spec/link.md §13). Bound to the thread of the attempt; the
// policy outlives it.
class CertVerifier {
public:
    explicit CertVerifier(const TlsPolicy &policy) noexcept : policy_{policy} {}

    // For SSL_CTX_set_cert_verify_callback(): whether the connection may go on. `context` holds what the server sent.
    bool accept(X509_STORE_CTX *context);

    // Why accept() said no, as a fragment for people.
    const std::string &reason() const noexcept { return reason_; }

private:
    static int on_fault(int ok, X509_STORE_CTX *context);
    bool tolerable(X509_STORE_CTX *context);
    bool key_is_pinned(const X509 *certificate) const;
    bool names_match(const X509 *certificate);

    const TlsPolicy &policy_;
    bool chain_ok_ = true;
    std::string reason_;
};

}
