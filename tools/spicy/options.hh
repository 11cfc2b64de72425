// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <optional>
#include <string>

namespace spicy {

struct Options {
    std::string uri, title;
    bool fullscreen = false;
};
// Nothing when the program is to end, with this exit code then: 0 after --version, 2 after a mistake.
std::optional<Options> parse_options(int argc, char **argv, int &exit_code);

}
