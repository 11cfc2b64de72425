// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/rop.hh"

#include <cstring>

namespace spice::display {
namespace {

enum : uint16_t {
    invers_src = 0x001,
    invers_brush = 0x002,
    invers_dest = 0x004,
    op_put = 0x008,
    op_or = 0x010,
    op_and = 0x020,
    op_xor = 0x040,
    op_blackness = 0x080,
    op_whiteness = 0x100,
    op_invers = 0x200,
    invers_res = 0x400,
};

// Words are moved with memcpy: rows need no alignment, and the compiler makes vector loads of it.
using Word = uint64_t;

template <class W> constexpr W spread(unsigned table, unsigned bit) noexcept {
    return (table >> bit & 1) != 0 ? static_cast<W>(~W{0}) : W{0};
}

// selector ? one : zero, bit by bit
template <class W> constexpr W choose(W selector, W zero, W one) noexcept {
    return static_cast<W>(zero ^ (selector & (zero ^ one)));
}

template <class W> struct Binary {
    explicit Binary(unsigned table) noexcept
        : m0{spread<W>(table, 0)}, m1{spread<W>(table, 1)}, m2{spread<W>(table, 2)}, m3{spread<W>(table, 3)} {}
    W operator()(W s, W d) const noexcept { return choose<W>(s, choose<W>(d, m0, m1), choose<W>(d, m2, m3)); }
    W m0, m1, m2, m3;
};

template <class W> struct Ternary {
    explicit Ternary(unsigned table) noexcept : low{table & 15u}, high{table >> 4} {}
    W operator()(W p, W s, W d) const noexcept { return choose<W>(p, low(s, d), high(s, d)); }
    Binary<W> low, high;
};

template <class W> W load(const uint8_t *p) noexcept {
    W w;
    std::memcpy(&w, p, sizeof w);
    return w;
}

template <class W> void store(uint8_t *p, W w) noexcept { std::memcpy(p, &w, sizeof w); }

// Calls f(offset, word type) over `bytes`: whole words first, then bytes.
template <class F> void each_word(std::size_t bytes, F &&f) noexcept {
    std::size_t i = 0;
    for (; i + sizeof(Word) <= bytes; i += sizeof(Word))
        f(i, Word{});
    for (; i < bytes; ++i)
        f(i, uint8_t{});
}

// The part of a repeated colour that lies at byte `offset` of a row.
template <class W> W colour_at(uint32_t colour, std::size_t offset) noexcept {
    if constexpr (sizeof(W) == 1)
        return static_cast<uint8_t>(colour >> (offset % 4 * 8));
    else
        return static_cast<W>(colour) << 32 | colour;
}

}

Rop2 rop2_from_descriptor(uint16_t ropd, RopInputs inputs) noexcept {
    const unsigned s_bit = inputs == RopInputs::source_dest ? invers_src : invers_brush;
    const unsigned d_bit = inputs == RopInputs::brush_source ? invers_src : invers_dest;
    // Truth tables of s and d themselves; complementing a table complements the value.
    const unsigned s = (ropd & s_bit) != 0 ? 0x3u : 0xcu;
    const unsigned d = (ropd & d_bit) != 0 ? 0x5u : 0xau;
    const unsigned invert = (ropd & invers_res) != 0 ? 0xfu : 0u;
    unsigned table = 0xc; // no operation bit: plain source
    if ((ropd & op_put) != 0)
        table = s ^ invert;
    else if ((ropd & op_or) != 0)
        table = (s | d) ^ invert;
    else if ((ropd & op_and) != 0)
        table = (s & d) ^ invert;
    else if ((ropd & op_xor) != 0)
        table = (s ^ d) ^ invert;
    else if ((ropd & op_blackness) != 0)
        table = rop2_black.table;
    else if ((ropd & op_whiteness) != 0)
        table = rop2_white.table;
    else if ((ropd & op_invers) != 0)
        table = rop2_invert.table;
    return Rop2{static_cast<uint8_t>(table)};
}

void rop2_row(Rop2 rop, uint8_t *dest, const uint8_t *source, std::size_t bytes) noexcept {
    if (rop == rop2_copy) {
        std::memcpy(dest, source, bytes);
        return;
    }
    const Binary<Word> wide{rop.table};
    const Binary<uint8_t> narrow{rop.table};
    each_word(bytes, [&]<class W>(std::size_t i, W) {
        if constexpr (sizeof(W) == 1)
            dest[i] = narrow(source[i], dest[i]);
        else
            store<W>(dest + i, wide(load<W>(source + i), load<W>(dest + i)));
    });
}

void rop2_solid(Rop2 rop, uint8_t *dest, uint32_t colour, std::size_t bytes) noexcept {
    // With a constant source the function of the destination is: flip ^ (keep & d).
    const Binary<uint32_t> f{rop.table};
    const uint32_t flip = f(colour, 0);
    const uint32_t keep = flip ^ f(colour, ~uint32_t{0});
    each_word(bytes, [&]<class W>(std::size_t i, W) {
        store<W>(dest + i, static_cast<W>(colour_at<W>(flip, i) ^ (colour_at<W>(keep, i) & load<W>(dest + i))));
    });
}

void rop3_row(uint8_t rop3, uint8_t *dest, const uint8_t *source, const uint8_t *brush, std::size_t bytes) noexcept {
    const Ternary<Word> wide{rop3};
    const Ternary<uint8_t> narrow{rop3};
    each_word(bytes, [&]<class W>(std::size_t i, W) {
        if constexpr (sizeof(W) == 1)
            dest[i] = narrow(brush[i], source[i], dest[i]);
        else
            store<W>(dest + i, wide(load<W>(brush + i), load<W>(source + i), load<W>(dest + i)));
    });
}

void rop3_solid(uint8_t rop3, uint8_t *dest, const uint8_t *source, uint32_t colour, std::size_t bytes) noexcept {
    const Ternary<Word> wide{rop3};
    const Ternary<uint8_t> narrow{rop3};
    each_word(bytes, [&]<class W>(std::size_t i, W) {
        const W p = colour_at<W>(colour, i);
        if constexpr (sizeof(W) == 1)
            dest[i] = narrow(p, source[i], dest[i]);
        else
            store<W>(dest + i, wide(p, load<W>(source + i), load<W>(dest + i)));
    });
}

}
