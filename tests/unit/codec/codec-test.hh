// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <vector>

#include <glib.h>

// Streams written by hand, for what the golden vectors do not reach.
namespace spice::test {

class Stream {
public:
    Stream &byte(unsigned v) {
        bytes_.push_back(static_cast<std::byte>(v));
        return *this;
    }
    Stream &bytes(std::initializer_list<unsigned> values) {
        for (const unsigned v : values) byte(v);
        return *this;
    }
    Stream &be32(uint32_t v) { return byte(v >> 24).byte(v >> 16 & 255).byte(v >> 8 & 255).byte(v & 255); }
    Stream &le32(uint32_t v) { return byte(v & 255).byte(v >> 8 & 255).byte(v >> 16 & 255).byte(v >> 24); }
    Stream &be64(uint64_t v) { return be32(static_cast<uint32_t>(v >> 32)).be32(static_cast<uint32_t>(v)); }
    Stream &append(const Stream &other) {
        bytes_.insert(bytes_.end(), other.bytes_.begin(), other.bytes_.end());
        return *this;
    }
    // Of exactly this size, so that AddressSanitizer sees every read beyond it.
    const std::vector<std::byte> &get() {
        bytes_.shrink_to_fit();
        return bytes_;
    }
    operator std::span<const std::byte>() { return get(); }

private:
    std::vector<std::byte> bytes_;
};

inline Stream lz_header(uint32_t type, uint32_t width, uint32_t height, uint32_t stride, uint32_t top_down = 1) {
    Stream s;
    return s.be32(0x20205a4c).be32(0x00010001).be32(type).be32(width).be32(height).be32(stride).be32(top_down);
}

inline Stream glz_header(unsigned type, uint32_t width, uint32_t height, uint64_t id, uint32_t win_head_dist,
                         bool top_down = true) {
    Stream s;
    const uint32_t bytes = type == 6 ? 2 : type == 7 ? 3 : 4;
    s.be32(0x20205a4c).be32(0x00010001).byte(type | (top_down ? 16 : 0)).be32(width).be32(height).be32(width * bytes);
    return s.be64(id).be32(win_head_dist);
}

inline uint32_t pixel32(const codec::BitmapView &image, uint32_t x, uint32_t y) {
    uint32_t v = 0;
    std::memcpy(&v, image.row(y) + 4 * x, 4);
    return v;
}
inline uint16_t pixel16(const codec::BitmapView &image, uint32_t x, uint32_t y) {
    uint16_t v = 0;
    std::memcpy(&v, image.row(y) + 2 * x, 2);
    return v;
}
inline unsigned pixel8(const codec::BitmapView &image, uint32_t x, uint32_t y) {
    return std::to_integer<unsigned>(image.row(y)[x]);
}

inline void assert_bytes(const codec::PixelBuffer &buffer, const void *expected, std::size_t size) {
    g_assert_cmpuint(buffer.size(), ==, size);
    g_assert_true(std::memcmp(buffer.data(), expected, size) == 0);
}

template <class R> void assert_ok(const R &result) {
    if (!result) g_error("%s", result.error().what.c_str());
}

}
