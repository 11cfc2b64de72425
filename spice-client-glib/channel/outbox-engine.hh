// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/outbox.hh"
#include "channel/engine.hh"

#include <variant>

namespace spice::channel {

// An event of a channel: its lifecycle, or something of the channel's own (a variant).
template <class Payload> struct ChannelEvent {
    std::variant<Lifecycle, Payload> body;
    std::size_t bytes = 0; // kept alive by it
    std::size_t cost() const noexcept { return bytes; }
};

// An engine with its batch of events and the outbox they go to.
template <class Payload> class OutboxEngine : public Engine {
public:
    using Event = ChannelEvent<Payload>;
    using Box = Outbox<Event>;

    using Engine::Engine;

    // Before start(), from the main context.
    void attach(std::shared_ptr<Box> outbox) { outbox_ = std::move(outbox); }

protected:
    // `bytes`: what the event keeps alive beside itself. A flood of events that keep nothing takes memory as well.
    void emit(Payload payload, std::size_t bytes = 0) {
        bytes += sizeof(Event);
        batch_.push_back({std::move(payload), bytes});
        batch_bytes_ += bytes;
    }
    bool publish() override {
        batch_bytes_ = 0;
        return batch_.empty() || outbox_->push(batch_);
    }
    bool batch_full() const override { return batch_.size() >= max_batch || batch_bytes_ >= max_batch_bytes; }
    void publish_lifecycle(Lifecycle event) override {
        batch_.push_back({std::move(event), 0});
        outbox_->push(batch_);
    }
    const std::shared_ptr<Box> &outbox() const noexcept { return outbox_; }

private:
    static constexpr std::size_t max_batch = 1024, max_batch_bytes = 1u << 20;

    std::shared_ptr<Box> outbox_;
    std::vector<Event> batch_; // engine thread, as the next
    std::size_t batch_bytes_ = 0;
};

// Makes the outbox of an engine; what it says when it has room again reaches the engine while that lives.
template <class E, class Sink> std::shared_ptr<typename E::Box> make_outbox(E &engine, GMainContext *context, Sink &sink) {
    auto outbox = E::Box::create(context, sink, [weak = engine.weak_from_this()] {
        if (auto self = weak.lock()) self->resume();
    });
    engine.attach(outbox);
    return outbox;
}

}
