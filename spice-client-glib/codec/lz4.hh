// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"

#include <span>

namespace spice::codec {

// Decodes an LZ4 image (spec/codecs.md §6). The pixels are the guest's memory verbatim, so the X byte of 32-bit
// images is arbitrary. Built without liblz4 it returns Error::Kind::unsupported.
Result<Bitmap> decode_lz4(std::span<const std::byte> in, Size expected, const Limits &limits);
}
