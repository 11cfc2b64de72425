// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "spice-client-gtk.h"

#include <vector>

struct _SpiceGrabSequence {
    std::vector<guint> keys;
};
