// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "link/openssl-ptr.hh"

#include <cstddef>
#include <span>

namespace spice::link {

// Reads an RSA public key from a DER SubjectPublicKeyInfo; bytes behind it are ignored. Error: link.
Result<KeyPtr> read_rsa_key(std::span<const std::byte> der);

}
