// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// The session follows its virtual machine to another host (spec/session.md §8.1).
#include "session/session.hh"

#include "base/log.hh"

namespace spice::session {

namespace {

// Servers say "none" in two ways.
std::optional<std::string> port_text(uint16_t port) {
    if (port == 0 || port == UINT16_MAX) return std::nullopt;
    return std::to_string(port);
}

}

void Session::set_migration_state(Migration state) {
    if (std::exchange(migration_, state) != state) observer_.on_migration_state();
}

// The new host is checked as strictly as the old one: a missing subject leaves the name to be checked.
void Session::aim_at(const wire::MigrationTarget &target) {
    const bool checked = options.verify != 0;
    options.host = target.host;
    options.port = port_text(target.port);
    options.tls_port = port_text(target.tls_port);
    options.unix_path.reset();
    if (target.cert_subject.empty()) {
        options.cert_subject.reset();
        options.verify &= ~link::TlsPolicy::verify_subject;
        if (checked && options.verify == 0) options.verify = link::TlsPolicy::verify_hostname;
    } else {
        options.cert_subject = target.cert_subject;
        options.verify |= link::TlsPolicy::verify_subject;
    }
    observer_.on_new_host();
}

void Session::switch_host(const wire::MigrationTarget &target) {
    if (options.client_sockets) {
        log::warn("the server moves to another host, to which only the application could connect");
        return;
    }
    auto keep = observer_.keep_alive();
    if (disconnect_task_.pending()) return;
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

}
