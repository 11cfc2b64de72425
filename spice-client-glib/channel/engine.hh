// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/glib-ptr.hh"
#include "base/result.hh"
#include "base/unique-fd.hh"
#include "channel/link-up.hh"
#include "channel/outgoing.hh"
#include "link/stream.hh"
#include "link/wakeup.hh"
#include "wire/messages-common.hh"

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace spice::channel {

// What every connection reports to its model, in order with the channel's own events.
struct Opened {
    wire::Capabilities common, channel; // the server's
    UniqueFd fd;                        // duplicate of the socket
};
struct Ended {
    bool was_ready = false;
    bool connected = false;      // the link phase had begun
    std::optional<Error> error;  // empty: the server closed an open channel
    bool needs_tls = false;      // the server wants TLS, on another socket of the application
};
struct Flushed {
    uint64_t token = 0;
};
struct Moved { // what was going on goes on over another connection
    wire::Capabilities common, channel;
    UniqueFd fd;
    std::unique_ptr<link::Transport> left; // the connection of before, still open
};
using Lifecycle = std::variant<Opened, Ended, Flushed, Moved>;

// One connection attempt: connects, links, then runs the protocol of its channel in straight-line code on a thread of
// its own until it ends or is cancelled. It never sleeps on its output and knows no GObject.
// start(), cancel(), send(), flush() and resume() are for the main context; the protected functions run on the thread.
class Engine : public std::enable_shared_from_this<Engine> {
public:
    explicit Engine(EngineSetup setup);
    virtual ~Engine();
    Engine(const Engine &) = delete;
    Engine &operator=(const Engine &) = delete;

    bool start(); // false: no thread to be had
    void cancel() noexcept;
    void send(uint16_t type, std::vector<std::byte> body) { outgoing_.append(type, std::move(body)); wakeup_.wake(); }
    virtual void flush(uint64_t token) { outgoing_.mark(token); wakeup_.wake(); }
    void resume() noexcept { paused_.store(false, std::memory_order_release); wakeup_.wake(); }
    void wake() noexcept { wakeup_.wake(); }

    // For the main context once it knows that the channel is open: how to link it elsewhere.
    EngineSetup setup_for(AttemptParams params) const;
    // Where the channel goes when its server says so; stand_down() takes it back, null when it has gone there already.
    void stand_by(std::unique_ptr<Linked> target);
    std::unique_ptr<Linked> stand_down();

protected:
    using Message = link::Framer::Message;

    // One message of the channel, base messages excepted. An error is a frame fault: it ends the connection.
    virtual Status handle(const Message &message) = 0;
    virtual void prepare() {} // before linking: announced() may still change
    virtual void linked() {} // ready, and nobody knows yet: what is queued here goes out first
    // PING asks for an answer; true when handled as a barrier of the channel's own.
    virtual bool ping_is_barrier(uint32_t, uint64_t) { return false; }
    // Hands gathered events over. False: stop reading until resume().
    virtual bool publish() = 0;
    // publish(), for events that no message brought; only when there are some.
    void hand_over();
    // What is gathered is enough for one batch.
    virtual bool batch_full() const = 0;
    virtual void publish_lifecycle(Lifecycle event) = 0;
    // The socket must be read on although the outbox is full (somebody waits for what it brings).
    virtual bool must_read_on() const { return false; }
    // What was read so far has to be answered first: the socket is left alone until tick() has changed this.
    virtual bool holds_back() const { return false; }
    virtual void ended() {}
    // The other end is another server now: its capabilities, and the kind of socket, may differ.
    virtual void moved() {}
    // The waits of add_wait() are over; what came behind them has not been looked at.
    virtual void waits_done() {}
    // What await_descriptors() asked for, as many as were asked for; fewer when the server had none to give.
    virtual void descriptors_came(std::vector<UniqueFd>) {}
    // When to call tick() although nothing happens. tick() runs each time the loop comes round.
    virtual std::optional<link::Clock::time_point> next_tick() const { return std::nullopt; }
    virtual void tick() {}
    // Queues what waits to be sent elsewhere, as long as queued_bytes() is little.
    virtual void produce() {}
    virtual bool more_to_send() const { return false; } // produce() would find something

    const EngineSetup &setup() const noexcept { return setup_; }
    wire::Capabilities &announced() noexcept { return setup_.channel_caps; }
    const wire::Capabilities &server_caps() const noexcept { return server_channel_caps_; }
    bool over_unix_socket() const noexcept { return transport_->is_unix(); }
    std::size_t queued_bytes() const { return outgoing_.queued_bytes(); }
    void queue(uint16_t type, std::vector<std::byte> body) { outgoing_.append(type, std::move(body)); }
    void queue_mark(uint64_t token) { outgoing_.mark(token); }
    void warn_once(uint32_t kind, const char *what); // one line per kind of fault
    void add_wait(const wire::WaitForChannel &wait); // what follows this message waits for that channel
    // File descriptors travel behind this message (spec/link.md §12); what follows waits for them.
    Status await_descriptors(std::size_t count);

private:
    void run();
    void failed() noexcept;
    Status attempt(Opened &opened);
    void adopt(Linked linked);
    UniqueFd copy_of_socket() const;
    Status session_loop();
    Status read_some(bool &closed);
    Status process_buffered();
    Status process_one(bool &found);
    Status collect_descriptors(bool &found);
    bool still_waiting();
    Status dispatch(const Message &message);
    Status base_message(const Message &message);
    Status unpack(Message message);
    Status wait_for_channels(const Message &message);
    Status write_some();
    void count_ack();
    Status begin_move(const Message &message);
    Status take_migrate_data(const Message &message);
    Status go_on_moving(bool &done);
    void finish_move();
    // Nothing more is read from a server that has said everything.
    bool leaving() const noexcept { return move_ && !move_->awaits_data; }
    std::optional<link::Clock::time_point> next_wake() const;

    EngineSetup setup_;
    link::Wakeup wakeup_;
    Ref<GCancellable> lookup_cancel_;
    Outgoing outgoing_;
    std::atomic<bool> paused_{false};

    // Engine thread only.
    std::unique_ptr<link::Transport> transport_;
    std::unique_ptr<link::Framer> framer_;
    wire::Capabilities server_channel_caps_;
    LinkProgress progress_;
    bool ready_ = false;
    bool more_buffered_ = false; // complete messages were left in the framer
    unsigned notices_ = 0;
    uint32_t ack_window_ = 0, ack_left_ = 0;
    uint64_t serial_ = 0;
    struct Wait {
        SerialRegistry::Key channel;
        uint64_t serial;
        bool registered = false; // it will wake us
    };
    std::vector<Wait> waits_;
    uint64_t presence_ = 0; // in the serial registry
    std::size_t awaited_fds_ = 0;
    std::vector<UniqueFd> fds_; // of those, what has come
    struct Move { // to another host
        std::unique_ptr<Linked> to;
        link::Clock::time_point deadline;
        bool awaits_data;
        std::optional<std::vector<std::byte>> data;
    };
    std::optional<Move> move_;
    std::deque<Message> parts_; // of a message with sub-messages, not dispatched yet
    uint32_t warned_ = 0;

    std::mutex standby_mutex_;
    std::unique_ptr<Linked> standby_; // guarded by standby_mutex_
};

}
