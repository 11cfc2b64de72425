// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"

#include <span>

namespace spice::codec {

// Numbers as on the wire; GLZ uses the same ones.
enum class LzType : uint32_t { plt1_le = 1, plt1_be, plt4_le, plt4_be, plt8, rgb16, rgb24, rgb32, rgba, xxxa, a8 };

struct LzHeader {
    LzType type = LzType::rgb32;
    Size size;
    bool top_down = true;
};
bool is_palette_type(LzType type) noexcept;
// Reads and checks the 28 bytes in front of the data, all but the size against the image descriptor.
Result<LzHeader> read_lz_header(std::span<const std::byte> in, const Limits &limits);

// Decodes an LZ image (spec/codecs.md §3) of any type but xxxa. `palette` holds 0x00RRGGBB and may be empty for types
// without one; an index beyond it yields black. `native555` keeps 16-bit images as rgb555.
Result<Bitmap> decode_lz(std::span<const std::byte> in, Size expected, std::span<const uint32_t> palette,
                         const Limits &limits, bool native555);

// Decodes an LZ image of type xxxa into the alpha of 32-bit rows.
Status decode_lz_alpha(std::span<const std::byte> in, bool top_down, const PixelRows &out);

}
