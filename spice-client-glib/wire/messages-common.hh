// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "wire/schema.hh"

#include <spice/enums.h>

// Data headers, sub-message lists and the messages that every channel knows (spec/link.md §7, §8).
namespace spice::wire {

enum class HeaderMode : uint8_t { mini, full };

inline constexpr std::size_t max_header_size = 18;
constexpr std::size_t header_size(HeaderMode mode) noexcept { return mode == HeaderMode::mini ? 6 : 18; }

struct DataHeader {
    uint64_t serial = 0; // full headers only; with mini headers both sides count
    uint16_t type = 0;
    uint32_t size = 0;     // of the body
    uint32_t sub_list = 0; // full headers only
};

// `raw` must hold at least header_size(mode) bytes.
DataHeader decode_header(HeaderMode mode, Bytes raw) noexcept;
// Writes header_size(mode) bytes and returns their number.
std::size_t encode_header(HeaderMode mode, const DataHeader &header,
                          std::span<std::byte, max_header_size> out) noexcept;

// One message inside another. `body` is a view of the enclosing body.
struct SubMessage {
    uint16_t type = 0;
    Bytes body;
};

inline constexpr const char *list_name = "LIST";

// The messages at `list_offset` of a body: 0 for LIST, the header's sub_list otherwise. Refused as a whole if one lies
// outside, if they overlap so much that they are larger than the body, or if one is a LIST again.
Result<std::vector<SubMessage>> parse_sub_messages(Bytes body, uint32_t list_offset = 0);

// Text up to the first NUL, for fields that may or may not end in one.
std::string to_text(Bytes raw);

// --- server to client

struct Migrate {
    static constexpr uint16_t message_id = SPICE_MSG_MIGRATE;
    static constexpr const char *message_name = "MIGRATE";
    uint32_t flags = 0; // SPICE_MIGRATE_*
    static constexpr std::tuple fields{Field{"flags", &Migrate::flags}};
};

// The same in both directions, but for the id. The data is a view of the body.
struct MigrateDataFields {
    Bytes data;
    static constexpr std::tuple fields{Rest{"data", &MigrateDataFields::data}};
};
struct MigrateData : MigrateDataFields {
    static constexpr uint16_t message_id = SPICE_MSG_MIGRATE_DATA;
    static constexpr const char *message_name = "MIGRATE_DATA";
};

struct SetAck {
    static constexpr uint16_t message_id = SPICE_MSG_SET_ACK;
    static constexpr const char *message_name = "SET_ACK";
    uint32_t generation = 0, window = 0;
    static constexpr std::tuple fields{Field{"generation", &SetAck::generation}, Field{"window", &SetAck::window}};
};
static_assert(wire_size<SetAck>() == 8);

struct Ping {
    static constexpr uint16_t message_id = SPICE_MSG_PING;
    static constexpr const char *message_name = "PING";
    uint32_t id = 0;
    uint64_t timestamp = 0;
    Bytes data; // ballast, not to be echoed
    static constexpr std::tuple fields{Field{"id", &Ping::id}, Field{"timestamp", &Ping::timestamp},
                                       Rest{"data", &Ping::data}};
};
static_assert(wire_size<Ping>() == 12);

struct WaitForChannel {
    uint8_t channel_type = 0, channel_id = 0;
    uint64_t serial = 0;
    static constexpr std::tuple fields{Field{"wait.channel_type", &WaitForChannel::channel_type},
                                       Field{"wait.channel_id", &WaitForChannel::channel_id},
                                       Field{"wait.serial", &WaitForChannel::serial}};
};
static_assert(wire_size<WaitForChannel>() == 10);

struct WaitForChannels {
    static constexpr uint16_t message_id = SPICE_MSG_WAIT_FOR_CHANNELS;
    static constexpr const char *message_name = "WAIT_FOR_CHANNELS";
    std::vector<WaitForChannel> waits;
    static constexpr std::tuple fields{counted<uint8_t>("waits", &WaitForChannels::waits)};
};

struct DisconnectingFields {
    uint64_t time_stamp = 0;
    uint32_t reason = 0; // SPICE_LINK_ERR_*
    static constexpr std::tuple fields{Field{"time_stamp", &DisconnectingFields::time_stamp},
                                       Field{"reason", &DisconnectingFields::reason}};
};
struct Disconnecting : DisconnectingFields {
    static constexpr uint16_t message_id = SPICE_MSG_DISCONNECTING;
    static constexpr const char *message_name = "DISCONNECTING";
};
static_assert(wire_size<Disconnecting>() == 12);

struct Notify {
    static constexpr uint16_t message_id = SPICE_MSG_NOTIFY;
    static constexpr const char *message_name = "NOTIFY";
    uint64_t time_stamp = 0;
    uint32_t severity = 0;   // SPICE_NOTIFY_SEVERITY_*
    uint32_t visibility = 0; // SPICE_NOTIFY_VISIBILITY_*
    uint32_t what = 0;
    Bytes message; // see to_text()
    static constexpr std::tuple fields{Field{"time_stamp", &Notify::time_stamp}, Field{"severity", &Notify::severity},
                                       Field{"visibility", &Notify::visibility}, Field{"what", &Notify::what},
                                       sized<uint32_t>("message", &Notify::message)};
};
static_assert(wire_size<Notify>() == 24);

// --- client to server

struct AckSync {
    static constexpr uint16_t message_id = SPICE_MSGC_ACK_SYNC;
    static constexpr const char *message_name = "ACK_SYNC";
    uint32_t generation = 0;
    static constexpr std::tuple fields{Field{"generation", &AckSync::generation}};
};

struct Ack {
    static constexpr uint16_t message_id = SPICE_MSGC_ACK;
    static constexpr const char *message_name = "ACK";
    static constexpr std::tuple<> fields{};
};

struct Pong {
    static constexpr uint16_t message_id = SPICE_MSGC_PONG;
    static constexpr const char *message_name = "PONG";
    uint32_t id = 0;
    uint64_t timestamp = 0;
    static constexpr std::tuple fields{Field{"id", &Pong::id}, Field{"timestamp", &Pong::timestamp}};
};
static_assert(wire_size<Pong>() == 12);

struct MigrateFlushMark {
    static constexpr uint16_t message_id = SPICE_MSGC_MIGRATE_FLUSH_MARK;
    static constexpr const char *message_name = "MIGRATE_FLUSH_MARK";
    static constexpr std::tuple<> fields{};
};

struct ClientMigrateData : MigrateDataFields {
    static constexpr uint16_t message_id = SPICE_MSGC_MIGRATE_DATA;
    static constexpr const char *message_name = "MIGRATE_DATA";
};

struct ClientDisconnecting : DisconnectingFields {
    static constexpr uint16_t message_id = SPICE_MSGC_DISCONNECTING;
    static constexpr const char *message_name = "DISCONNECTING";
};

}
