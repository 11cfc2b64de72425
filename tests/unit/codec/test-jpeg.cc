// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-test.hh"

#include "codec/jpeg.hh"

#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

using namespace spice::codec;
using namespace spice::test;

namespace {

struct Options {
    bool grey = false;
    bool progressive = false;
    int scans = 0; // of a progressive image, when not the usual number
};

// A gradient of `width` × `height` pixels.
std::vector<std::byte> encoded(JDIMENSION width, JDIMENSION height, Options options = {}) {
    jpeg_compress_struct info;
    jpeg_error_mgr errors;
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    unsigned char *memory = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&info, &memory, &size);
    info.image_width = width;
    info.image_height = height;
    info.input_components = options.grey ? 1 : 3;
    info.in_color_space = options.grey ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, 95, TRUE);
    if (options.progressive) jpeg_simple_progression(&info);
    std::vector<jpeg_scan_info> script(static_cast<std::size_t>(options.scans));
    for (std::size_t i = 0; i < script.size(); ++i) {
        script[i].comps_in_scan = 1; // one coefficient after the other
        script[i].component_index[0] = 0;
        script[i].Ss = script[i].Se = static_cast<int>(i % 64);
    }
    if (options.scans > 0) {
        info.scan_info = script.data();
        info.num_scans = options.scans;
    }
    jpeg_start_compress(&info, TRUE);
    std::vector<JSAMPLE> row(std::size_t{width} * 3);
    for (JDIMENSION y = 0; y < height; ++y) {
        for (JDIMENSION x = 0; x < width; ++x)
            for (unsigned c = 0; c < (options.grey ? 1u : 3u); ++c)
                row[options.grey ? x : 3 * x + c] = static_cast<JSAMPLE>(c == 0 ? x * 2 : c == 1 ? y * 2 : 50);
        JSAMPROW rows[] = {row.data()};
        jpeg_write_scanlines(&info, rows, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    std::vector<std::byte> out(size);
    std::memcpy(out.data(), memory, size);
    std::free(memory);
    return out;
}

void assert_near(unsigned a, unsigned b) { g_assert_cmpint(std::abs(static_cast<int>(a) - static_cast<int>(b)), <=, 6); }

void test_colour() {
    for (const bool progressive : {false, true}) {
        const auto data = encoded(40, 30, {false, progressive});
        const auto size = jpeg_size(data);
        g_assert_true(size && *size == (Size{40, 30}));
        const auto image = decode_jpeg(data, {40, 30}, {});
        assert_ok(image);
        for (uint32_t y = 0; y < 30; ++y)
            for (uint32_t x = 0; x < 40; ++x) {
                const auto pixel = pixel32(image->view(), x, y);
                assert_near(pixel >> 16 & 255, x * 2);
                assert_near(pixel >> 8 & 255, y * 2);
                assert_near(pixel & 255, 50);
                g_assert_cmphex(pixel >> 24, ==, 0);
            }
    }
}

void test_grey() {
    const auto image = decode_jpeg(encoded(40, 30, {true, false}), {40, 30}, {});
    assert_ok(image);
    const auto pixel = pixel32(image->view(), 20, 3);
    assert_near(pixel & 255, 40);
    g_assert_cmphex(pixel, ==, (pixel & 255) * 0x010101u);
}

void test_truncated() {
    const auto data = encoded(40, 30);
    for (std::size_t n = 0; n + 2 < data.size(); n += n < 700 ? 1 : 13) {
        const std::vector<std::byte> cut(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(n));
        g_assert_false(decode_jpeg(cut, {40, 30}, {}));
    }
}

void test_size() {
    const auto data = encoded(40, 30);
    g_assert_false(decode_jpeg(data, {40, 31}, {}));
    g_assert_false(decode_jpeg(data, {40, 30}, Limits{39, 10000}));
    g_assert_false(decode_jpeg_alpha(data, static_cast<uint32_t>(data.size() + 1), true, {40, 30}, {}));
    g_assert_false(decode_jpeg_alpha(data, static_cast<uint32_t>(data.size()), true, {40, 30}, {}));
    g_assert_false(jpeg_size(std::span<const std::byte>{}));
}

// Many scans cost time out of proportion to the bytes; honest images have a dozen.
void test_many_scans() {
    const auto few = encoded(40, 30, {true, true, 60});
    assert_ok(decode_jpeg(few, {40, 30}, {}));
    // The last scan again and again, in front of the end marker.
    auto many = few;
    std::size_t last = 0;
    for (std::size_t i = 0; i + 1 < few.size(); ++i)
        if (few[i] == std::byte{0xff} && few[i + 1] == std::byte{0xda}) last = i;
    const std::vector<std::byte> scan(few.begin() + static_cast<std::ptrdiff_t>(last), few.end() - 2);
    for (int i = 0; i < 20; ++i) many.insert(many.end() - 2, scan.begin(), scan.end());
    g_assert_false(decode_jpeg(many, {40, 30}, {}));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/jpeg/colour", test_colour);
    g_test_add_func("/jpeg/grey", test_grey);
    g_test_add_func("/jpeg/truncated", test_truncated);
    g_test_add_func("/jpeg/size", test_size);
    g_test_add_func("/jpeg/many-scans", test_many_scans);
    return g_test_run();
}
