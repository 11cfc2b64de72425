// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/quic-bits.hh"
#include "codec/quic-costs.hh"
#include "codec/quic-tables.hh"
#include "codec/simd.hh"

#include <algorithm>
#include <array>
#include <cstring>

// The adaptive model of QUIC (spec/codecs.md §2.4–2.6): one Group per set of planes that share a pacer.
namespace spice::codec::quic {

// Decides when the model learns, and how long runs are coded.
struct Pacer {
    uint32_t skip = 0;
    uint8_t rnd = 255;
    uint8_t phase = 0;
    uint8_t run = 0;
    uint16_t limit = cost_limit[0];
    uint32_t phase_left = pixels_per_phase;

    [[gnu::always_inline]] uint32_t next_skip() noexcept { return pseudo_random[++rnd] & ((1u << phase) - 1); }
    [[gnu::always_inline]] void advance(uint32_t pixels) noexcept {
        if (phase == last_phase) return;
        phase_left -= pixels;
        if (phase_left > 0) return;
        limit = cost_limit[++phase];
        phase_left = pixels_per_phase;
    }
};

template <unsigned bpc> class Plane {
public:
    Plane() noexcept { code_of_.fill(make_code<bpc>(bpc - 1)); }
    // The code of the symbol that follows `symbol`.
    [[gnu::always_inline]] Code code_after(uint32_t symbol) const noexcept { return code_of_[symbol]; }
    // Not inlined: the loop over pixels would lack its registers.
    [[gnu::noinline]] void learn(uint32_t left, uint32_t symbol, unsigned limit) noexcept {
        const unsigned context = golomb<bpc>.context[left];
        use_code(left, context, cost_[context].learn(golomb<bpc>.length[symbol], limit));
    }
#ifdef SPICE_HAVE_AVX2
    [[gnu::always_inline, SPICE_TARGET_AVX2]] void learn_avx2(uint32_t left, uint32_t symbol, unsigned limit) noexcept {
        const unsigned context = golomb<bpc>.context[left];
        use_code(left, context, cost_[context].learn_avx2(golomb<bpc>.length[symbol], limit));
    }
#endif

private:
    [[gnu::always_inline]] void use_code(uint32_t left, unsigned context, unsigned place) noexcept {
        if (const unsigned code = bpc - 1 - place; number_of(code_of_[left]) != code) set_code(context, code);
    }
    [[gnu::noinline]] void set_code(unsigned context, unsigned code) noexcept {
        const unsigned first = (1u << context) - 1;
        const unsigned end = context + 1 == Golomb<bpc>::contexts ? Golomb<bpc>::symbols : 2 * first + 1;
        std::fill_n(code_of_.begin() + first, end - first, make_code<bpc>(code));
    }
    std::array<Costs, Golomb<bpc>::contexts> cost_;
    std::array<Code, Golomb<bpc>::symbols> code_of_; // per symbol rather than per context: one look-up less
};

// Planes that are coded together and share a pacer: r, g, b in bits 16, 8, 0 of the pixel, or one in bits 24..31.
template <unsigned planes, unsigned bpc, Simd kind> class Group {
    static_assert(planes == 1 || planes == 3);

public:
    [[gnu::always_inline]] Group(uint32_t width, uint32_t *symbols) : width_{width}, symbols_{symbols} {}
    // `above` is null for the first row. False: the data cannot be right.
    [[gnu::always_inline]] bool decode_row(Bits &bits, uint32_t *cur, const uint32_t *above) noexcept {
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
    static constexpr uint32_t mask = 0x00ffffffu;
    static constexpr uint32_t low_bits = bpc == 8 ? 0x007f7f7fu : 0x000f0f0fu;
    struct Codes {
        Code code[planes];
    };

    [[gnu::always_inline]] static uint32_t get(uint32_t pixel) noexcept {
        return planes == 3 ? pixel & mask : pixel >> 24;
    }
    [[gnu::always_inline]] static uint32_t put(uint32_t old, uint32_t value) noexcept {
        return planes == 3 ? value : (old & 0x00ffffffu) | value << 24;
    }
    [[gnu::always_inline]] static uint32_t average(uint32_t a, uint32_t b) noexcept {
        return (a & b) + (((a ^ b) & 0x00fefefeu) >> 1);
    }
    // symbol to residual, in all planes at once: s odd ? M - (s >> 1) : s >> 1
    [[gnu::always_inline]] static uint32_t unfold(uint32_t s) noexcept {
        return ((s >> 1) & low_bits) ^ ((s & 0x00010101u) * ((1u << bpc) - 1));
    }
    [[gnu::always_inline]] static uint32_t add(uint32_t a, uint32_t b) noexcept {
        if constexpr (bpc == 5) return (a + b) & 0x001f1f1fu;
        return ((a & 0x007f7f7fu) + (b & 0x007f7f7fu)) ^ ((a ^ b) & 0x00808080u);
    }
    // That of one plane, of a pixel's symbols; nothing is above those of the first.
    [[gnu::always_inline]] static uint32_t symbol_of(uint32_t s, unsigned plane) noexcept {
        return plane == 0 ? s >> 8 * (planes - 1) : s >> 8 * (planes - 1 - plane) & 255;
    }
    [[gnu::always_inline]] Codes codes_after(uint32_t s) const noexcept {
        Codes codes{};
        for (unsigned i = 0; i < planes; ++i)
            codes.code[i] = plane_[i].code_after(symbol_of(s, i));
        return codes;
    }
    // Reads the symbols of the pixel after the one with symbols `left`; moves `codes` on to those of the next one.
    [[gnu::always_inline]] uint32_t read_pixel(Bits &in, Ahead &ahead, Codes &codes, uint32_t left) const noexcept {
        uint32_t s[planes];
        if constexpr (planes == 1)
            s[0] = read_one(in, ahead, codes.code[0]);
        else
            read_three(in, ahead, codes, left, s);
        for (unsigned i = 0; i < planes; ++i)
            codes.code[i] = plane_[i].code_after(s[i]);
        if constexpr (planes == 3)
            return s[0] << 16 | s[1] << 8 | s[2];
        else
            return s[0];
    }
    // Several symbols from one look at the data: the next one does not wait for memory.
    [[gnu::always_inline]] uint32_t read_one(Bits &in, Ahead &ahead, Code code) const noexcept {
        unsigned used = 0;
        uint32_t s = take_symbol<bpc>(ahead.window, used, code);
        if (used > ahead.bits) [[unlikely]] {
            ahead = in.look_ahead();
            used = 0;
            s = take_symbol<bpc>(ahead.window, used, code);
        }
        in.skip(used);
        ahead.bits -= used;
        return s;
    }
    // What follows the first symbol is loaded before the length of the other two is known, and shifted when it is.
    [[gnu::always_inline]] void read_three(Bits &in, Ahead &ahead, Codes &codes, uint32_t left,
                                           uint32_t *s) const noexcept {
        uint64_t window = ahead.window;
        unsigned used = 0;
        s[0] = take_symbol<bpc>(window, used, codes.code[0]);
        const unsigned first = used;
        const uint64_t next = in.window_after(first);
        for (unsigned i = 1; i < planes; ++i)
            s[i] = take_symbol<bpc>(window, used, codes.code[i]);
        if (used <= ahead.bits) [[likely]] {
            in.skip(used);
            ahead = {next << (used - first) | 1, Bits::window_bits - (used - first)};
            return;
        }
        codes = codes_after(left);              // so that they need not be kept until here
        for (unsigned i = 0; i < planes; ++i) { // long codes: one by one
            window = in.window();
            used = 0;
            s[i] = take_symbol<bpc>(window, used, codes.code[i]);
            in.skip(used);
        }
        ahead = in.look_ahead();
    }
    [[gnu::always_inline]] void learn(uint32_t left, uint32_t s) noexcept {
#ifdef SPICE_HAVE_AVX2
        if constexpr (kind == Simd::avx2) return learn_avx2(left, s);
#endif
        for (unsigned i = 0; i < planes; ++i)
            plane_[i].learn(symbol_of(left, i), symbol_of(s, i), pacer_.limit);
    }
#ifdef SPICE_HAVE_AVX2
    // One call, so that the loop over pixels keeps its registers, and all planes in it: they do not wait for each other.
    [[gnu::noinline, SPICE_TARGET_AVX2]] void learn_avx2(uint32_t left, uint32_t s) noexcept {
#pragma GCC unroll 3
        for (unsigned i = 0; i < planes; ++i)
            plane_[i].learn_avx2(symbol_of(left, i), symbol_of(s, i), pacer_.limit);
    }
#endif
    // The first pixel of a row: predicted from above only, never part of a run.
    [[gnu::always_inline]] void first_pixel(Bits &in, uint32_t *cur, uint32_t pred) noexcept {
        auto codes = codes_after(symbols_[0]);
        auto ahead = in.look_ahead();
        const uint32_t s = read_pixel(in, ahead, codes, symbols_[0]);
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
    [[gnu::always_inline]] uint32_t read_run(Bits &in, uint32_t room) noexcept {
        const uint64_t window = in.window();
        const auto ones = static_cast<unsigned>(__builtin_clzll(~window | 1));
        const unsigned state = pacer_.run + ones;
        if (state >= run_bits.size() - 1) [[unlikely]]
            return read_long_run(in, room);
        const unsigned rest = run_bits[state];
        const uint32_t n = pixels_before_state[state] - pixels_before_state[pacer_.run];
        in.skip(ones + 1 + rest);
        pacer_.run = static_cast<uint8_t>(state - (state > 0));
        return n + static_cast<uint32_t>(window << ones << 1 >> 1 >> (63 - rest));
    }
    [[gnu::noinline]] uint32_t read_long_run(Bits &in, uint32_t room) noexcept {
        uint32_t n = 0;
        while (in.read(1) != 0) {
            n += 1u << run_bits[pacer_.run];
            if (n > room) return n;
            if (pacer_.run < run_bits.size() - 1) ++pacer_.run;
        }
        n += in.read(run_bits[pacer_.run]);
        if (pacer_.run > 0) --pacer_.run;
        return n;
    }
    // May write the same value to pixels of this row that are not decoded yet.
    [[gnu::always_inline]] void fill(uint32_t *row, uint32_t x, uint32_t n, uint32_t value) const noexcept {
        constexpr uint32_t step = 8, many = 64;
        if (planes == 3 && n >= many) {
            std::fill_n(row + x, n, value);
            return;
        }
        uint32_t i = x;
        for (; i < x + n && i + step <= width_; i += step)
            for (uint32_t k = 0; k < step; ++k)
                row[i + k] = put(row[i + k], value);
        for (; i < x + n; ++i)
            row[i] = put(row[i], value);
    }
    template <bool first_row> [[gnu::always_inline]] bool segment(Bits &bits, uint32_t *cur, const uint32_t *above,
                                                                  uint32_t x, uint32_t end) noexcept;

    uint32_t width_;
    uint32_t *symbols_; // of position x at x + 1, zero at first; a pixel inside a run keeps what an older row left there
    Pacer pacer_;
    std::array<Plane<bpc>, planes> plane_;
};

template <unsigned planes, unsigned bpc, Simd kind> template <bool first_row> [[gnu::always_inline]] inline bool
Group<planes, bpc, kind>::segment(Bits &bits, uint32_t *cur, const uint32_t *above, uint32_t x, uint32_t end) noexcept {
    Bits in = bits;
    if (x == 0) {
        first_pixel(in, cur, first_row ? 0 : get(above[0]));
        x = 1;
    }
    uint32_t due = x + pacer_.skip; // position of the next learning step
    // Copies of what was stored a moment ago: the decision about a run must not wait for memory.
    uint32_t left = get(cur[x - 1]), left2 = x > 1 ? get(cur[x - 2]) : 0, above_left = get(above[x - 1]);
    auto codes = codes_after(symbols_[x]);
    auto ahead = in.look_ahead();
    for (; x < end; ++x) {
        const uint32_t up = first_row ? 0 : get(above[x]);
        if (!first_row && up == above_left && left == left2 && x > 2) {
            pacer_.skip = due - x;
            const uint32_t n = read_run(in, end - x);
            if (n > end - x || in.overrun()) return false;
            ahead = in.look_ahead();
            if (n > 0) {
                fill(cur, x, n, left);
                x += n;
                if (x == end) {
                    bits = in;
                    return true;
                }
                due = x + pacer_.skip;
                codes = codes_after(symbols_[x]);
                above_left = get(above[x - 1]);
                left2 = left;
                --x;
                continue;
            }
        }
        const uint32_t s = read_pixel(in, ahead, codes, symbols_[x]);
        left2 = left;
        left = add(unfold(s), first_row ? left : average(left, up));
        above_left = up;
        cur[x] = put(cur[x], left);
        symbols_[x + 1] = s;
        if (x == due) [[unlikely]] {
            if (in.overrun()) return false;
            learn(symbols_[x], s);
            codes = codes_after(s);
            due = x + 1 + pacer_.next_skip();
        }
    }
    pacer_.skip = due - x;
    bits = in;
    return true;
}

}
