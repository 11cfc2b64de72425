// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <glib-object.h>

namespace spice::api {

enum DisplaySignal : guint {
    SIGNAL_PRIMARY_CREATE,
    SIGNAL_PRIMARY_DESTROY,
    SIGNAL_INVALIDATE,
    SIGNAL_MARK,
    SIGNAL_GL_DRAW,
    SIGNAL_STREAMING_MODE,
    SIGNAL_VIDEO_OVERLAY,
    N_DISPLAY_SIGNALS
};

// Adds the signals of SpiceDisplayChannel to its class.
void install_display_signals(guint (&signals)[N_DISPLAY_SIGNALS]);

}
