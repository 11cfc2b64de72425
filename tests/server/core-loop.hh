// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <spice.h>

#include <functional>

namespace spice::testserver {

using ChannelEventHook = std::function<void(int event, const SpiceChannelEventInfo &info)>;

// libspice-server's timers and watches on the default GLib main context. The table lives as long as the program;
// the hook is called in the main thread for every channel that comes up or goes away.
SpiceCoreInterface *core_interface(ChannelEventHook hook);

}
