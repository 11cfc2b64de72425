// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/mm-clock.hh"
#include "channel/serials.hh"

namespace spice::channel {

// State that all channels of one session share across threads. Thread-safe; lives as long as any engine needs it.
struct Shared {
    MmClock clock;
    SerialRegistry serials;
};

}
