// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/main-task.hh"
#include "base/glib/outbox.hh"
#include "channel/target-link.hh"
#include "session/session.hh"

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace spice::session {

// The session moves to another host while its channels live on (spec/session.md §8.2 to §8.4): every channel is linked
// to the target in advance, then the server says when each goes there. Owned by the session while it lasts, bound to
// its main context. Whatever fails before the machine has moved leaves the session where it is.
class LiveMigration final : public std::enable_shared_from_this<LiveMigration>,
                            private Outbox<channel::TargetReport>::Sink {
public:
    // The server waits 10 s for an answer, and as long for us to leave.
    static constexpr unsigned answer_limit_ms = 9'000, arrival_limit_ms = 10'000;

    // `target` has the parameters of the host to go to.
    LiveMigration(Session &session, Session::Companion target, std::optional<uint32_t> seamless_version);
    ~LiveMigration();
    LiveMigration(const LiveMigration &) = delete;
    LiveMigration &operator=(const LiveMigration &) = delete;

    void start();
    // What can be undone is undone, and the session forgets the migration: it stays where it is. stop() answers nobody;
    // once has_left() it leaves frozen channels behind, and is only for who drops them. fail() does nothing then.
    void stop();
    void fail(const char *why);
    // Some channels are at the target, or on the way.
    bool has_left() const noexcept { return phase_ == Phase::moving || phase_ == Phase::arriving; }

    // The server's words.
    void cancelled();
    void machine_moved();
    // Main was welcomed by a server. False: not by the target.
    bool welcomed();
    void channel_opened(channel::ChannelKey channel);
    void channel_moved(channel::ChannelKey channel, std::unique_ptr<link::Transport> left);
    void channel_ended(channel::ChannelKey channel);

private:
    enum class Phase {
        main,     // is being linked, and asks for seamlessness
        channels, // all the others are being linked
        ready,    // the server was answered: it is its turn
        moving,   // seamless: some channels have gone
        arriving, // semi-seamless: main has gone, the others are frozen or follow
        over,
    };
    struct Entry {
        channel::Model *model;
        std::shared_ptr<channel::TargetLink> link;
        std::optional<channel::Linked> linked;
        bool moved = false;
    };
    static constexpr channel::ChannelKey main_key{channel::Type::main, 0};

    bool deliver(channel::TargetReport &report) override;
    std::shared_ptr<void> begin_turn() override;
    void end_turn() override {}

    bool link(channel::Model &model, std::optional<uint32_t> seamless_version);
    void link_others();
    bool any_opening() const; // at the old host
    void out_of_time();
    bool all(bool (*what)(const Entry &)) const;
    void answer(uint16_t message);
    void ready();
    void settle(); // over when nothing is left to be done
    void end();
    enum class Lost { gone, late };
    void lose(Lost what);
    std::vector<channel::ChannelKey> keys() const;
    channel::Model *model(channel::ChannelKey key) const;

    Session &session_;
    Session::Companion target_;
    std::optional<uint32_t> seamless_version_;
    std::shared_ptr<channel::TargetLink::Box> outbox_;
    std::map<channel::ChannelKey, Entry> entries_;
    std::vector<std::unique_ptr<link::Transport>> left_; // closed when all have gone
    Phase phase_ = Phase::main;
    bool seamless_ = false, welcomed_ = false;
    Address placed_; // in the session, instead of its own
    MainTask limit_;
};

}
