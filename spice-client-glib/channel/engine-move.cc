// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// A channel goes on at another server, over a connection made in advance (spec/session.md §8.4).
#include "channel/engine.hh"

#include "base/log.hh"
#include "wire/reader.hh"

#include <spice/protocol.h>

#include <algorithm>

namespace spice::channel {

namespace {

// What a server leaves to the next one: some dozens of bytes, and what a device has not taken yet.
constexpr std::size_t max_migrate_data = 16u << 20;
constexpr auto move_limit = std::chrono::seconds(10);

}

EngineSetup Engine::setup_for(AttemptParams params) const {
    auto setup = setup_;
    setup.params = std::move(params);
    return setup;
}

void Engine::stand_by(std::unique_ptr<Linked> target) {
    std::lock_guard lock{standby_mutex_};
    standby_ = std::move(target);
}

std::unique_ptr<Linked> Engine::stand_down() {
    std::lock_guard lock{standby_mutex_};
    return std::move(standby_);
}

Status Engine::begin_move(const Message &message) {
    auto migrate = wire::parse<wire::Migrate>(message.body);
    if (!migrate) return std::move(migrate.error());
    auto target = stand_down();
    if (!target) return Error{Error::Kind::protocol, "the server sends the channel away, and nothing says where"};
    const bool data = (migrate->flags & SPICE_MIGRATE_NEED_DATA_TRANSFER) != 0;
    move_ = Move{std::move(target), link::Clock::now() + move_limit, data, std::nullopt};
    if (move_->awaits_data) framer_->set_max_body(max_migrate_data);
    const bool flush = (migrate->flags & SPICE_MIGRATE_NEED_FLUSH) != 0;
    outgoing_.hold(flush ? std::optional{wire::MigrateFlushMark::message_id} : std::nullopt);
    return success();
}

// The same bytes are for the new server, and nobody here looks into them.
Status Engine::take_migrate_data(const Message &message) {
    if (!move_) {
        SPICE_LOG_DEBUG("%s-%d: MIGRATE_DATA without MIGRATE is ignored", type_name(setup_.type), setup_.id);
        return success();
    }
    move_->data.emplace(message.body.begin(), message.body.end());
    move_->awaits_data = false;
    return success();
}

// Done when the old server has said everything, and everything begun there is written.
Status Engine::go_on_moving(bool &done) {
    done = false;
    if (!move_) return success();
    if (leaving() && outgoing_.empty()) {
        finish_move();
        done = true;
    } else if (link::Clock::now() >= move_->deadline) {
        return Error{Error::Kind::timeout, "the server sends the channel away and does not let it go", ETIMEDOUT};
    }
    return success();
}

void Engine::finish_move() {
    auto move = *std::exchange(move_, std::nullopt);
    auto &to = *move.to;
    Moved news{to.common_caps, to.channel_caps, {}, std::move(transport_)};
    to.framer->count_from(framer_->count());
    outgoing_.use_mini_headers(to.mini_header);
    adopt(std::move(to));
    news.fd = copy_of_socket();
    std::optional<Outgoing::First> first;
    if (move.data) first = {wire::ClientMigrateData::message_id, std::move(*move.data)};
    outgoing_.release(first);
    parts_.clear();
    more_buffered_ = true; // some may have come while the connection was made
    moved();
    publish_lifecycle(std::move(news));
}

std::optional<link::Clock::time_point> Engine::next_wake() const {
    const auto tick = next_tick();
    if (!move_) return tick;
    return tick ? std::min(*tick, move_->deadline) : move_->deadline;
}

}
