// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "link/stream.hh"
#include "link/transport.hh"

#include <memory>
#include <optional>
#include <string>

namespace spice::link {

// Who wants in, and where.
struct SaslLogin {
    std::string host; // as the user knows it
    std::optional<std::string> username, password;
};

// A layer that may be put around the connection that it was negotiated on.
class SaslLayer : public Transport {
public:
    // The connection itself, until now only used, becomes the layer's own.
    virtual void adopt(std::unique_ptr<Transport> lower) = 0;
};

// Built with SASL: it may be announced to servers.
bool sasl_available() noexcept;

// The exchange of spec/link.md §6, up to and with the result of SASL. Null: the connection goes on as it is (TLS is
// around it). Otherwise all that follows goes through the layer. `lower` is what `stream` reads from.
// Errors: auth (`code` is what the mechanism asked for, as a SpiceClientError: 3 password, 4 user name, 5 both;
// -1 nothing, so that asking the user helps nobody), link (the server does not keep to the protocol), unsupported, timeout, io, cancelled.
Result<std::unique_ptr<SaslLayer>> perform_sasl(LinkStream &stream, Transport &lower, const SaslLogin &login);

}
