// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "spice-client.h"

namespace spice::channel {
struct GlScanout;
}

namespace spice::api {

// A scanout as programs see it. The descriptors stay the model's. Bound to the main context.
class ScanoutView {
public:
    // What the previous scanout was shown as stays valid until the next call.
    void set(const channel::GlScanout *scanout);

    const SpiceGlScanout *single() const noexcept { return has_single_ ? &singles_[current_] : nullptr; }
    const SpiceGlScanout2 *planes() const noexcept { return has_planes_ ? &planes_[current_] : nullptr; }

private:
    unsigned current_ = 0;
    bool has_single_ = false, has_planes_ = false;
    SpiceGlScanout singles_[2] = {};
    SpiceGlScanout2 planes_[2] = {};
};

}
