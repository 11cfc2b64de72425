// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel-port.h"

namespace spice::api {

// Inside notify::port-opened: the event that says so comes next.
bool port_event_follows(SpicePortChannel *channel) noexcept;

}
