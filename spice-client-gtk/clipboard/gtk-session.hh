// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <spice-client.h>

namespace spice::gtk {

class SessionHub;
// The state that the displays of this session share; creates its SpiceGtkSession when there is none.
SessionHub &hub_of(SpiceSession *session);

}
