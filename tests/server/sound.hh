// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <spice.h>

#include <glib.h>

#include <cstdint>
#include <string>

namespace spice::testserver {

// The sound card of the virtual machine: plays a known sequence of samples in real time, and sums up what it records.
// Thread-bound to the main thread.
class Sound {
public:
    explicit Sound(SpiceServer *server);
    ~Sound();
    Sound(const Sound &) = delete;
    Sound &operator=(const Sound &) = delete;

    void play(unsigned milliseconds); // frame n of the sequence is n in both channels
    void set_volume(uint16_t left, uint16_t right, bool mute);
    void record(bool on);
    std::string recorded() const; // number of frames, whether each followed from the one before (n, -n; then n + 1)

private:
    static gboolean tick(gpointer self) noexcept;
    void put_frames();
    void take_frames();

    SpicePlaybackInstance playback_{};
    SpiceRecordInstance record_{};
    uint32_t frequency_ = 0, next_ = 0, left_ = 0;
    uint64_t recorded_ = 0;
    uint32_t expected_ = 0;
    bool in_sequence_ = true, recording_ = false, playing_ = false;
    guint timer_ = 0;
};

}
