// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/raw.hh"

#include "codec/bytes.hh"
#include "codec/convert.hh"
#include "codec/palette.hh"

#include <cstring>
#include <optional>

#include <spice/enums.h>

namespace spice::codec {
namespace {

unsigned bits_of(uint8_t format) noexcept {
    switch (format) {
    case SPICE_BITMAP_FMT_1BIT_LE:
    case SPICE_BITMAP_FMT_1BIT_BE: return 1;
    case SPICE_BITMAP_FMT_4BIT_LE:
    case SPICE_BITMAP_FMT_4BIT_BE: return 4;
    case SPICE_BITMAP_FMT_8BIT:
    case SPICE_BITMAP_FMT_8BIT_A: return 8;
    case SPICE_BITMAP_FMT_16BIT: return 16;
    case SPICE_BITMAP_FMT_24BIT: return 24;
    case SPICE_BITMAP_FMT_32BIT:
    case SPICE_BITMAP_FMT_RGBA: return 32;
    default: return 0;
    }
}

// Where the row of the image that is shown as row y begins.
const uint8_t *source_row(const RawImage &image, uint32_t y) noexcept {
    const std::size_t line = image.top_down ? y : image.size.height - 1 - y;
    return u8(image.data.data()) + line * image.stride;
}

std::optional<Layout> verbatim_layout(uint8_t format) noexcept {
    switch (format) {
    case SPICE_BITMAP_FMT_16BIT: return Layout::rgb555;
    case SPICE_BITMAP_FMT_32BIT: return Layout::bgrx;
    case SPICE_BITMAP_FMT_RGBA: return Layout::bgra;
    case SPICE_BITMAP_FMT_8BIT_A: return Layout::a8;
    default: return std::nullopt;
    }
}

uint8_t reversed_bits(unsigned v) noexcept {
    v = (v & 0xf0) >> 4 | (v & 0x0f) << 4;
    v = (v & 0xcc) >> 2 | (v & 0x33) << 2;
    return static_cast<uint8_t>((v & 0xaa) >> 1 | (v & 0x55) << 1);
}

Result<Bitmap> decode_mask(const RawImage &image, const Limits &limits) {
    auto out = make_bitmap(image.size, Layout::a1, limits);
    if (!out) return out;
    const std::size_t bytes = packed_row_bytes(image.size.width, Layout::a1);
    for (uint32_t y = 0; y < out->height; ++y) {
        uint8_t *dst = u8(out->row(y));
        const uint8_t *src = source_row(image, y);
        std::memset(dst, 0, out->stride);
        for (std::size_t i = 0; i < bytes; ++i)
            dst[i] = image.format == SPICE_BITMAP_FMT_1BIT_BE ? reversed_bits(src[i]) : src[i];
    }
    return out;
}

IndexFormat index_format(uint8_t format) noexcept {
    switch (format) {
    case SPICE_BITMAP_FMT_1BIT_BE: return IndexFormat::one_be;
    case SPICE_BITMAP_FMT_4BIT_LE: return IndexFormat::four_le;
    case SPICE_BITMAP_FMT_4BIT_BE: return IndexFormat::four_be;
    default: return IndexFormat::eight;
    }
}

template <class Pixel> Result<Bitmap> decode_indexed(const RawImage &image, Layout layout, const Limits &limits) {
    if (image.palette.empty() || (bits_of(image.format) == 1 && image.palette.size() < 2))
        return codec_error("bitmap: indexed image without a palette");
    auto out = make_bitmap(image.size, layout, limits);
    if (!out) return out;
    const PaletteTable<Pixel> table{index_format(image.format), image.palette, BeyondPalette::black};
    for (uint32_t y = 0; y < out->height; ++y)
        table.expand_row(reinterpret_cast<Pixel *>(out->row(y)), source_row(image, y), out->width);
    return out;
}

Result<Bitmap> decode_verbatim(const RawImage &image, Layout layout, const Limits &limits) {
    auto out = make_bitmap(image.size, layout, limits);
    if (!out) return out;
    const std::size_t bytes = packed_row_bytes(image.size.width, layout);
    for (uint32_t y = 0; y < out->height; ++y) {
        std::memcpy(out->row(y), source_row(image, y), bytes);
        std::memset(out->row(y) + bytes, 0, out->stride - bytes);
    }
    return out;
}

Result<Bitmap> decode_24bit(const RawImage &image, const Limits &limits) {
    auto out = make_bitmap(image.size, Layout::bgrx, limits);
    if (!out) return out;
    for (uint32_t y = 0; y < out->height; ++y) row_bgr_to_bgrx(u32(out->row(y)), source_row(image, y), out->width);
    return out;
}

}

Result<Bitmap> decode_raw(const RawImage &image, RawTarget target, const Limits &limits) {
    if (auto ok = check_size(image.size, limits); !ok) return ok.error();
    const unsigned bits = bits_of(image.format);
    if (bits == 0) return codec_error("bitmap: unknown format");
    if (image.stride < (uint64_t{image.size.width} * bits + 7) / 8) return codec_error("bitmap: stride too small");
    if (image.data.size() < uint64_t{image.stride} * image.size.height) return codec_error("bitmap: data too short");
    if (const auto layout = verbatim_layout(image.format)) return decode_verbatim(image, *layout, limits);
    if (image.format == SPICE_BITMAP_FMT_24BIT) return decode_24bit(image, limits);
    if (image.format == SPICE_BITMAP_FMT_1BIT_LE || (bits == 1 && target.mask)) return decode_mask(image, limits);
    if (target.surface == Layout::rgb555 || target.surface == Layout::rgb565)
        return decode_indexed<uint16_t>(image, target.surface, limits);
    return decode_indexed<uint32_t>(image, Layout::bgrx, limits);
}

}
