// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

// Unaligned loads in a stated byte order; each compiles to one or two instructions.
namespace spice::codec {

inline uint32_t swap32(uint32_t v) noexcept { return __builtin_bswap32(v); }
inline uint64_t swap64(uint64_t v) noexcept { return __builtin_bswap64(v); }
constexpr bool little_endian = std::endian::native == std::endian::little;

inline uint32_t load_le32(const uint8_t *p) noexcept {
    uint32_t v = 0;
    std::memcpy(&v, p, sizeof v);
    return little_endian ? v : swap32(v);
}
inline uint32_t load_be32(const uint8_t *p) noexcept {
    uint32_t v = 0;
    std::memcpy(&v, p, sizeof v);
    return little_endian ? swap32(v) : v;
}
inline uint64_t load_be64(const uint8_t *p) noexcept {
    uint64_t v = 0;
    std::memcpy(&v, p, sizeof v);
    return little_endian ? swap64(v) : v;
}
inline uint16_t load_le16(const uint8_t *p) noexcept { return static_cast<uint16_t>(p[0] | p[1] << 8); }
inline uint16_t load_be16(const uint8_t *p) noexcept { return static_cast<uint16_t>(p[0] << 8 | p[1]); }

inline const uint8_t *u8(const std::byte *p) noexcept { return reinterpret_cast<const uint8_t *>(p); }
inline uint8_t *u8(std::byte *p) noexcept { return reinterpret_cast<uint8_t *>(p); }
inline uint32_t *u32(std::byte *p) noexcept { return reinterpret_cast<uint32_t *>(p); }
inline uint16_t *u16(std::byte *p) noexcept { return reinterpret_cast<uint16_t *>(p); }

// A read position in a span that outlives it. The caller checks left() before it reads.
struct Input {
    const uint8_t *p = nullptr;
    const uint8_t *end = nullptr;
    Input() noexcept = default;
    explicit Input(std::span<const std::byte> in) noexcept : p{u8(in.data())}, end{p + in.size()} {}
    std::size_t left() const noexcept { return static_cast<std::size_t>(end - p); }
};

}
