// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// The golden data of tests/data/vectors; its README.md describes the format.
namespace spice::test {

enum class Expect : uint8_t { ok, reject, bounded };

struct VectorOutput {
    std::string layout, compare, file;
};

struct VectorImage { // one record of a sequence
    uint64_t id = 0;
    unsigned channel = 0, type = 0;
    uint32_t width = 0, height = 0;
    std::size_t offset = 0;
};

struct Vector {
    Expect expect = Expect::ok;
    std::string codec, name, data;
    uint32_t type = 0, width = 0, height = 0, flags = 0, jpeg_size = 0;
    bool plain = false;
    uint64_t window = 1u << 25;
    std::size_t reject_index = 0;
    std::vector<uint32_t> palette;
    std::vector<VectorOutput> outputs;
    std::vector<VectorImage> images;
};

using Bytes = std::vector<std::byte>;

std::vector<Vector> read_vectors(const std::string &codec);
// Both abort the test when the file cannot be read. Buffers have exactly the size of their contents.
Bytes read_data(const std::string &file);
Bytes read_pixels(const std::string &gz_file);
std::vector<Bytes> read_sequence(const std::string &file);

}
