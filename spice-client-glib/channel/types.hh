// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "link/connect.hh"

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace spice::channel {

// Values of SpiceChannelEvent.
enum class Event : int {
    none = 0,
    opened = 10,
    switching = 11,
    closed = 12,
    error_connect = 20,
    error_tls = 21,
    error_link = 22,
    error_auth = 23,
    error_io = 24,
};

// Channel types on the wire (spec/link.md §3.4).
enum class Type : uint8_t {
    main = 1,
    display = 2,
    inputs = 3,
    cursor = 4,
    playback = 5,
    record = 6,
    tunnel = 7,
    smartcard = 8,
    usbredir = 9,
    port = 10,
    webdav = 11,
};

// A channel among those of a session.
struct ChannelKey {
    Type type = Type::main;
    uint8_t id = 0;
    auto operator<=>(const ChannelKey &) const = default;
};

struct Linked;

// What one connection attempt needs to know of the session: a copy made when the attempt starts.
struct AttemptParams {
    link::Endpoint endpoint;
    uint32_t connection_id = 0;
    std::string password;
    bool has_password = false; // SASL tells an empty one from none
    std::optional<std::string> username;
    std::shared_ptr<Linked> linked; // the connection was made in advance: the session has moved to another host
};

}
