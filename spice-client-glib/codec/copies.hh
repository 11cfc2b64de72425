// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bytes.hh"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

// The copies that LZ and GLZ images consist of.
namespace spice::codec {

// Copies `len` units that may overlap their source, ascending: what lies between source and destination repeats.
template <class T> inline void copy_match(T *dst, std::size_t distance, std::size_t len) noexcept {
    constexpr std::size_t chunk = 16 / sizeof(T);
    const T *src = dst - distance;
    if (distance == 1) {
        std::fill_n(dst, len, *src);
    } else if (len < chunk) {
        for (std::size_t i = 0; i < len; ++i)
            dst[i] = src[i];
    } else if (distance >= chunk && len <= 8 * chunk) {
        std::size_t i = 0;
        for (; i + chunk <= len; i += chunk)
            std::memcpy(dst + i, src + i, 16);
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

// Eight bytes that repeat the first `gap` of them, 2 ≤ gap ≤ 7.
[[gnu::always_inline]] inline uint64_t repeated(const uint8_t *src, std::size_t gap) noexcept {
    uint64_t v = 0;
    if constexpr (!little_endian) {
        uint8_t bytes[8];
        for (std::size_t i = 0; i < 8; ++i)
            bytes[i] = src[i % gap];
        std::memcpy(&v, bytes, 8);
        return v;
    }
    std::memcpy(&v, src, 8);
    const std::size_t bits = gap * 8;
    v = v << (64 - bits) >> (64 - bits);
    v |= v << bits;
    return bits * 2 < 64 ? v | v << bits * 2 : v;
}

// The same copy for the middle of an image: up to 32 bytes beyond the end may be written, and read at the source.
template <class T>
[[gnu::always_inline]] inline void wild_match(T *to, std::size_t distance, std::size_t len) noexcept {
    constexpr std::size_t many = 256; // bytes; from here on memset and memcpy are faster
    auto *dst = reinterpret_cast<uint8_t *>(to);
    const std::size_t bytes = len * sizeof(T), gap = distance * sizeof(T);
    const uint8_t *src = dst - gap, *end = dst + bytes;
    if (distance == 1) {
        if (bytes >= many) return static_cast<void>(std::fill_n(to, len, to[-1]));
        T block[32 / sizeof(T)];
        for (auto &unit : block)
            unit = to[-1];
        for (; dst < end; dst += sizeof block)
            std::memcpy(dst, block, sizeof block);
        return;
    }
    if (bytes >= many) return copy_match(to, distance, len);
    if (gap >= 16) {
        for (; dst < end; dst += 32, src += 32) {
            std::memcpy(dst, src, 16);
            std::memcpy(dst + 16, src + 16, 16);
        }
    } else if (gap >= 8) {
        for (; dst < end; dst += 8, src += 8)
            std::memcpy(dst, src, 8);
    } else {
        const uint64_t pattern = repeated(src, gap);
        for (const std::size_t step = 8 - 8 % gap; dst < end; dst += step)
            std::memcpy(dst, &pattern, 8);
    }
}

// Three bytes per pixel to four. May read four bytes and write seven pixels more than asked for.
using ExpandBgr = void (*)(uint32_t *dst, const uint8_t *src, std::size_t n) noexcept;
void expand_bgr_scalar(uint32_t *dst, const uint8_t *src, std::size_t n) noexcept;
ExpandBgr expand_bgr() noexcept; // the best for this processor

// Puts a byte each into the alpha of pixels.
void merge_alpha(uint32_t *pixels, const uint8_t *alpha, std::size_t n) noexcept;

}
