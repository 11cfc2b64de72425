// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// Signals of displays, cursors, inputs and sound.
#include "end-in-handler.hh"

#include <spice/protocol.h>
#include <sys/mman.h>

namespace spice::test {

namespace {

constexpr uint32_t xr24 = 0x34325258; // a DRM format

ChannelScript &only(Victim &v, uint8_t type) {
    v.server.main().init().channels({{type, 0}});
    return v.server.channel(type);
}

// --- displays

void picture(Victim &v) {
    auto &script = only(v, SPICE_CHANNEL_DISPLAY).surface_create(0, 64, 48).fill(0, {0, 0, 8, 8}, 1).mark();
    script.fill(0, {8, 0, 16, 8}, 2).monitors({{0, 0, 64, 48}}).surface_destroy(0).surface_create(0, 32, 32);
}

void more_monitors(Victim &v) {
    only(v, SPICE_CHANNEL_DISPLAY).surface_create(0, 64, 48).send(SPICE_MSG_DISPLAY_MONITORS_CONFIG,
                                                                  Bytes().u16(1).u16(4).zeros(8).u32(64).u32(48).zeros(12));
}

void scanout(Victim &v) {
    static const int memory = memfd_create("scanout", MFD_CLOEXEC);
    g_autofree char *folder = g_dir_make_tmp(nullptr, nullptr);
    v.unix_path = std::string{folder} + "/s";
    auto &script = only(v, SPICE_CHANNEL_DISPLAY);
    script.send(SPICE_MSG_DISPLAY_GL_SCANOUT_UNIX, Bytes().u32(64).u32(16).u32(256).u32(xr24).u32(1)).send_fds({memory});
    script.send(SPICE_MSG_DISPLAY_GL_DRAW, Bytes().u32(1).u32(2).u32(3).u32(4));
}

// A stream that fills a surface for videos, which the application may show itself.
void video(Victim &v) {
    constexpr auto flags = SPICE_SURFACE_FLAGS_PRIMARY | SPICE_SURFACE_FLAGS_STREAMING_MODE;
    auto &script = only(v, SPICE_CHANNEL_DISPLAY).surface_create(0, 32, 32, SPICE_SURFACE_FMT_32_xRGB, flags);
    Bytes stream;
    stream.u32(0).u32(0).u8(SPICE_STREAM_FLAGS_TOP_DOWN).u8(SPICE_VIDEO_CODEC_TYPE_MJPEG).u64(0);
    for (int i = 0; i < 4; ++i) stream.u32(32);
    script.send(SPICE_MSG_DISPLAY_STREAM_CREATE, stream.u32(0).u32(0).u32(32).u32(32).u8(SPICE_CLIP_TYPE_NONE));
}

// --- cursors and inputs

void pointer(Victim &v) {
    const auto shape =
        Bytes().u16(1).u16(2).u8(1).u16(0).u64(0).u8(SPICE_CURSOR_TYPE_ALPHA).u16(4).u16(4).u16(1).u16(1).zeros(64);
    auto &script = only(v, SPICE_CHANNEL_CURSOR).cursor_init().send(SPICE_MSG_CURSOR_SET, shape);
    script.send(SPICE_MSG_CURSOR_MOVE, Bytes().u16(3).u16(4)).send(SPICE_MSG_CURSOR_HIDE).send(SPICE_MSG_CURSOR_RESET);
}

void lights(Victim &v) {
    const auto caps = Bytes().u16(SPICE_KEYBOARD_MODIFIER_FLAGS_CAPS_LOCK);
    only(v, SPICE_CHANNEL_INPUTS).inputs_init().send(SPICE_MSG_INPUTS_KEY_MODIFIERS, caps);
}

void flush(Victim &v) {
    lights(v);
    v.on_opened = [&v](SpiceChannel *channel) {
        if (SPICE_IS_INPUTS_CHANNEL(channel)) spice_channel_flush_async(channel, nullptr, Victim::answered, &v);
    };
}

// What cannot be written any more is answered while the channel goes.
void flush_broken(Victim &v) {
    lights(v);
    v.on_opened = [&v](SpiceChannel *channel) {
        if (!SPICE_IS_INPUTS_CHANNEL(channel)) return;
        for (int i = 0; i < 3; ++i) spice_channel_flush_async(channel, nullptr, Victim::answered, &v);
        spice_channel_disconnect(channel, SPICE_CHANNEL_NONE);
    };
}

// --- sound

void sound(Victim &v) {
    auto &script = only(v, SPICE_CHANNEL_PLAYBACK);
    script.send(SPICE_MSG_PLAYBACK_MODE, Bytes().u32(1000).u16(SPICE_AUDIO_DATA_MODE_RAW));
    script.send(SPICE_MSG_PLAYBACK_VOLUME, Bytes().u8(2).u16(100).u16(200)).send(SPICE_MSG_PLAYBACK_MUTE, Bytes().u8(1));
    script.send(SPICE_MSG_PLAYBACK_LATENCY, Bytes().u32(350)); // back to the default with the start
    script.send(SPICE_MSG_PLAYBACK_START, Bytes().u32(2).u16(1).u32(48000).u32(1000));
    script.send(SPICE_MSG_PLAYBACK_DATA, Bytes().u32(1000).text("abcdefgh")).send(SPICE_MSG_PLAYBACK_STOP);
}

// It starts with a latency of its own again; another handler than the first one ends the session.
void latency_twice(Victim &v) {
    sound(v);
    v.skip(1);
}

// The clock of the session jumps inside a handler of the application.
void delay_moves_clock(Victim &v) {
    auto &script = only(v, SPICE_CHANNEL_PLAYBACK);
    script.send(SPICE_MSG_PLAYBACK_START, Bytes().u32(2).u16(1).u32(48000).u32(9'000'000));
    script.send(SPICE_MSG_PLAYBACK_DATA, Bytes().u32(9'000'000).text("abcdefgh"));
    v.on_channel = [](SpiceChannel *channel) {
        if (SPICE_IS_PLAYBACK_CHANNEL(channel))
            g_signal_connect(channel, "playback-get-delay", G_CALLBACK(spice_playback_channel_set_delay), GUINT_TO_POINTER(20));
    };
}

// The connection ends while sound is played.
void sound_breaks(Victim &v) {
    only(v, SPICE_CHANNEL_PLAYBACK).send(SPICE_MSG_PLAYBACK_START, Bytes().u32(2).u16(1).u32(48000).u32(1000)).close();
}

void microphone(Victim &v) {
    auto &script = only(v, SPICE_CHANNEL_RECORD);
    script.send(SPICE_MSG_RECORD_VOLUME, Bytes().u8(2).u16(100).u16(200)).send(SPICE_MSG_RECORD_MUTE, Bytes().u8(1));
    script.send(SPICE_MSG_RECORD_START, Bytes().u32(2).u16(1).u32(48000)).send(SPICE_MSG_RECORD_STOP);
}

void microphone_breaks(Victim &v) {
    only(v, SPICE_CHANNEL_RECORD).send(SPICE_MSG_RECORD_START, Bytes().u32(2).u16(1).u32(48000)).close();
}

constexpr EndCase cases[] = {
    {"display channel-event", picture},
    {"display display-primary-create", picture},
    {"display display-primary-destroy", picture},
    {"display display-invalidate", picture},
    {"display display-mark", picture},
    {"display notify::monitors", picture},
    {"display notify::monitors-max", more_monitors},
    {"display notify::gl-scanout", scanout},
    {"display gl-draw", scanout},
    {"display gst-video-overlay", video},
    {"cursor channel-event", pointer},
    {"cursor notify::cursor", pointer},
    {"cursor cursor-set", pointer},
    {"cursor cursor-move", pointer},
    {"cursor cursor-hide", pointer},
    {"cursor cursor-reset", pointer},
    {"inputs channel-event", lights},
    {"inputs inputs-modifiers", lights},
    {"inputs callback:flush", flush},
    {"inputs callback:flush-broken", flush_broken},
    {"playback channel-event", sound},
    {"playback playback-start", sound},
    {"playback playback-data", sound},
    {"playback playback-get-delay", sound},
    {"playback playback-stop", sound},
    {"playback playback-stop", sound_breaks},
    {"playback notify::volume", sound},
    {"playback notify::mute", sound},
    {"playback notify::min-latency", sound},
    {"playback notify::min-latency", latency_twice},
    {"session mm-time-reset", delay_moves_clock},
    {"record channel-event", microphone},
    {"record record-start", microphone},
    {"record record-stop", microphone},
    {"record record-stop", microphone_breaks},
    {"record notify::volume", microphone},
    {"record notify::mute", microphone},
};

}

std::span<const EndCase> content_cases() { return cases; }

}
