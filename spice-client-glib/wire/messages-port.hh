// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/messages-vmc.hh"

// A port: a byte stream of messages-vmc.hh that has a name and can be open or closed (spec/channels.md §8).
namespace spice::wire {

struct PortInit {
    static constexpr uint16_t message_id = SPICE_MSG_PORT_INIT;
    static constexpr const char *message_name = "INIT";
    std::string name;
    uint8_t opened = 0;
    static constexpr std::tuple fields{TextPointer{"name", &PortInit::name}, Field{"opened", &PortInit::opened}};
};
static_assert(wire_size<PortInit>() == 9);

struct PortEventFields {
    uint8_t event = 0; // SPICE_PORT_EVENT_*
    static constexpr std::tuple fields{Field{"event", &PortEventFields::event}};
};

struct PortEvent : PortEventFields {
    static constexpr uint16_t message_id = SPICE_MSG_PORT_EVENT;
    static constexpr const char *message_name = "EVENT";
};

// --- client to server

struct ClientPortEvent : PortEventFields {
    static constexpr uint16_t message_id = SPICE_MSGC_PORT_EVENT;
    static constexpr const char *message_name = "EVENT";
};

}
