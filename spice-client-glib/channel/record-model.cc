// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/record-model.hh"

#include <spice/protocol.h>

namespace spice::channel {

RecordModel::RecordModel(Observer &observer, Host *host, GMainContext *context, uint8_t id)
    : Model{observer, host, context, Type::record, id}, observer_{observer} {}

RecordModel::~RecordModel() { drop_outbox(); }

void RecordModel::drop_outbox() {
    record_.reset();
    if (outbox_) outbox_->close();
    outbox_.reset();
}

std::shared_ptr<Engine> RecordModel::make_engine(AttemptParams params) {
    auto setup = engine_setup(std::move(params));
    announce_capability(setup.channel_caps, SPICE_RECORD_CAP_VOLUME, "SPICE_RECORD_CAP_VOLUME");
    if (media::have_opus()) announce_capability(setup.channel_caps, SPICE_RECORD_CAP_OPUS, "SPICE_RECORD_CAP_OPUS");
    record_ = std::make_shared<RecordEngine>(std::move(setup));
    outbox_ = make_outbox(*record_, context(), static_cast<Outbox<RecordEvent>::Sink &>(*this));
    return record_;
}

void RecordModel::on_reset() { started_ = false; }

void RecordModel::on_gone() {
    if (std::exchange(up_, false)) observer_.on_stop();
}

bool RecordModel::deliver(RecordEvent &event) {
    if (auto *lifecycle = std::get_if<Lifecycle>(&event.body)) {
        Model::deliver(*lifecycle);
        return true;
    }
    std::visit([this](auto &news) { handle(news); }, std::get<RecordPayload>(event.body));
    return true;
}

void RecordModel::handle(const wire::RecordStart &start) {
    started_ = true;
    observer_.on_start(start.format, static_cast<int>(start.channels), static_cast<int>(start.frequency));
}

void RecordModel::handle(const wire::RecordStop &) {
    started_ = false;
    observer_.on_stop();
}

void RecordModel::handle(wire::RecordVolume &volume) {
    if (volume.volume.empty()) return;
    volume_ = std::move(volume.volume);
    observer_.on_volume();
}

void RecordModel::handle(const wire::RecordMute &mute) {
    mute_ = mute.mute != 0;
    observer_.on_mute();
}

void RecordModel::send_samples(std::span<const std::byte> samples, uint32_t time) {
    if (state() == State::ready && started_ && !read_only()) record_->samples(samples, time);
}

}
