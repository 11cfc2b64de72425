// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/display-scanout.hh"

#include "channel/gl-scanout.hh"

#include <iterator>

namespace spice::api {

namespace {

// Programs that know one buffer only would show anything else as noise.
bool one_plain_buffer(const channel::GlScanout &scanout) {
    constexpr uint64_t linear = 0;
    const bool plain = scanout.modifier == linear || scanout.modifier == channel::GlScanout::implicit_modifier;
    return plain && scanout.planes.size() == 1 && scanout.planes[0].offset == 0;
}

}

void ScanoutView::set(const channel::GlScanout *scanout) {
    static_assert(channel::GlScanout::max_planes == std::size(SpiceGlScanout2{}.fds));
    current_ = 1 - current_;
    has_planes_ = scanout != nullptr;
    has_single_ = scanout && one_plain_buffer(*scanout);
    if (!scanout) return;
    auto &all = planes_[current_];
    all = {scanout->width, scanout->height, scanout->format, scanout->y0top, scanout->modifier, 0, {-1, -1, -1, -1}, {}, {}};
    for (const auto &plane : scanout->planes) {
        const auto i = all.num_planes++;
        all.fds[i] = plane.fd.get();
        all.offsets[i] = plane.offset;
        all.strides[i] = plane.stride;
    }
    const auto &first = scanout->planes[0];
    singles_[current_] = {first.fd.get(), scanout->width,  scanout->height,
                          first.stride,   scanout->format, scanout->y0top};
}

}
