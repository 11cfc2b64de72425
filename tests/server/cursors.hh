// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "qxl-device.hh"

#include <optional>
#include <string_view>

namespace spice::testserver {

// The pointer shapes of the demo desktop by name: arrow, hand, move, wait (ALPHA), text (MONO), cross (COLOR32).
std::optional<CursorShape> cursor_shape(std::string_view name);

}
