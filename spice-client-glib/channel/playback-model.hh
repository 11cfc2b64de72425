// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/outbox.hh"
#include "channel/model.hh"
#include "channel/playback-engine.hh"

#include <span>

namespace spice::channel {

// Sound of the guest (spec/channels.md §4), and the clock that it sets for video. Bound to the main context.
class PlaybackModel final : public Model, private Outbox<PlaybackEvent>::Sink {
public:
    struct Observer : Model::Observer {
        virtual void on_start(int format, int channels, int frequency) = 0;
        virtual void on_samples(std::span<const std::byte> samples) = 0; // valid during the call
        virtual void on_get_delay() = 0; // answered, if at all, by set_delay() inside the call
        virtual void on_stop() = 0;
        virtual void on_volume() = 0;      // notify::volume
        virtual void on_mute() = 0;        // notify::mute
        virtual void on_min_latency() = 0; // notify::min-latency

    protected:
        ~Observer() = default;
    };
    static constexpr uint32_t default_latency_ms = 200;

    PlaybackModel(Observer &observer, Host *host, GMainContext *context, uint8_t id);
    ~PlaybackModel() override;

    const std::vector<uint16_t> &volume() const noexcept { return volume_; } // empty until received
    bool mute() const noexcept { return mute_; }
    uint32_t min_latency() const noexcept { return min_latency_; }
    // How long from now until what came last is heard, in ms.
    void set_delay(uint32_t delay_ms);

private:
    static constexpr uint64_t packets_per_delay = 100;

    std::shared_ptr<Engine> make_engine(AttemptParams params) override;
    void on_up() override { up_ = true; }
    void on_reset() override;
    void on_gone() override;
    void drop_outbox() override;

    bool deliver(PlaybackEvent &event) override;
    std::shared_ptr<void> begin_turn() override { return observer_.keep_alive(); }
    void end_turn() override {}

    void handle(const wire::PlaybackStart &start);
    void handle(const PlaybackSamples &samples);
    void handle(const wire::PlaybackStop &);
    void handle(wire::PlaybackVolume &volume);
    void handle(const wire::PlaybackMute &mute);
    void handle(const wire::PlaybackLatency &latency);
    void tell_latency(uint32_t ms) const;

    Observer &observer_;
    std::shared_ptr<Outbox<PlaybackEvent>> outbox_;
    std::shared_ptr<Shared> shared_; // of the session, while one is known
    std::vector<uint16_t> volume_;
    bool mute_ = false, started_ = false, up_ = false;
    uint32_t min_latency_ = default_latency_ms, last_time_ = 0;
    uint64_t packets_ = 0;
};

}
