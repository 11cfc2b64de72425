// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// The session follows its virtual machine to another host (spec/session.md §8).
#include "base/log.hh"
#include "session/live-migration.hh"

namespace spice::session {

namespace {

constexpr std::size_t max_host_bytes = 1024;
constexpr unsigned max_warnings = 20;

// Servers say "none" in two ways.
std::optional<std::string> port_text(uint16_t port) {
    if (port == 0 || port == UINT16_MAX) return std::nullopt;
    return std::to_string(port);
}

// The new host is checked as strictly as the old one: a missing subject leaves the name to be checked.
void set_address(Address &address, const wire::MigrationTarget &target) {
    const bool checked = address.verify != 0;
    address.host = target.host;
    address.port = port_text(target.port);
    address.tls_port = port_text(target.tls_port);
    address.unix_path.reset();
    if (target.cert_subject.empty()) {
        address.cert_subject.reset();
        address.verify &= ~link::TlsPolicy::verify_subject;
        if (checked && address.verify == 0) address.verify = link::TlsPolicy::verify_hostname;
    } else {
        address.cert_subject = target.cert_subject;
        address.verify |= link::TlsPolicy::verify_subject;
    }
}

}

void Session::set_migration_state(Migration state) {
    if (std::exchange(migration_, state) != state) observer_.on_migration_state();
}

void Session::aim_at(const wire::MigrationTarget &target) {
    const auto verify = options.verify;
    set_address(options, target);
    observer_.on_new_host();
    if (options.verify != verify) observer_.on_verify();
}

void Session::switch_host(const wire::MigrationTarget &target) {
    if (options.client_sockets)
        return warn_of_migration("the server moves to another host, to which only the application could connect");
    auto keep = observer_.keep_alive();
    if (disconnect_task_.pending()) return;
    if (auto live = live_) live->stop();
    set_migration_state(Migration::switching);
    aim_at(target);
    switch_task_.schedule(context_.get(), 0, [this] { switch_now(); });
}

// Main keeps its object and is connected again; all the others are new ones on the new host.
void Session::switch_now() {
    auto keep = observer_.keep_alive();
    if (auto *main = find(static_cast<int>(channel::Type::main), 0)) main->model->leave(channel::Event::switching);
    drop_others();
    forget_server();
    auto *main = find(static_cast<int>(channel::Type::main), 0);
    if (main && !disconnect_task_.pending()) main->model->connect();
}

void Session::join(const Session &other) {
    context_.reset(g_main_context_ref(other.context()));
    options = other.options;
    connection_id_ = other.connection_id_;
    name_ = other.name_;
    uuid_ = other.uuid_;
    for_migration_ = true;
}

void Session::prepare_target(Session &target, const wire::MigrationTarget &where) const {
    target.join(*this);
    set_address(target.options, where);
    const char *host = g_getenv("SPICE_MIG_HOST");
    if (host && *host) target.options.host = host;
}

void Session::swap_address(Session &target, const Address &expected) {
    Address &here = options, &there = target.options;
    for (auto member : {&Address::host, &Address::port, &Address::tls_port, &Address::unix_path, &Address::cert_subject})
        if (here.*member == expected.*member) std::swap(here.*member, there.*member);
    const auto verify = here.verify;
    if (verify == expected.verify) std::swap(here.verify, there.verify);
    observer_.on_new_host();
    if (here.verify != verify) observer_.on_verify();
}

// A server can fail as often as it likes.
void Session::warn_of_migration(const char *what) {
    if (migration_warnings_ >= max_warnings) return;
    log::warn("%s", what);
    if (++migration_warnings_ == max_warnings) log::warn("no more is said about migrations of this session");
}

// The server will send the session to the other host when the machine is there.
void Session::refuse_migration(const char *why) {
    warn_of_migration((std::string{"the session cannot go to another host in advance: "} + why).c_str());
    if (auto *main = find(static_cast<int>(channel::Type::main), 0))
        main->model->send(wire::MigrateConnectError::message_id, {});
}

void Session::migrate_begin(const wire::MigrationTarget &target, std::optional<uint32_t> seamless_version) {
    auto keep = observer_.keep_alive();
    if (disconnect_task_.pending() || switch_task_.pending()) return;
    if (live_ && live_->has_left()) return refuse_migration("it is on the way to one still");
    if (auto live = live_) live->stop(); // the server begins anew
    auto *main = find(static_cast<int>(channel::Type::main), 0);
    if (!main) return;
    if (options.client_sockets) return refuse_migration("only the application could connect there");
    if (target.host.empty() || target.host.size() > max_host_bytes) return refuse_migration("its name cannot be used");
    auto companion = observer_.make_companion();
    prepare_target(*companion.core, target);
    auto *object = companion.object;
    companion.core->set_migration_state(Migration::connecting);
    auto live = std::make_shared<LiveMigration>(*this, companion, seamless_version);
    companion.core->given_up_ = [weak = std::weak_ptr{live}] {
        if (auto self = weak.lock()) self->fail("the application does not want it");
    };
    live_ = live;
    observer_.on_migration_started(main->object, object);
    if (live_ == live) live->start();
}

void Session::migrate_cancel() {
    auto keep = observer_.keep_alive();
    if (auto live = live_) live->cancelled();
}

void Session::migrate_end() {
    auto keep = observer_.keep_alive();
    if (auto live = live_) live->machine_moved();
}

void Session::channel_opened(channel::ChannelKey channel) {
    auto keep = observer_.keep_alive();
    if (auto live = live_) live->channel_opened(channel);
}

void Session::channel_moved(channel::ChannelKey channel, std::unique_ptr<link::Transport> left) {
    auto keep = observer_.keep_alive();
    if (auto live = live_) return live->channel_moved(channel, std::move(left));
    // It was called back too late.
    if (auto *lost = find(static_cast<int>(channel.type), channel.id)) lost->model->disconnect(channel::Event::error_io);
}

void Session::channel_ended(channel::ChannelKey channel) {
    auto keep = observer_.keep_alive();
    if (auto live = live_) live->channel_ended(channel);
}

}
