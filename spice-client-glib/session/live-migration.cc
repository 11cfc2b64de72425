// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "session/live-migration.hh"

#include <algorithm>
#include <poll.h>

namespace spice::session {

using channel::ChannelKey;
using channel::Event;
using channel::Model;

namespace {

// A target may let a channel in and close it at once; nothing is read, since what comes is for the channel.
bool peer_closed(const link::Transport &transport) {
    pollfd waiting{transport.fd(), POLLRDHUP, 0};
    return poll(&waiting, 1, 0) > 0;
}

}

LiveMigration::LiveMigration(Session &session, Session::Companion target, std::optional<uint32_t> seamless_version)
    : session_{session}, target_{std::move(target)}, seamless_version_{seamless_version},
      outbox_{channel::TargetLink::Box::create(session.context(), *this, [] {})} {}

LiveMigration::~LiveMigration() {
    outbox_->close();
    for (auto &[key, entry] : entries_) entry.link->cancel();
}

std::shared_ptr<void> LiveMigration::begin_turn() {
    return std::make_shared<std::pair<std::shared_ptr<void>, std::shared_ptr<void>>>(session_.observer_.keep_alive(),
                                                                                    shared_from_this());
}

std::vector<ChannelKey> LiveMigration::keys() const {
    std::vector<ChannelKey> keys;
    for (const auto &[key, entry] : entries_) keys.push_back(key);
    return keys;
}

// Null when the channel has ended meanwhile.
Model *LiveMigration::model(ChannelKey key) const {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : found->second.model;
}

bool LiveMigration::all(bool (*what)(const Entry &)) const {
    return std::all_of(entries_.begin(), entries_.end(), [what](const auto &item) { return what(item.second); });
}

void LiveMigration::answer(uint16_t message) {
    if (auto *main = model(main_key)) main->send(message, {});
}

bool LiveMigration::link(Model &model, std::optional<uint32_t> seamless_version) {
    auto setup = model.target_setup(target_.core->attempt_params(model.type()));
    if (!setup) return true;
    auto link = std::make_shared<channel::TargetLink>(std::move(*setup), seamless_version, outbox_);
    entries_[{model.type(), model.id()}] = {&model, link, std::nullopt, false};
    return link->start();
}

void LiveMigration::start() {
    limit_.schedule(session_.context(), answer_limit_ms, [this] { out_of_time(); });
    auto *main = session_.find(static_cast<int>(channel::Type::main), 0);
    if (!main || !link(*main->model, seamless_version_) || entries_.empty()) fail("main cannot be linked");
}

// What is being opened is waited for, since the old server would close it. The application connects the others later.
void LiveMigration::link_others() {
    phase_ = Phase::channels;
    for (const auto &channel : session_.channels())
        if (channel.model->type() != channel::Type::main && !link(*channel.model, std::nullopt))
            return fail("no thread can be started");
}

bool LiveMigration::any_opening() const {
    const auto &channels = session_.channels();
    return std::any_of(channels.begin(), channels.end(),
                       [](const auto &channel) { return channel.model->state() == Model::State::connecting; });
}

// The target is not to blame for what does not open here.
void LiveMigration::out_of_time() {
    if (phase_ == Phase::channels && all([](const Entry &entry) { return entry.linked.has_value(); })) ready();
    else fail("the target does not answer in time");
}

bool LiveMigration::deliver(channel::TargetReport &report) {
    const auto found = entries_.find(report.key);
    if (found == entries_.end()) return true; // closed meanwhile
    if (!report.linked) {
        const auto why = "channel " + std::to_string(static_cast<int>(report.key.type)) + ":" +
                         std::to_string(report.key.id) + ": " + report.linked.error().what;
        fail(why.c_str());
        return true;
    }
    found->second.linked.emplace(std::move(*report.linked));
    if (phase_ == Phase::main) {
        seamless_ = report.seamless;
        link_others();
    }
    if (phase_ == Phase::channels) settle();
    return true;
}

void LiveMigration::ready() {
    auto self = shared_from_this();
    limit_.cancel();
    if (!all([](const Entry &entry) { return !peer_closed(*entry.linked->transport); }))
        return fail("the target has closed a channel");
    phase_ = Phase::ready;
    // Before the answer: the server may send the channels away as soon as it has it.
    if (seamless_)
        for (auto &[key, entry] : entries_) entry.model->stand_by(std::move(*entry.linked));
    answer(seamless_ ? wire::MigrateConnectedSeamless::message_id : wire::MigrateConnected::message_id);
    placed_ = target_.core->options;
    session_.swap_address(*target_.core, Address{session_.options});
    if (phase_ != Phase::over) session_.set_migration_state(Session::Migration::migrating);
}

void LiveMigration::fail(const char *why) {
    if (phase_ == Phase::over || has_left()) return;
    session_.warn_of_migration((std::string{"the session cannot go to another host in advance: "} + why).c_str());
    const auto keep = begin_turn();
    const bool unanswered = phase_ == Phase::main || phase_ == Phase::channels;
    if (unanswered) answer(wire::MigrateConnectError::message_id);
    stop();
}

void LiveMigration::stop() {
    if (phase_ == Phase::over) return;
    const auto keep = begin_turn();
    const bool undo = phase_ == Phase::ready;
    phase_ = Phase::over;
    if (seamless_)
        for (const auto &[key, entry] : entries_) entry.model->stand_down();
    if (undo) session_.swap_address(*target_.core, placed_);
    end();
}

// The session has forgotten the migration before anybody is told of the end.
void LiveMigration::end() {
    auto self = shared_from_this();
    phase_ = Phase::over;
    limit_.cancel();
    outbox_->close();
    for (auto &[key, entry] : entries_) entry.link->cancel();
    entries_.clear();
    left_.clear();
    if (session_.live_ == self) session_.live_.reset();
    target_.core->set_migration_state(Session::Migration::none);
    session_.set_migration_state(Session::Migration::none);
}

void LiveMigration::cancelled() {
    if (has_left()) lose(Lost::gone); // there is no way back, or it is the target that says so
    else stop();
}

// Neither here nor there: what has left the old host ends, and with main the rest. Or what has not left it in time.
void LiveMigration::lose(Lost what) {
    const auto keep = begin_turn();
    const auto gone = phase_;
    const auto all_keys = keys();
    auto entries = std::exchange(entries_, {});
    session_.warn_of_migration("the target of the migration does not take the session");
    if (seamless_)
        for (const auto &[key, entry] : entries) entry.model->stand_down();
    end();
    for (const auto &key : all_keys) {
        auto *lost = session_.find(static_cast<int>(key.type), key.id);
        const auto &entry = entries[key];
        if (!lost || lost->model != entry.model) continue;
        if (gone == Phase::moving && entry.moved != (what == Lost::gone)) continue;
        lost->model->disconnect(key == main_key || gone == Phase::moving || entry.moved ? Event::error_io : Event::none);
    }
}

// Semi-seamless: everything begins anew over there, but for what applications hold.
void LiveMigration::machine_moved() {
    if (phase_ != Phase::ready || seamless_) {
        session_.warn_of_migration("the server has finished a migration that was not begun");
        return;
    }
    auto self = shared_from_this();
    phase_ = Phase::arriving;
    limit_.schedule(session_.context(), arrival_limit_ms, [this] { lose(Lost::gone); });
    for (const auto &key : keys())
        if (auto *frozen = model(key)) frozen->freeze();
    session_.close_caches();
    const auto main = entries_.find(main_key);
    if (main != entries_.end()) main->second.model->resume_on(std::move(*main->second.linked));
}

bool LiveMigration::welcomed() {
    if (phase_ != Phase::arriving || welcomed_) return false;
    welcomed_ = true;
    for (auto &[key, entry] : entries_)
        if (key != main_key) entry.model->resume_on(std::move(*entry.linked));
    settle();
    return true;
}

void LiveMigration::channel_opened(ChannelKey channel) {
    if (phase_ != Phase::channels) return;
    auto *opened = session_.find(static_cast<int>(channel.type), channel.id);
    if (!opened || entries_.count(channel)) return;
    if (!link(*opened->model, std::nullopt)) return fail("no thread can be started");
    settle(); // it may have been closed again
}

void LiveMigration::channel_moved(ChannelKey channel, std::unique_ptr<link::Transport> left) {
    if (left) left_.push_back(std::move(left));
    const auto found = entries_.find(channel);
    if (found == entries_.end()) return;
    if (phase_ == Phase::ready) {
        phase_ = Phase::moving;
        limit_.schedule(session_.context(), arrival_limit_ms, [this] { lose(Lost::late); });
    }
    found->second.moved = true;
    settle();
}

void LiveMigration::channel_ended(ChannelKey channel) {
    const auto found = entries_.find(channel);
    if (found == entries_.end()) {
        if (phase_ == Phase::channels) settle(); // it may be one that was waited for
        return;
    }
    found->second.link->cancel();
    entries_.erase(found);
    if (channel != main_key) return settle();
    auto self = shared_from_this();
    if (phase_ == Phase::arriving) lose(Lost::gone);
    else stop();
}

void LiveMigration::settle() {
    if (phase_ == Phase::channels && !any_opening() && all([](const Entry &entry) { return entry.linked.has_value(); })) ready();
    else if ((phase_ == Phase::moving || welcomed_) && all([](const Entry &entry) { return entry.moved; })) end();
}

}
