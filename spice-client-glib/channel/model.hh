// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/glib-ptr.hh"
#include "base/glib/main-task.hh"
#include "channel/engine.hh"
#include "channel/host.hh"
#include "channel/types.hh"
#include "wire/messages-link.hh"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

namespace spice::channel {

// A channel as its public object sees it: what getters answer, the state of the connection and the order of events.
// Owned by the facade (unique_ptr), bound to the session's main context. One engine per connection attempt; events of
// an older attempt never arrive.
class Model {
public:
    // migrating: between the connection to one host and that to the next; nothing can be sent.
    enum class State { unconnected, connecting, ready, migrating, closing };

    // Implemented by the facade. Every call may drop references and call back into the model.
    struct Observer {
        // `error` is set with error_* events that have a detail, and valid during the call.
        virtual void on_channel_event(Event event, const Error *error) = 0;
        virtual void on_open_fd(bool with_tls) = 0;
        // The connection goes on over another socket.
        virtual void on_new_connection() {}
        // A reference that keeps the public object, and with it the model, alive while the token lives.
        virtual std::shared_ptr<void> keep_alive() = 0;

    protected:
        ~Observer() = default;
    };

    Model(Observer &observer, Host *host, GMainContext *context, Type type, uint8_t id);
    virtual ~Model();
    Model(const Model &) = delete;
    Model &operator=(const Model &) = delete;

    Type type() const noexcept { return type_; }
    uint8_t id() const noexcept { return id_; }
    State state() const noexcept { return state_; }
    GMainContext *context() const noexcept { return context_.get(); }

    // The session lets go of the channel: no new attempts from now on.
    void leave_session() noexcept { host_ = nullptr; }
    Host *host() const noexcept { return host_; }

    // spice_channel_connect(): true when connected, connecting or closing; false when the session is gone.
    bool connect();
    // spice_channel_open_fd(): true takes the descriptor, whatever becomes of it; false leaves it with the caller. -1 asks
    // for one through on_open_fd().
    bool open_fd(int fd);
    // spice_channel_disconnect(): emits `reason` inside the call when ready, `closed` (or error-link) from the loop.
    void disconnect(Event reason);
    // The connection is given up for another one: `reason` inside the call, and nothing more. connect() may follow.
    void leave(Event reason);

    bool test_capability(uint32_t cap) const;
    bool test_common_capability(uint32_t cap) const;
    void set_capability(uint32_t cap); // deprecated API: announced at the next connect

    // Only while ready. Calls `done` from the loop: true when everything sent so far has reached the kernel.
    void flush(std::function<void(bool)> done);

    uint64_t total_read_bytes() const noexcept { return read_bytes_->load(std::memory_order_relaxed); }
    // Duplicate of the connected socket for a GSocket, -1 when unconnected. Stays the model's.
    int socket_fd() const noexcept { return socket_fd_.get(); }

    // Queues a message; false when not ready or when the session is read-only and the message is not for such.
    bool send(uint16_t type, std::vector<std::byte> body);

    // --- the session moves to another host (model-move.cc)
    // How to link the channel there; nothing when it is not open.
    std::optional<EngineSetup> target_setup(AttemptParams params) const;
    // The server may send the open channel to `target`; what is queued goes there, too. channel_moved() tells the host.
    void stand_by(Linked target);
    void stand_down();
    // The open connection is given up without a word; resume_on() follows, or disconnect().
    void freeze();
    // A new connection begins, over what is linked already. No event tells of it.
    void resume_on(Linked target);

    virtual void read_only_changed() {} // the session's property

protected:
    // Makes the engine of this channel's type, with its outbox bound to this model.
    virtual std::shared_ptr<Engine> make_engine(AttemptParams params) = 0;
    virtual void on_up() {}    // ready, before the `opened` event
    virtual void on_opened() {} // after the `opened` event
    virtual void on_reset() {} // the connection is gone: forget what belonged to it, and tell nobody
    virtual void on_gone() {}  // after it, from the loop, before the last event: tell what has ended with it
    virtual bool allowed_read_only(uint16_t message_type) const { return message_type < 100; }

    // Concrete models pass lifecycle events of their outbox here.
    void deliver(Lifecycle &event);

    EngineSetup engine_setup(AttemptParams params);
    // Sets the bit unless the environment variable of the capability's name is "0".
    static void announce_capability(wire::Capabilities &caps, uint32_t bit, const char *variable);
    const std::shared_ptr<Engine> &engine() const noexcept { return engine_; }
    // While ready. `done` is called once: true when the engine has passed the mark of this number, false when the
    // connection ended before.
    uint64_t expect_flush(std::function<void(bool)> done);
    virtual void drop_outbox() = 0; // close and forget the outbox of the attempt

private:
    struct Flush {
        uint64_t token;
        std::function<void(bool)> done;
    };
    void start(AttemptParams params);
    void accept(Opened &opened);
    void accept(Moved &moved);
    void end_attempt();
    void terminal_event(const Ended &ended);
    void fail_flushes();

    Observer &observer_;
    Host *host_;
    ContextPtr context_;
    Type type_;
    uint8_t id_;
    State state_ = State::unconnected;
    bool tls_demanded_ = false; // by the server, of the application's next socket
    std::shared_ptr<Engine> engine_;
    std::shared_ptr<std::atomic<uint64_t>> read_bytes_ = std::make_shared<std::atomic<uint64_t>>(0);
    wire::Capabilities extra_caps_, common_caps_, channel_caps_;
    UniqueFd socket_fd_, handed_fd_;
    uint64_t next_flush_ = 1;
    std::deque<Flush> flushes_;
    MainTask closing_task_;
};

// The event that stands for the error of an ended connection.
Event event_for(const Ended &ended) noexcept;

}
