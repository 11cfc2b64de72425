// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "qxl-device.hh"

#include <glib.h>

#include <vector>

namespace spice::testserver {

// An area that is painted over and over, as a media player does it, so that libspice-server makes a stream of it.
// Thread-bound; the device must outlive it.
class Video {
public:
    Video(QxlDevice &device, const Rect &area, unsigned fps);
    ~Video();
    Video(const Video &) = delete;
    Video &operator=(const Video &) = delete;

    void hold() noexcept { moving_ = false; } // the same picture from now on, in every frame
    int frames() const noexcept { return painted_; }

private:
    void paint();

    QxlDevice &device_;
    const Rect area_;
    std::vector<Picture> pictures_; // computed beforehand: a slow machine must keep the pace
    std::size_t next_ = 0;
    int painted_ = 0;
    bool moving_ = true;
    guint timer_ = 0;
};

}
