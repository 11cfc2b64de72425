// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/gl-scanout.hh"

#include "wire/reader.hh"

#include <spice/enums.h>

namespace spice::channel {

namespace {

std::unique_ptr<GlScanout> describe(const wire::GlScanoutUnix &m) {
    if (m.drm_fourcc == 0) return nullptr;
    auto scanout = std::make_unique<GlScanout>();
    scanout->width = m.width, scanout->height = m.height, scanout->format = m.drm_fourcc;
    scanout->y0top = (m.flags & SPICE_GL_SCANOUT_FLAGS_Y0TOP) != 0;
    scanout->planes.push_back({UniqueFd{}, 0, m.stride});
    return scanout;
}

std::unique_ptr<GlScanout> describe(const wire::GlScanout2Unix &m) {
    if (m.num_planes == 0) return nullptr;
    auto scanout = std::make_unique<GlScanout>();
    scanout->width = m.width, scanout->height = m.height, scanout->format = m.drm_fourcc;
    scanout->y0top = (m.flags & SPICE_GL_SCANOUT_FLAGS_Y0TOP) != 0;
    scanout->modifier = m.modifier;
    for (const auto &plane : m.planes) scanout->planes.push_back({UniqueFd{}, plane.offset, plane.stride});
    return scanout;
}

template <class M> Result<std::unique_ptr<GlScanout>> read(wire::Bytes body) {
    auto m = wire::parse<M>(body);
    if (!m) return std::move(m.error());
    return describe(*m);
}

}

Result<std::size_t> ScanoutReader::begin(uint16_t message_type, wire::Bytes body) {
    auto made = message_type == wire::GlScanoutUnix::message_id ? read<wire::GlScanoutUnix>(body)
                                                                : read<wire::GlScanout2Unix>(body);
    if (!made) return std::move(made.error());
    scanout_ = std::move(*made);
    return scanout_ ? scanout_->planes.size() : std::size_t{0};
}

ScanoutChanged ScanoutReader::finish(std::vector<UniqueFd> fds) {
    if (!scanout_ || fds.size() != scanout_->planes.size()) scanout_.reset();
    else
        for (std::size_t i = 0; i < fds.size(); ++i) scanout_->planes[i].fd = std::move(fds[i]);
    return {std::move(scanout_)};
}

std::unique_ptr<GlScanout> ScanoutState::change(std::unique_ptr<GlScanout> scanout) noexcept {
    return std::exchange(scanout_, std::move(scanout));
}

bool ScanoutState::answer() noexcept {
    if (draws_ == 0) return false;
    --draws_;
    return true;
}

}
