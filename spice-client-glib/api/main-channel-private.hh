// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "api/channel-private.hh"
#include "api/main-signals.hh"

#include "channel/main-model.hh"

#include <span>

struct _SpiceMainChannelPrivate final : spice::api::ChannelObserver<spice::channel::MainModel::Observer> {
    explicit _SpiceMainChannelPrivate(SpiceMainChannel *self) : ChannelObserver{SPICE_CHANNEL(self)} {}
    void on_mouse_mode() override;
    void on_agent_update() override;
    void on_agent_caps() override;
    void on_clipboard_grab(unsigned selection, std::span<const uint32_t> types) override;
    void on_clipboard_request(unsigned selection, uint32_t type) override;
    void on_clipboard_data(unsigned selection, uint32_t type, spice::wire::Bytes data) override;
    void on_clipboard_release(unsigned selection) override;
    spice::agent::Preferences preferences() const override; // the environment wins over the properties

    spice::channel::MainModel *model = nullptr; // owned by the base part
    spice::agent::Preferences wishes;           // as the properties were set
    bool agent_shown = false;                   // what notify::agent-connected was last emitted for
};

namespace spice::api {

guint main_signal(MainSignal signal);

}
