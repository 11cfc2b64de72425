// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <string>
#include <string_view>

#include <openssl/types.h>

namespace spice::link {

// ASCII case does not matter; each "*" stands for any part of one label, for nothing in a literal address.
bool host_pattern_matches(std::string_view pattern, std::string_view host);

// Whether a certificate is for `host` (spec/link.md §13): by its alternative names if there are names or addresses
// among them, else by the common names of its subject. "[v6]" is accepted.
bool certificate_is_for(const X509 *certificate, const std::string &host);

}
