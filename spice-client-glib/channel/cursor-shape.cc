// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/cursor-shape.hh"

#include <algorithm>
#include <array>

namespace spice::channel {

namespace {

constexpr uint32_t max_side = 1024;
constexpr uint32_t opaque = 0xff000000;
// Pixels that invert what is below them cannot be shown by an ordinary cursor: a checkerboard stands for them.
constexpr uint32_t invert_dark = 0xc0303030, invert_light = 0x30505050;

using Data = std::span<const std::byte>;

uint32_t byte_at(Data data, std::size_t i) noexcept { return std::to_integer<uint32_t>(data[i]); }
uint32_t word16(Data data, std::size_t i) noexcept { return byte_at(data, 2 * i) | byte_at(data, 2 * i + 1) << 8; }
uint32_t word32(Data data, std::size_t i) noexcept {
    return byte_at(data, 4 * i) | byte_at(data, 4 * i + 1) << 8 | byte_at(data, 4 * i + 2) << 16 |
           byte_at(data, 4 * i + 3) << 24;
}
bool bit_at(Data data, std::size_t i) noexcept { return (byte_at(data, i / 8) & (0x80u >> (i % 8))) != 0; }

void put(CursorShape &shape, std::size_t i, uint32_t argb) noexcept {
    auto *out = shape.rgba.data() + 4 * i;
    out[0] = static_cast<uint8_t>(argb >> 16);
    out[1] = static_cast<uint8_t>(argb >> 8);
    out[2] = static_cast<uint8_t>(argb);
    out[3] = static_cast<uint8_t>(argb >> 24);
}

// `inverts` tells which colour under a set mask bit stands for inversion.
void put_masked(CursorShape &shape, std::size_t i, uint32_t color, bool masked, bool inverts) noexcept {
    if (masked && inverts) {
        const auto x = i % shape.width, y = i / shape.width;
        put(shape, i, ((x ^ y) & 1) ? invert_dark : invert_light);
    } else {
        put(shape, i, color | (masked ? 0 : opaque));
    }
}

struct Layout {
    std::size_t pixels; // bytes before the palette
    std::size_t palette;
    std::size_t mask;
};

Layout layout_of(int type, std::size_t width, std::size_t height) noexcept {
    const auto n = width * height;
    const auto mask = (n + 7) / 8;
    switch (type) {
    case SPICE_CURSOR_TYPE_ALPHA: return {4 * n, 0, 0};
    case SPICE_CURSOR_TYPE_MONO: return {2 * height * ((width + 7) / 8), 0, 0};
    case SPICE_CURSOR_TYPE_COLOR4: return {height * ((width + 1) / 2), 64, mask};
    case SPICE_CURSOR_TYPE_COLOR8: return {n, 1024, mask};
    case SPICE_CURSOR_TYPE_COLOR16: return {2 * n, 0, mask};
    case SPICE_CURSOR_TYPE_COLOR24: return {3 * n, 0, mask};
    default: return {4 * n, 0, mask};
    }
}

class MonoCursor {
public:
    MonoCursor(CursorShape &shape, Data data)
        : shape_{shape}, data_{data}, row_{(shape.width + 7u) / 8u}, plane_{row_ * shape.height} {}

    void convert() {
        const auto and_plane = data_.first(plane_);
        const bool outline = std::all_of(and_plane.begin(), and_plane.end(), [](auto b) { return b == std::byte{0xff}; });
        for (unsigned y = 0; y < shape_.height; ++y)
            for (unsigned x = 0; x < shape_.width; ++x) put(shape_, y * std::size_t{shape_.width} + x, pixel(x, y, outline));
    }

private:
    bool and_bit(unsigned x, unsigned y) const { return bit_at(data_.subspan(y * row_), x); }
    bool xor_bit(unsigned x, unsigned y) const { return bit_at(data_.subspan(plane_ + y * row_), x); }

    uint32_t pixel(unsigned x, unsigned y, bool outline) const {
        if (xor_bit(x, y)) return 0xffffffff;
        if (!and_bit(x, y)) return opaque;
        return outline && touches_inverted(x, y) ? opaque : 0;
    }
    // A shape that only inverts is shown white with a black border, so that it stays visible on white.
    bool touches_inverted(unsigned x, unsigned y) const {
        if (x == 0 || y == 0 || x + 1 >= shape_.width || y + 1 >= shape_.height) return false;
        for (unsigned j = y - 1; j <= y + 1; ++j)
            for (unsigned i = x - 1; i <= x + 1; ++i)
                if (xor_bit(i, j)) return true;
        return false;
    }

    CursorShape &shape_;
    Data data_;
    std::size_t row_, plane_;
};

uint32_t expand555(uint32_t p) noexcept { return (p >> 10 & 31) << 19 | (p >> 5 & 31) << 11 | (p & 31) << 3; }

void convert_colors(CursorShape &shape, Data data, const Layout &layout) {
    const auto palette = data.subspan(layout.pixels, layout.palette);
    const auto mask = data.subspan(layout.pixels + layout.palette, layout.mask);
    const auto n = std::size_t{shape.width} * shape.height;
    for (std::size_t i = 0; i < n; ++i) {
        uint32_t color = 0;
        bool inverts = false;
        switch (shape.type) {
        case SPICE_CURSOR_TYPE_COLOR4: {
            const auto pair = byte_at(data, i / 2);
            color = word32(palette, i % 2 ? pair & 15 : pair >> 4);
            inverts = color == 0x00ffffff;
            break;
        }
        case SPICE_CURSOR_TYPE_COLOR8:
            color = word32(palette, byte_at(data, i));
            inverts = color == 0x00ffffff;
            break;
        case SPICE_CURSOR_TYPE_COLOR16: {
            const auto p = word16(data, i);
            color = expand555(p);
            inverts = p == 0x7fff;
            break;
        }
        case SPICE_CURSOR_TYPE_COLOR24:
            color = byte_at(data, 3 * i) | byte_at(data, 3 * i + 1) << 8 | byte_at(data, 3 * i + 2) << 16;
            inverts = color == 0x00ffffff;
            break;
        default:
            color = word32(data, i);
            inverts = color == 0x00ffffff;
        }
        put_masked(shape, i, color, bit_at(mask, i), inverts);
    }
}

}

Result<CursorShape> convert_cursor(const wire::CursorHeader &cursor, std::span<const std::byte> data) {
    if (cursor.type > SPICE_CURSOR_TYPE_COLOR32) return Error{Error::Kind::protocol, "a cursor shape has an unknown type"};
    if (cursor.width == 0 || cursor.height == 0 || cursor.width > max_side || cursor.height > max_side)
        return Error{Error::Kind::protocol, "a cursor shape has an unacceptable size"};
    const auto layout = layout_of(cursor.type, cursor.width, cursor.height);
    if (data.size() < layout.pixels + layout.palette + layout.mask)
        return Error{Error::Kind::protocol, "a cursor shape is cut short"};
    CursorShape shape;
    shape.type = cursor.type;
    shape.width = cursor.width;
    shape.height = cursor.height;
    shape.hot_x = std::min(cursor.hot_x, cursor.width);
    shape.hot_y = std::min(cursor.hot_y, cursor.height);
    shape.rgba.resize(std::size_t{4} * cursor.width * cursor.height);
    if (cursor.type == SPICE_CURSOR_TYPE_ALPHA)
        for (std::size_t i = 0; i < shape.rgba.size() / 4; ++i) put(shape, i, word32(data, i));
    else if (cursor.type == SPICE_CURSOR_TYPE_MONO) MonoCursor{shape, data}.convert();
    else convert_colors(shape, data, layout);
    return shape;
}

}
