// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "link/transport.hh"
#include "link/wakeup.hh"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace spice::link {

// An HTTP proxy and what to tell it.
struct ProxyTarget {
    bool https = false; // TLS to the proxy itself, which must be one that the system trusts
    std::string host;   // without brackets
    uint16_t port = 0;
    std::optional<std::string> user, password;
};

struct ProxyLimits {
    std::size_t answer = 16u << 10; // bytes
    std::chrono::milliseconds silence{10'000}, total{30'000};
};

// Asks a connected proxy for a tunnel to `host`, which is passed on as it stands: only the proxy may know what it means
// (spec/link.md §10). Blocks its thread but for the limits and the wake-up's cancel().
// Errors: proxy (`code` is that of GIOErrorEnum), argument (not to be put into a request), cancelled.
Result<std::unique_ptr<Transport>> open_tunnel(std::unique_ptr<Transport> transport, const ProxyTarget &proxy,
                                               const std::string &host, uint16_t port, Wakeup &wakeup,
                                               const ProxyLimits &limits = {});

// The request for a tunnel. Errors: argument.
Result<std::string> proxy_request(const ProxyTarget &proxy, const std::string &host, uint16_t port);

// The status of an answer, read up to and with the empty line. Errors: proxy (not an answer of HTTP).
Result<int> parse_proxy_answer(std::string_view answer);

}
