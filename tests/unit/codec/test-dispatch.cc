// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-test.hh"

#include "codec/dispatch.hh"

using namespace spice::codec;
using namespace spice::test;
namespace wire = spice::wire;

namespace {

wire::Image image(wire::ImageType type, uint32_t width, uint32_t height, decltype(wire::Image::data) data) {
    wire::Image made;
    made.type = type;
    made.width = width;
    made.height = height;
    made.data = std::move(data);
    return made;
}

wire::Image lz_rgb(Stream &s, uint32_t width, uint32_t height) {
    return image(wire::ImageType::lz_rgb, width, height, wire::LzRgbImage{s.get()});
}

void test_bitmap() {
    Stream s;
    s.bytes({1, 2, 3, 4, 5, 6, 7, 8});
    wire::BitmapImage raw;
    raw.format = SPICE_BITMAP_FMT_32BIT;
    raw.width = 1;
    raw.height = 2;
    raw.stride = 4;
    raw.data = s.get();
    auto wire_image = image(wire::ImageType::bitmap, 1, 2, raw);
    auto out = decode(wire_image, {}, {}, {});
    assert_ok(out);
    g_assert_cmphex(pixel32(out->view(), 0, 0), ==, 0x08070605); // bottom-up unless the flag says otherwise
    wire_image.flags = SPICE_IMAGE_FLAGS_HIGH_BITS_SET;
    std::get<wire::BitmapImage>(wire_image.data).flags = SPICE_BITMAP_FLAGS_TOP_DOWN;
    out = decode(wire_image, {}, {}, {});
    assert_ok(out);
    g_assert_cmphex(pixel32(out->view(), 0, 0), ==, 0xff030201);
    wire_image.height = 3;
    g_assert_false(decode(wire_image, {}, {}, {}));
}

void test_16_bit_images() {
    auto s = lz_header(6, 2, 1, 4);
    s.byte(1).bytes({0x7c, 0x00, 0x00, 0x1f});
    const auto wire_image = lz_rgb(s, 2, 1);
    auto out = decode(wire_image, {}, {}, {});
    assert_ok(out);
    g_assert_true(out->layout == Layout::bgrx);
    g_assert_cmphex(pixel32(out->view(), 0, 0), ==, 0x00ff0000);
    for (const auto target : {DecodeTarget{Layout::rgb555, false, false}, DecodeTarget{Layout::bgrx, false, true}}) {
        out = decode(wire_image, {}, target, {});
        assert_ok(out);
        g_assert_true(out->layout == Layout::rgb555);
        g_assert_cmphex(pixel16(out->view(), 1, 0), ==, 0x001f);
    }
}

// Cached for a surface with alpha, indexed images have it too.
void test_cached_palette_image() {
    const uint32_t palette[] = {0x37123456, 0};
    const std::byte row[] = {std::byte{0}};
    wire::BitmapImage raw;
    raw.format = SPICE_BITMAP_FMT_8BIT;
    raw.width = raw.height = raw.stride = 1;
    raw.data = row;
    const auto wire_image = image(wire::ImageType::bitmap, 1, 1, raw);
    const std::pair<DecodeTarget, Layout> cases[] = {{{Layout::bgra, false, true}, Layout::bgra},
                                                     {{Layout::bgra, false, false}, Layout::bgrx},
                                                     {{Layout::bgrx, false, true}, Layout::bgrx}};
    for (const auto &[target, layout] : cases) {
        const auto out = decode(wire_image, palette, target, {});
        assert_ok(out);
        g_assert_true(out->layout == layout);
        g_assert_cmphex(pixel32(out->view(), 0, 0), ==, 0x37123456);
    }
}

void test_palette_types() {
    const uint32_t palette[] = {0x00123456, 0x00007c1f};
    auto s = lz_header(5, 3, 1, 3);
    s.byte(2).bytes({0, 1, 0});
    wire::LzPaletteImage plt;
    plt.data = s.get();
    const auto wire_image = image(wire::ImageType::lz_plt, 3, 1, plt);
    auto out = decode(wire_image, palette, {}, {});
    assert_ok(out);
    g_assert_cmphex(pixel32(out->view(), 0, 0), ==, 0x00123456);
    out = decode(wire_image, palette, {Layout::rgb555, false, false}, {}); // entries are pixels of the surface
    assert_ok(out);
    g_assert_cmphex(pixel32(out->view(), 1, 0), ==, 0x00ff00ff);
    g_assert_false(decode(wire_image, {}, {}, {}));
    g_assert_false(decode(image(wire::ImageType::lz_rgb, 3, 1, wire::LzRgbImage{s.get()}), palette, {}, {}));
    auto rgb = lz_header(8, 1, 1, 4);
    rgb.byte(0).bytes({1, 2, 3});
    wire::LzPaletteImage wrong;
    wrong.data = rgb.get();
    g_assert_false(decode(image(wire::ImageType::lz_plt, 1, 1, wrong), palette, {}, {}));
}

void test_not_ours() {
    for (auto wire_image : {image(wire::ImageType::surface, 1, 1, wire::SurfaceImage{}),
                            image(wire::ImageType::from_cache, 1, 1, wire::FromCacheImage{}),
                            image(wire::ImageType::glz_rgb, 1, 1, wire::GlzImage{}),
                            image(wire::ImageType{77}, 1, 1, wire::UnknownImage{})}) {
        const auto out = decode(wire_image, {}, {}, {});
        g_assert_true(!out && out.error().kind == spice::Error::Kind::argument);
    }
}

void test_glz() {
    auto s = glz_header(8, 2, 1, 0, 0);
    s.byte(1).bytes({1, 2, 3, 4, 5, 6});
    const auto wire_image = image(wire::ImageType::glz_rgb, 2, 1, wire::GlzImage{s.get()});
    g_assert_true(is_glz(wire_image));
    g_assert_true(make_glz(wire_image, 100, {}));
    g_assert_false(make_glz(wire_image, 1, {})); // larger than the window
    g_assert_false(make_glz(image(wire::ImageType::zlib_glz_rgb, 2, 1, wire::ZlibGlzImage{40, s.get()}), 100, {}));
    g_assert_false(make_glz(lz_rgb(s, 2, 1), 100, {}));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/dispatch/bitmap", test_bitmap);
    g_test_add_func("/dispatch/16-bit-images", test_16_bit_images);
    g_test_add_func("/dispatch/cached-palette-image", test_cached_palette_image);
    g_test_add_func("/dispatch/palette-types", test_palette_types);
    g_test_add_func("/dispatch/not-ours", test_not_ours);
    g_test_add_func("/dispatch/glz", test_glz);
    return g_test_run();
}
