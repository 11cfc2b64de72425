// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/glib-ptr.hh"
#include "base/glib/outbox.hh"
#include "channel/link-up.hh"
#include "link/stream.hh"
#include "link/wakeup.hh"

#include <memory>
#include <optional>

namespace spice::channel {

// What became of a TargetLink.
struct TargetReport {
    ChannelKey key;
    Result<Linked> linked;
    bool seamless = false; // the target takes the session over as it is
    std::size_t cost() const noexcept { return sizeof(TargetReport); }
};

// Connects and links one channel to the host that the session is about to move to, on a thread of its own, and hands
// the connection over without a message read or written, but for the question of seamless_version on main. Says
// exactly one report unless it is cancelled. start() and cancel() are for the main context.
class TargetLink : public std::enable_shared_from_this<TargetLink> {
public:
    using Box = Outbox<TargetReport>;

    // `seamless_version`: main asks the target whether it takes over what this version of the source leaves.
    TargetLink(EngineSetup setup, std::optional<uint32_t> seamless_version, std::shared_ptr<Box> outbox);
    TargetLink(const TargetLink &) = delete;
    TargetLink &operator=(const TargetLink &) = delete;

    bool start(); // false: no thread to be had
    void cancel() noexcept;

private:
    void run();
    void report(Result<Linked> linked, bool seamless);
    Result<bool> negotiate(Linked &linked);
    Status send_question(Linked &linked, link::Clock::time_point deadline);
    Result<bool> read_answer(Linked &linked, link::Clock::time_point deadline);
    Status wait(const Linked &linked, short events, link::Clock::time_point deadline);

    EngineSetup setup_;
    const std::optional<uint32_t> seamless_version_;
    const std::shared_ptr<Box> outbox_;
    link::Wakeup wakeup_;
    Ref<GCancellable> lookup_cancel_;
};

}
