// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "link/proxy.hh"
#include "link/tls-policy.hh"
#include "link/transport.hh"
#include "link/wakeup.hh"

#include <gio/gio.h>

#include <memory>
#include <optional>
#include <string>

namespace spice::link {

// Where one connection attempt goes; a value copied from the session when the attempt starts.
struct Endpoint {
    int fd = -1;           // handed over by the application; owned by the attempt
    std::string unix_path; // wins over host and ports
    std::string host;      // a name or a literal address; "[v6]" is accepted
    std::string port, tls_port; // decimal, empty when unset
    bool tls = false;      // demanded for this channel
    std::shared_ptr<const TlsPolicy> tls_policy; // of the session
    std::optional<ProxyTarget> proxy; // nothing goes around it, also when it cannot be used
};

// Descriptors can be passed on such a connection: it is a UNIX socket with nothing else around the bytes.
bool is_plain_unix(const Endpoint &endpoint) noexcept;

// Opens a connection: the socket and every layer above it that the endpoint asks for. Blocks its thread until
// connected, refused, out of time (10 s an address, TLS not counted) or cancelled through `wakeup` and `lookup_cancel`.
// Errors: io, resolve, timeout, argument (nothing to connect to), proxy (see open_tunnel()), tls (the server is not the
// right one, or TLS fails).
Result<std::unique_ptr<Transport>> open_transport(const Endpoint &endpoint, Wakeup &wakeup, GCancellable *lookup_cancel);

}
