// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bytes.hh"
#include "codec/quic-tables.hh"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

// The adaptive model of QUIC (spec/codecs.md §2.4–2.6): one Group per set of planes that share a pacer.
namespace spice::codec::quic {

// A bit reservoir, most significant bit first, over a byte string that is followed by 8 zero bytes. Past the end it
// yields zeros; the caller asks overrun() often enough to stop soon.
class Bits {
public:
    Bits(const uint8_t *data, std::size_t size) noexcept : data_{data}, size_{size} {}
    // Afterwards at least 56 bits are valid: two of the longest codes.
    void refill() noexcept {
        acc_ |= load_be64(data_ + std::min(offset_, size_)) >> count_;
        offset_ += (63 - count_) >> 3;
        count_ |= 56;
    }
    unsigned count() const noexcept { return count_; }
    uint64_t peek() const noexcept { return acc_; }
    void skip(unsigned n) noexcept {
        acc_ <<= n;
        count_ -= n;
    }
    uint32_t read(unsigned n) noexcept { // n ≤ 32; the caller has refilled
        const uint64_t v = acc_ >> 1 >> (63 - n);
        skip(n);
        return static_cast<uint32_t>(v);
    }
    bool overrun() const noexcept { return offset_ * 8 - count_ > size_ * 8; }

private:
    const uint8_t *data_;
    std::size_t size_;
    std::size_t offset_ = 0;
    uint64_t acc_ = 0;
    unsigned count_ = 0;
};

// Decides when the model learns, and how long runs are coded.
struct Pacer {
    uint32_t skip = 0;
    uint8_t rnd = 255;
    uint8_t phase = 0;
    uint8_t run = 0;
    uint16_t limit = cost_limit[0];
    uint32_t phase_left = pixels_per_phase;

    uint32_t next_skip() noexcept { return pseudo_random[++rnd] & ((1u << phase) - 1); }
    void advance(uint32_t pixels) noexcept {
        if (phase == last_phase) return;
        phase_left -= pixels;
        if (phase_left > 0) return;
        limit = cost_limit[++phase];
        phase_left = pixels_per_phase;
    }
};

template <unsigned bpc> class Plane {
public:
    Plane() noexcept { code_of_.fill(bpc - 1); }
    // The code of the symbol that follows `symbol`.
    uint8_t code_after(uint32_t symbol) const noexcept { return code_of_[symbol]; }
    void learn(uint32_t left, uint32_t symbol, unsigned limit) noexcept {
        const unsigned context = golomb<bpc>.context[left];
        auto &cost = cost_[context];
        const auto &length = golomb<bpc>.length[symbol];
        for (unsigned l = 0; l < 8; ++l) cost[l] = static_cast<uint16_t>(cost[l] + length[l]);
        unsigned best = bpc - 1;
        for (unsigned l = bpc - 1; l-- > 0;)
            if (cost[l] < cost[best]) best = l;
        if (code_of_[left] != best) set_code(context, static_cast<uint8_t>(best));
        if (cost[best] <= limit) return;
        for (unsigned l = 0; l < 8; ++l) cost[l] = static_cast<uint16_t>(cost[l] >> 1);
    }

private:
    void set_code(unsigned context, uint8_t code) noexcept {
        const unsigned first = (1u << context) - 1;
        const unsigned end = context + 1 == Golomb<bpc>::contexts ? Golomb<bpc>::symbols : 2 * first + 1;
        std::memset(&code_of_[first], code, end - first);
    }
    // 16 bits are enough: the lowest cost is halved at 900 at most and grows by at least 1 where others grow by 26.
    std::array<std::array<uint16_t, 8>, Golomb<bpc>::contexts> cost_{};
    std::array<uint8_t, Golomb<bpc>::symbols> code_of_; // per symbol rather than per context: one look-up less
};

template <unsigned bpc> [[gnu::always_inline]] inline uint32_t read_symbol(Bits &in, unsigned code) noexcept {
    if (code == bpc - 1) { // a fixed-length code in disguise; noise uses nothing else
        const uint32_t bits = in.read(bpc);
        return bits ^ (1u << (bpc - 1));
    }
    const auto &g = golomb<bpc>;
    const auto zeros = static_cast<unsigned>(__builtin_clzll(in.peek() | 1));
    if (zeros < g.prefix[code]) [[likely]] {
        const unsigned length = zeros + 1 + code;
        const auto low = static_cast<uint32_t>(in.peek() >> (64 - length)) & ((1u << code) - 1);
        in.skip(length);
        return (zeros << code | low) & ((1u << bpc) - 1);
    }
    in.skip(g.prefix[code]);
    return (g.escape[code] + in.read(g.suffix[code])) & ((1u << bpc) - 1);
}

// Planes that are coded together and share a pacer: r, g, b in bits 16, 8, 0 of the pixel, or one in bits 24..31.
template <unsigned planes, unsigned bpc> class Group {
    static_assert(planes == 1 || planes == 3);

public:
    explicit Group(uint32_t width) : width_{width}, symbols_(std::size_t{width} + 1) {}
    // `above` is null for the first row. False: the data cannot be right.
    bool decode_row(Bits &bits, uint32_t *cur, const uint32_t *above) noexcept {
        Bits in = bits; // a local copy, so that it can stay in registers
        symbols_[0] = above ? symbols_[1] : 0;
        for (uint32_t x = 0; x < width_;) {
            uint32_t n = width_ - x;
            if (pacer_.phase < last_phase) n = std::min(n, pacer_.phase_left);
            const bool ok = above ? segment<false>(in, cur, above, x, x + n) : segment<true>(in, cur, cur, x, x + n);
            if (!ok) return false;
            x += n;
            pacer_.advance(n);
        }
        bits = in;
        return !bits.overrun();
    }

private:
    static constexpr uint32_t mask = planes == 3 ? 0x00ffffffu : 0xffu;
    static constexpr uint32_t low_bits = bpc == 8 ? 0x007f7f7fu : 0x000f0f0fu;
    struct Codes {
        uint8_t code[planes];
    };

    static uint32_t get(uint32_t pixel) noexcept { return planes == 3 ? pixel & mask : pixel >> 24; }
    static uint32_t put(uint32_t old, uint32_t value) noexcept {
        return planes == 3 ? value : (old & 0x00ffffffu) | value << 24;
    }
    static uint32_t average(uint32_t a, uint32_t b) noexcept { return (a & b) + (((a ^ b) & 0x00fefefeu) >> 1); }
    // symbol to residual, in all planes at once: s odd ? M - (s >> 1) : s >> 1
    static uint32_t unfold(uint32_t s) noexcept {
        return ((s >> 1) & low_bits) ^ ((s & 0x00010101u) * ((1u << bpc) - 1));
    }
    static uint32_t add(uint32_t a, uint32_t b) noexcept {
        if constexpr (bpc == 5) return (a + b) & 0x001f1f1fu;
        return ((a & 0x007f7f7fu) + (b & 0x007f7f7fu)) ^ ((a ^ b) & 0x00808080u);
    }
    Codes codes_after(uint32_t s) const noexcept {
        if constexpr (planes == 3)
            return {{plane_[0].code_after(s >> 16), plane_[1].code_after(s >> 8 & 255), plane_[2].code_after(s & 255)}};
        else
            return {{plane_[0].code_after(s)}};
    }
    // Reads the symbols of one pixel and moves `codes` on to those of the next one.
    [[gnu::always_inline]] uint32_t read_pixel(Bits &in, Codes &codes) const noexcept {
        in.refill();
        const uint32_t first = read_symbol<bpc>(in, codes.code[0]);
        codes.code[0] = plane_[0].code_after(first);
        if constexpr (planes == 3) {
            const uint32_t second = read_symbol<bpc>(in, codes.code[1]);
            codes.code[1] = plane_[1].code_after(second);
            if (in.count() < 26) [[unlikely]] in.refill();
            const uint32_t third = read_symbol<bpc>(in, codes.code[2]);
            codes.code[2] = plane_[2].code_after(third);
            return first << 16 | second << 8 | third;
        } else {
            return first;
        }
    }
    void learn(uint32_t left, uint32_t s) noexcept {
        if constexpr (planes == 3) {
            plane_[0].learn(left >> 16, s >> 16, pacer_.limit);
            plane_[1].learn(left >> 8 & 255, s >> 8 & 255, pacer_.limit);
            plane_[2].learn(left & 255, s & 255, pacer_.limit);
        } else {
            plane_[0].learn(left, s, pacer_.limit);
        }
    }
    // The first pixel of a row: predicted from above only, never part of a run.
    void first_pixel(Bits &in, uint32_t *cur, uint32_t pred) noexcept {
        auto codes = codes_after(symbols_[0]);
        const uint32_t s = read_pixel(in, codes);
        symbols_[1] = s;
        cur[0] = put(cur[0], add(unfold(s), pred));
        if (pacer_.skip > 0) {
            --pacer_.skip;
        } else {
            pacer_.skip = pacer_.next_skip();
            learn(symbols_[0], s);
        }
    }
    // A length above `room` means that the data are wrong.
    uint32_t read_run(Bits &in, uint32_t room) noexcept {
        uint32_t n = 0;
        for (;;) {
            if (in.count() < 32) in.refill();
            if (in.read(1) == 0) break;
            n += 1u << run_bits[pacer_.run];
            if (n > room) return n;
            if (pacer_.run < run_bits.size() - 1) ++pacer_.run;
        }
        in.refill();
        n += in.read(run_bits[pacer_.run]);
        if (pacer_.run > 0) --pacer_.run;
        return n;
    }
    static void fill(uint32_t *p, uint32_t n, uint32_t value) noexcept {
        if constexpr (planes == 3)
            std::fill_n(p, n, value);
        else
            for (uint32_t i = 0; i < n; ++i) p[i] = put(p[i], value);
    }
    template <bool first_row>
    bool segment(Bits &bits, uint32_t *cur, const uint32_t *above, uint32_t x, uint32_t end) noexcept;

    uint32_t width_;
    std::vector<uint32_t> symbols_; // of position x at x + 1; a pixel inside a run keeps what an older row left there
    Pacer pacer_;
    std::array<Plane<bpc>, planes> plane_;
};

template <unsigned planes, unsigned bpc>
template <bool first_row>
bool Group<planes, bpc>::segment(Bits &bits, uint32_t *cur, const uint32_t *above, uint32_t x, uint32_t end) noexcept {
    Bits in = bits;
    if (x == 0) {
        first_pixel(in, cur, first_row ? 0 : get(above[0]));
        x = 1;
    }
    uint32_t due = x + pacer_.skip; // position of the next learning step
    uint32_t guard = 0;             // where a run of length 0 was read: not to be tried again
    uint32_t left_symbols = symbols_[x];
    uint32_t left = get(cur[x - 1]);
    uint32_t left2 = x > 1 ? get(cur[x - 2]) : 0;
    uint32_t above_left = get(above[x - 1]);
    auto codes = codes_after(left_symbols);
    while (x < end) {
        const uint32_t up = first_row ? 0 : get(above[x]);
        if (!first_row && up == above_left && left == left2 && x > 2 && x != guard) {
            pacer_.skip = due - x;
            guard = x;
            const uint32_t n = read_run(in, end - x);
            if (n > end - x) return false;
            if (n == 0) continue;
            fill(cur + x, n, left);
            x += n;
            if (x == end) {
                bits = in;
                return true;
            }
            due = x + pacer_.skip;
            left_symbols = symbols_[x];
            above_left = get(above[x - 1]);
            codes = codes_after(left_symbols);
            continue;
        }
        const uint32_t s = read_pixel(in, codes);
        const uint32_t value = add(unfold(s), first_row ? left : average(left, up));
        cur[x] = put(cur[x], value);
        symbols_[x + 1] = s;
        if (x == due) {
            learn(left_symbols, s);
            codes = codes_after(s);
            due = x + 1 + pacer_.next_skip();
        }
        left_symbols = s;
        left2 = left;
        left = value;
        above_left = up;
        ++x;
    }
    pacer_.skip = due - x;
    bits = in;
    return true;
}

}
