// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "api/channel-private.hh"
#include "api/main-signals.hh"

#include "base/glib/main-task.hh"
#include "channel/main-model.hh"

#include <span>

struct _SpiceMainChannelPrivate final : spice::api::ChannelObserver<spice::channel::MainModel::Observer>,
                                         spice::agent::VolumeSource {
    explicit _SpiceMainChannelPrivate(SpiceMainChannel *self) : ChannelObserver{SPICE_CHANNEL(self)} {}
    void on_mouse_mode() override;
    void on_agent_update() override;
    void on_agent_caps() override;
    void on_clipboard_grab(unsigned selection, std::span<const uint32_t> types) override;
    void on_clipboard_request(unsigned selection, uint32_t type) override;
    void on_clipboard_data(unsigned selection, uint32_t type, spice::wire::Bytes data) override;
    void on_clipboard_release(unsigned selection) override;
    spice::agent::Preferences preferences() const override; // the environment wins over the properties
    void ask_volume(bool playback, Answer answer) override;
    void look_for_volume(bool playback); // answers a question, if there is one
    void volume_has_come(bool playback);
    void volume_known(bool playback, const spice::agent::Volume &volume);

    spice::channel::MainModel *model = nullptr; // owned by the base part
    spice::agent::Preferences wishes;           // as the properties were set
    bool agent_shown = false;                   // what notify::agent-connected was last emitted for
    Answer volume_questions[2];                 // of the agent, by `playback`
    spice::MainTask volume_tasks[2];
    std::shared_ptr<void> volume_alive = std::make_shared<int>(0); // expires with this
};

namespace spice::api {

guint main_signal(MainSignal signal);

}
