// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/messages-types.hh"

#include <spice/enums.h>

// Images and what refers to them: brushes, masks (spec/display.md §4.5 to §4.7, §5). Payloads are views of the
// message body; whoever keeps an Image keeps the body alive.
namespace spice::wire {

struct Palette {
    using out_of_line = void;
    uint64_t unique = 0;
    std::vector<uint32_t> entries;
    static constexpr std::tuple fields{Field{"palette.unique", &Palette::unique},
                                       counted<uint16_t>("palette.entries", &Palette::entries)};
};
static_assert(wire_size<Palette>() == 10);
void read_fields(Reader &reader, Palette &m);
void write_fields(Writer &writer, const Palette &m);
void dump_fields(Dumper &dumper, const Palette &m);

enum class ImageType : uint8_t { // the raw byte of the peer: other values occur
    bitmap = SPICE_IMAGE_TYPE_BITMAP,
    quic = SPICE_IMAGE_TYPE_QUIC,
    lz_plt = SPICE_IMAGE_TYPE_LZ_PLT,
    lz_rgb = SPICE_IMAGE_TYPE_LZ_RGB,
    glz_rgb = SPICE_IMAGE_TYPE_GLZ_RGB,
    from_cache = SPICE_IMAGE_TYPE_FROM_CACHE,
    surface = SPICE_IMAGE_TYPE_SURFACE,
    jpeg = SPICE_IMAGE_TYPE_JPEG,
    from_cache_lossless = SPICE_IMAGE_TYPE_FROM_CACHE_LOSSLESS,
    zlib_glz_rgb = SPICE_IMAGE_TYPE_ZLIB_GLZ_RGB,
    jpeg_alpha = SPICE_IMAGE_TYPE_JPEG_ALPHA,
    lz4 = SPICE_IMAGE_TYPE_LZ4,
};

// A type we do not know: this one drawing is to be skipped.
struct UnknownImage {
    static constexpr std::tuple<> fields{};
};

struct BitmapImage {
    uint8_t format = 0; // SPICE_BITMAP_FMT_*
    uint8_t flags = 0;  // SPICE_BITMAP_FLAGS_*
    uint32_t width = 0, height = 0, stride = 0;
    uint64_t palette_id = 0;        // with SPICE_BITMAP_FLAGS_PAL_FROM_CACHE
    std::optional<Palette> palette; // without it; may still be null
    Bytes data;                     // stride × height bytes
    bool palette_cached() const { return flags & SPICE_BITMAP_FLAGS_PAL_FROM_CACHE; }
    bool palette_inline() const { return !palette_cached(); }
    uint64_t data_size() const { return uint64_t{stride} * height; }
    static constexpr std::tuple fields{
        Field{"bitmap.format", &BitmapImage::format},
        Field{"bitmap.flags", &BitmapImage::flags},
        Field{"bitmap.width", &BitmapImage::width},
        Field{"bitmap.height", &BitmapImage::height},
        Field{"bitmap.stride", &BitmapImage::stride},
        When{&BitmapImage::palette_cached, Field{"bitmap.palette_id", &BitmapImage::palette_id}},
        When{&BitmapImage::palette_inline, Pointer{"bitmap.palette", &BitmapImage::palette}},
        Payload{"bitmap.data", &BitmapImage::data, &BitmapImage::data_size}};
};
static_assert(wire_size<BitmapImage>() == 14); // plus 4 or 8 for the palette

struct QuicImage {
    Bytes data;
    static constexpr std::tuple fields{sized<uint32_t>("quic.data", &QuicImage::data)};
};

struct LzPaletteImage {
    uint8_t flags = 0; // SPICE_BITMAP_FLAGS_*
    uint32_t size = 0;
    uint64_t palette_id = 0;        // with SPICE_BITMAP_FLAGS_PAL_FROM_CACHE
    std::optional<Palette> palette; // without it: always there
    Bytes data;
    bool palette_cached() const { return flags & SPICE_BITMAP_FLAGS_PAL_FROM_CACHE; }
    bool palette_inline() const { return !palette_cached(); }
    uint64_t data_size() const { return size; }
    static constexpr std::tuple fields{
        Field{"lz_plt.flags", &LzPaletteImage::flags}, Field{"lz_plt.size", &LzPaletteImage::size},
        When{&LzPaletteImage::palette_cached, Field{"lz_plt.palette_id", &LzPaletteImage::palette_id}},
        When{&LzPaletteImage::palette_inline, Pointer{"lz_plt.palette", &LzPaletteImage::palette, Null::refused}},
        Payload{"lz_plt.data", &LzPaletteImage::data, &LzPaletteImage::data_size}};
};
static_assert(wire_size<LzPaletteImage>() == 5);

struct LzRgbImage {
    Bytes data;
    static constexpr std::tuple fields{sized<uint32_t>("lz_rgb.data", &LzRgbImage::data)};
};

struct GlzImage {
    Bytes data;
    static constexpr std::tuple fields{sized<uint32_t>("glz.data", &GlzImage::data)};
};

struct ZlibGlzImage {
    uint32_t glz_size = 0; // after inflating
    Bytes data;
    static constexpr std::tuple fields{Field{"zlib_glz.glz_size", &ZlibGlzImage::glz_size},
                                       sized<uint32_t>("zlib_glz.data", &ZlibGlzImage::data)};
};

struct JpegImage {
    Bytes data;
    static constexpr std::tuple fields{sized<uint32_t>("jpeg.data", &JpegImage::data)};
};

struct JpegAlphaImage {
    uint8_t flags = 0;      // SPICE_JPEG_ALPHA_FLAGS_*
    uint32_t jpeg_size = 0; // the JPEG part of `data`; an LZ alpha plane follows. Not yet compared with data.size()
    Bytes data;
    static constexpr std::tuple fields{Field{"jpeg_alpha.flags", &JpegAlphaImage::flags},
                                       Field{"jpeg_alpha.jpeg_size", &JpegAlphaImage::jpeg_size},
                                       sized<uint32_t>("jpeg_alpha.data", &JpegAlphaImage::data)};
};

struct Lz4Image {
    Bytes data;
    static constexpr std::tuple fields{sized<uint32_t>("lz4.data", &Lz4Image::data)};
};

struct FromCacheImage {
    static constexpr std::tuple<> fields{};
};

struct FromCacheLosslessImage {
    static constexpr std::tuple<> fields{};
};

struct SurfaceImage {
    uint32_t surface_id = 0;
    static constexpr std::tuple fields{Field{"image.surface_id", &SurfaceImage::surface_id}};
};

// Descriptor and the part its type selects. `data` always holds the alternative of `type`.
struct Image {
    using out_of_line = void;
    uint64_t id = 0;
    ImageType type = ImageType::from_cache;
    uint8_t flags = 0; // SPICE_IMAGE_FLAGS_*
    uint32_t width = 0, height = 0;
    std::variant<UnknownImage, BitmapImage, QuicImage, LzPaletteImage, LzRgbImage, GlzImage, ZlibGlzImage, JpegImage,
                 JpegAlphaImage, Lz4Image, FromCacheImage, FromCacheLosslessImage, SurfaceImage>
        data;
    bool select();
    static constexpr std::tuple fields{
        Field{"image.id", &Image::id},         Field{"image.type", &Image::type},
        Field{"image.flags", &Image::flags},   Field{"image.width", &Image::width},
        Field{"image.height", &Image::height}, Union{"image.type", &Image::data, &Image::select}};
};
static_assert(wire_size<Image>() == 18);
void read_fields(Reader &reader, Image &m);
void write_fields(Writer &writer, const Image &m);
void dump_fields(Dumper &dumper, const Image &m);

enum class BrushType : uint8_t {
    none = SPICE_BRUSH_TYPE_NONE,
    solid = SPICE_BRUSH_TYPE_SOLID,
    pattern = SPICE_BRUSH_TYPE_PATTERN,
};

struct NoBrush {
    static constexpr std::tuple<> fields{};
};

struct SolidBrush {
    uint32_t color = 0; // a raw pixel of the destination surface
    static constexpr std::tuple fields{Field{"brush.color", &SolidBrush::color}};
};

struct PatternBrush {
    Image image;
    Point pos;
    static constexpr std::tuple fields{Pointer{"brush.image", &PatternBrush::image},
                                       Field{"brush.pos", &PatternBrush::pos}};
};
static_assert(wire_size<PatternBrush>() == 12);

// `data` always holds the alternative of `type`.
struct Brush {
    using out_of_line = void;
    BrushType type = BrushType::none;
    std::variant<NoBrush, SolidBrush, PatternBrush> data;
    bool select();
    static constexpr std::tuple fields{Field{"brush.type", &Brush::type},
                                       Union{"brush.type", &Brush::data, &Brush::select}};
};
static_assert(wire_size<Brush>() == 1);
void read_fields(Reader &reader, Brush &m);
void write_fields(Writer &writer, const Brush &m);
void dump_fields(Dumper &dumper, const Brush &m);

struct QMask {
    using out_of_line = void;
    uint8_t flags = 0; // SPICE_MASK_FLAGS_*
    Point pos;
    std::optional<Image> image;
    static constexpr std::tuple fields{Field{"mask.flags", &QMask::flags}, Field{"mask.pos", &QMask::pos},
                                       Pointer{"mask.image", &QMask::image}};
};
static_assert(wire_size<QMask>() == 13);
void read_fields(Reader &reader, QMask &m);
void write_fields(Writer &writer, const QMask &m);
void dump_fields(Dumper &dumper, const QMask &m);

}
