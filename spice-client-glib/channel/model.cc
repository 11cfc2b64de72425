// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/model.hh"

#include "base/log.hh"
#include "link/sasl.hh"

#include <algorithm>
#include <spice/protocol.h>

namespace spice::channel {

namespace {

// SPICE_COMMON_CAP_... = "0" in the environment leaves a capability out: to try how servers behave without it.
void announce(wire::Capabilities &caps, uint32_t bit, const char *variable) {
    const char *value = g_getenv(variable);
    if (!value || !g_str_equal(value, "0")) caps.set(bit);
}

Event event_when_linking(const Error &error) noexcept {
    switch (error.kind) {
    case Error::Kind::auth: return Event::error_auth;
    case Error::Kind::tls: return Event::error_tls;
    default: return Event::error_link;
    }
}

}

Event event_for(const Ended &ended) noexcept {
    const auto &error = *ended.error;
    if (ended.was_ready) return Event::error_io;
    if (ended.connected) return event_when_linking(error);
    return error.kind == Error::Kind::tls ? Event::error_tls : Event::error_connect;
}

Model::Model(Observer &observer, Host *host, GMainContext *context, Type type, uint8_t id)
    : observer_{observer}, host_{host},
      context_{g_main_context_ref(context ? context : g_main_context_default())}, type_{type}, id_{id} {}

Model::~Model() {
    if (engine_) engine_->cancel();
}

EngineSetup Model::engine_setup(AttemptParams params) {
    EngineSetup setup;
    setup.params = std::move(params);
    setup.type = type_;
    setup.id = id_;
    announce(setup.common_caps, SPICE_COMMON_CAP_PROTOCOL_AUTH_SELECTION, "SPICE_COMMON_CAP_PROTOCOL_AUTH_SELECTION");
    announce(setup.common_caps, SPICE_COMMON_CAP_MINI_HEADER, "SPICE_COMMON_CAP_MINI_HEADER");
    if (link::sasl_available()) announce(setup.common_caps, SPICE_COMMON_CAP_AUTH_SASL, "SPICE_COMMON_CAP_AUTH_SASL");
    setup.channel_caps = extra_caps_;
    setup.shared = host_->shared();
    setup.read_bytes = read_bytes_;
    return setup;
}

void Model::announce_capability(wire::Capabilities &caps, uint32_t bit, const char *variable) {
    announce(caps, bit, variable);
}

bool Model::connect() {
    if (state_ != State::unconnected) return true;
    if (!host_) {
        log::warn("a channel without a session cannot connect");
        return false;
    }
    auto params = host_->attempt_params(type_);
    if (tls_demanded_) params.endpoint.tls = true;
    if (host_->wants_application_sockets() && !handed_fd_) {
        observer_.on_open_fd(params.endpoint.tls);
        return true;
    }
    params.endpoint.fd = handed_fd_.release();
    start(std::move(params));
    return true;
}

bool Model::open_fd(int fd) {
    if (state_ != State::unconnected) {
        log::warn("a socket was handed to a channel that is connected: it is closed");
        UniqueFd{fd}.reset();
        return true;
    }
    if (host_) handed_fd_.reset(fd);
    return connect();
}

void Model::start(AttemptParams params) {
    auto keep = observer_.keep_alive();
    const bool linked = params.linked != nullptr;
    if (!linked) state_ = State::connecting;
    engine_ = make_engine(std::move(params));
    if (engine_->start()) return;
    // The system refuses another thread: the attempt fails from the loop, as any other.
    closing_task_.schedule(context_.get(), 0, [this, linked, token = observer_.keep_alive()] {
        terminal_event({linked, linked, Error{Error::Kind::io, "no thread can be started", EAGAIN}, false});
    });
}

void Model::end_attempt() {
    if (engine_) engine_->cancel();
    drop_outbox();
    engine_.reset();
    common_caps_ = {};
    channel_caps_ = {};
    socket_fd_.reset();
    tls_demanded_ = false;
}

void Model::disconnect(Event reason) {
    tls_demanded_ = false;
    if (state_ != State::connecting && state_ != State::ready && state_ != State::migrating) return;
    auto keep = observer_.keep_alive();
    const bool was_ready = state_ != State::connecting;
    state_ = State::closing;
    end_attempt();
    on_reset();
    if (host_) host_->channel_ended({type_, id_});
    // `keep` travels with the task: the last event is owed even to a channel that nobody else holds.
    closing_task_.schedule(context_.get(), 0, [this, keep, was_ready] {
        on_gone();
        fail_flushes();
        state_ = State::unconnected;
        observer_.on_channel_event(was_ready ? Event::closed : Event::error_link, nullptr);
    });
    if (was_ready && reason != Event::none) observer_.on_channel_event(reason, nullptr);
}

void Model::leave(Event reason) {
    if (state_ != State::connecting && state_ != State::ready && state_ != State::migrating) return;
    auto keep = observer_.keep_alive();
    end_attempt();
    state_ = State::unconnected;
    on_reset();
    if (host_) host_->channel_ended({type_, id_});
    on_gone();
    fail_flushes();
    observer_.on_channel_event(reason, nullptr);
}

// The connection ended by itself. First the error, then `closed` if the channel had been open; the state is
// unconnected in both handlers, so that they may connect again.
void Model::terminal_event(const Ended &ended) {
    auto keep = observer_.keep_alive();
    end_attempt();
    state_ = State::unconnected;
    on_reset();
    if (host_) host_->channel_ended({type_, id_});
    on_gone();
    fail_flushes();
    // Not an end for the application: it is asked for a socket that TLS can be spoken on.
    if (ended.needs_tls && host_) {
        tls_demanded_ = true;
        observer_.on_open_fd(true);
        return;
    }
    if (ended.error) {
        const auto &error = *ended.error;
        const auto event = event_for(ended);
        const auto level = error.kind == Error::Kind::protocol ? log::Level::warning : log::Level::message;
        log::write(level, "channel %d:%d: %s", static_cast<int>(type_), id_, error.what.c_str());
        // Programs know a detail with these two only (api behaviour, event table); the log has all of them.
        const bool detail = event == Event::error_auth ||
                            (event == Event::error_connect && error.kind != Error::Kind::argument);
        observer_.on_channel_event(event, detail ? &error : nullptr);
    }
    if (ended.was_ready) observer_.on_channel_event(Event::closed, nullptr);
}

void Model::deliver(Lifecycle &event) {
    if (auto *opened = std::get_if<Opened>(&event)) {
        accept(*opened);
    } else if (auto *flushed = std::get_if<Flushed>(&event)) {
        const auto found = std::find_if(flushes_.begin(), flushes_.end(),
                                        [token = flushed->token](const Flush &f) { return f.token == token; });
        if (found == flushes_.end()) return;
        auto done = std::move(found->done);
        flushes_.erase(found);
        done(true);
    } else if (auto *ended = std::get_if<Ended>(&event)) {
        terminal_event(*ended);
    } else if (auto *moved = std::get_if<Moved>(&event)) {
        accept(*moved);
    }
}

void Model::fail_flushes() {
    auto pending = std::exchange(flushes_, {});
    for (auto &flush : pending) flush.done(false);
}

void Model::flush(std::function<void(bool)> done) {
    engine_->flush(expect_flush(std::move(done)));
}

uint64_t Model::expect_flush(std::function<void(bool)> done) {
    flushes_.push_back({next_flush_, std::move(done)});
    return next_flush_++;
}

bool Model::test_capability(uint32_t cap) const { return channel_caps_.test(cap); }
bool Model::test_common_capability(uint32_t cap) const { return common_caps_.test(cap); }
void Model::set_capability(uint32_t cap) { extra_caps_.set(cap); }

bool Model::send(uint16_t type, std::vector<std::byte> body) {
    if (state_ != State::ready) return false;
    if (host_ && host_->read_only() && !allowed_read_only(type)) {
        SPICE_LOG_DEBUG("message %u is not sent: the session is read-only", type);
        return false;
    }
    engine_->send(type, std::move(body));
    return true;
}

}
