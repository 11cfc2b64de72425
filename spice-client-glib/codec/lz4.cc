// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/lz4.hh"

#include "codec/bytes.hh"
#include "codec/convert.hh"
#include "codec/scratch.hh"

#include <algorithm>
#include <climits>
#include <cstring>
#include <optional>

#include <lz4.h>
#include <spice/enums.h>

namespace spice::codec {
namespace {

struct Format {
    Layout layout;
    unsigned bytes; // per pixel in the stream
};

std::optional<Format> format_of(uint8_t format) noexcept {
    switch (format) {
    case SPICE_BITMAP_FMT_16BIT:
        return Format{Layout::rgb555, 2};
    case SPICE_BITMAP_FMT_24BIT:
        return Format{Layout::bgrx, 3};
    case SPICE_BITMAP_FMT_32BIT:
        return Format{Layout::bgrx, 4};
    case SPICE_BITMAP_FMT_RGBA:
        return Format{Layout::bgra, 4};
    case SPICE_BITMAP_FMT_8BIT_A:
        return Format{Layout::a8, 1};
    default:
        return std::nullopt;
    }
}

// All blocks into one piece of memory: each may refer to the output of those before it. Exactly `size` bytes.
bool decode_blocks(Input in, uint8_t *out, std::size_t size) noexcept {
    LZ4_streamDecode_t stream;
    if (!LZ4_setStreamDecode(&stream, nullptr, 0)) return false;
    std::size_t done = 0;
    while (in.left() > 0) {
        if (in.left() < 4) return false;
        const std::size_t block = load_be32(in.p);
        in.p += 4;
        if (block == 0 || block > in.left() || block > INT_MAX) return false;
        const int room = static_cast<int>(std::min<std::size_t>(size - done, INT_MAX));
        const int n = LZ4_decompress_safe_continue(&stream, reinterpret_cast<const char *>(in.p),
                                                   reinterpret_cast<char *>(out + done), static_cast<int>(block), room);
        if (n <= 0) return false;
        in.p += block;
        done += static_cast<std::size_t>(n);
    }
    return done == size;
}

Error damaged() { return codec_error("lz4: damaged data"); }

struct Header {
    Format format;
    bool top_down = true;
    Input blocks;
};

Result<Header> read_header(std::span<const std::byte> in) {
    if (in.size() < 2) return codec_error("lz4: no header");
    Input input{in};
    const bool top_down = *input.p++ != 0;
    const auto format = format_of(*input.p++);
    if (!format) return codec_error("lz4: unknown format");
    return Header{*format, top_down, input};
}

// Three bytes a pixel, expanded. `rows` begin with the first row of the stream.
Status decode_24bit(const Header &header, const PixelRows &rows) {
    const std::size_t row_bytes = std::size_t{rows.width} * 3, size = row_bytes * rows.height;
    Scratch packed{size};
    if (!packed) return Error{Error::Kind::internal, "no memory for an image"};
    if (!decode_blocks(header.blocks, u8(packed.data()), size)) return damaged();
    for (uint32_t y = 0; y < rows.height; ++y)
        row_bgr_to_bgrx(u32(rows.row(y)), u8(packed.data()) + row_bytes * y, rows.width);
    return success();
}

}

Result<Bitmap> decode_lz4(std::span<const std::byte> in, Size expected, const Limits &limits) {
    const auto header = read_header(in);
    if (!header) return header.error();
    auto out = make_bitmap(expected, header->format.layout, limits);
    if (!out) return out;
    if (header->format.bytes == 3) {
        auto ok = decode_24bit(*header, header->top_down ? out->rows() : flipped(out->rows()));
        return ok ? std::move(out) : ok.error();
    }
    // Into the bitmap's own memory, and then to the places of the rows.
    if (!decode_blocks(header->blocks, u8(out->data.data()),
                       static_cast<std::size_t>(expected.pixels() * header->format.bytes)))
        return damaged();
    spread_packed_rows(*out);
    if (!header->top_down) flip_rows(out->rows());
    return out;
}

}
