// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/playback-model.hh"

#include <spice/protocol.h>

namespace spice::channel {

PlaybackModel::PlaybackModel(Observer &observer, Host *host, GMainContext *context, uint8_t id)
    : Model{observer, host, context, Type::playback, id}, observer_{observer} {
    if (host) shared_ = host->shared();
}

PlaybackModel::~PlaybackModel() {
    drop_outbox();
    if (started_) tell_latency(Shared::no_playback);
}

void PlaybackModel::drop_outbox() {
    if (outbox_) outbox_->close();
    outbox_.reset();
}

std::shared_ptr<Engine> PlaybackModel::make_engine(AttemptParams params) {
    auto setup = engine_setup(std::move(params));
    announce_capability(setup.channel_caps, SPICE_PLAYBACK_CAP_VOLUME, "SPICE_PLAYBACK_CAP_VOLUME");
    announce_capability(setup.channel_caps, SPICE_PLAYBACK_CAP_LATENCY, "SPICE_PLAYBACK_CAP_LATENCY");
    if (media::have_opus()) announce_capability(setup.channel_caps, SPICE_PLAYBACK_CAP_OPUS, "SPICE_PLAYBACK_CAP_OPUS");
    auto engine = std::make_shared<PlaybackEngine>(std::move(setup));
    outbox_ = make_outbox(*engine, context(), static_cast<Outbox<PlaybackEvent>::Sink &>(*this));
    return engine;
}

// What the display channels report to the server, and go by.
void PlaybackModel::tell_latency(uint32_t ms) const {
    if (shared_) shared_->playback_latency.store(ms, std::memory_order_relaxed);
}

void PlaybackModel::on_reset() {
    if (std::exchange(started_, false)) tell_latency(Shared::no_playback);
}

void PlaybackModel::on_gone() {
    if (std::exchange(up_, false)) observer_.on_stop();
}

bool PlaybackModel::deliver(PlaybackEvent &event) {
    if (auto *lifecycle = std::get_if<Lifecycle>(&event.body)) {
        Model::deliver(*lifecycle);
        return true;
    }
    std::visit([this](auto &news) { handle(news); }, std::get<PlaybackPayload>(event.body));
    return true;
}

void PlaybackModel::handle(const wire::PlaybackStart &start) {
    const auto attempt = engine();
    started_ = true;
    packets_ = 0;
    last_time_ = start.time;
    tell_latency(default_latency_ms);
    if (std::exchange(min_latency_, default_latency_ms) != default_latency_ms) observer_.on_min_latency();
    if (engine() == attempt)
        observer_.on_start(start.format, static_cast<int>(start.channels), static_cast<int>(start.frequency));
}

void PlaybackModel::handle(const PlaybackSamples &samples) {
    const auto attempt = engine();
    last_time_ = samples.time;
    const bool ask = packets_++ % packets_per_delay == 0;
    observer_.on_samples(samples.samples);
    if (ask && engine() == attempt) observer_.on_get_delay();
}

void PlaybackModel::handle(const wire::PlaybackStop &) {
    if (std::exchange(started_, false)) tell_latency(Shared::no_playback);
    observer_.on_stop();
}

void PlaybackModel::handle(wire::PlaybackVolume &volume) {
    if (volume.volume.empty()) return;
    volume_ = std::move(volume.volume);
    observer_.on_volume();
}

void PlaybackModel::handle(const wire::PlaybackMute &mute) {
    mute_ = mute.mute != 0;
    observer_.on_mute();
}

void PlaybackModel::handle(const wire::PlaybackLatency &latency) {
    min_latency_ = latency.latency_ms;
    observer_.on_min_latency();
}

void PlaybackModel::set_delay(uint32_t delay_ms) {
    if (!started_) return;
    tell_latency(delay_ms);
    if (host()) host()->set_mm_time(last_time_ - delay_ms);
}

}
