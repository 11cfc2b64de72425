// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "vector-check.hh"

#include "codec/convert.hh"
#include "codec/jpeg.hh"
#include "codec/lz.hh"
#include "codec/lz4.hh"
#include "codec/quic.hh"

#include <cmath>
#include <cstdlib>
#include <cstring>

#include <glib.h>

namespace spice::test {
namespace {

using codec::Bitmap;
using codec::Layout;
using codec::Size;

// One image is wider than the default limit allows.
const codec::Limits limits{65536, 1u << 26};

Result<Bitmap> decode(const Vector &v, const Bytes &data, const std::string &layout) {
    const Size size{v.width, v.height};
    const bool native555 = layout == "RGB555";
    if (v.codec == "quic") return decode_quic(data, size, limits, native555);
    if (v.codec == "lz") return decode_lz(data, size, v.palette, limits, native555);
    if (v.codec == "lz4") return decode_lz4(data, size, limits);
    if (v.plain) return codec::decode_jpeg(data, size, limits);
    return codec::decode_jpeg_alpha(data, v.jpeg_size, v.flags & 1, size, limits);
}

// An alpha-only stream needs an image to go into; its colour must survive.
Result<Bitmap> decode_alpha(const Vector &v, const Bytes &data) {
    const auto header = codec::read_lz_header(data, limits);
    if (!header) return header.error();
    auto image = codec::make_bitmap({v.width, v.height}, Layout::bgrx, limits);
    if (!image) return image;
    std::memset(image->data.data(), 0, image->data.size());
    if (auto ok = decode_lz_alpha(data, header->top_down, image->rows()); !ok) return ok.error();
    return image;
}

Result<Bitmap> decode_any(const Vector &v, const Bytes &data, const std::string &layout) {
    return v.codec == "lz" && v.type == 10 ? decode_alpha(v, data) : decode(v, data, layout);
}

bool is_unsupported(const Error &error) { return error.kind == Error::Kind::unsupported; }

void run_image_vector(const Vector &v) {
    const auto data = read_data(v.data);
    if (v.expect != Expect::ok) {
        const auto image = decode_any(v, data, "");
        if (!image && is_unsupported(image.error())) return g_test_skip("codec not built in");
        if (v.expect == Expect::reject) g_assert_false(image);
    }
    for (const auto &output : v.outputs) {
        const auto image = decode_any(v, data, output.layout);
        if (!image && is_unsupported(image.error())) return g_test_skip("codec not built in");
        if (!image) g_error("%s", image.error().what.c_str());
        const auto expected = read_pixels(output.file);
        check_pixels(image->view(), output.layout, output.compare, expected.data(), expected.size());
    }
}

double psnr(const Bitmap &image, const std::byte *expected) {
    double sum = 0;
    const std::size_t row = std::size_t{image.width} * 4;
    for (uint32_t y = 0; y < image.height; ++y)
        for (std::size_t i = 0; i < row; ++i) {
            if (i % 4 == 3) continue;
            const int d = std::to_integer<int>(image.row(y)[i]) - std::to_integer<int>(expected[y * row + i]);
            sum += d * d;
        }
    const double mean = sum / (static_cast<double>(image.size().pixels()) * 3);
    return mean == 0 ? 100 : 10 * std::log10(255.0 * 255.0 / mean);
}

void run_mjpeg_vector(const Vector &v) {
    const auto frames = read_sequence(v.data);
    g_assert_cmpuint(frames.size(), ==, v.images.size());
    const auto expected = read_pixels(v.outputs.front().file);
    for (const auto quality : {codec::JpegQuality::exact, codec::JpegQuality::fast})
        for (std::size_t i = 0; i < frames.size(); ++i) {
            const auto size = codec::jpeg_size(frames[i]);
            g_assert_true(size && *size == (Size{v.images[i].width, v.images[i].height}));
            const auto image = codec::decode_jpeg(frames[i], *size, limits, quality);
            if (!image) g_error("frame %zu: %s", i, image.error().what.c_str());
            g_assert_cmpuint(v.images[i].offset + size->pixels() * 4, <=, expected.size());
            g_assert_cmpfloat(psnr(*image, expected.data() + v.images[i].offset), >=, 28.0);
        }
}

void run_vector(gconstpointer data) {
    const auto &v = *static_cast<const Vector *>(data);
    if (v.codec == "mjpeg")
        run_mjpeg_vector(v);
    else if (v.codec == "glz" || v.codec == "zlib_glz")
        run_glz_vector(v);
    else
        run_image_vector(v);
}

// How far a byte of a row may be from the expected one; -1: it does not matter.
int tolerance(const std::string &compare, const std::string &layout, std::size_t byte) {
    if (compare == "colour_tolerance_4_alpha_exact") return byte % 4 != 3 ? 4 : layout == "BGRA" ? 0 : -1;
    return 0;
}

// Vectors of 24-bit images have three bytes per pixel, ours four with X = 0.
Bytes packed_row(const codec::BitmapView &image, uint32_t y, const std::string &layout) {
    Bytes row;
    const std::byte *src = image.row(y);
    if (layout == "BGR") {
        for (uint32_t x = 0; x < image.width; ++x)
            row.insert(row.end(), src + 4 * x, src + 4 * x + 3);
        return row;
    }
    row.assign(src, src + codec::packed_row_bytes(image.width, image.layout));
    return row;
}

}

void check_pixels(const codec::BitmapView &image, const std::string &layout, const std::string &compare,
                  const std::byte *expected, std::size_t size) {
    std::size_t pos = 0;
    for (uint32_t y = 0; y < image.height; ++y) {
        const auto row = packed_row(image, y, layout);
        g_assert_cmpuint(row.size(), <=, size - pos);
        for (std::size_t i = 0; i < row.size(); ++i, ++pos) {
            int allowed = tolerance(compare, layout, i);
            unsigned got = std::to_integer<unsigned>(row[i]), want = std::to_integer<unsigned>(expected[pos]);
            if (compare == "ignore_bit15" && i % 2 == 1) got &= 0x7f, want &= 0x7f;
            if (allowed >= 0 && std::abs(static_cast<int>(got) - static_cast<int>(want)) > allowed)
                g_error("row %u, byte %zu: %u instead of %u", y, i, got, want);
        }
    }
    g_assert_cmpuint(pos, ==, size);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    static std::vector<spice::test::Vector> vectors;
    for (const char *codec : {"quic", "lz", "glz", "zlib_glz", "lz4", "jpeg_alpha", "mjpeg"})
        for (auto &v : spice::test::read_vectors(codec))
            vectors.push_back(std::move(v));
    for (const auto &v : vectors)
        g_test_add_data_func(("/vectors/" + v.codec + "/" + v.name).c_str(), &v, spice::test::run_vector);
    return g_test_run();
}
