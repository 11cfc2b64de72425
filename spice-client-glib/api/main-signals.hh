// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <glib-object.h>

namespace spice::api {

enum MainSignal : guint {
    SIGNAL_MOUSE_UPDATE,
    SIGNAL_AGENT_UPDATE,
    SIGNAL_CLIPBOARD,
    SIGNAL_CLIPBOARD_GRAB,
    SIGNAL_CLIPBOARD_REQUEST,
    SIGNAL_CLIPBOARD_RELEASE,
    SIGNAL_SELECTION,
    SIGNAL_SELECTION_GRAB,
    SIGNAL_SELECTION_REQUEST,
    SIGNAL_SELECTION_RELEASE,
    SIGNAL_NEW_FILE_TRANSFER,
    SIGNAL_MIGRATION_STARTED,
    N_MAIN_SIGNALS
};

// Adds the signals of SpiceMainChannel to its class.
void install_main_signals(guint (&signals)[N_MAIN_SIGNALS]);

}
