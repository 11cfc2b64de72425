// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/lz4-block.hh"

#include <climits>

#include <lz4.h>

namespace spice::codec {

namespace {

constexpr std::size_t best_ratio = 255; // no byte of a block stands for more

Error damaged() { return Error{Error::Kind::protocol, "damaged LZ4 data"}; }

}

bool have_lz4_blocks() noexcept { return true; }

Result<std::vector<std::byte>> unpack_lz4_block(std::span<const std::byte> in, std::size_t size) {
    if (in.empty() || size == 0 || in.size() > INT_MAX || size > INT_MAX || size / best_ratio > in.size()) return damaged();
    std::vector<std::byte> out(size);
    const int n = LZ4_decompress_safe(reinterpret_cast<const char *>(in.data()), reinterpret_cast<char *>(out.data()),
                                      static_cast<int>(in.size()), static_cast<int>(size));
    if (n < 0 || static_cast<std::size_t>(n) != size) return damaged();
    return out;
}

bool pack_lz4_block(std::span<const std::byte> in, std::vector<std::byte> &out) {
    if (in.size() < 2 || in.size() > LZ4_MAX_INPUT_SIZE) return false;
    const auto before = out.size();
    const auto room = in.size() - 1; // it shall be smaller
    out.resize(before + room);
    const int n = LZ4_compress_default(reinterpret_cast<const char *>(in.data()),
                                       reinterpret_cast<char *>(out.data() + before), static_cast<int>(in.size()),
                                       static_cast<int>(room));
    out.resize(before + (n > 0 ? static_cast<std::size_t>(n) : 0));
    return n > 0;
}

}
