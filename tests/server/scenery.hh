// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "picture.hh"

namespace spice::testserver {

// Computed pictures with the statistics of photographs: smooth areas, texture, noise.
Picture landscape(int width, int height, uint32_t seed);  // the wallpaper
Picture still_life(int width, int height);                // three spheres, ray-traced
Picture plasma(int width, int height, int frame);         // one frame of a moving picture
double noise(double x, double y, uint32_t seed) noexcept; // 0 … 1, continuous

}
