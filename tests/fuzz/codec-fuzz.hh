// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"

#include <cstdint>
#include <span>
#include <vector>

// What the codec targets share. Inputs start with a few bytes that choose options; the rest is the encoded image.
namespace spice::fuzz {

constexpr codec::Limits limits{4096, 1u << 20};

class Options {
public:
    Options(const uint8_t *data, std::size_t size) : data_{data}, left_{size} {}
    uint32_t byte() {
        if (left_ == 0) return 0;
        --left_;
        return *data_++;
    }
    uint32_t word() {
        const uint32_t low = byte();
        return low | byte() << 8;
    }
    // A copy of exactly what is left, so that reads beyond it are seen.
    std::vector<std::byte> rest() const {
        const auto *begin = reinterpret_cast<const std::byte *>(data_);
        return {begin, begin + left_};
    }

private:
    const uint8_t *data_;
    std::size_t left_;
};

// Big-endian or little-endian 32 bits at a place that may not exist.
inline uint32_t peek32(std::span<const std::byte> in, std::size_t pos, bool big) {
    uint32_t v = 0;
    for (std::size_t i = 0; i < 4 && pos + i < in.size(); ++i)
        v |= std::to_integer<uint32_t>(in[pos + i]) << (8 * (big ? 3 - i : i));
    return v;
}

// Reads every pixel that a decoder claims to have produced.
inline void use(const codec::BitmapView &image) {
    volatile uint32_t sum = 0;
    for (uint32_t y = 0; y < image.height; ++y)
        for (std::size_t i = 0; i < codec::packed_row_bytes(image.width, image.layout); i += 61)
            sum = sum + std::to_integer<uint32_t>(image.row(y)[i]);
}

}
