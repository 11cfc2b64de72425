// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace spice::bench {

using Bytes = std::vector<std::byte>;

// A line of a folder's index.json: an encoded stream, the SHA-256 of its packed pixels and how long another decoder
// took. A file that ends in .seq holds u32 length, payload records.
struct StreamEntry {
    std::string codec, type, file, sha256;
    uint32_t width = 0, height = 0;
    double reference_ms = 0;
};

std::vector<StreamEntry> read_stream_index(const std::string &dir);
Bytes read_file(const std::string &path); // empty when it cannot be read

}
