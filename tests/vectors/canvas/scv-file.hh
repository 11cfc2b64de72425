// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// Recorded canvas sessions (tests/data/vectors/display/README.md).
namespace canvas_vectors {

struct Message {
    uint16_t type = 0;
    std::span<const std::byte> body;
};

struct Checkpoint {
    bool skip = false;
    uint32_t mask = 0, format = 0, width = 0, height = 0;
    std::string_view name;
    std::span<const std::byte> pixels; // of the primary, top row first, tight
};

// The records view the decompressed file that they come with.
struct ScvFile {
    std::vector<std::byte> bytes;
    std::vector<std::variant<Message, Checkpoint>> records;
};

spice::Result<ScvFile> read_scv(const std::string &path);

}
