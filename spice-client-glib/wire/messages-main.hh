// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/messages-common.hh"

#include <spice/enums.h>

// The main channel (spec/channels.md §1). MigrationTarget's texts are checked to end inside the message.
namespace spice::wire {

// Where to go to. Ports are 0 or 65535 when there is none.
struct MigrationTarget {
    uint16_t port = 0;
    uint16_t tls_port = 0;
    std::string host;
    std::string cert_subject;
    static constexpr std::tuple fields{Field{"port", &MigrationTarget::port},
                                       Field{"tls_port", &MigrationTarget::tls_port},
                                       TextPointer{"host", &MigrationTarget::host, Null::refused},
                                       TextPointer{"cert_subject", &MigrationTarget::cert_subject}};
};
static_assert(wire_size<MigrationTarget>() == 20);

struct MigrateBegin : MigrationTarget {
    static constexpr uint16_t message_id = SPICE_MSG_MAIN_MIGRATE_BEGIN;
    static constexpr const char *message_name = "MIGRATE_BEGIN";
};

struct MigrateSwitchHost : MigrationTarget {
    static constexpr uint16_t message_id = SPICE_MSG_MAIN_MIGRATE_SWITCH_HOST;
    static constexpr const char *message_name = "MIGRATE_SWITCH_HOST";
};

struct MigrateBeginSeamless {
    static constexpr uint16_t message_id = SPICE_MSG_MAIN_MIGRATE_BEGIN_SEAMLESS;
    static constexpr const char *message_name = "MIGRATE_BEGIN_SEAMLESS";
    MigrationTarget target;
    uint32_t src_mig_version = 0;
    static constexpr std::tuple fields{Field{"target", &MigrateBeginSeamless::target},
                                       Field{"src_mig_version", &MigrateBeginSeamless::src_mig_version}};
};
static_assert(wire_size<MigrateBeginSeamless>() == 24);

struct MigrateCancel {
    static constexpr uint16_t message_id = SPICE_MSG_MAIN_MIGRATE_CANCEL;
    static constexpr const char *message_name = "MIGRATE_CANCEL";
    static constexpr std::tuple<> fields{};
};

struct MigrateEnd {
    static constexpr uint16_t message_id = SPICE_MSG_MAIN_MIGRATE_END;
    static constexpr const char *message_name = "MIGRATE_END";
    static constexpr std::tuple<> fields{};
};

struct MigrateDstSeamlessAck {
    static constexpr uint16_t message_id = SPICE_MSG_MAIN_MIGRATE_DST_SEAMLESS_ACK;
    static constexpr const char *message_name = "MIGRATE_DST_SEAMLESS_ACK";
    static constexpr std::tuple<> fields{};
};

struct MigrateDstSeamlessNack {
    static constexpr uint16_t message_id = SPICE_MSG_MAIN_MIGRATE_DST_SEAMLESS_NACK;
    static constexpr const char *message_name = "MIGRATE_DST_SEAMLESS_NACK";
    static constexpr std::tuple<> fields{};
};

struct MainInit {
    static constexpr uint16_t message_id = SPICE_MSG_MAIN_INIT;
    static constexpr const char *message_name = "INIT";
    uint32_t session_id = 0;
    uint32_t display_channels_hint = 0;
    uint32_t supported_mouse_modes = 0; // bits of SPICE_MOUSE_MODE_*
    uint32_t current_mouse_mode = 0;
    uint32_t agent_connected = 0;
    uint32_t agent_tokens = 0;
    uint32_t multi_media_time = 0;
    uint32_t ram_hint = 0;
    static constexpr std::tuple fields{Field{"session_id", &MainInit::session_id},
                                       Field{"display_channels_hint", &MainInit::display_channels_hint},
                                       Field{"supported_mouse_modes", &MainInit::supported_mouse_modes},
                                       Field{"current_mouse_mode", &MainInit::current_mouse_mode},
                                       Field{"agent_connected", &MainInit::agent_connected},
                                       Field{"agent_tokens", &MainInit::agent_tokens},
                                       Field{"multi_media_time", &MainInit::multi_media_time},
                                       Field{"ram_hint", &MainInit::ram_hint}};
};
static_assert(wire_size<MainInit>() == 32);

struct ChannelId {
    uint8_t type = 0; // SPICE_CHANNEL_*
    uint8_t id = 0;
    static constexpr std::tuple fields{Field{"channel.type", &ChannelId::type}, Field{"channel.id", &ChannelId::id}};
};
static_assert(wire_size<ChannelId>() == 2);

struct ChannelsList {
    static constexpr uint16_t message_id = SPICE_MSG_MAIN_CHANNELS_LIST;
    static constexpr const char *message_name = "CHANNELS_LIST";
    std::vector<ChannelId> channels;
    static constexpr std::tuple fields{counted<uint32_t>("channels", &ChannelsList::channels)};
};

struct MouseMode {
    static constexpr uint16_t message_id = SPICE_MSG_MAIN_MOUSE_MODE;
    static constexpr const char *message_name = "MOUSE_MODE";
    uint16_t supported = 0; // bits of SPICE_MOUSE_MODE_*
    uint16_t current = 0;
    static constexpr std::tuple fields{Field{"supported", &MouseMode::supported},
                                       Field{"current", &MouseMode::current}};
};
static_assert(wire_size<MouseMode>() == 4);

struct MultiMediaTime {
    static constexpr uint16_t message_id = SPICE_MSG_MAIN_MULTI_MEDIA_TIME;
    static constexpr const char *message_name = "MULTI_MEDIA_TIME";
    uint32_t time = 0; // ms
    static constexpr std::tuple fields{Field{"time", &MultiMediaTime::time}};
};

struct AgentConnected {
    static constexpr uint16_t message_id = SPICE_MSG_MAIN_AGENT_CONNECTED;
    static constexpr const char *message_name = "AGENT_CONNECTED";
    static constexpr std::tuple<> fields{};
};

struct AgentConnectedTokens {
    static constexpr uint16_t message_id = SPICE_MSG_MAIN_AGENT_CONNECTED_TOKENS;
    static constexpr const char *message_name = "AGENT_CONNECTED_TOKENS";
    uint32_t num_tokens = 0;
    static constexpr std::tuple fields{Field{"num_tokens", &AgentConnectedTokens::num_tokens}};
};

struct AgentDisconnected {
    static constexpr uint16_t message_id = SPICE_MSG_MAIN_AGENT_DISCONNECTED;
    static constexpr const char *message_name = "AGENT_DISCONNECTED";
    uint32_t error_code = 0; // SPICE_LINK_ERR_*
    static constexpr std::tuple fields{Field{"error_code", &AgentDisconnected::error_code}};
};

// The same in both directions, but for the id. A piece of the agent's byte stream.
struct AgentDataFields {
    Bytes data;
    static constexpr std::tuple fields{Rest{"data", &AgentDataFields::data}};
};

struct AgentData : AgentDataFields {
    static constexpr uint16_t message_id = SPICE_MSG_MAIN_AGENT_DATA;
    static constexpr const char *message_name = "AGENT_DATA";
};

struct AgentTokenFields {
    uint32_t num_tokens = 0;
    static constexpr std::tuple fields{Field{"num_tokens", &AgentTokenFields::num_tokens}};
};

struct AgentToken : AgentTokenFields {
    static constexpr uint16_t message_id = SPICE_MSG_MAIN_AGENT_TOKEN;
    static constexpr const char *message_name = "AGENT_TOKEN";
};

struct MainName {
    static constexpr uint16_t message_id = SPICE_MSG_MAIN_NAME;
    static constexpr const char *message_name = "NAME";
    Bytes name; // see to_text()
    static constexpr std::tuple fields{sized<uint32_t>("name", &MainName::name)};
};

struct MainUuid {
    static constexpr uint16_t message_id = SPICE_MSG_MAIN_UUID;
    static constexpr const char *message_name = "UUID";
    std::array<uint8_t, 16> uuid{};
    static constexpr std::tuple fields{Field{"uuid", &MainUuid::uuid}};
};
static_assert(wire_size<MainUuid>() == 16);

// --- client to server

struct MigrateConnected {
    static constexpr uint16_t message_id = SPICE_MSGC_MAIN_MIGRATE_CONNECTED;
    static constexpr const char *message_name = "MIGRATE_CONNECTED";
    static constexpr std::tuple<> fields{};
};

struct MigrateConnectError {
    static constexpr uint16_t message_id = SPICE_MSGC_MAIN_MIGRATE_CONNECT_ERROR;
    static constexpr const char *message_name = "MIGRATE_CONNECT_ERROR";
    static constexpr std::tuple<> fields{};
};

struct MigrateConnectedSeamless {
    static constexpr uint16_t message_id = SPICE_MSGC_MAIN_MIGRATE_CONNECTED_SEAMLESS;
    static constexpr const char *message_name = "MIGRATE_CONNECTED_SEAMLESS";
    static constexpr std::tuple<> fields{};
};

struct AttachChannels {
    static constexpr uint16_t message_id = SPICE_MSGC_MAIN_ATTACH_CHANNELS;
    static constexpr const char *message_name = "ATTACH_CHANNELS";
    static constexpr std::tuple<> fields{};
};

struct ClientMigrateEnd {
    static constexpr uint16_t message_id = SPICE_MSGC_MAIN_MIGRATE_END;
    static constexpr const char *message_name = "MIGRATE_END";
    static constexpr std::tuple<> fields{};
};

struct MigrateDstDoSeamless {
    static constexpr uint16_t message_id = SPICE_MSGC_MAIN_MIGRATE_DST_DO_SEAMLESS;
    static constexpr const char *message_name = "MIGRATE_DST_DO_SEAMLESS";
    uint32_t src_version = 0;
    static constexpr std::tuple fields{Field{"src_version", &MigrateDstDoSeamless::src_version}};
};

struct MouseModeRequest {
    static constexpr uint16_t message_id = SPICE_MSGC_MAIN_MOUSE_MODE_REQUEST;
    static constexpr const char *message_name = "MOUSE_MODE_REQUEST";
    uint16_t mode = 0; // one of SPICE_MOUSE_MODE_*
    static constexpr std::tuple fields{Field{"mode", &MouseModeRequest::mode}};
};
static_assert(wire_size<MouseModeRequest>() == 2);

struct AgentStart {
    static constexpr uint16_t message_id = SPICE_MSGC_MAIN_AGENT_START;
    static constexpr const char *message_name = "AGENT_START";
    uint32_t num_tokens = 0;
    static constexpr std::tuple fields{Field{"num_tokens", &AgentStart::num_tokens}};
};

struct ClientAgentData : AgentDataFields {
    static constexpr uint16_t message_id = SPICE_MSGC_MAIN_AGENT_DATA;
    static constexpr const char *message_name = "AGENT_DATA";
};

struct ClientAgentToken : AgentTokenFields {
    static constexpr uint16_t message_id = SPICE_MSGC_MAIN_AGENT_TOKEN;
    static constexpr const char *message_name = "AGENT_TOKEN";
};

// Both are known but never to be sent: the server drops a client that does.
struct ClientInfo {
    static constexpr uint16_t message_id = SPICE_MSGC_MAIN_CLIENT_INFO;
    static constexpr const char *message_name = "CLIENT_INFO";
    uint64_t cache_size = 0;
    static constexpr std::tuple fields{Field{"cache_size", &ClientInfo::cache_size}};
};
static_assert(wire_size<ClientInfo>() == 8);

}
