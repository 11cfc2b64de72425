// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "link/connect.hh"
#include "link/handshake.hh"

#include <glib.h>
#include <sys/socket.h>

#include <chrono>

namespace spice::test {

inline constexpr std::chrono::milliseconds long_silence{20'000};

// The request of a client that knows everything of this version.
inline link::LinkRequest ordinary_request() {
    link::LinkRequest request;
    request.channel_type = 1;
    request.common_caps = wire::Capabilities({0u, 3u}); // AUTH_SELECTION, MINI_HEADER
    request.channel_caps = wire::Capabilities({1u});
    return request;
}

inline Result<link::LinkAnswer> link_over(link::Transport &transport, link::Wakeup &wakeup,
                                          const link::LinkRequest &request = ordinary_request(),
                                          std::chrono::milliseconds silence = long_silence) {
    link::LinkStream stream{transport, wakeup, silence};
    return link::perform_link(stream, request);
}

// Connects to a port of this machine and links.
inline Result<link::LinkAnswer> link_to(uint16_t port, const link::LinkRequest &request = ordinary_request(),
                                        std::chrono::milliseconds silence = long_silence) {
    link::Wakeup wakeup;
    link::Endpoint endpoint;
    endpoint.host = "127.0.0.1";
    endpoint.port = std::to_string(port);
    auto transport = link::open_transport(endpoint, wakeup, nullptr);
    g_assert_true(static_cast<bool>(transport));
    return link_over(**transport, wakeup, request, silence);
}

}
