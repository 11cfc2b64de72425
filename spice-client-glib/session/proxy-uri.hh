// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spice::session {

// The HTTP proxy that connections go through (spec/link.md §10). Plain data.
struct ProxyUri {
    std::optional<std::string> scheme;   // "http" or "https" in the case it was written
    std::optional<std::string> hostname; // IPv6 addresses without brackets
    std::uint32_t port = 0;
    std::optional<std::string> user;
    std::optional<std::string> password;
    bool operator==(const ProxyUri &) const = default;
};

bool is_https(std::string_view scheme);

// [scheme://][user[:password]@]host[:port][/]; user and password are taken as they stand, without percent-decoding.
Result<ProxyUri> parse_proxy_uri(std::string_view text);

// scheme://[user[:password]@]host:port; no value without scheme or host.
std::optional<std::string> format_proxy_uri(const ProxyUri &uri);

}
