// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/dispatch.hh"

#include "codec/convert.hh"
#include "codec/jpeg.hh"
#include "codec/lz.hh"
#include "codec/lz4.hh"
#include "codec/quic.hh"
#include "codec/zlib-glz.hh"

#include <algorithm>
#include <array>
#include <variant>

namespace spice::codec {
namespace {

// Turns an image's alternative into its codec's call.
struct Decode {
    Size size;
    std::span<const uint32_t> palette;
    DecodeTarget target;
    const Limits &limits;

    // 16-bit images stay what they are when they are cached or go to a 16-bit surface.
    bool native555() const noexcept { return target.cached || bits_per_pixel(target.surface) == 16; }

    Result<Bitmap> operator()(const wire::BitmapImage &image) const {
        if (Size{image.width, image.height} != size) return codec_error("bitmap: unexpected size");
        const RawImage raw{
            image.format, (image.flags & SPICE_BITMAP_FLAGS_TOP_DOWN) != 0, size, image.stride, image.data, palette};
        auto out = decode_raw(raw, {target.surface, target.mask}, limits);
        // Palette images are cached in the format of the surface that sees them first, with its alpha.
        const bool direct = image.format >= SPICE_BITMAP_FMT_16BIT;
        if (out && !direct && target.cached && target.surface == Layout::bgra && out->layout == Layout::bgrx)
            out->layout = Layout::bgra;
        return out;
    }
    Result<Bitmap> operator()(const wire::QuicImage &image) const {
        auto out = decode_quic(image.data, size, limits, native555());
        if (out && out->layout == Layout::gray8) return codec_error("quic: grey image");
        return out;
    }
    Result<Bitmap> operator()(const wire::LzPaletteImage &image) const { return decode_lz_image(image.data, true); }
    Result<Bitmap> operator()(const wire::LzRgbImage &image) const { return decode_lz_image(image.data, false); }
    Result<Bitmap> operator()(const wire::JpegImage &image) const { return decode_jpeg(image.data, size, limits); }
    Result<Bitmap> operator()(const wire::JpegAlphaImage &image) const {
        const bool top_down = (image.flags & SPICE_JPEG_ALPHA_FLAGS_TOP_DOWN) != 0;
        return decode_jpeg_alpha(image.data, image.jpeg_size, top_down, size, limits);
    }
    Result<Bitmap> operator()(const wire::Lz4Image &image) const { return decode_lz4(image.data, size, limits); }
    template <class Other> Result<Bitmap> operator()(const Other &) const {
        return Error{Error::Kind::argument, "not an image to decode"};
    }

    Result<Bitmap> decode_lz_image(std::span<const std::byte> in, bool with_palette) const {
        const auto header = read_lz_header(in, limits);
        if (!header) return header.error();
        if (is_palette_type(header->type) != with_palette) return codec_error("lz: type does not fit the image");
        if (!with_palette || target.surface != Layout::rgb555) return decode_lz(in, size, palette, limits, native555());
        // Entries are pixels of the surface: expanded, since the codec knows colours only, and packed again.
        std::array<uint32_t, 256> colours{};
        const auto n = std::min(palette.size(), colours.size());
        std::transform(palette.begin(), palette.begin() + static_cast<std::ptrdiff_t>(n), colours.begin(),
                       [](uint32_t e) {
                           const auto entry = static_cast<uint16_t>(e);
                           uint32_t pixel = 0;
                           row_555_to_bgrx(&pixel, &entry, 1, 0);
                           return pixel;
                       });
        return decode_lz(in, size, std::span{colours}.first(n), limits, true);
    }
};

}

std::optional<BitmapView> view(const wire::Image &image, const Limits &limits) noexcept {
    const auto *bitmap = std::get_if<wire::BitmapImage>(&image.data);
    const Size size{image.width, image.height};
    if (!bitmap || Size{bitmap->width, bitmap->height} != size || image.flags & SPICE_IMAGE_FLAGS_HIGH_BITS_SET)
        return std::nullopt;
    const bool top_down = (bitmap->flags & SPICE_BITMAP_FLAGS_TOP_DOWN) != 0;
    return view_raw({bitmap->format, top_down, size, bitmap->stride, bitmap->data, {}}, limits);
}

Result<Bitmap> decode(const wire::Image &image, std::span<const uint32_t> palette, DecodeTarget target,
                      const Limits &limits) {
    auto out = std::visit(Decode{{image.width, image.height}, palette, target, limits}, image.data);
    if (out && image.flags & SPICE_IMAGE_FLAGS_HIGH_BITS_SET) set_high_bits(out->rows());
    return out;
}

bool is_glz(const wire::Image &image) noexcept {
    return image.type == wire::ImageType::glz_rgb || image.type == wire::ImageType::zlib_glz_rgb;
}

Result<GlzDecoder> make_glz(const wire::Image &image, uint64_t max_pixels, const Limits &limits) {
    const Size size{image.width, image.height};
    const Limits narrow{limits.max_side, std::min(limits.max_pixels, max_pixels)};
    if (const auto *glz = std::get_if<wire::GlzImage>(&image.data)) return GlzDecoder::create(glz->data, size, narrow);
    const auto *zlib = std::get_if<wire::ZlibGlzImage>(&image.data);
    if (!zlib) return Error{Error::Kind::argument, "not a GLZ image"};
    auto inflated = inflate_glz(zlib->data, zlib->glz_size, size, narrow);
    if (!inflated) return inflated.error();
    return GlzDecoder::create(std::move(*inflated), size, narrow);
}

}
