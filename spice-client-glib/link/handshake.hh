// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "link/sasl.hh"
#include "link/stream.hh"
#include "wire/messages-link.hh"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace spice::link {

struct LinkRequest {
    uint32_t connection_id = 0;
    uint8_t channel_type = 0, channel_id = 0;
    wire::Capabilities common_caps, channel_caps;
    std::string password;
    // For SASL, which distinguishes an empty password from none.
    bool has_password = false;
    std::optional<std::string> username;
    std::string host;
};

struct LinkAnswer {
    wire::Capabilities common_caps, channel_caps; // the server's
    bool mini_header = false;
    std::unique_ptr<SaslLayer> layer; // to be put around the transport, when there is one
};

// The link exchange of spec/link.md §2 to §6 on a fresh connection, up to the result that lets messages flow.
// Errors: link (refused or not understood; `code` is the server's link error), auth (ticket refused or too long,
// or SASL failed: see perform_sasl()),
// timeout, io, cancelled.
Result<LinkAnswer> perform_link(LinkStream &stream, const LinkRequest &request);

}
