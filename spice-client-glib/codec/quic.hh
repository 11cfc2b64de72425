// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"

#include <span>

namespace spice::codec {

// Decodes a QUIC image (spec/codecs.md §2). `expected` is the size in the image descriptor; `native555` keeps
// 16-bit images as rgb555 instead of expanding them to bgrx. Grey images become gray8.
Result<Bitmap> decode_quic(std::span<const std::byte> in, Size expected, const Limits &limits, bool native555);
}
