// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "link/stream.hh"
#include "wire/messages-link.hh"

#include <cstdint>
#include <string>

namespace spice::link {

struct LinkRequest {
    uint32_t connection_id = 0;
    uint8_t channel_type = 0, channel_id = 0;
    wire::Capabilities common_caps, channel_caps;
    std::string password;
};

struct LinkAnswer {
    wire::Capabilities common_caps, channel_caps; // the server's
    bool mini_header = false;
};

// The link exchange of spec/link.md §2 to §5 on a fresh connection, up to the result that lets messages flow.
// Errors: link (refused or not understood; `code` is the server's link error), auth (ticket refused or too long),
// timeout, io, cancelled.
Result<LinkAnswer> perform_link(LinkStream &stream, const LinkRequest &request);

}
