// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <optional>
#include <string>

namespace spice::link {

// What a server must show to be trusted, as the properties of the session say it. Immutable once an attempt has it.
struct TlsPolicy {
    // Values of SpiceSessionVerify.
    static constexpr unsigned verify_pubkey = 1, verify_hostname = 2, verify_subject = 4;

    std::string host;    // whose certificate it must be; also told to the server
    std::string ca;      // certificates and revocation lists, PEM
    std::string ca_file; // the same in a file; without either the system's authorities are trusted
    std::string ciphers; // OpenSSL's syntax
    std::string pubkey;  // DER SubjectPublicKeyInfo
    std::optional<std::string> subject;
    unsigned verify = verify_hostname; // none: whatever the server shows is trusted
    bool ends_at_proxy = false; // the server is behind the one that is spoken to
};

}
