// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "hex.hh"
#include "wire/messages-display.hh"
#include "wire/reader.hh"
#include "wire/writer.hh"

#include <glib.h>

using namespace spice::wire;

namespace {

// surface 0, box (l 4, t 5, r 20, b 30), no clip: 21 bytes, so that what follows starts at 0x15.
constexpr const char *base = "00000000 05000000 04000000 1e000000 14000000 00";

template <class M> spice::Result<M> read(const std::vector<std::byte> &body) { return parse<M>(body); }
template <class M> std::string fault(const std::string &hex) {
    const auto body = from_hex(hex);
    Reader reader{body};
    M m;
    return parse_into(reader, m) ? "" : reader.fault();
}

std::vector<std::byte> with_base(const std::string &rest) { return from_hex(base + rest); }

void test_fill() { // spec/display.md §6.4
    DrawFill fill;
    fill.base.box = {5, 4, 30, 20};
    fill.brush.type = BrushType::solid;
    fill.brush.data = SolidBrush{0x123456};
    fill.rop = 8;
    const auto raw = serialize(fill);
    expect_text(to_hex(raw), "0000000005000000040000001e0000001400000000"
                             "01563412000800"
                             "00000000000000000000000000");
    g_assert_cmpuint(raw.size(), ==, 41);
    auto back = read<DrawFill>(raw);
    g_assert_true(back && back->base.box == (Rect{5, 4, 30, 20}) && back->rop == 8 && !back->mask.image);
    g_assert_cmpuint(std::get<SolidBrush>(back->brush.data).color, ==, 0x123456);
    expect_text(fault<DrawFill>(std::string{base} + "03 56341200 0800 00 00000000 00000000 00000000"), "brush.type");
    expect_text(fault<DrawFill>(std::string{base} + "00 0800 00 00000000 00000000 00000000"), ""); // brush: 1 byte
}

void test_clip() {
    const std::string box = "00000000 05000000 04000000 1e000000 14000000";
    auto m = read<CopyBits>(from_hex(box + "01 02000000 01000000020000000300000004000000"
                                           "05000000060000000700000008000000 09000000 0a000000"));
    g_assert_true(m && m->base.clip.rects.size() == 2 && m->src_pos.y == 10);
    g_assert_true(m->base.clip.rects.at(1) == (Rect{5, 6, 7, 8}));
    auto empty = read<CopyBits>(from_hex(box + "01 00000000 09000000 0a000000"));
    g_assert_true(empty && empty->base.clip.has_rects() && empty->base.clip.rects.empty());
    expect_text(fault<CopyBits>(box + "02 09000000 0a000000"), "clip.type");
    expect_text(fault<CopyBits>(box + "01 ffffffff 09000000 0a000000"), "clip.rects");
    expect_text(fault<CopyBits>(box + "01 01000000 09000000 0a000000"), "clip.rects");
}

void test_copy_bitmap() {
    // src at 57, a 2×1 8-bit bitmap whose palette of two lies behind its pixels.
    const std::string head = "39000000 00000000 00000000 01000000 02000000 0800 00 00 01000000 02000000 00000000";
    const auto raw = with_base(head + "0807060504030201 00 01 02000000 01000000"
                                      "05 05 02000000 01000000 02000000 5f000000 0001"
                                      "1122334455667788 0200 00ff0000 0000ff00");
    auto m = read<DrawCopy>(raw);
    g_assert_true(bool(m));
    g_assert_true(m->src_area == (Rect{0, 0, 1, 2}) && m->rop == 8 && m->scale_mode == 0);
    g_assert_true(m->mask.flags == 0 && m->mask.pos.x == 1 && m->mask.pos.y == 2);
    g_assert_true(m->src->id == 0x0102030405060708 && m->src->type == ImageType::bitmap && m->src->flags == 1);
    const auto &bitmap = std::get<BitmapImage>(m->src->data);
    g_assert_true(bitmap.format == SPICE_BITMAP_FMT_8BIT && bitmap.flags == 5 && bitmap.stride == 2);
    g_assert_true(bitmap.data.size() == 2 && bitmap.data[1] == std::byte{1});
    g_assert_true(bitmap.palette && bitmap.palette->unique == 0x8877665544332211);
    g_assert_cmpuint(bitmap.palette->entries.at(1), ==, 0xff0000);
    expect_text(to_hex(serialize(*m)), to_hex(raw));

    const std::string cached = "0807060504030201 00 01 02000000 01000000 05 02 02000000 01000000 02000000";
    auto by_id = read<DrawBlend>(with_base(head + cached + "1122334455667788 0001"));
    g_assert_true(by_id && std::get<BitmapImage>(by_id->src->data).palette_id == 0x8877665544332211);
    g_assert_false(std::get<BitmapImage>(by_id->src->data).palette.has_value());
    const std::string huge = "0807060504030201 00 01 02000000 01000000 05 04 02000000 ffffffff ffffffff";
    expect_text(fault<DrawCopy>(base + head + huge + "00000000 0001"), "bitmap.data"); // stride × height in 64 bits
    expect_text(fault<DrawCopy>(base + head + cached + "1122334455667788 00"), "bitmap.data");
}

// A COPY whose source has the type and the bytes behind the descriptor.
std::string copy_of(const char *type, const std::string &rest) {
    return base + std::string{"39000000 00000000 00000000 01000000 02000000 0800 00 00 00000000 00000000 00000000"} +
           "0100000000000000" + type + "00 02000000 01000000" + rest;
}

template <class Alternative> Alternative source(const std::vector<std::byte> &body) {
    auto m = read<DrawCopy>(body);
    if (!m) g_error("%s", m.error().what.c_str());
    return std::get<Alternative>(m->src->data);
}

void test_image_types() {
    const auto sized = [](const char *type) { return from_hex(copy_of(type, "03000000 aabbcc")); };
    auto raw = sized("01");
    g_assert_cmpuint(source<QuicImage>(raw).data.size(), ==, 3);
    raw = sized("65");
    g_assert_cmpuint(source<LzRgbImage>(raw).data.size(), ==, 3);
    raw = sized("66");
    g_assert_cmpuint(source<GlzImage>(raw).data.size(), ==, 3);
    raw = sized("69");
    g_assert_cmpuint(source<JpegImage>(raw).data.size(), ==, 3);
    raw = sized("6d");
    g_assert_true(source<Lz4Image>(raw).data[2] == std::byte{0xcc});
    raw = from_hex(copy_of("6b", "00010000 02000000 aabb"));
    g_assert_true(source<ZlibGlzImage>(raw).glz_size == 256 && source<ZlibGlzImage>(raw).data.size() == 2);
    raw = from_hex(copy_of("6c", "01 09000000 02000000 aabb"));
    g_assert_true(source<JpegAlphaImage>(raw).flags == 1 && source<JpegAlphaImage>(raw).jpeg_size == 9);
    g_assert_cmpuint(source<JpegAlphaImage>(raw).data.size(), ==, 2);
    raw = from_hex(copy_of("68", "04030201"));
    g_assert_cmpuint(source<SurfaceImage>(raw).surface_id, ==, 0x01020304);
    source<FromCacheImage>(from_hex(copy_of("67", "")));
    source<FromCacheLosslessImage>(from_hex(copy_of("6a", "")));
    for (const char *type : {"02", "63", "6e", "ff"})
        source<UnknownImage>(from_hex(copy_of(type, "010203")));
    expect_text(fault<DrawCopy>(copy_of("66", "04000000 aabbcc")), "glz.data");
    expect_text(fault<DrawCopy>(copy_of("01", "ffffffff aabbcc")), "quic.data");
    expect_text(fault<DrawCopy>(copy_of("68", "040302")), "image.surface_id");
}

void test_lz_palette() {
    // The palette lies at 57 + 18 + 11 bytes; two further on its count is nonsense.
    expect_text(fault<DrawCopy>(copy_of("64", "00 02000000 58000000 aabb 0100000000000000 0100 78563412")),
                "palette.entries");
    expect_text(fault<DrawCopy>(copy_of("64", "00 02000000 72000000 aabb 0100000000000000 0100 78563412")),
                "lz_plt.palette");
    auto raw = from_hex(copy_of("64", "00 02000000 56000000 aabb 0100000000000000 0100 78563412"));
    auto plt = source<LzPaletteImage>(raw);
    g_assert_true(plt.data.size() == 2 && plt.palette && plt.palette->entries.at(0) == 0x12345678);
    raw = from_hex(copy_of("64", "02 02000000 0500000000000000 aabb"));
    plt = source<LzPaletteImage>(raw);
    g_assert_true(plt.palette_id == 5 && !plt.palette && plt.data[0] == std::byte{0xaa});
    expect_text(fault<DrawCopy>(copy_of("64", "00 02000000 00000000 aabb")), "lz_plt.palette");
}

void test_drawing_faults_still_parse() {
    // Null source, scale mode 9, raster operation without meaning: for the canvas to skip.
    auto m =
        read<DrawCopy>(with_base("00000000 00000000 00000000 01000000 02000000 ffff 09 00 00000000 00000000 00000000"));
    g_assert_true(m && !m->src && m->scale_mode == 9 && m->rop == 0xffff);
    expect_text(fault<DrawStroke>(std::string{base} + "00000000 00 00 0800 0800"), "path"); // never null
    expect_text(fault<DrawText>(std::string{base} + "00000000"), "string");
    expect_text(fault<DrawFill>(std::string{base} + "02 00000000 00000000 00000000"), "brush.image");
}

void test_opaque_and_rop3() {
    const std::string mask = "01 00000000 00000000 00000000";
    const std::string area = "00000000 01000000 02000000 03000000 04000000";
    const auto image = std::string{"0100000000000000 67 00 01000000 01000000"};
    auto opaque = read<DrawOpaque>(with_base(area + "02 46000000 03000000 04000000 0800 01" + mask + image));
    g_assert_true(opaque && opaque->scale_mode == 1 && opaque->mask.flags == 1 && !opaque->src);
    const auto &tile = std::get<PatternBrush>(opaque->brush.data);
    g_assert_true(tile.image.type == ImageType::from_cache && tile.pos.x == 3 && tile.pos.y == 4);
    auto rop3 = read<DrawRop3>(with_base(area + "01 78563412 ca 01" + mask));
    g_assert_true(rop3 && rop3->rop3 == 0xca && rop3->scale_mode == 1 && rop3->src_area == (Rect{1, 2, 3, 4}));
    auto invers = read<DrawInvers>(with_base(mask));
    g_assert_true(invers && invers->mask.flags == 1);
}

void test_stroke() {
    // path at 0x28: a begin of one point, then three points closing; style of two at 0x56
    const auto raw = with_base("28000000 08 02 56000000 01 56341200 0800 0000"
                               "02000000 01 01000000 10000000 20000000"
                               "12 03000000 00000000 00000000 01000000 02000000 f0ffffff 00000000"
                               "40000000 30000000");
    auto m = read<DrawStroke>(raw);
    if (!m) g_error("%s", m.error().what.c_str());
    g_assert_cmpuint(m->path.segments.size(), ==, 2);
    g_assert_true(m->path.segments.at(0).flags == SPICE_PATH_BEGIN && m->path.segments.at(0).points.at(0).y == 32);
    g_assert_true(m->path.segments.at(1).points.at(2).x == -16);
    g_assert_true(m->line.styled() && m->line.style.at(0) == 64 && m->line.style.at(1) == 48);
    g_assert_true(m->fore_mode == 8 && m->back_mode == 0);
    expect_text(to_hex(serialize(*m)), to_hex(raw));
    expect_text(fault<DrawStroke>(std::string{base} + "23000000 00 01 56341200 0800 0000 ffffffff"), "path.segments");
    expect_text(fault<DrawStroke>(std::string{base} + "23000000 00 01 56341200 0800 0000 01000000 01 ffffffff"),
                "segment.points");
}

void test_segment_limit() {
    auto raw = with_base("23000000 00 01 56341200 0800 0000 01001000"); // 2^20 + 1 segments of 5 bytes
    raw.resize(raw.size() + 5 * ((std::size_t{1} << 20) + 1));
    Reader reader{raw};
    DrawStroke m;
    g_assert_false(parse_into(reader, m));
    expect_text(reader.fault(), "path.segments");
    g_assert_true(m.path.segments.empty());
}

void test_text() {
    const std::string head = "33000000 00000000 00000000 00000000 00000000 01 56341200 00 0800 0000";
    const std::string glyph = "01000000 02000000 03000000 ffffffff 0300 0200"; // 3×2 pixels
    auto raw = with_base(head + "0200 02" + glyph + "01020304" + glyph + "05060708");
    auto m = read<DrawText>(raw);
    if (!m) g_error("%s", m.error().what.c_str());
    g_assert_cmpuint(m->string.glyphs.size(), ==, 2);
    const auto &second = m->string.glyphs.at(1);
    g_assert_true(second.bits == 4 && second.data.size() == 4 && second.data[0] == std::byte{5});
    g_assert_true(second.render_pos.y == 2 && second.origin.y == -1 && second.width == 3 && second.height == 2);
    expect_text(to_hex(serialize(*m)), to_hex(raw));
    expect_text(fault<DrawText>(base + head + "0200 04" + glyph + "01020304" + glyph + "05060708"), "glyph.data");
    auto odd = read<DrawText>(with_base(head + "0200 03" + glyph)); // two raster formats: nothing to draw
    g_assert_true(odd && odd->string.length == 2 && odd->string.glyphs.empty() && !odd->string.known_raster());
}

void test_composite() {
    const std::string identity = "00000100 00000000 00000000 00000000 00000100 00000000";
    const std::string doubled = "00000200 00000000 00000000 00000000 00000200 07000000";
    auto plain = read<DrawComposite>(with_base("03000000 00000000 01000200 03000400"));
    g_assert_true(plain && plain->flags == 3 && plain->src_transform.t11 == 0x10000);
    g_assert_true(plain->src_origin.y == 2 && plain->mask_origin.x == 3);
    auto full = read<DrawComposite>(with_base("03003800 00000000 00000000" + identity + doubled + "01000200 03000400"));
    g_assert_true(full && full->mask_transform.t00 == 0x20000 && full->mask_transform.t12 == 7 && !full->mask);
    g_assert_true(full->src_transform.t00 == 0x10000 && full->mask_origin.y == 4);
    auto masked = read<DrawComposite>(
        with_base("03000800 00000000 29000000 01000200 03000400 0100000000000000 67 00 01000000 01000000"));
    g_assert_true(masked && masked->mask && masked->mask->id == 1);
    auto alpha = read<DrawAlphaBlend>(with_base("02 80 00000000 01000000 02000000 03000000 04000000"));
    g_assert_true(alpha && alpha->flags == 2 && alpha->alpha == 128 && alpha->src_area == (Rect{1, 2, 3, 4}));
    auto transparent =
        read<DrawTransparent>(with_base("00000000 01000000 02000000 03000000 04000000 05000000 06000000"));
    g_assert_true(transparent && transparent->src_color == 5 && transparent->true_color == 6);
}

void test_surfaces_and_monitors() {
    auto create = read<SurfaceCreate>(from_hex("01000000 02000000 03000000 60000000 02000000"));
    g_assert_true(create && create->surface_id == 1 && create->height == 3 && create->format == 96 &&
                  create->flags == 2);
    auto monitors =
        read<MonitorsConfig>(from_hex("0100 0400 01000000 02000000 03000000 04000000 05000000 06000000 07000000"));
    g_assert_true(monitors && monitors->max_allowed == 4 && monitors->heads.at(0).y == 6);
    expect_text(fault<MonitorsConfig>("0200 0400 01000000 02000000 03000000 04000000 05000000 06000000 07000000"),
                "heads");
    auto mode = read<DisplayMode>(from_hex("01000000 02000000 20000000"));
    g_assert_true(mode && mode->bits == 32);
    auto inval = read<InvalList>(from_hex("0200 01 0100000000000000 01 0200000000000000"));
    g_assert_true(inval && inval->resources.at(1).id == 2);
    expect_text(fault<InvalList>("ffff 01 0100000000000000"), "resources");
    auto all = read<InvalAllPixmaps>(from_hex("01 02 01 0900000000000000"));
    g_assert_true(all && all->waits.at(0).channel_id == 1 && all->waits.at(0).serial == 9);
    auto palette = read<InvalPalette>(from_hex("0900000000000000"));
    g_assert_true(palette && palette->unique == 9);
}

void test_streams() {
    auto create =
        read<StreamCreate>(from_hex("01000000 02000000 01 03 0000000000000000 04000000 05000000 06000000 07000000"
                                    "01000000 02000000 03000000 04000000 01 00000000"));
    g_assert_true(create && create->id == 2 && create->flags == 1 && create->codec == 3 && create->stream_height == 5);
    g_assert_true(create->src_height == 7 && create->dest == (Rect{1, 2, 3, 4}) && create->clip.has_rects());
    const auto raw = from_hex("02000000 03000000 02000000 aabb");
    auto data = read<StreamData>(raw);
    g_assert_true(data && data->id == 2 && data->mm_time == 3 && data->data.size() == 2);
    const auto sized_raw =
        from_hex("02000000 03000000 04000000 05000000 01000000 02000000 03000000 04000000 01000000 aa");
    auto sized = read<StreamDataSized>(sized_raw);
    g_assert_true(sized && sized->height == 5 && sized->dest.right == 4 && sized->data.size() == 1);
    auto activate = read<StreamActivateReport>(from_hex("01000000 02000000 05000000 e8030000"));
    g_assert_true(activate && activate->max_window_size == 5 && activate->timeout_ms == 1000);
    StreamReport report{3, 4242, 1560, 1759, 5, 3, -460, 0xffffffff};
    expect_text(to_hex(serialize(report)), "03000000921000001806000"
                                           "0df060000050000000300000034feffffffffffff");
}

void test_gl() {
    auto scanout = read<GlScanoutUnix>(from_hex("01000000 02000000 03000000 58523234 01000000"));
    g_assert_true(scanout && scanout->drm_fourcc == 0x34325258 && scanout->flags == 1 && scanout->stride == 3);
    auto draw = read<GlDraw>(from_hex("01000000 02000000 03000000 04000000"));
    g_assert_true(draw && draw->y == 2 && draw->height == 4);
    const std::string head = "01000000 02000000 58523234 00000000";
    auto planes = read<GlScanout2Unix>(from_hex(head + "02 0100000000000000 00000000 10000000 20000000 30000000"));
    g_assert_true(planes && planes->modifier == 1 && planes->planes.at(1).stride == 0x30);
    expect_text(fault<GlScanout2Unix>(head + "05 0100000000000000"), "num_planes");
}

void test_client_messages() { // spec/display.md §6.1
    DisplayInit init;
    init.pixmap_cache_id = 1;
    init.pixmap_cache_size = 20971520;
    init.glz_dictionary_id = 1;
    init.glz_dictionary_window_size = 3145728;
    expect_text(to_hex(serialize(init)), "0100004001000000000100003000");
    expect_text(to_hex(serialize(PreferredCompression{7})), "07");
    expect_text(to_hex(serialize(PreferredVideoCodecType{{3, 1}})), "020301");
    expect_text(to_hex(serialize(GlDrawDone{})), "");
    g_assert_cmpuint(GlDrawDone::message_id, ==, 104);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/wire/display/fill", test_fill);
    g_test_add_func("/wire/display/clip", test_clip);
    g_test_add_func("/wire/display/copy-bitmap", test_copy_bitmap);
    g_test_add_func("/wire/display/image-types", test_image_types);
    g_test_add_func("/wire/display/lz-palette", test_lz_palette);
    g_test_add_func("/wire/display/drawing-faults-still-parse", test_drawing_faults_still_parse);
    g_test_add_func("/wire/display/opaque-and-rop3", test_opaque_and_rop3);
    g_test_add_func("/wire/display/stroke", test_stroke);
    g_test_add_func("/wire/display/segment-limit", test_segment_limit);
    g_test_add_func("/wire/display/text", test_text);
    g_test_add_func("/wire/display/composite", test_composite);
    g_test_add_func("/wire/display/surfaces-and-monitors", test_surfaces_and_monitors);
    g_test_add_func("/wire/display/streams", test_streams);
    g_test_add_func("/wire/display/gl", test_gl);
    g_test_add_func("/wire/display/client-messages", test_client_messages);
    return g_test_run();
}
