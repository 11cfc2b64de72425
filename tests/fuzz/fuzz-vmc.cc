// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/lz4-block.hh"
#include "wire/messages-vmc.hh"
#include "wire/reader.hh"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

using namespace spice;

// The body of a COMPRESSED_DATA message; what it holds must survive being packed again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
    const std::vector<std::byte> body(reinterpret_cast<const std::byte *>(data),
                                      reinterpret_cast<const std::byte *>(data) + size);
    const auto message = wire::parse<wire::VmcCompressedData>(body);
    if (!message || !message->is_compressed()) return 0;
    const auto plain = codec::unpack_lz4_block(message->data, message->uncompressed_size);
    if (!plain) return 0;
    std::vector<std::byte> packed;
    if (!codec::pack_lz4_block(*plain, packed)) return 0;
    const auto again = codec::unpack_lz4_block(packed, plain->size());
    if (!again || !std::equal(again->begin(), again->end(), plain->begin(), plain->end())) abort();
    return 0;
}
