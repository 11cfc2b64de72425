// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace spice::codec {

// Whether this build can do it at all.
bool have_lz4_blocks() noexcept;

// One raw LZ4 block that must become exactly `size` bytes. No memory is taken for a size that the block cannot have.
Result<std::vector<std::byte>> unpack_lz4_block(std::span<const std::byte> in, std::size_t size);

// Appends one raw LZ4 block to `out`; false, with `out` as it was, when that would not be smaller than `in`.
bool pack_lz4_block(std::span<const std::byte> in, std::vector<std::byte> &out);

}
