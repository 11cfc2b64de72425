// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"
#include "codec/bytes.hh"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

// What the LZ and GLZ token loops write to. Each unit type has the number of input bytes per literal, the bias of
// match lengths, and how literals and matches are stored. Positions count units; the loops have checked all ranges.
namespace spice::codec {

constexpr uint32_t expand_555(uint32_t v) noexcept {
    const uint32_t spread = (v & 0x7c00) << 9 | (v & 0x3e0) << 6 | (v & 0x1f) << 3;
    return spread | (spread >> 5 & 0x00070707u);
}

// Copies `len` units that may overlap their source, ascending: what lies between source and destination repeats.
template <class T> inline void copy_match(T *dst, std::size_t distance, std::size_t len) noexcept {
    constexpr std::size_t chunk = 16 / sizeof(T);
    const T *src = dst - distance;
    if (distance == 1) {
        std::fill_n(dst, len, *src);
    } else if (len < chunk) {
        for (std::size_t i = 0; i < len; ++i) dst[i] = src[i];
    } else if (distance >= chunk && len <= 8 * chunk) {
        std::size_t i = 0;
        for (; i + chunk <= len; i += chunk) std::memcpy(dst + i, src + i, 16);
        // The rest together with some of what was just copied: the same values once more.
        std::memcpy(dst + len - chunk, src + len - chunk, 16);
    } else {
        // The repeated part doubles with every step.
        for (std::size_t ready = distance; len > 0; ready += ready) {
            const std::size_t n = std::min(ready, len);
            std::memcpy(dst, src, n * sizeof(T));
            dst += n;
            len -= n;
        }
    }
}

struct Bgr32Units {
    static constexpr unsigned literal_bytes = 3;
    static constexpr unsigned bias = 0;
    uint32_t *out;
    void literals(std::size_t pos, const uint8_t *in, std::size_t n, std::size_t available) noexcept {
        uint32_t *dst = out + pos;
        // Four bytes are loaded for three; only the last literal of the input has nothing behind it.
        const std::size_t wide = n * 3 < available ? n : n - 1;
        for (std::size_t i = 0; i < wide; ++i, in += 3) dst[i] = load_le32(in) & 0x00ffffffu;
        if (wide < n) dst[wide] = static_cast<uint32_t>(in[0] | in[1] << 8 | in[2] << 16);
    }
    void match(std::size_t pos, std::size_t distance, std::size_t len) noexcept { copy_match(out + pos, distance, len); }
    void match_from(std::size_t pos, const uint32_t *src, std::size_t len) noexcept {
        std::memcpy(out + pos, src, len * 4);
    }
};

struct Rgb16To32Units {
    static constexpr unsigned literal_bytes = 2;
    static constexpr unsigned bias = 1;
    uint32_t *out;
    void literals(std::size_t pos, const uint8_t *in, std::size_t n, std::size_t) noexcept {
        for (std::size_t i = 0; i < n; ++i) out[pos + i] = expand_555(load_be16(in + 2 * i));
    }
    void match(std::size_t pos, std::size_t distance, std::size_t len) noexcept { copy_match(out + pos, distance, len); }
    void match_from(std::size_t pos, const uint32_t *src, std::size_t len) noexcept {
        std::memcpy(out + pos, src, len * 4);
    }
};

struct Rgb16Units {
    static constexpr unsigned literal_bytes = 2;
    static constexpr unsigned bias = 1;
    uint16_t *out;
    void literals(std::size_t pos, const uint8_t *in, std::size_t n, std::size_t) noexcept {
        for (std::size_t i = 0; i < n; ++i) out[pos + i] = load_be16(in + 2 * i);
    }
    void match(std::size_t pos, std::size_t distance, std::size_t len) noexcept { copy_match(out + pos, distance, len); }
};

struct ByteUnits {
    static constexpr unsigned literal_bytes = 1;
    static constexpr unsigned bias = 2;
    uint8_t *out;
    void literals(std::size_t pos, const uint8_t *in, std::size_t n, std::size_t) noexcept {
        std::memcpy(out + pos, in, n);
    }
    void match(std::size_t pos, std::size_t distance, std::size_t len) noexcept { copy_match(out + pos, distance, len); }
};

// The alpha of 32-bit pixels whose colour stays as it is.
struct AlphaUnits {
    static constexpr unsigned literal_bytes = 1;
    static constexpr unsigned bias = 2;
    uint32_t *out;
    static uint32_t with_alpha(uint32_t pixel, uint32_t alpha) noexcept { return (pixel & 0x00ffffffu) | alpha; }
    void literals(std::size_t pos, const uint8_t *in, std::size_t n, std::size_t) noexcept {
        for (std::size_t i = 0; i < n; ++i) out[pos + i] = with_alpha(out[pos + i], uint32_t{in[i]} << 24);
    }
    void match(std::size_t pos, std::size_t distance, std::size_t len) noexcept {
        uint32_t *dst = out + pos;
        const uint32_t *src = dst - distance;
        if (distance == 1) {
            const uint32_t alpha = *src & 0xff000000u;
            for (std::size_t i = 0; i < len; ++i) dst[i] = with_alpha(dst[i], alpha);
        } else {
            for (std::size_t i = 0; i < len; ++i) dst[i] = with_alpha(dst[i], src[i] & 0xff000000u);
        }
    }
    void match_from(std::size_t pos, const uint32_t *src, std::size_t len) noexcept {
        for (std::size_t i = 0; i < len; ++i) out[pos + i] = with_alpha(out[pos + i], src[i] & 0xff000000u);
    }
};

// Lets the token loop write to rows that do not follow one another in memory: what crosses the end of a row, at its
// source or at its destination, is done in pieces.
template <class Units> class RowUnits {
public:
    static constexpr unsigned literal_bytes = Units::literal_bytes;
    static constexpr unsigned bias = Units::bias;
    explicit RowUnits(const PixelRows &rows) noexcept : rows_{rows} {}

    void literals(std::size_t pos, const uint8_t *in, std::size_t n, std::size_t available) noexcept {
        while (n > 0) {
            const auto to = place_of(pos);
            const std::size_t piece = std::min(n, rows_.width - to.x);
            Units{to.row}.literals(to.x, in, piece, available);
            in += piece * literal_bytes;
            available -= piece * literal_bytes;
            pos += piece;
            n -= piece;
        }
    }
    void match(std::size_t pos, std::size_t distance, std::size_t len) noexcept {
        while (len > 0) {
            const auto to = place_of(pos), from = place_of(pos - distance);
            const std::size_t piece = std::min({len, rows_.width - to.x, rows_.width - from.x});
            if (to.row == from.row)
                Units{to.row}.match(to.x, distance, piece);
            else
                Units{to.row}.match_from(to.x, from.row + from.x, piece);
            pos += piece;
            len -= piece;
        }
    }

private:
    struct Place {
        uint32_t *row;
        std::size_t x;
    };
    Place place_of(std::size_t pos) const noexcept {
        return {u32(rows_.row(static_cast<uint32_t>(pos / rows_.width))), pos % rows_.width};
    }
    PixelRows rows_;
};

}
