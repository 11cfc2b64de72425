// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "wire/messages-image.hh"

#include "wire/dump.hh"
#include "wire/reader.hh"
#include "wire/writer.hh"

namespace spice::wire {

bool Image::select() {
    switch (type) {
    case ImageType::bitmap:
        data.emplace<BitmapImage>();
        return true;
    case ImageType::quic:
        data.emplace<QuicImage>();
        return true;
    case ImageType::lz_plt:
        data.emplace<LzPaletteImage>();
        return true;
    case ImageType::lz_rgb:
        data.emplace<LzRgbImage>();
        return true;
    case ImageType::glz_rgb:
        data.emplace<GlzImage>();
        return true;
    case ImageType::from_cache:
        data.emplace<FromCacheImage>();
        return true;
    case ImageType::surface:
        data.emplace<SurfaceImage>();
        return true;
    case ImageType::jpeg:
        data.emplace<JpegImage>();
        return true;
    case ImageType::from_cache_lossless:
        data.emplace<FromCacheLosslessImage>();
        return true;
    case ImageType::zlib_glz_rgb:
        data.emplace<ZlibGlzImage>();
        return true;
    case ImageType::jpeg_alpha:
        data.emplace<JpegAlphaImage>();
        return true;
    case ImageType::lz4:
        data.emplace<Lz4Image>();
        return true;
    }
    data.emplace<UnknownImage>(); // nothing follows an image inside its block, so the rest of the message still reads
    return true;
}

bool Brush::select() {
    switch (type) {
    case BrushType::none:
        data.emplace<NoBrush>();
        return true;
    case BrushType::solid:
        data.emplace<SolidBrush>();
        return true;
    case BrushType::pattern:
        data.emplace<PatternBrush>();
        return true;
    }
    return false; // fields follow, and where they start is unknown
}

void read_fields(Reader &reader, Palette &m) { reader.fields(m); }
void write_fields(Writer &writer, const Palette &m) { writer.fields(m); }
void dump_fields(Dumper &dumper, const Palette &m) { dumper.fields(m); }

void read_fields(Reader &reader, Image &m) { reader.fields(m); }
void write_fields(Writer &writer, const Image &m) { writer.fields(m); }
void dump_fields(Dumper &dumper, const Image &m) { dumper.fields(m); }

void read_fields(Reader &reader, Brush &m) { reader.fields(m); }
void write_fields(Writer &writer, const Brush &m) { writer.fields(m); }
void dump_fields(Dumper &dumper, const Brush &m) { dumper.fields(m); }

void read_fields(Reader &reader, QMask &m) { reader.fields(m); }
void write_fields(Writer &writer, const QMask &m) { writer.fields(m); }
void dump_fields(Dumper &dumper, const QMask &m) { dumper.fields(m); }

}
