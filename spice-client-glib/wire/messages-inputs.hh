// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/schema.hh"

#include <spice/enums.h>

// The inputs channel and its scancodes (spec/channels.md §2).
namespace spice::wire {

// What the keyboard locks are said to be in three messages; SPICE_KEYBOARD_MODIFIER_FLAGS_*.
struct ModifiersFields {
    uint16_t modifiers = 0;
    static constexpr std::tuple fields{Field{"modifiers", &ModifiersFields::modifiers}};
};
static_assert(wire_size<ModifiersFields>() == 2);

struct InputsInit : ModifiersFields {
    static constexpr uint16_t message_id = SPICE_MSG_INPUTS_INIT;
    static constexpr const char *message_name = "INIT";
};

struct KeyModifiers : ModifiersFields {
    static constexpr uint16_t message_id = SPICE_MSG_INPUTS_KEY_MODIFIERS;
    static constexpr const char *message_name = "KEY_MODIFIERS";
};

struct MouseMotionAck {
    static constexpr uint16_t message_id = SPICE_MSG_INPUTS_MOUSE_MOTION_ACK;
    static constexpr const char *message_name = "MOUSE_MOTION_ACK";
    static constexpr std::tuple<> fields{};
};

// --- client to server

struct KeyFields {
    uint32_t code = 0; // see key_code()
    static constexpr std::tuple fields{Field{"code", &KeyFields::code}};
};
static_assert(wire_size<KeyFields>() == 4);

struct KeyDown : KeyFields {
    static constexpr uint16_t message_id = SPICE_MSGC_INPUTS_KEY_DOWN;
    static constexpr const char *message_name = "KEY_DOWN";
};

struct KeyUp : KeyFields {
    static constexpr uint16_t message_id = SPICE_MSGC_INPUTS_KEY_UP;
    static constexpr const char *message_name = "KEY_UP";
};

struct ClientKeyModifiers : ModifiersFields {
    static constexpr uint16_t message_id = SPICE_MSGC_INPUTS_KEY_MODIFIERS;
    static constexpr const char *message_name = "KEY_MODIFIERS";
};

struct KeyScancode {
    static constexpr uint16_t message_id = SPICE_MSGC_INPUTS_KEY_SCANCODE;
    static constexpr const char *message_name = "KEY_SCANCODE";
    Bytes codes; // see append_scancode()
    static constexpr std::tuple fields{Rest{"codes", &KeyScancode::codes}};
};

struct MouseMotion {
    static constexpr uint16_t message_id = SPICE_MSGC_INPUTS_MOUSE_MOTION;
    static constexpr const char *message_name = "MOUSE_MOTION";
    int32_t dx = 0;
    int32_t dy = 0;
    uint16_t buttons = 0; // SPICE_MOUSE_BUTTON_MASK_*
    static constexpr std::tuple fields{Field{"dx", &MouseMotion::dx}, Field{"dy", &MouseMotion::dy},
                                       Field{"buttons", &MouseMotion::buttons}};
};
static_assert(wire_size<MouseMotion>() == 10);

struct MousePosition {
    static constexpr uint16_t message_id = SPICE_MSGC_INPUTS_MOUSE_POSITION;
    static constexpr const char *message_name = "MOUSE_POSITION";
    uint32_t x = 0;
    uint32_t y = 0;
    uint16_t buttons = 0; // SPICE_MOUSE_BUTTON_MASK_*
    uint8_t display_id = 0;
    static constexpr std::tuple fields{Field{"x", &MousePosition::x}, Field{"y", &MousePosition::y},
                                       Field{"buttons", &MousePosition::buttons},
                                       Field{"display_id", &MousePosition::display_id}};
};
static_assert(wire_size<MousePosition>() == 11);

struct ButtonFields {
    uint8_t button = 0;   // SPICE_MOUSE_BUTTON_*
    uint16_t buttons = 0; // SPICE_MOUSE_BUTTON_MASK_*
    static constexpr std::tuple fields{Field{"button", &ButtonFields::button},
                                       Field{"buttons", &ButtonFields::buttons}};
};
static_assert(wire_size<ButtonFields>() == 3);

struct MousePress : ButtonFields {
    static constexpr uint16_t message_id = SPICE_MSGC_INPUTS_MOUSE_PRESS;
    static constexpr const char *message_name = "MOUSE_PRESS";
};

struct MouseRelease : ButtonFields {
    static constexpr uint16_t message_id = SPICE_MSGC_INPUTS_MOUSE_RELEASE;
    static constexpr const char *message_name = "MOUSE_RELEASE";
};

// PC scancodes of set 1, as the API numbers them: plain keys below 0x80, extended ones 0x100 | code, and 0x200 | code
// for what begins with E1. `release` gives the break code.
struct Scancode {
    std::array<uint8_t, 2> bytes{};
    std::size_t size = 0;
};
constexpr Scancode encode_scancode(unsigned scancode, bool release) noexcept {
    const unsigned s = (scancode & 0x37fU) | (release ? 0x80U : 0U);
    if (s < 0x100) return {{static_cast<uint8_t>(s), 0}, 1};
    return {{static_cast<uint8_t>(0xe0U + ((s - 0x100U) >> 8)), static_cast<uint8_t>(s & 0xffU)}, 2};
}
// The `code` of KEY_DOWN and KEY_UP.
constexpr uint32_t key_code(unsigned scancode, bool release) noexcept {
    const auto s = encode_scancode(scancode, release);
    return s.bytes[0] | uint32_t{s.bytes[1]} << 8;
}
// For the body of KEY_SCANCODE.
inline void append_scancode(std::vector<std::byte> &codes, unsigned scancode, bool release) {
    const auto s = encode_scancode(scancode, release);
    for (std::size_t i = 0; i < s.size; ++i)
        codes.push_back(std::byte{s.bytes[i]});
}
static_assert(key_code(0x1e, true) == 0x9e && key_code(0x11d, true) == 0x9de0 && key_code(0x21d, false) == 0x1de1);

}
