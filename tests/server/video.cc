// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "video.hh"

#include "scenery.hh"

namespace spice::testserver {
namespace {

constexpr int pictures = 24;
constexpr std::size_t backlog_limit = 8;

}

Video::Video(QxlDevice &device, const Rect &area, unsigned fps) : device_{device}, area_{area} {
    for (int i = 0; i < pictures; ++i) pictures_.push_back(plasma(area.w, area.h, i));
    const auto call = [](gpointer self) -> gboolean { return static_cast<Video *>(self)->paint(), G_SOURCE_CONTINUE; };
    timer_ = g_timeout_add(1000 / fps, call, this);
}

Video::~Video() { g_source_remove(timer_); }

void Video::paint() {
    if (device_.backlog() > backlog_limit) return;
    device_.put(area_.x, area_.y, pictures_[next_]);
    ++painted_;
    if (moving_) next_ = (next_ + 1) % pictures_.size();
}

}
