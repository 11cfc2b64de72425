// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "sound.hh"

#include <array>
#include <utility>

namespace spice::testserver {

namespace {

constexpr guint period_ms = 10;

template <class Table> const Table &table_of(const char *type, uint32_t major, uint32_t minor) {
    static const Table table = [=] {
        Table t{};
        t.base.type = type;
        t.base.description = type;
        t.base.major_version = major;
        t.base.minor_version = minor;
        return t;
    }();
    return table;
}

}

Sound::Sound(SpiceServer *server) {
    playback_.base.sif = &table_of<SpicePlaybackInterface>(SPICE_INTERFACE_PLAYBACK, SPICE_INTERFACE_PLAYBACK_MAJOR,
                                                           SPICE_INTERFACE_PLAYBACK_MINOR).base;
    record_.base.sif = &table_of<SpiceRecordInterface>(SPICE_INTERFACE_RECORD, SPICE_INTERFACE_RECORD_MAJOR,
                                                       SPICE_INTERFACE_RECORD_MINOR).base;
    if (spice_server_add_interface(server, &playback_.base) != 0 || spice_server_add_interface(server, &record_.base) != 0)
        g_error("the sound card is refused");
    frequency_ = spice_server_get_best_playback_rate(&playback_);
    spice_server_set_playback_rate(&playback_, frequency_);
    spice_server_set_record_rate(&record_, spice_server_get_best_record_rate(&record_));
    timer_ = g_timeout_add(period_ms, tick, this);
}

Sound::~Sound() {
    g_source_remove(timer_);
    spice_server_remove_interface(&playback_.base);
    spice_server_remove_interface(&record_.base);
}

void Sound::play(unsigned milliseconds) {
    if (!std::exchange(playing_, true)) spice_server_playback_start(&playback_);
    next_ = 0;
    left_ = frequency_ / 1000 * milliseconds;
}

void Sound::set_volume(uint16_t left, uint16_t right, bool mute) {
    uint16_t volume[] = {left, right};
    spice_server_playback_set_volume(&playback_, 2, volume);
    spice_server_record_set_volume(&record_, 2, volume);
    spice_server_playback_set_mute(&playback_, mute);
    spice_server_record_set_mute(&record_, mute);
}

void Sound::record(bool on) {
    if (std::exchange(recording_, on) == on) return;
    if (!on) return spice_server_record_stop(&record_);
    recorded_ = 0;
    in_sequence_ = true;
    spice_server_record_start(&record_);
}

std::string Sound::recorded() const { return std::to_string(recorded_) + (in_sequence_ ? " in sequence" : " out of sequence"); }

gboolean Sound::tick(gpointer self) noexcept {
    auto *sound = static_cast<Sound *>(self);
    if (sound->playing_) sound->put_frames();
    if (sound->recording_) sound->take_frames();
    return G_SOURCE_CONTINUE;
}

void Sound::put_frames() {
    uint32_t *frames = nullptr, count = 0;
    spice_server_playback_get_buffer(&playback_, &frames, &count);
    if (!frames) return; // nobody listens, or all buffers are on their way
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t value = left_ > 0 ? next_++ & 0xffff : 0;
        left_ -= left_ > 0;
        frames[i] = value | value << 16;
    }
    spice_server_playback_put_samples(&playback_, frames);
    if (left_ > 0) return;
    playing_ = false;
    spice_server_playback_stop(&playback_);
}

void Sound::take_frames() {
    std::array<uint32_t, 4096> frames;
    while (true) {
        const auto count = spice_server_record_get_samples(&record_, frames.data(), frames.size());
        if (count == 0) return;
        for (uint32_t i = 0; i < count; ++i) {
            const uint32_t left = frames[i] & 0xffff, right = frames[i] >> 16;
            if (((left + right) & 0xffff) != 0 || (recorded_ > 0 && left != expected_)) in_sequence_ = false;
            expected_ = (left + 1) & 0xffff;
            ++recorded_;
        }
    }
}

}
