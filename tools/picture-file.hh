// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <spice-client.h>

#include <string>
#include <vector>

namespace spice::tools {

// Pixels of a display as R,G,B bytes, top row first, without padding.
struct RgbPicture {
    unsigned width = 0, height = 0;
    std::vector<unsigned char> pixels;
};

// Copies a primary surface of any format that a server may choose. Empty for formats that show no colours.
RgbPicture copy_primary(const SpiceDisplayPrimary &primary);

// Writes PNG when the name ends in ".png", PPM otherwise. Empty, or what went wrong in the user's language.
std::string write_picture(const RgbPicture &picture, const char *path);

}
