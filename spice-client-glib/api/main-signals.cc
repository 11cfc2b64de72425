// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/main-signals.hh"

#include "spice-client.h"

namespace spice::api {

void install_main_signals(guint (&signals)[N_MAIN_SIGNALS]) {
    /**
     * SpiceMainChannel::main-mouse-update:
     * @main: the channel
     *
     * #SpiceMainChannel:mouse-mode has changed.
     */
    signals[SIGNAL_MOUSE_UPDATE] = g_signal_new("main-mouse-update", SPICE_TYPE_MAIN_CHANNEL, G_SIGNAL_RUN_FIRST,
                                                G_STRUCT_OFFSET(SpiceMainChannelClass, mouse_update), nullptr, nullptr,
                                                nullptr, G_TYPE_NONE, 0);
    /**
     * SpiceMainChannel::main-agent-update:
     * @main: the channel
     *
     * The agent of the guest has come or gone, or its capabilities have become known.
     */
    signals[SIGNAL_AGENT_UPDATE] = g_signal_new("main-agent-update", SPICE_TYPE_MAIN_CHANNEL, G_SIGNAL_RUN_FIRST,
                                                G_STRUCT_OFFSET(SpiceMainChannelClass, agent_update), nullptr, nullptr,
                                                nullptr, G_TYPE_NONE, 0);
}

}
