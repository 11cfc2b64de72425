// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/outbox.hh"
#include "channel/model.hh"
#include "channel/record-engine.hh"

#include <span>

namespace spice::channel {

// Sound for the guest (spec/channels.md §5). Bound to the main context.
class RecordModel final : public Model, private Outbox<RecordEvent>::Sink {
public:
    struct Observer : Model::Observer {
        virtual void on_start(int format, int channels, int frequency) = 0;
        virtual void on_stop() = 0;
        virtual void on_volume() = 0; // notify::volume
        virtual void on_mute() = 0;   // notify::mute

    protected:
        ~Observer() = default;
    };

    RecordModel(Observer &observer, Host *host, GMainContext *context, uint8_t id);
    ~RecordModel() override;

    const std::vector<uint16_t> &volume() const noexcept { return volume_; } // empty until received
    bool mute() const noexcept { return mute_; }
    bool read_only() const { return host() && host()->read_only(); }
    // Copied; nothing happens when the server does not want sound. `time`: of the multimedia clock.
    void send_samples(std::span<const std::byte> samples, uint32_t time);

private:
    std::shared_ptr<Engine> make_engine(AttemptParams params) override;
    void on_up() override { up_ = true; }
    void on_reset() override;
    void on_gone() override;
    void drop_outbox() override;

    bool deliver(RecordEvent &event) override;
    std::shared_ptr<void> begin_turn() override { return observer_.keep_alive(); }
    void end_turn() override {}

    void handle(const wire::RecordStart &start);
    void handle(const wire::RecordStop &);
    void handle(wire::RecordVolume &volume);
    void handle(const wire::RecordMute &mute);

    Observer &observer_;
    std::shared_ptr<RecordEngine> record_; // of the attempt, as the next
    std::shared_ptr<Outbox<RecordEvent>> outbox_;
    std::vector<uint16_t> volume_;
    bool mute_ = false, started_ = false, up_ = false;
};

}
