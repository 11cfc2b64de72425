// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/schema.hh"

#include <spice/enums.h>

// Byte streams to and from devices of the guest: usbredir, port and webdav channels (spec/channels.md §6).
namespace spice::wire {

struct VmcDataFields {
    Bytes data;
    static constexpr std::tuple fields{Rest{"data", &VmcDataFields::data}};
};

struct VmcCompressedFields {
    uint8_t type = 0; // SPICE_DATA_COMPRESSION_TYPE_*
    uint32_t uncompressed_size = 0;
    Bytes data;
    bool is_compressed() const { return type != SPICE_DATA_COMPRESSION_TYPE_NONE; }
    static constexpr std::tuple fields{
        Field{"type", &VmcCompressedFields::type, SPICE_DATA_COMPRESSION_TYPE_LZ4},
        When{&VmcCompressedFields::is_compressed,
             Field{"uncompressed_size", &VmcCompressedFields::uncompressed_size, 4u << 20}},
        Rest{"data", &VmcCompressedFields::data}};
};
static_assert(wire_size<VmcCompressedFields>() == 1);

struct VmcData : VmcDataFields {
    static constexpr uint16_t message_id = SPICE_MSG_SPICEVMC_DATA;
    static constexpr const char *message_name = "DATA";
};

struct VmcCompressedData : VmcCompressedFields {
    static constexpr uint16_t message_id = SPICE_MSG_SPICEVMC_COMPRESSED_DATA;
    static constexpr const char *message_name = "COMPRESSED_DATA";
};

// --- client to server

struct ClientVmcData : VmcDataFields {
    static constexpr uint16_t message_id = SPICE_MSGC_SPICEVMC_DATA;
    static constexpr const char *message_name = "DATA";
};

struct ClientVmcCompressedData : VmcCompressedFields {
    static constexpr uint16_t message_id = SPICE_MSGC_SPICEVMC_COMPRESSED_DATA;
    static constexpr const char *message_name = "COMPRESSED_DATA";
};

}
