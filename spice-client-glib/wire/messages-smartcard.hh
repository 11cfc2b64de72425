// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/schema.hh"

#include <spice/enums.h>

// Messages between a smartcard reader here and the guest's driver (spec/channels.md §10).
namespace spice::wire {

enum class VscType : uint32_t {
    init = 1,
    error = 2,
    reader_add = 3,
    reader_remove = 4,
    atr = 5,
    card_remove = 6,
    apdu = 7,
    flush = 8,
    flush_complete = 9,
};

inline constexpr uint32_t undefined_reader = 0xffffffff;
inline constexpr uint32_t max_vsc_data = 270; // a command with its head, or a name

struct VscFields {
    VscType type{};
    uint32_t reader_id = undefined_reader;
    Bytes data;
    static constexpr std::tuple fields{Field{"type", &VscFields::type}, Field{"reader_id", &VscFields::reader_id},
                                       sized<uint32_t>("data", &VscFields::data, max_vsc_data)};
};
static_assert(wire_size<VscFields>() == 12);

struct VscMessage : VscFields {
    static constexpr uint16_t message_id = SPICE_MSG_SMARTCARD_DATA;
    static constexpr const char *message_name = "DATA";
};

struct ClientVscMessage : VscFields {
    static constexpr uint16_t message_id = SPICE_MSGC_SMARTCARD_DATA;
    static constexpr const char *message_name = "DATA";
};

// The data of an error message.
struct VscError {
    static constexpr const char *message_name = "ERROR";
    uint32_t code = 0; // 0: success
    static constexpr std::tuple fields{Field{"code", &VscError::code}};
};
static_assert(wire_size<VscError>() == 4);

}
