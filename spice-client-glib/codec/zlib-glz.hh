// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"

#include <span>

namespace spice::codec {

// Inflates the zlib stream of a ZLIB_GLZ image (spec/codecs.md §5): exactly `glz_size` bytes, which may not be more
// than a GLZ image of this size can need.
Result<PixelBuffer> inflate_glz(std::span<const std::byte> in, uint32_t glz_size, Size size, const Limits &limits);

}
