// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spice::session {

// Where a SPICE URI points to. A part that the URI does not name has no value. Plain data.
struct Uri {
    std::optional<std::string> unix_path;
    std::optional<std::string> host;
    std::optional<std::string> port;
    std::optional<std::string> tls_port;
    std::optional<std::string> username;
    std::optional<std::string> password;
    bool operator==(const Uri &) const = default;
};

// spice://, spice+tls:// and spice+unix:// (spec/session.md §9). Remarks that do not make the URI invalid are appended
// to `warnings`; neither they nor the error quote the text, which may hold a password.
Result<Uri> parse_uri(std::string_view text, std::vector<std::string> &warnings);

// The shortest URI for the same place; never with user name and password. No value without any port or path.
std::optional<std::string> format_uri(const Uri &uri);

}
