// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/vmc-payload.hh"

#include "codec/lz4-block.hh"

namespace spice::channel {

Result<std::vector<std::byte>> unpack_vmc(const wire::VmcCompressedFields &message) {
    if (!message.is_compressed()) return std::vector<std::byte>(message.data.begin(), message.data.end());
    return codec::unpack_lz4_block(message.data, message.uncompressed_size);
}

VmcMessage pack_vmc(std::span<const std::byte> data, bool may_compress) {
    if (may_compress && data.size() > vmc_compress_above && data.size() <= UINT32_MAX) {
        std::vector<std::byte> body;
        body.push_back(std::byte{SPICE_DATA_COMPRESSION_TYPE_LZ4});
        for (unsigned shift = 0; shift < 32; shift += 8) body.push_back(static_cast<std::byte>(data.size() >> shift));
        if (codec::pack_lz4_block(data, body)) return {wire::ClientVmcCompressedData::message_id, std::move(body)};
    }
    return {wire::ClientVmcData::message_id, std::vector<std::byte>(data.begin(), data.end())};
}

}
