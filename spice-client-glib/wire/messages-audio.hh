// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/schema.hh"

#include <spice/enums.h>

// Sound from and to the guest (spec/channels.md §4 and §5).
namespace spice::wire {

inline constexpr uint32_t max_audio_channels = 8, max_audio_frequency = 384'000;

struct PlaybackData {
    static constexpr uint16_t message_id = SPICE_MSG_PLAYBACK_DATA;
    static constexpr const char *message_name = "DATA";
    uint32_t time = 0; // ms of the multimedia clock
    Bytes data;
    static constexpr std::tuple fields{Field{"time", &PlaybackData::time}, Rest{"data", &PlaybackData::data}};
};

struct PlaybackMode {
    static constexpr uint16_t message_id = SPICE_MSG_PLAYBACK_MODE;
    static constexpr const char *message_name = "MODE";
    uint32_t time = 0;
    uint16_t mode = 0; // SPICE_AUDIO_DATA_MODE_*
    static constexpr std::tuple fields{Field{"time", &PlaybackMode::time}, Field{"mode", &PlaybackMode::mode}};
};
static_assert(wire_size<PlaybackMode>() == 6);

struct PlaybackStart {
    static constexpr uint16_t message_id = SPICE_MSG_PLAYBACK_START;
    static constexpr const char *message_name = "START";
    uint32_t channels = 0;
    uint16_t format = 0; // SPICE_AUDIO_FMT_*
    uint32_t frequency = 0;
    uint32_t time = 0;
    static constexpr std::tuple fields{Field{"channels", &PlaybackStart::channels, max_audio_channels},
                                       Field{"format", &PlaybackStart::format, SPICE_AUDIO_FMT_S16},
                                       Field{"frequency", &PlaybackStart::frequency, max_audio_frequency},
                                       Field{"time", &PlaybackStart::time}};
};
static_assert(wire_size<PlaybackStart>() == 14);

struct PlaybackStop {
    static constexpr uint16_t message_id = SPICE_MSG_PLAYBACK_STOP;
    static constexpr const char *message_name = "STOP";
    static constexpr std::tuple<> fields{};
};

// Linear, 65535 is full; one for each channel.
struct AudioVolumeFields {
    std::vector<uint16_t> volume;
    static constexpr std::tuple fields{counted<uint8_t>("volume", &AudioVolumeFields::volume)};
};

struct AudioMuteFields {
    uint8_t mute = 0;
    static constexpr std::tuple fields{Field{"mute", &AudioMuteFields::mute}};
};

struct PlaybackVolume : AudioVolumeFields {
    static constexpr uint16_t message_id = SPICE_MSG_PLAYBACK_VOLUME;
    static constexpr const char *message_name = "VOLUME";
};

struct PlaybackMute : AudioMuteFields {
    static constexpr uint16_t message_id = SPICE_MSG_PLAYBACK_MUTE;
    static constexpr const char *message_name = "MUTE";
};

struct PlaybackLatency {
    static constexpr uint16_t message_id = SPICE_MSG_PLAYBACK_LATENCY;
    static constexpr const char *message_name = "LATENCY";
    uint32_t latency_ms = 0;
    static constexpr std::tuple fields{Field{"latency_ms", &PlaybackLatency::latency_ms}};
};

struct RecordStart {
    static constexpr uint16_t message_id = SPICE_MSG_RECORD_START;
    static constexpr const char *message_name = "START";
    uint32_t channels = 0;
    uint16_t format = 0; // SPICE_AUDIO_FMT_*
    uint32_t frequency = 0;
    static constexpr std::tuple fields{Field{"channels", &RecordStart::channels, max_audio_channels},
                                       Field{"format", &RecordStart::format, SPICE_AUDIO_FMT_S16},
                                       Field{"frequency", &RecordStart::frequency, max_audio_frequency}};
};
static_assert(wire_size<RecordStart>() == 10);

struct RecordStop {
    static constexpr uint16_t message_id = SPICE_MSG_RECORD_STOP;
    static constexpr const char *message_name = "STOP";
    static constexpr std::tuple<> fields{};
};

struct RecordVolume : AudioVolumeFields {
    static constexpr uint16_t message_id = SPICE_MSG_RECORD_VOLUME;
    static constexpr const char *message_name = "VOLUME";
};

struct RecordMute : AudioMuteFields {
    static constexpr uint16_t message_id = SPICE_MSG_RECORD_MUTE;
    static constexpr const char *message_name = "MUTE";
};

// --- client to server

struct ClientRecordData {
    static constexpr uint16_t message_id = SPICE_MSGC_RECORD_DATA;
    static constexpr const char *message_name = "DATA";
    uint32_t time = 0;
    Bytes data;
    static constexpr std::tuple fields{Field{"time", &ClientRecordData::time}, Rest{"data", &ClientRecordData::data}};
};

struct ClientRecordMode {
    static constexpr uint16_t message_id = SPICE_MSGC_RECORD_MODE;
    static constexpr const char *message_name = "MODE";
    uint32_t time = 0;
    uint16_t mode = 0; // SPICE_AUDIO_DATA_MODE_*
    static constexpr std::tuple fields{Field{"time", &ClientRecordMode::time}, Field{"mode", &ClientRecordMode::mode}};
};

struct ClientRecordStartMark {
    static constexpr uint16_t message_id = SPICE_MSGC_RECORD_START_MARK;
    static constexpr const char *message_name = "START_MARK";
    uint32_t time = 0;
    static constexpr std::tuple fields{Field{"time", &ClientRecordStartMark::time}};
};

}
