// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "vector-file.hh"

#include "codec/bitmap.hh"

namespace spice::test {

// Compares an image (any stride) with packed pixels as the `compare` word of an output says; fails the test.
void check_pixels(const codec::BitmapView &image, const std::string &layout, const std::string &compare,
                  const std::byte *expected, std::size_t size);

void run_glz_vector(const Vector &v);

}
