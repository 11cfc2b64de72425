// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/outbox-engine.hh"
#include "device/card-backend.hh"
#include "wire/messages-smartcard.hh"

#include <atomic>
#include <deque>
#include <mutex>

namespace spice::channel {

struct SmartcardPayload {}; // this channel tells its model nothing of its own
using SmartcardEvent = ChannelEvent<SmartcardPayload>;

// A smartcard channel on its thread: tells the guest of readers and cards, and lets the cards answer its commands.
class SmartcardEngine final : public OutboxEngine<SmartcardPayload> {
public:
    // A silent one says nothing: for sessions that are read-only.
    SmartcardEngine(EngineSetup setup, device::CardSetup cards, bool silent)
        : OutboxEngine{std::move(setup)}, cards_{std::move(cards)}, silent_{silent} {}
    void set_silent(bool silent); // from the main context

private:
    // Events from the backend's thread.
    struct News final : device::CardBackend::Listener {
        explicit News(std::weak_ptr<Engine> engine) : engine_{std::move(engine)} {}
        void card_event(const device::CardEvent &event) override;
        std::vector<device::CardEvent> take();

    private:
        std::weak_ptr<Engine> engine_;
        std::mutex mutex_;
        std::vector<device::CardEvent> events_; // guarded by mutex_
    };
    struct Reader {
        device::CardReader card_reader;
        uint32_t id = wire::undefined_reader; // until the server has given it one
        bool refused = false;                 // the server has no room for it
        bool card = false;
        bool leaving = false; // removed here, while the server was still adding it
    };
    struct Request {
        wire::VscType type;
        device::CardReader reader;
    };

    void linked() override { listen(); }
    void ended() override { news_.reset(); }
    Status handle(const Message &message) override;
    void tick() override;

    void listen();
    void card_event(const device::CardEvent &event);
    void request(wire::VscType type, const device::CardReader &reader);
    void send_next();
    void answered(uint32_t reader_id, uint32_t code);
    Status command(uint32_t reader_id, wire::Bytes apdu);
    void write(wire::VscType type, uint32_t reader_id, wire::Bytes data);
    Reader *find(const device::CardReader &reader);

    device::CardSetup cards_;
    std::atomic<bool> silent_;

    // Engine thread.
    std::shared_ptr<News> news_;
    std::deque<Reader> readers_;
    std::deque<Request> requests_; // the first is on its way when in_flight_
    bool in_flight_ = false;
};

}
