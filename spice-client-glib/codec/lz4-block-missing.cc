// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/lz4-block.hh"

// Takes the place of lz4-block.cc in a build without liblz4.
namespace spice::codec {

bool have_lz4_blocks() noexcept { return false; }

Result<std::vector<std::byte>> unpack_lz4_block(std::span<const std::byte>, std::size_t) {
    return Error{Error::Kind::unsupported, "LZ4 data, which this build cannot read"};
}

bool pack_lz4_block(std::span<const std::byte>, std::vector<std::byte> &) { return false; }

}
