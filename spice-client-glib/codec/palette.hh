// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace spice::codec {

// How indices are packed into bytes: *_le has the leftmost pixel in the low bits, *_be in the high ones.
enum class IndexFormat : uint8_t { one_le, one_be, four_le, four_be, eight };
enum class BeyondPalette : uint8_t { black, wrap_nibbles };

// A palette ready for look-ups: whatever the index, it stays inside the table, and entries that the palette does not
// have are black. In LZ images four-bit indices wrap around at the palette's size.
template <class Pixel> class PaletteTable {
public:
    PaletteTable(IndexFormat format, std::span<const uint32_t> palette, BeyondPalette beyond) noexcept
        : format_{format} {
        std::size_t n = std::min(palette.size(), table_.size());
        for (std::size_t i = 0; i < n; ++i) table_[i] = pixel_of(palette[i], beyond);
        const bool nibbles = format == IndexFormat::four_le || format == IndexFormat::four_be;
        if (!nibbles || n == 0 || beyond == BeyondPalette::black) return;
        for (; n < 16; ++n) table_[n] = table_[n - palette.size()];
    }
    void expand_row(Pixel *dst, const uint8_t *src, uint32_t width) const noexcept {
        switch (format_) {
        case IndexFormat::one_le: return expand<8, true>(dst, src, width);
        case IndexFormat::one_be: return expand<8, false>(dst, src, width);
        case IndexFormat::four_le: return expand<2, true>(dst, src, width);
        case IndexFormat::four_be: return expand<2, false>(dst, src, width);
        case IndexFormat::eight: return expand<1, true>(dst, src, width);
        }
    }

private:
    // Entries of uncompressed images are pixels, x byte included; those of LZ images are colours.
    static Pixel pixel_of(uint32_t entry, BeyondPalette beyond) noexcept {
        if constexpr (sizeof(Pixel) == 4) return beyond == BeyondPalette::black ? entry : entry & 0x00ffffffu;
        return static_cast<Pixel>(entry);
    }
    template <unsigned per_byte, bool low_first>
    void expand(Pixel *dst, const uint8_t *src, uint32_t width) const noexcept {
        constexpr unsigned bits = 8 / per_byte;
        constexpr unsigned mask = (1u << bits) - 1;
        const auto index = [](unsigned byte, unsigned i) {
            return byte >> (low_first ? i * bits : 8 - bits - i * bits) & mask;
        };
        const auto zero = table_[0], change = static_cast<Pixel>(table_[0] ^ table_[1]);
        for (; width >= per_byte; width -= per_byte, ++src, dst += per_byte)
            for (unsigned i = 0; i < per_byte; ++i) {
                if constexpr (bits == 1) // by a mask rather than by eight look-ups
                    dst[i] = static_cast<Pixel>(zero ^ (change & (index(*src, i) ? ~Pixel{0} : Pixel{0})));
                else
                    dst[i] = table_[index(*src, i)];
            }
        for (unsigned i = 0; i < width; ++i) dst[i] = table_[index(*src, i)];
    }
    IndexFormat format_;
    std::array<Pixel, 256> table_{};
};

}
