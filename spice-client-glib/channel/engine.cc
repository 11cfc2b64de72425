// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/engine.hh"

#include "base/log.hh"
#include "base/process.hh"
#include "link/ticket.hh"
#include "wire/messages-common.hh"
#include "wire/reader.hh"
#include "wire/writer.hh"

#include <fcntl.h>
#include <spice/protocol.h>
#include <string>
#include <unistd.h>

namespace spice::channel {

Engine::Engine(EngineSetup setup)
    : setup_{std::move(setup)}, lookup_cancel_{Ref<GCancellable>::take(g_cancellable_new())} {}

Engine::~Engine() {
    // Never started, or refused before the transport took it.
    if (setup_.params.endpoint.fd >= 0) close(setup_.params.endpoint.fd);
}

bool Engine::start() {
    process::set_before_first_thread(link::initialise_crypto);
    const auto name = std::string{"spice-"} + type_name(setup_.type) + "-" + std::to_string(setup_.id);
    return process::start_thread(
        name.c_str(), 0, [self = shared_from_this()] { self->run(); },
        [weak = weak_from_this()] {
            if (auto self = weak.lock()) self->cancel();
        },
        [self = shared_from_this()] { self->failed(); });
}

void Engine::cancel() noexcept {
    wakeup_.cancel();
    g_cancellable_cancel(lookup_cancel_.get());
}

void Engine::warn_once(uint32_t kind, const char *what) {
    const uint32_t bit = 1u << (kind & 31);
    if (warned_ & bit) return;
    warned_ |= bit;
    log::warn("%s-%d: %s", type_name(setup_.type), setup_.id, what);
}

void Engine::run() {
    const SerialRegistry::Key key{static_cast<uint8_t>(setup_.type), setup_.id};
    Opened opened;
    prepare();
    auto status = attempt(opened);
    if (status) {
        ready_ = true;
        presence_ = setup_.shared->serials.open(key);
        linked();
        publish_lifecycle(std::move(opened));
        status = session_loop();
        setup_.shared->serials.close(key, presence_);
        ended();
    }
    transport_.reset();
    framer_.reset();
    Ended end{ready_, progress_.connected, std::nullopt, progress_.needs_tls};
    if (!status) {
        end.error = std::move(status.error());
        SPICE_LOG_DEBUG("%s-%d: ended: %s", type_name(setup_.type), setup_.id, end.error->what.c_str());
    }
    publish();
    publish_lifecycle(std::move(end));
}

// An exception ended run(): there is no memory, or there is a defect. The channel ends like after any other error.
void Engine::failed() noexcept {
    if (ready_) {
        setup_.shared->serials.close({static_cast<uint8_t>(setup_.type), setup_.id}, presence_);
        ended();
    }
    transport_.reset();
    publish_lifecycle(Ended{ready_, progress_.connected, Error{Error::Kind::internal, "the channel ran into an internal error"}, false});
}

UniqueFd Engine::copy_of_socket() const { return UniqueFd{fcntl(transport_->fd(), F_DUPFD_CLOEXEC, 3)}; }

// Every message travels over this connection from now on.
void Engine::adopt(Linked linked) {
    transport_ = std::move(linked.transport);
    framer_ = std::move(linked.framer);
    server_channel_caps_ = std::move(linked.channel_caps);
}

Status Engine::attempt(Opened &result) {
    auto linked = setup_.params.linked ? Result<Linked>{std::move(*setup_.params.linked)}
                                       : link_up(setup_, wakeup_, lookup_cancel_.get(), progress_);
    if (!linked) return std::move(linked.error());
    outgoing_.use_mini_headers(linked->mini_header);
    result.common = linked->common_caps;
    result.channel = linked->channel_caps;
    adopt(std::move(*linked));
    result.fd = copy_of_socket();
    return success();
}

Status Engine::session_loop() {
    while (!wakeup_.cancelled()) {
        tick();
        if (auto status = write_some(); !status) return status;
        bool moved = false;
        if (auto status = go_on_moving(moved); !status) return status;
        if (moved) continue;
        const bool may_read = (!paused_.load(std::memory_order_acquire) || must_read_on()) && !holds_back() && !leaving();
        if (!waits_.empty() || (may_read && more_buffered_)) {
            if (auto status = process_buffered(); !status) return status;
        }
        const bool reading = may_read && waits_.empty() && !more_buffered_;
        bool closed = false;
        if (reading) {
            if (auto status = read_some(closed); !status) return status;
            if (closed) return success();
        }
        if (may_read && waits_.empty() && more_buffered_ && !paused_.load(std::memory_order_acquire)) continue;
        if (!move_ && outgoing_.empty() && more_to_send()) continue;
        if (leaving() && outgoing_.empty()) continue;
        short events = 0;
        if (reading && !more_buffered_) events = transport_->events_to_read();
        if (!outgoing_.empty()) events = static_cast<short>(events | transport_->events_to_write());
        if (reading && transport_->pending()) continue;
        link::wait(events ? transport_->fd() : -1, events, wakeup_, next_wake());
    }
    return Error{Error::Kind::cancelled, "cancelled"};
}

// Reads until the socket is dry, the channel has to wait or somebody wants something of us.
Status Engine::read_some(bool &closed) {
    while (!wakeup_.cancelled()) {
        const auto space = framer_->space();
        const auto io = transport_->read(space);
        switch (io.kind) {
        case link::Io::Kind::again: return success();
        case link::Io::Kind::closed: closed = true; return success();
        case link::Io::Kind::failed: return link::io_error("cannot read from the server", io.error);
        case link::Io::Kind::done: break;
        }
        setup_.read_bytes->fetch_add(io.bytes, std::memory_order_relaxed);
        framer_->filled(io.bytes);
        if (auto fds = transport_->take_descriptors(); !fds.empty())
            if (auto status = framer_->attach(std::move(fds)); !status) return status;
        if (auto status = process_buffered(); !status) return status;
        if (more_buffered_ || !waits_.empty() || io.bytes < space.size() || !outgoing_.empty() || more_to_send())
            return success();
        if (holds_back() || (paused_.load(std::memory_order_acquire) && !must_read_on())) return success();
    }
    return success();
}

bool Engine::still_waiting() {
    if (waits_.empty()) return false;
    auto &serials = setup_.shared->serials;
    while (!waits_.empty()) {
        auto &wait = waits_.back();
        if (wait.registered ? !serials.done(wait.channel, wait.serial)
                            : !serials.reached(wait.channel, wait.serial, [weak = weak_from_this()] {
                                  if (auto self = weak.lock()) self->wake();
                              })) {
            wait.registered = true;
            return true;
        }
        waits_.pop_back();
    }
    waits_done();
    // The message that waited may be the last one for long, and others may wait for it in turn.
    if (parts_.empty()) serials.processed({static_cast<uint8_t>(setup_.type), setup_.id}, serial_, presence_);
    return false;
}

// The next part of a composite message, or the next message of the buffer.
Status Engine::process_one(bool &found) {
    found = true;
    if (awaited_fds_ > 0) return collect_descriptors(found);
    Message message;
    if (!parts_.empty()) {
        message = std::move(parts_.front());
        parts_.pop_front();
        return dispatch(message);
    }
    auto next = framer_->next();
    if (!next) return std::move(next.error());
    found = next->has_value();
    if (!found) return success();
    message = std::move(**next);
    count_ack();
    serial_ = message.serial;
    if (message.sub_list != 0 || message.type == SPICE_MSG_LIST) return unpack(std::move(message));
    return dispatch(message);
}

// Handles what is in the buffer, in batches, until it is empty, the outbox is full or the channel has to wait.
Status Engine::process_buffered() {
    const SerialRegistry::Key key{static_cast<uint8_t>(setup_.type), setup_.id};
    Status status = success();
    bool found = true, room = true;
    more_buffered_ = false;
    while (status && found && room) {
        bool progress = false;
        while (status && !batch_full() && !leaving()) {
            if (still_waiting()) {
                found = false;
                break;
            }
            status = process_one(found);
            if (!found) break;
            if (waits_.empty() && parts_.empty()) setup_.shared->serials.processed(key, serial_, presence_);
            progress = true;
        }
        if (!progress) break;
        more_buffered_ = found;
        hand_over();
        if (paused_.load(std::memory_order_acquire)) room = must_read_on();
    }
    return status;
}

void Engine::hand_over() {
    // Set before the events are handed over, so that a resume() from then on is not lost.
    paused_.store(true, std::memory_order_release);
    if (publish()) paused_.store(false, std::memory_order_release);
}

void Engine::count_ack() {
    if (ack_left_ == 0 || --ack_left_ > 0) return;
    ack_left_ = ack_window_;
    queue(wire::Ack::message_id, {});
}

Status Engine::dispatch(const Message &message) {
    SPICE_LOG_DEBUG("%s-%d: message %u, %zu bytes", type_name(setup_.type), setup_.id, message.type,
                    message.body.size());
    if (move_ && message.type != SPICE_MSG_MIGRATE_DATA)
        return Error{Error::Kind::protocol, "MIGRATE is not followed by MIGRATE_DATA"};
    return message.type < SPICE_MSG_BASE_LAST ? base_message(message) : handle(message);
}

// Sub-messages come first, in order, then the message itself; any of them may make the rest wait.
Status Engine::unpack(Message message) {
    auto list = wire::parse_sub_messages(message.body, message.sub_list);
    if (!list) return std::move(list.error());
    for (const auto &sub : *list) parts_.push_back({sub.type, message.serial, 0, sub.body, message.keep});
    message.sub_list = 0;
    if (message.type != SPICE_MSG_LIST) parts_.push_back(std::move(message));
    return success();
}

Status Engine::base_message(const Message &message) {
    switch (message.type) {
    case SPICE_MSG_SET_ACK: {
        auto set = wire::parse<wire::SetAck>(message.body);
        if (!set) return std::move(set.error());
        ack_window_ = ack_left_ = set->window;
        queue(wire::AckSync::message_id, wire::serialize(wire::AckSync{set->generation}));
        return success();
    }
    case SPICE_MSG_PING: {
        auto ping = wire::parse<wire::Ping>(message.body);
        if (!ping) return std::move(ping.error());
        if (!ping_is_barrier(ping->id, ping->timestamp))
            queue(wire::Pong::message_id, wire::serialize(wire::Pong{ping->id, ping->timestamp}));
        return success();
    }
    case SPICE_MSG_MIGRATE: return begin_move(message);
    case SPICE_MSG_MIGRATE_DATA: return take_migrate_data(message);
    case SPICE_MSG_WAIT_FOR_CHANNELS: return wait_for_channels(message);
    case SPICE_MSG_NOTIFY: {
        auto notify = wire::parse<wire::Notify>(message.body);
        if (!notify) return std::move(notify.error());
        constexpr unsigned enough = 20; // a hostile server must not fill the log
        const auto text = wire::to_text(notify->message);
        if (notify->severity >= SPICE_NOTIFY_SEVERITY_ERROR && notices_++ < enough) log::warn("the server says: %s", text.c_str());
        else SPICE_LOG_DEBUG("the server says: %s", text.c_str());
        return success();
    }
    case SPICE_MSG_DISCONNECTING: {
        auto bye = wire::parse<wire::Disconnecting>(message.body);
        if (!bye) return std::move(bye.error());
        SPICE_LOG_DEBUG("%s-%d: the server is disconnecting, reason %u", type_name(setup_.type), setup_.id, bye->reason);
        return success();
    }
    default:
        SPICE_LOG_DEBUG("%s-%d: message %u ignored", type_name(setup_.type), setup_.id, message.type);
        return success();
    }
}

// The messages behind this one stay unread until every named channel has come far enough. A wait for oneself or for
// a channel that is not there would never end, so it counts as done.
Status Engine::wait_for_channels(const Message &message) {
    auto list = wire::parse<wire::WaitForChannels>(message.body);
    if (!list) return std::move(list.error());
    for (const auto &wait : list->waits) add_wait(wait);
    return success();
}

void Engine::add_wait(const wire::WaitForChannel &wait) {
    const bool self = wait.channel_type == static_cast<uint8_t>(setup_.type) && wait.channel_id == setup_.id;
    if (!self) waits_.push_back({{wait.channel_type, wait.channel_id}, wait.serial, false});
}

Status Engine::await_descriptors(std::size_t count) {
    if (!transport_->passes_descriptors())
        return Error{Error::Kind::protocol, "a file descriptor is announced on a connection that cannot carry any"};
    awaited_fds_ = count;
    return success();
}

// Servers send one byte for each, or one byte for all. The byte without a descriptor says that there is none; any
// other byte without one is not of that kind, and what follows could not be told from garbage.
Status Engine::collect_descriptors(bool &found) {
    constexpr auto placeholder = std::byte{'@'};
    auto extra = framer_->take_extra();
    found = extra.has_value();
    if (!found) return success();
    if (extra->fds.empty() && extra->value != placeholder)
        return Error{Error::Kind::protocol, "the file descriptor of a message is missing"};
    const bool nothing = extra->fds.empty();
    for (auto &fd : extra->fds)
        if (fds_.size() < awaited_fds_) fds_.push_back(std::move(fd)); // the others are closed
    if (!nothing && fds_.size() < awaited_fds_) return success();
    awaited_fds_ = 0;
    descriptors_came(std::exchange(fds_, {}));
    return success();
}

Status Engine::write_some() {
    produce();
    if (outgoing_.empty()) return success();
    std::vector<uint64_t> flushed;
    auto status = outgoing_.write(*transport_, flushed);
    for (const auto token : flushed) publish_lifecycle(Flushed{token});
    return status;
}

}
