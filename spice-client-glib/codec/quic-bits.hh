// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bytes.hh"
#include "codec/quic-tables.hh"

#include <cstddef>
#include <cstdint>

// The bit stream of QUIC and its symbols (spec/codecs.md §2.1, §2.5). Everything here has to be inlined: it is
// compiled for more than one kind of processor.
namespace spice::codec::quic {

// Bits that were looked at before the position reached them.
struct Ahead {
    uint64_t window; // leftmost first; never zero
    unsigned bits;   // how many of them are right
};

// A position in a string of bits, most significant first, that `tail_bytes` zeros follow. Nothing is checked when bits
// are read: ask overrun() at the end of each run and row and whenever the model learns, and stop when it says so.
class Bits {
public:
    // The model learns every 64 pixels or more often; a pixel takes at most three symbols of 26 bits.
    static constexpr std::size_t tail_bytes = 66 * 3 * longest_code / 8 + 16;

    Bits(const uint8_t *data, std::size_t size) noexcept : data_{data}, end_{size * 8} {}
    // The next 57 bits, leftmost first; the rest is not zero, so that it always has a first one.
    [[gnu::always_inline]] uint64_t window() const noexcept { return load_be64(data_ + (pos_ >> 3)) << (pos_ & 7) | 1; }
    static constexpr unsigned window_bits = 57;
    [[gnu::always_inline]] uint64_t window_after(unsigned n) const noexcept {
        return load_be64(data_ + ((pos_ + n) >> 3)) << ((pos_ + n) & 7);
    }
    [[gnu::always_inline]] Ahead look_ahead() const noexcept { return {window(), window_bits}; }
    [[gnu::always_inline]] void skip(std::size_t n) noexcept { pos_ += n; }
    [[gnu::always_inline]] uint32_t read(unsigned n) noexcept { // n ≤ 32
        const auto v = static_cast<uint32_t>(window() >> 1 >> (63 - n));
        skip(n);
        return v;
    }
    [[gnu::always_inline]] bool overrun() const noexcept { return pos_ > end_; }

private:
    const uint8_t *data_;
    std::size_t pos_ = 0; // in bits, as the end
    std::size_t end_;
};

// A code and the zeros its escape prefix has, none for the fixed-length code.
using Code = uint32_t;
template <unsigned bpc> constexpr Code make_code(unsigned code) noexcept {
    return code | (code == bpc - 1 ? 0u : unsigned{golomb<bpc>.prefix[code]} << 8);
}
constexpr unsigned number_of(Code code) noexcept { return code & 0xff; }

// Symbols that are rare, or, with the fixed-length code, the only ones. `length` is that of the symbol.
template <unsigned bpc> uint32_t escaped_symbol(uint64_t window, unsigned code, unsigned &length) noexcept {
    const auto &g = golomb<bpc>;
    const auto bits = static_cast<uint32_t>(window << g.prefix[code] >> 1 >> (63 - g.suffix[code]));
    length = g.prefix[code] + g.suffix[code];
    return (g.escape[code] + bits) & ((1u << bpc) - 1); // damaged data may hold symbols that do not exist
}

// Takes one symbol off the left of `window` and adds its length to `used`.
template <unsigned bpc>
[[gnu::always_inline]] inline uint32_t take_symbol(uint64_t &window, unsigned &used, Code packed) noexcept {
    const unsigned code = number_of(packed), prefix = packed >> 8;
    const auto zeros = static_cast<unsigned>(__builtin_clzll(window));
    if (zeros < prefix) [[likely]] {
        // The one that ends the zeros comes along: it stands for 1 << code.
        window <<= zeros;
        const auto bits = static_cast<uint32_t>(window >> (~code & 63));
        window = window << code << 1;
        used += zeros + 1 + code;
        return ((zeros - 1) << code) + bits;
    }
    if (code == bpc - 1) { // a fixed-length code in disguise; noise uses nothing else
        const auto bits = static_cast<uint32_t>(window >> (64 - bpc));
        window <<= bpc;
        used += bpc;
        return bits ^ (1u << (bpc - 1));
    }
    unsigned length = 0;
    const uint32_t symbol = escaped_symbol<bpc>(window, code, length);
    window <<= length;
    used += length;
    return symbol;
}

}
