// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "config.h"

#include "picture-file.hh"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <glib/gi18n.h>

#ifdef HAVE_PNG
#include <png.h>
#endif

namespace spice::tools {

namespace {

unsigned char widen5(unsigned v) { return static_cast<unsigned char>((v & 31) << 3 | (v & 31) >> 2); }
unsigned char widen6(unsigned v) { return static_cast<unsigned char>((v & 63) << 2 | (v & 63) >> 4); }

void copy_row(unsigned char *out, const guint8 *row, unsigned width, SpiceSurfaceFmt format) {
    for (unsigned x = 0; x < width; ++x, out += 3) {
        if (format == SPICE_SURFACE_FMT_32_xRGB || format == SPICE_SURFACE_FMT_32_ARGB) {
            guint32 p;
            std::memcpy(&p, row + 4 * x, sizeof p);
            out[0] = static_cast<unsigned char>(p >> 16);
            out[1] = static_cast<unsigned char>(p >> 8);
            out[2] = static_cast<unsigned char>(p);
        } else {
            guint16 p;
            std::memcpy(&p, row + 2 * x, sizeof p);
            const bool six = format == SPICE_SURFACE_FMT_16_565;
            out[0] = widen5(six ? p >> 11 : p >> 10);
            out[1] = six ? widen6(p >> 5) : widen5(p >> 5);
            out[2] = widen5(p);
        }
    }
}

std::string write_ppm(const RgbPicture &picture, const char *path) {
    std::FILE *file = std::fopen(path, "wb");
    if (!file) return std::strerror(errno);
    const bool written = std::fprintf(file, "P6\n%u %u\n255\n", picture.width, picture.height) > 0 &&
                         std::fwrite(picture.pixels.data(), 1, picture.pixels.size(), file) == picture.pixels.size();
    const int write_error = errno;
    if (std::fclose(file) != 0) return std::strerror(errno);
    return written ? std::string{} : std::strerror(write_error);
}

std::string write_png([[maybe_unused]] const RgbPicture &picture, [[maybe_unused]] const char *path) {
#ifdef HAVE_PNG
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = picture.width;
    image.height = picture.height;
    image.format = PNG_FORMAT_RGB;
    if (png_image_write_to_file(&image, path, 0, picture.pixels.data(), 0, nullptr)) return {};
    return image.message;
#else
    return _("this build writes PPM files only");
#endif
}

}

RgbPicture copy_primary(const SpiceDisplayPrimary &primary) {
    switch (primary.format) {
    case SPICE_SURFACE_FMT_32_xRGB:
    case SPICE_SURFACE_FMT_32_ARGB:
    case SPICE_SURFACE_FMT_16_555:
    case SPICE_SURFACE_FMT_16_565: break;
    default: return {};
    }
    RgbPicture picture{static_cast<unsigned>(primary.width), static_cast<unsigned>(primary.height), {}};
    const auto row_bytes = std::size_t{3} * picture.width;
    picture.pixels.resize(row_bytes * picture.height);
    for (unsigned y = 0; y < picture.height; ++y)
        copy_row(picture.pixels.data() + y * row_bytes, primary.data + std::size_t{y} * static_cast<std::size_t>(primary.stride),
                 picture.width, primary.format);
    return picture;
}

std::string write_picture(const RgbPicture &picture, const char *path) {
    return g_str_has_suffix(path, ".png") ? write_png(picture, path) : write_ppm(picture, path);
}

}
