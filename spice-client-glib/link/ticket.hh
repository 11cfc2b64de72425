// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace spice::link {

constexpr std::size_t max_password_length = 60;

// Encrypts the password, followed by a NUL byte, for the server's key: RSAES-OAEP with SHA-1 (spec/link.md §5).
// `public_key` is DER SubjectPublicKeyInfo. Errors: auth (password too long), link (bad key).
Result<std::vector<std::byte>> make_ticket(std::span<const std::byte> public_key, std::string_view password);

// Makes OpenSSL register its own exit handler now, before any of ours; called before the first thread is started.
void initialise_crypto() noexcept;

}
