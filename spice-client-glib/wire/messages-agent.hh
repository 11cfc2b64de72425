// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/schema.hh"

#include <spice/vd_agent.h>

// What client and guest agent say to each other inside AGENT_DATA (spec/agent.md). Some layouts depend on what the
// agent can do: `with_...` is set before a message is read or written.
namespace spice::wire {

// Before each message of the agent.
struct AgentHeader {
    static constexpr const char *message_name = "AgentHeader";
    uint32_t protocol = VD_AGENT_PROTOCOL;
    uint32_t type = 0; // VD_AGENT_*
    uint64_t opaque = 0;
    uint32_t size = 0; // of what follows
    static constexpr std::tuple fields{Field{"protocol", &AgentHeader::protocol}, Field{"type", &AgentHeader::type},
                                       Field{"opaque", &AgentHeader::opaque}, Field{"size", &AgentHeader::size}};
};
static_assert(wire_size<AgentHeader>() == 20);

// Which clipboard: VD_AGENT_CLIPBOARD_SELECTION_*. Only agents with CLIPBOARD_SELECTION know of others than the first.
struct AgentSelection {
    uint8_t number = 0;
    std::array<uint8_t, 3> reserved{};
    static constexpr std::tuple fields{Field{"selection", &AgentSelection::number},
                                       Field{"reserved", &AgentSelection::reserved}};
};
static_assert(wire_size<AgentSelection>() == 4);

struct AgentAnnounceCapabilities {
    static constexpr uint16_t message_id = VD_AGENT_ANNOUNCE_CAPABILITIES;
    static constexpr const char *message_name = "ANNOUNCE_CAPABILITIES";
    uint32_t request = 0; // the peer wants to know ours
    Bytes caps;           // 32-bit words
    static constexpr std::tuple fields{Field{"request", &AgentAnnounceCapabilities::request},
                                       Rest{"caps", &AgentAnnounceCapabilities::caps}};
};

struct AgentReply {
    static constexpr uint16_t message_id = VD_AGENT_REPLY;
    static constexpr const char *message_name = "REPLY";
    uint32_t type = 0;  // of the message that is answered
    uint32_t error = 0; // VD_AGENT_SUCCESS, VD_AGENT_ERROR
    static constexpr std::tuple fields{Field{"type", &AgentReply::type}, Field{"error", &AgentReply::error}};
};

struct AgentMonitor {
    uint32_t height = 0, width = 0, depth = 0;
    int32_t x = 0, y = 0;
    static constexpr std::tuple fields{Field{"height", &AgentMonitor::height}, Field{"width", &AgentMonitor::width},
                                       Field{"depth", &AgentMonitor::depth}, Field{"x", &AgentMonitor::x},
                                       Field{"y", &AgentMonitor::y}};
};
static_assert(wire_size<AgentMonitor>() == 20);

struct AgentMonitorSize { // mm
    uint16_t height = 0, width = 0;
    static constexpr std::tuple fields{Field{"height_mm", &AgentMonitorSize::height},
                                       Field{"width_mm", &AgentMonitorSize::width}};
};
static_assert(wire_size<AgentMonitorSize>() == 4);

struct AgentMonitorsConfig {
    static constexpr uint16_t message_id = VD_AGENT_MONITORS_CONFIG;
    static constexpr const char *message_name = "MONITORS_CONFIG";
    uint32_t count = 0;
    uint32_t flags = 0; // VD_AGENT_CONFIG_MONITORS_FLAG_*
    std::vector<AgentMonitor> monitors;
    std::vector<AgentMonitorSize> sizes;
    bool has_sizes() const { return (flags & VD_AGENT_CONFIG_MONITORS_FLAG_PHYSICAL_SIZE) != 0; }
    static constexpr std::tuple fields{
        Field{"count", &AgentMonitorsConfig::count}, Field{"flags", &AgentMonitorsConfig::flags},
        Array{"monitors", &AgentMonitorsConfig::monitors, &AgentMonitorsConfig::count},
        When{&AgentMonitorsConfig::has_sizes,
             Array{"sizes", &AgentMonitorsConfig::sizes, &AgentMonitorsConfig::count}}};
};

struct AgentDisplayConfig {
    static constexpr uint16_t message_id = VD_AGENT_DISPLAY_CONFIG;
    static constexpr const char *message_name = "DISPLAY_CONFIG";
    uint32_t flags = 0; // VD_AGENT_DISPLAY_CONFIG_FLAG_*
    uint32_t depth = 0;
    static constexpr std::tuple fields{Field{"flags", &AgentDisplayConfig::flags},
                                       Field{"depth", &AgentDisplayConfig::depth}};
};

struct AgentClipboard {
    static constexpr uint16_t message_id = VD_AGENT_CLIPBOARD;
    static constexpr const char *message_name = "CLIPBOARD";
    bool with_selection = false;
    AgentSelection selection;
    uint32_t type = 0; // VD_AGENT_CLIPBOARD_*
    Bytes data;
    bool has_selection() const { return with_selection; }
    static constexpr std::tuple fields{
        When{&AgentClipboard::has_selection, Field{"selection", &AgentClipboard::selection}},
        Field{"type", &AgentClipboard::type}, Rest{"data", &AgentClipboard::data}};
};

struct AgentClipboardGrab {
    static constexpr uint16_t message_id = VD_AGENT_CLIPBOARD_GRAB;
    static constexpr const char *message_name = "CLIPBOARD_GRAB";
    bool with_selection = false, with_serial = false;
    AgentSelection selection;
    uint32_t serial = 0;
    Bytes types; // 32-bit numbers
    bool has_selection() const { return with_selection; }
    bool has_serial() const { return with_serial; }
    static constexpr std::tuple fields{
        When{&AgentClipboardGrab::has_selection, Field{"selection", &AgentClipboardGrab::selection}},
        When{&AgentClipboardGrab::has_serial, Field{"serial", &AgentClipboardGrab::serial}},
        Rest{"types", &AgentClipboardGrab::types}};
};

struct AgentClipboardRequest {
    static constexpr uint16_t message_id = VD_AGENT_CLIPBOARD_REQUEST;
    static constexpr const char *message_name = "CLIPBOARD_REQUEST";
    bool with_selection = false;
    AgentSelection selection;
    uint32_t type = 0;
    bool has_selection() const { return with_selection; }
    static constexpr std::tuple fields{
        When{&AgentClipboardRequest::has_selection, Field{"selection", &AgentClipboardRequest::selection}},
        Field{"type", &AgentClipboardRequest::type}};
};

struct AgentClipboardRelease {
    static constexpr uint16_t message_id = VD_AGENT_CLIPBOARD_RELEASE;
    static constexpr const char *message_name = "CLIPBOARD_RELEASE";
    bool with_selection = false;
    AgentSelection selection;
    bool has_selection() const { return with_selection; }
    static constexpr std::tuple fields{
        When{&AgentClipboardRelease::has_selection, Field{"selection", &AgentClipboardRelease::selection}}};
};

struct AgentFileXferStart {
    static constexpr uint16_t message_id = VD_AGENT_FILE_XFER_START;
    static constexpr const char *message_name = "FILE_XFER_START";
    uint32_t id = 0;
    Bytes description; // text of a key file, with a final NUL
    static constexpr std::tuple fields{Field{"id", &AgentFileXferStart::id},
                                       Rest{"description", &AgentFileXferStart::description}};
};

struct AgentFileXferStatus {
    static constexpr uint16_t message_id = VD_AGENT_FILE_XFER_STATUS;
    static constexpr const char *message_name = "FILE_XFER_STATUS";
    uint32_t id = 0;
    uint32_t result = 0; // VD_AGENT_FILE_XFER_STATUS_*
    Bytes detail;        // AgentFileXferError, AgentFileXferSpace or nothing
    static constexpr std::tuple fields{Field{"id", &AgentFileXferStatus::id},
                                       Field{"result", &AgentFileXferStatus::result},
                                       Rest{"detail", &AgentFileXferStatus::detail}};
};

struct AgentFileXferError {
    static constexpr uint16_t message_id = VD_AGENT_FILE_XFER_STATUS;
    static constexpr const char *message_name = "FILE_XFER_STATUS(ERROR)";
    uint8_t error_type = 0; // VD_AGENT_FILE_XFER_STATUS_ERROR_*
    uint32_t error_code = 0;
    static constexpr std::tuple fields{Field{"error_type", &AgentFileXferError::error_type},
                                       Field{"error_code", &AgentFileXferError::error_code}};
};
static_assert(wire_size<AgentFileXferError>() == 5);

struct AgentFileXferSpace {
    static constexpr uint16_t message_id = VD_AGENT_FILE_XFER_STATUS;
    static constexpr const char *message_name = "FILE_XFER_STATUS(NOT_ENOUGH_SPACE)";
    uint64_t disk_free_space = 0;
    static constexpr std::tuple fields{Field{"disk_free_space", &AgentFileXferSpace::disk_free_space}};
};

// The bytes of the file follow.
struct AgentFileXferData {
    static constexpr uint16_t message_id = VD_AGENT_FILE_XFER_DATA;
    static constexpr const char *message_name = "FILE_XFER_DATA";
    uint32_t id = 0;
    uint64_t size = 0;
    static constexpr std::tuple fields{Field{"id", &AgentFileXferData::id}, Field{"size", &AgentFileXferData::size}};
};
static_assert(wire_size<AgentFileXferData>() == 12);

struct AgentMaxClipboard {
    static constexpr uint16_t message_id = VD_AGENT_MAX_CLIPBOARD;
    static constexpr const char *message_name = "MAX_CLIPBOARD";
    int32_t max = 0; // -1: any size
    static constexpr std::tuple fields{Field{"max", &AgentMaxClipboard::max}};
};

struct AgentAudioVolumeSync {
    static constexpr uint16_t message_id = VD_AGENT_AUDIO_VOLUME_SYNC;
    static constexpr const char *message_name = "AUDIO_VOLUME_SYNC";
    uint8_t is_playback = 0, mute = 0;
    std::vector<uint16_t> volume; // of each channel
    static constexpr std::tuple fields{Field{"is_playback", &AgentAudioVolumeSync::is_playback},
                                       Field{"mute", &AgentAudioVolumeSync::mute},
                                       counted<uint8_t>("volume", &AgentAudioVolumeSync::volume)};
};
static_assert(wire_size<AgentAudioVolumeSync>() == 3);

}
