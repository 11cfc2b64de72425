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
    case SPICE_BITMAP_FMT_1BIT_BE:
        return 1;
    case SPICE_BITMAP_FMT_4BIT_LE:
    case SPICE_BITMAP_FMT_4BIT_BE:
        return 4;
    case SPICE_BITMAP_FMT_8BIT:
    case SPICE_BITMAP_FMT_8BIT_A:
        return 8;
    case SPICE_BITMAP_FMT_16BIT:
        return 16;
    case SPICE_BITMAP_FMT_24BIT:
        return 24;
    case SPICE_BITMAP_FMT_32BIT:
    case SPICE_BITMAP_FMT_RGBA:
        return 32;
    default:
        return 0;
    }
}

// Where the row of the image that is shown as row y begins.
const uint8_t *source_row(const RawImage &image, uint32_t y) noexcept {
    const std::size_t line = image.top_down ? y : image.size.height - 1 - y;
    return u8(image.data.data()) + line * image.stride;
}

std::optional<Layout> verbatim_layout(uint8_t format) noexcept {
    switch (format) {
    case SPICE_BITMAP_FMT_16BIT:
        return Layout::rgb555;
    case SPICE_BITMAP_FMT_32BIT:
        return Layout::bgrx;
    case SPICE_BITMAP_FMT_RGBA:
        return Layout::bgra;
    case SPICE_BITMAP_FMT_8BIT_A:
        return Layout::a8;
    default:
        return std::nullopt;
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
    case SPICE_BITMAP_FMT_1BIT_BE:
        return IndexFormat::one_be;
    case SPICE_BITMAP_FMT_4BIT_LE:
        return IndexFormat::four_le;
    case SPICE_BITMAP_FMT_4BIT_BE:
        return IndexFormat::four_be;
    default:
        return IndexFormat::eight;
    }
}

template <class Pixel> Status decode_indexed(const RawImage &image, const PixelRows &out) {
    if (image.palette.empty() || (bits_of(image.format) == 1 && image.palette.size() < 2))
        return codec_error("bitmap: indexed image without a palette");
    const PaletteTable<Pixel> table{index_format(image.format), image.palette, BeyondPalette::black};
    for (uint32_t y = 0; y < out.height; ++y)
        table.expand_row(reinterpret_cast<Pixel *>(out.row(y)), source_row(image, y), out.width);
    return success();
}

Status check_image(const RawImage &image, const Limits &limits) {
    if (auto ok = check_size(image.size, limits); !ok) return ok;
    const unsigned bits = bits_of(image.format);
    if (bits == 0) return codec_error("bitmap: unknown format");
    if (image.stride < (uint64_t{image.size.width} * bits + 7) / 8) return codec_error("bitmap: stride too small");
    if (image.data.size() < uint64_t{image.stride} * image.size.height) return codec_error("bitmap: data too short");
    return success();
}

// Everything but masks; the layout of `out` fits the format.
Status decode_rows(const RawImage &image, const PixelRows &out) {
    if (verbatim_layout(image.format)) {
        const std::size_t bytes = packed_row_bytes(out.width, out.layout);
        for (uint32_t y = 0; y < out.height; ++y)
            std::memcpy(out.row(y), source_row(image, y), bytes);
        return success();
    }
    if (image.format == SPICE_BITMAP_FMT_24BIT) {
        for (uint32_t y = 0; y < out.height; ++y)
            row_bgr_to_bgrx(u32(out.row(y)), source_row(image, y), out.width);
        return success();
    }
    return bits_per_pixel(out.layout) == 16 ? decode_indexed<uint16_t>(image, out)
                                            : decode_indexed<uint32_t>(image, out);
}

void clear_padding(Bitmap &bitmap) noexcept {
    const std::size_t bytes = packed_row_bytes(bitmap.width, bitmap.layout);
    if (bytes == bitmap.stride) return;
    for (uint32_t y = 0; y < bitmap.height; ++y)
        std::memset(bitmap.row(y) + bytes, 0, bitmap.stride - bytes);
}

}

std::optional<BitmapView> view_raw(const RawImage &image, const Limits &limits) noexcept {
    const auto layout = verbatim_layout(image.format);
    constexpr std::size_t pixel = 4;
    if (!layout || bits_per_pixel(*layout) != 8 * pixel || image.stride % pixel != 0 || !check_image(image, limits))
        return std::nullopt;
    if (reinterpret_cast<uintptr_t>(image.data.data()) % pixel != 0) return std::nullopt;
    const auto stride = static_cast<std::ptrdiff_t>(image.stride);
    return BitmapView{reinterpret_cast<const std::byte *>(source_row(image, 0)), image.size.width, image.size.height,
                      image.top_down ? stride : -stride, *layout};
}

Result<Bitmap> decode_raw(const RawImage &image, RawTarget target, const Limits &limits) {
    if (auto ok = check_image(image, limits); !ok) return ok.error();
    const bool one_bit = bits_of(image.format) == 1;
    if (image.format == SPICE_BITMAP_FMT_1BIT_LE || (one_bit && target.mask)) return decode_mask(image, limits);
    const bool indexed = !verbatim_layout(image.format) && image.format != SPICE_BITMAP_FMT_24BIT;
    const bool narrow = indexed && bits_per_pixel(target.surface) == 16;
    const auto layout = narrow ? target.surface : verbatim_layout(image.format).value_or(Layout::bgrx);
    auto out = make_bitmap(image.size, layout, limits);
    if (!out) return out;
    if (auto ok = decode_rows(image, out->rows()); !ok) return ok.error();
    clear_padding(*out);
    return out;
}

}
