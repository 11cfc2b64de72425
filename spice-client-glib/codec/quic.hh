// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"

#include <optional>
#include <span>

namespace spice::codec {

// Decodes a QUIC image (spec/codecs.md §2). `expected` is the size in the image descriptor; `native555` keeps
// 16-bit images as rgb555 instead of expanding them to bgrx. Grey images become gray8.
Result<Bitmap> decode_quic(std::span<const std::byte> in, Size expected, const Limits &limits, bool native555);
// The same into rows of the caller, whose layout must be that of the image.
Status decode_quic_into(std::span<const std::byte> in, const PixelRows &out);
// The layout that an image of the type in this header decodes to; 16-bit images are expanded.
std::optional<Layout> quic_layout(std::span<const std::byte> in) noexcept;

}
