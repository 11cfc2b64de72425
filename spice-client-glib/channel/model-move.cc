// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// A channel whose session moves to another host keeps its object, and mostly its state (spec/session.md §8.2 to §8.5).
#include "channel/model.hh"

namespace spice::channel {

std::optional<EngineSetup> Model::target_setup(AttemptParams params) const {
    if (state_ != State::ready) return std::nullopt;
    return engine_->setup_for(std::move(params));
}

void Model::stand_by(Linked target) {
    if (engine_) engine_->stand_by(std::make_unique<Linked>(std::move(target)));
}

void Model::stand_down() {
    if (engine_) engine_->stand_down();
}

// The server's capabilities are answered until there are others.
void Model::freeze() {
    if (state_ != State::ready) return;
    auto keep = observer_.keep_alive();
    state_ = State::migrating;
    engine_->cancel();
    drop_outbox();
    engine_.reset();
    on_reset();
    on_gone();
    fail_flushes();
}

void Model::resume_on(Linked target) {
    if (state_ != State::migrating || !host_) return;
    auto params = host_->attempt_params(type_);
    params.linked = std::make_shared<Linked>(std::move(target));
    start(std::move(params));
}

void Model::accept(Opened &opened) {
    const bool moved = state_ == State::migrating;
    state_ = State::ready;
    common_caps_ = std::move(opened.common);
    channel_caps_ = std::move(opened.channel);
    socket_fd_ = std::move(opened.fd);
    on_up();
    // An application that was told of the first connection need not know that this is another one.
    if (moved) observer_.on_new_connection();
    else observer_.on_channel_event(Event::opened, nullptr);
    if (state_ == State::ready) on_opened();
    if (state_ != State::ready || !host_) return;
    if (moved) host_->channel_moved({type_, id_}, nullptr);
    else host_->channel_opened({type_, id_});
}

void Model::accept(Moved &moved) {
    common_caps_ = std::move(moved.common);
    channel_caps_ = std::move(moved.channel);
    socket_fd_ = std::move(moved.fd);
    observer_.on_new_connection();
    if (host_) host_->channel_moved({type_, id_}, std::move(moved.left));
}

}
