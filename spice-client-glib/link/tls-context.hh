// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "link/openssl-ptr.hh"
#include "link/tls-policy.hh"

#include <string>

namespace spice::link {

// The configuration of OpenSSL that a policy asks for: versions, ciphers, trusted authorities. Errors: tls.
Result<SslContextPtr> make_tls_context(const TlsPolicy &policy);

// What OpenSSL has put aside about the last fault of this thread, and forgets it now.
std::string openssl_error();

}
