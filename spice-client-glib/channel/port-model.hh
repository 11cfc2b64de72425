// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/outbox.hh"
#include "channel/model.hh"
#include "channel/port-engine.hh"

#include <functional>
#include <span>
#include <string>

namespace spice::channel {

// A named byte stream to something behind the server, a serial line for instance (spec/channels.md §8). Bound to the
// main context.
class PortModel : public Model, private Outbox<PortChannelEvent>::Sink {
public:
    struct Observer : Model::Observer {
        virtual void on_port_opened() = 0; // notify::port-opened
        virtual void on_port_name() = 0;   // notify::port-name
        virtual void on_port_event(int event) = 0;
        virtual void on_port_data(std::span<const std::byte> data) = 0; // valid during the call

    protected:
        ~Observer() = default;
    };

    PortModel(Observer &observer, Host *host, GMainContext *context, uint8_t id);
    ~PortModel() override;

    const std::string &name() const noexcept { return name_; } // empty until received
    bool opened() const noexcept { return told_opened_; }
    bool event_follows() const noexcept { return event_follows_; } // inside on_port_opened(): on_port_event() is next

    // Why nothing can be written now.
    Status writable() const;
    // `data` is looked at until `done` was called, from the loop: true when all of it has reached the kernel, false
    // when the connection ended before. Only while writable().
    void write(std::span<const std::byte> data, std::function<void(bool)> done);
    bool send_event(uint8_t event);

protected:
    PortModel(Observer &observer, Host *host, GMainContext *context, Type type, uint8_t id);
    virtual std::shared_ptr<PortEngine> make_port_engine(EngineSetup setup);

private:
    std::shared_ptr<Engine> make_engine(AttemptParams params) override;
    void on_reset() override;
    void drop_outbox() override;

    bool deliver(PortChannelEvent &event) override;
    std::shared_ptr<void> begin_turn() override { return observer_.keep_alive(); }
    void end_turn() override {}

    void handle(wire::PortInit &init);
    void handle(const wire::PortEvent &event);
    void announce(bool opened);
    void set_opened(bool opened);

    Observer &observer_;
    std::shared_ptr<PortEngine> port_; // of the attempt, as the next
    std::shared_ptr<Outbox<PortChannelEvent>> outbox_;
    std::string name_;
    // What is told stays while the channel goes to another host, which says soon whether it is so there.
    bool opened_ = false, told_opened_ = false, event_follows_ = false;
};

}
