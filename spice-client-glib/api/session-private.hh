// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "spice-client.h"

#include "base/glib/glib-ptr.hh"
#include "session/session.hh"

// Properties that no part of the core asks for yet; kept as they were set.
struct SessionExtras {
    int protocol = 2;
    std::vector<std::string> smartcard_certificates;
    std::optional<std::string> smartcard_db, shared_dir;
    bool share_dir_ro = false, inhibit_keyboard_grab = false;
    spice::Ref<SpiceURI> proxy;
};

// Bound to the context that was the thread's default when the session was made.
struct _SpiceSessionPrivate final : spice::session::Session::Observer {
    explicit _SpiceSessionPrivate(SpiceSession *session);

    void create_channel(int type, int id) override;
    void on_channel_new(void *object) override;
    void on_channel_destroy(void *object) override;
    void on_disconnected() override;
    void on_mm_time_reset() override;
    void on_name() override;
    void on_uuid() override;
    void on_migration_state() override;
    void on_new_host() override;
    void on_verify() override;
    spice::session::Session::Companion make_companion() override;
    void on_migration_started(void *main_channel, void *companion) override;
    std::shared_ptr<void> keep_alive() override;

    SpiceSession *owner;
    SessionExtras extras;
    spice::Ref<SpiceUsbDeviceManager> usb_manager; // made when asked for, or for the first channel
    spice::session::Session core;
};

namespace spice::api {

void install_session_properties(GObjectClass *object_class);
void notify_session_name(SpiceSession *session);
void notify_session_uuid(SpiceSession *session);
void notify_session_migration(SpiceSession *session);
void notify_session_host(SpiceSession *session);
void notify_session_verify(SpiceSession *session);
// "proxy" as set with NULL: the environment decides.
void set_session_proxy(SpiceSession *session, const char *text);

}
