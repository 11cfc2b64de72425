// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "wire/messages-vmc.hh"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

// The byte streams of usbredir, port and webdav channels in their messages (spec/channels.md §6). Pure functions.
namespace spice::channel {

struct VmcMessage {
    uint16_t type = 0;
    std::vector<std::byte> body;
};

// Payloads up to this size are not worth compressing.
inline constexpr std::size_t vmc_compress_above = 1000;

// What a COMPRESSED_DATA message of the server stands for.
Result<std::vector<std::byte>> unpack_vmc(const wire::VmcCompressedFields &message);

// The message for a piece of the stream; compressed if `may_compress` and if that makes it smaller.
VmcMessage pack_vmc(std::span<const std::byte> data, bool may_compress);

}
