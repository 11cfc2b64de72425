// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace spice::test {

struct CertificateRequest {
    std::vector<std::pair<std::string, std::string>> subject; // {"CN", "vm.test"}, in order
    std::vector<std::string> alt_names;                       // "DNS:vm.test", "IP:127.0.0.1"
    long from = -3600, until = 86'400;                        // seconds from now
    bool authority = false;
    long serial = 0; // 0: any
};

// A certificate with its key, made on the spot. Aborts when OpenSSL refuses: tests ask for what there is. Immutable.
class Identity {
public:
    explicit Identity(const CertificateRequest &request, const Identity *issuer = nullptr); // null: signs itself

    X509 *certificate() const noexcept { return certificate_.get(); }
    EVP_PKEY *key() const noexcept { return key_.get(); }
    std::string pem() const;
    std::string key_pem() const;
    std::string public_key() const; // DER SubjectPublicKeyInfo
    std::string revoke(long serial) const; // a revocation list of this authority, PEM

private:
    std::shared_ptr<X509> certificate_;
    std::shared_ptr<EVP_PKEY> key_;
};

}
