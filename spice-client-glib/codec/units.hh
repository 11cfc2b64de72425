// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"
#include "codec/copies.hh"

// What the LZ and GLZ token loops write to. Each unit type has the number of input bytes per literal, the bias of
// match lengths, and how literals and matches are stored. Positions count units; the loops have checked all ranges.
// The wild ones may write up to `wild_units` beyond what was asked for, and read up to four bytes beyond literals.
namespace spice::codec {

constexpr std::size_t wild_units = 32;
constexpr std::size_t max_literals = 32;
constexpr std::size_t wild_input = 100; // 32 literals of three bytes, and the four

constexpr uint32_t expand_555(uint32_t v) noexcept {
    const uint32_t spread = (v & 0x7c00) << 9 | (v & 0x3e0) << 6 | (v & 0x1f) << 3;
    return spread | (spread >> 5 & 0x00070707u);
}

struct Bgr32Units {
    using Unit = uint32_t;
    static constexpr unsigned literal_bytes = 3;
    static constexpr unsigned bias = 0;
    uint32_t *out;
    ExpandBgr expand = expand_bgr();

    void literals(std::size_t pos, const uint8_t *in, std::size_t n, std::size_t available) noexcept {
        uint32_t *dst = out + pos;
        // Four bytes are loaded for three; only the last literal of the input has nothing behind it.
        const std::size_t wide = n * 3 < available ? n : n - 1;
        for (std::size_t i = 0; i < wide; ++i, in += 3)
            dst[i] = load_le32(in) & 0x00ffffffu;
        if (wide < n) dst[wide] = static_cast<uint32_t>(in[0] | in[1] << 8 | in[2] << 16);
    }
    [[gnu::always_inline]] void wild_literals(std::size_t pos, const uint8_t *in, std::size_t n) noexcept {
        uint32_t *dst = out + pos;
        if (n > 8) return expand(dst, in, n);
        for (std::size_t i = 0; i < n; i += 4, in += 12)
            for (std::size_t k = 0; k < 4; ++k)
                dst[i + k] = load_le32(in + 3 * k) & 0x00ffffffu;
    }
    void match(std::size_t pos, std::size_t distance, std::size_t len) noexcept {
        copy_match(out + pos, distance, len);
    }
    void match_from(std::size_t pos, const uint32_t *src, std::size_t len) noexcept {
        std::memcpy(out + pos, src, len * 4);
    }
};

struct Rgb16To32Units {
    using Unit = uint32_t;
    static constexpr unsigned literal_bytes = 2;
    static constexpr unsigned bias = 1;
    uint32_t *out;
    void literals(std::size_t pos, const uint8_t *in, std::size_t n, std::size_t) noexcept {
        for (std::size_t i = 0; i < n; ++i)
            out[pos + i] = expand_555(load_be16(in + 2 * i));
    }
    [[gnu::always_inline]] void wild_literals(std::size_t pos, const uint8_t *in, std::size_t n) noexcept {
        literals(pos, in, n, 0);
    }
    void match(std::size_t pos, std::size_t distance, std::size_t len) noexcept {
        copy_match(out + pos, distance, len);
    }
    void match_from(std::size_t pos, const uint32_t *src, std::size_t len) noexcept {
        std::memcpy(out + pos, src, len * 4);
    }
};

struct Rgb16Units {
    using Unit = uint16_t;
    static constexpr unsigned literal_bytes = 2;
    static constexpr unsigned bias = 1;
    uint16_t *out;
    void literals(std::size_t pos, const uint8_t *in, std::size_t n, std::size_t) noexcept {
        for (std::size_t i = 0; i < n; ++i)
            out[pos + i] = load_be16(in + 2 * i);
    }
    [[gnu::always_inline]] void wild_literals(std::size_t pos, const uint8_t *in, std::size_t n) noexcept {
        literals(pos, in, n, 0);
    }
    void match(std::size_t pos, std::size_t distance, std::size_t len) noexcept {
        copy_match(out + pos, distance, len);
    }
};

struct ByteUnits {
    using Unit = uint8_t;
    static constexpr unsigned literal_bytes = 1;
    static constexpr unsigned bias = 2;
    uint8_t *out;
    void literals(std::size_t pos, const uint8_t *in, std::size_t n, std::size_t) noexcept {
        std::memcpy(out + pos, in, n);
    }
    [[gnu::always_inline]] void wild_literals(std::size_t pos, const uint8_t *in, std::size_t) noexcept {
        std::memcpy(out + pos, in, max_literals);
    }
    void match(std::size_t pos, std::size_t distance, std::size_t len) noexcept {
        copy_match(out + pos, distance, len);
    }
};

// The alpha of 32-bit pixels whose colour stays as it is.
struct AlphaUnits {
    using Unit = uint32_t;
    static constexpr unsigned literal_bytes = 1;
    static constexpr unsigned bias = 2;
    uint32_t *out;
    static uint32_t with_alpha(uint32_t pixel, uint32_t alpha) noexcept { return (pixel & 0x00ffffffu) | alpha; }
    void literals(std::size_t pos, const uint8_t *in, std::size_t n, std::size_t) noexcept {
        for (std::size_t i = 0; i < n; ++i)
            out[pos + i] = with_alpha(out[pos + i], uint32_t{in[i]} << 24);
    }
    void match(std::size_t pos, std::size_t distance, std::size_t len) noexcept {
        uint32_t *dst = out + pos;
        const uint32_t *src = dst - distance;
        if (distance == 1) {
            const uint32_t alpha = *src & 0xff000000u;
            for (std::size_t i = 0; i < len; ++i)
                dst[i] = with_alpha(dst[i], alpha);
        } else {
            for (std::size_t i = 0; i < len; ++i)
                dst[i] = with_alpha(dst[i], src[i] & 0xff000000u);
        }
    }
    void match_from(std::size_t pos, const uint32_t *src, std::size_t len) noexcept {
        for (std::size_t i = 0; i < len; ++i)
            out[pos + i] = with_alpha(out[pos + i], src[i] & 0xff000000u);
    }
};

// Lets the token loop write to rows that do not follow one another in memory: what crosses the end of a row, at its
// source or at its destination, is done in pieces.
template <class Units> class RowUnits {
public:
    static constexpr unsigned literal_bytes = Units::literal_bytes;
    static constexpr unsigned bias = Units::bias;
    explicit RowUnits(const PixelRows &rows) noexcept : rows_{rows}, row_{Units{u32(rows.data)}} {}

    void literals(std::size_t pos, const uint8_t *in, std::size_t n, std::size_t available) noexcept {
        while (n > 0) {
            const std::size_t x = enter(pos), piece = std::min(n, rows_.width - x);
            row_.literals(x, in, piece, available);
            in += piece * literal_bytes;
            available -= piece * literal_bytes;
            pos += piece;
            n -= piece;
        }
    }
    [[gnu::always_inline]] void wild_literals(std::size_t pos, const uint8_t *in, std::size_t n) noexcept {
        const std::size_t x = enter(pos);
        if (x + n + wild_units <= rows_.width) return row_.wild_literals(x, in, n);
        literals(pos, in, n, wild_input);
    }
    void match(std::size_t pos, std::size_t distance, std::size_t len) noexcept {
        while (len > 0) {
            const std::size_t x = enter(pos), from = pos - distance, from_x = from % rows_.width;
            const std::size_t piece = std::min({len, rows_.width - x, rows_.width - from_x});
            if (distance <= x)
                row_.match(x, distance, piece);
            else
                row_.match_from(x, u32(rows_.row(static_cast<uint32_t>(from / rows_.width))) + from_x, piece);
            pos += piece;
            len -= piece;
        }
    }
    [[gnu::always_inline]] void wild_match(std::size_t pos, std::size_t distance, std::size_t len) noexcept {
        const std::size_t x = enter(pos);
        if (distance <= x && x + len + wild_units <= rows_.width) return codec::wild_match(row_.out + x, distance, len);
        match(pos, distance, len);
    }

private:
    // Makes the row of this position, never one further up than before, the current one. Returns the column.
    [[gnu::always_inline]] std::size_t enter(std::size_t pos) noexcept {
        while (pos - row_begin_ >= rows_.width) {
            row_begin_ += rows_.width;
            row_.out = u32(rows_.row(++y_));
        }
        return pos - row_begin_;
    }
    PixelRows rows_;
    Units row_;
    uint32_t y_ = 0;
    std::size_t row_begin_ = 0;
};

}
