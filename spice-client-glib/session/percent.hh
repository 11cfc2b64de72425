// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace spice::session {

// %41 becomes A. No value when a % is not followed by two hexadecimal digits or stands for a NUL.
std::optional<std::string> percent_decode(std::string_view text);

}
