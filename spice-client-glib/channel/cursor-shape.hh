// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "wire/messages-cursor.hh"

#include <cstdint>
#include <span>
#include <vector>

namespace spice::channel {

// A cursor ready for the application: R,G,B,A bytes, straight alpha, rows of width * 4. Immutable.
struct CursorShape {
    int type = 0; // as on the wire
    uint16_t width = 0, height = 0, hot_x = 0, hot_y = 0;
    std::vector<uint8_t> rgba;
};

// Converts a shape of any wire type (spec/channels.md §3.2).
Result<CursorShape> convert_cursor(const wire::CursorHeader &cursor, std::span<const std::byte> data);

}
