// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/serial-thread.hh"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace spice::media {

// Plays samples of 16 bits through GStreamer. Everything that may take its time is done on a thread of its own.
// Thread-bound to the main context.
class AudioPlayer {
public:
    AudioPlayer();
    ~AudioPlayer();
    AudioPlayer(const AudioPlayer &) = delete;
    AudioPlayer &operator=(const AudioPlayer &) = delete;

    void start(int channels, int frequency);
    void play(std::span<const std::byte> samples); // copied; forgotten when too much waits
    void stop();
    void set_volume(double volume, bool mute); // 0 to 1
    void set_latency(uint32_t ms);             // to hold back at least
    uint32_t delay_ms() const noexcept;        // as it was lately

private:
    struct Stream;
    template <class F> void submit(F job);
    std::shared_ptr<Stream> stream_;
    SerialThread thread_{"spice-playback"};
};

bool start_gstreamer(); // false: it cannot be used

}
