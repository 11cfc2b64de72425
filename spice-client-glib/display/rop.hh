// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstddef>
#include <cstdint>

namespace spice::display {

// A bitwise function of source and destination as a truth table: bit (s << 1 | d) holds the result. Immutable.
struct Rop2 {
    uint8_t table = 0xc;
    bool operator==(const Rop2 &) const = default;
    constexpr bool uses_source() const noexcept { return (table & 3) != (table >> 2); }
    // Whether some source makes the destination its complement: the only functions that differ when applied twice.
    constexpr bool inverts() const noexcept { return (table & 3) == 1 || table >> 2 == 1; }
    constexpr bool uses_dest() const noexcept { return ((table >> 1) & 5) != (table & 5); }
};
inline constexpr Rop2 rop2_copy{0xc};
inline constexpr Rop2 rop2_dest{0xa};
inline constexpr Rop2 rop2_black{0x0};
inline constexpr Rop2 rop2_white{0xf};
inline constexpr Rop2 rop2_invert{0x5};

// Which inputs an operation combines: that decides which INVERS bits count (spec/display.md §9.1).
enum class RopInputs : uint8_t {
    brush_dest,  // FILL, STROKE
    source_dest, // COPY, BLEND
    brush_source // OPAQUE
};
Rop2 rop2_from_descriptor(uint16_t ropd, RopInputs inputs) noexcept;

// Row kernels. Raster ops are bitwise, so they work on bytes and do not care about the pixel format. `colour` is a
// pixel repeated to fill 32 bits; `bytes` is a multiple of the pixel size; rows start at a pixel.
void rop2_row(Rop2 rop, uint8_t *dest, const uint8_t *source, std::size_t bytes) noexcept;
void rop2_solid(Rop2 rop, uint8_t *dest, uint32_t colour, std::size_t bytes) noexcept;

// spec/display.md §9.2: bit (P << 2 | S << 1 | D) of `rop3`.
void rop3_row(uint8_t rop3, uint8_t *dest, const uint8_t *source, const uint8_t *brush, std::size_t bytes) noexcept;
void rop3_solid(uint8_t rop3, uint8_t *dest, const uint8_t *source, uint32_t colour, std::size_t bytes) noexcept;

}
