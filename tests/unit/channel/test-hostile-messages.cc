// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display-setup.hh"

using namespace spice::test;

// Malformed and odd display messages, one by one (spec/display.md §13.2): each ends its channel with an error, or is
// left out with at most one warning, or is drawn as the specification says. Another display goes on in any case.
namespace {

enum class Outcome { refused, skipped, drawn };

struct Case {
    const char *name;
    Outcome outcome;
    std::size_t warnings; // that it causes while the channel goes on
    uint16_t type;
    ByteVector body;
    uint32_t corner = 0x1; // pixel (0, 0) afterwards, of a surface that was filled with 1
};

constexpr uint32_t fixed_copy = 57; // bytes of DRAW_COPY before its image

Bytes base(uint32_t surface, Box box, uint8_t clip_type = SPICE_CLIP_TYPE_NONE) {
    Bytes b;
    b.u32(surface);
    for (const auto v : {box.top, box.left, box.bottom, box.right}) b.u32(static_cast<uint32_t>(v));
    return b.u8(clip_type);
}

ByteVector image(uint8_t type, uint32_t width, uint32_t height, const ByteVector &data) {
    return Bytes().u64(5).u8(type).u8(0).u32(width).u32(height).raw(data);
}

ByteVector bitmap(uint8_t format, uint32_t width, uint32_t height, uint32_t stride, uint32_t palette, const ByteVector &data) {
    return image(SPICE_IMAGE_TYPE_BITMAP, width, height,
                 Bytes().u8(format).u8(SPICE_BITMAP_FLAGS_TOP_DOWN).u32(width).u32(height).u32(stride).u32(palette).raw(data));
}

ByteVector four_pixels() {
    return bitmap(SPICE_BITMAP_FMT_32BIT, 4, 1, 16, 0, Bytes().u32(0xa).u32(0xb).u32(0xc).u32(0xd));
}

struct Copy {
    Box area{0, 0, 4, 1};
    uint32_t source = fixed_copy;
    uint8_t scale_mode = SPICE_IMAGE_SCALE_MODE_NEAREST;
    uint32_t mask = 0;
    uint32_t surface = 0;
};
ByteVector copy(const Copy &c, const ByteVector &rest) {
    auto b = base(c.surface, {0, 0, 4, 1});
    b.u32(c.source);
    for (const auto v : {c.area.top, c.area.left, c.area.bottom, c.area.right}) b.u32(static_cast<uint32_t>(v));
    return b.u16(SPICE_ROPD_OP_PUT).u8(c.scale_mode).u8(0).u32(0).u32(0).u32(c.mask).raw(rest);
}

ByteVector fill(uint32_t surface, Box box, uint32_t color) {
    return base(surface, box).u8(SPICE_BRUSH_TYPE_SOLID).u32(color).u16(SPICE_ROPD_OP_PUT).u8(0).u32(0).u32(0).u32(0);
}

ByteVector cut(ByteVector bytes, std::size_t size) {
    bytes.resize(size);
    return bytes;
}
ByteVector longer(ByteVector bytes, std::size_t more) {
    bytes.resize(bytes.size() + more, std::byte{0xee});
    return bytes;
}

ByteVector stroke(uint32_t points) {
    auto b = base(0, {0, 0, 16, 8});
    const auto path = static_cast<uint32_t>(b.size() + 4 + 1 + 5 + 4);
    b.u32(path).u8(0).u8(SPICE_BRUSH_TYPE_SOLID).u32(7).u16(SPICE_ROPD_OP_PUT).u16(SPICE_ROPD_OP_PUT);
    b.u32(2).u8(SPICE_PATH_BEGIN).u32(1).u32(0).u32(0).u8(SPICE_PATH_BEZIER | SPICE_PATH_END).u32(points);
    for (uint32_t i = 0; i < points; ++i) b.u32(16 * i).u32(16 * i);
    return b.take();
}

ByteVector palette(const std::vector<uint32_t> &entries) {
    Bytes b;
    b.u64(0).u16(entries.size());
    for (const auto e : entries) b.u32(e);
    return b.take();
}

// Four indexed pixels, with their palette behind them.
ByteVector indexed(uint8_t index) {
    const uint32_t pixels = fixed_copy + 36;
    auto b = bitmap(SPICE_BITMAP_FMT_8BIT, 4, 1, 4, pixels + 4, Bytes().u8(index).u8(index).u8(index).u8(index));
    return copy({}, Bytes().raw(b).raw(palette({0x11, 0x22})));
}

ByteVector masked() {
    Bytes rest;
    rest.raw(four_pixels());
    const auto mask = static_cast<uint32_t>(fixed_copy + rest.size());
    return copy({.mask = mask}, rest.raw(four_pixels()));
}

std::vector<Case> cases() {
    using enum Outcome;
    constexpr auto fill_id = SPICE_MSG_DISPLAY_DRAW_FILL, copy_id = SPICE_MSG_DISPLAY_DRAW_COPY;
    constexpr auto create_id = SPICE_MSG_DISPLAY_SURFACE_CREATE;
    constexpr Box all{0, 0, 16, 8};
    constexpr int32_t low = INT32_MIN, high = INT32_MAX;
    const auto good = copy({}, four_pixels());
    return {
        // what the previous client survives
        {"truncated-drawing", refused, 0, fill_id, cut(fill(0, all, 9), 30)},
        {"unknown-clip-type", refused, 0, fill_id, Bytes().raw(base(0, all, 7).get()).zeros(20)},
        {"huge-clip-count", refused, 0, fill_id, Bytes().raw(base(0, all, SPICE_CLIP_TYPE_RECTS).get()).u32(0x40000000).zeros(64)},
        {"unknown-destination", skipped, 1, fill_id, fill(33, all, 9)},
        {"inverted-box", skipped, 0, fill_id, fill(0, {16, 8, 0, 0}, 9)},
        {"gigantic-box", drawn, 0, fill_id, fill(0, {low, low, high, high}, 9), 9},
        {"short-stride", skipped, 1, copy_id, copy({}, bitmap(SPICE_BITMAP_FMT_32BIT, 4, 1, 2, 0, Bytes().zeros(16)))},
        {"source-area-outside", skipped, 0, copy_id, copy({.area = {100, 50, 104, 51}}, four_pixels())},
        {"palette-index-too-large", drawn, 0, copy_id, indexed(200), 0},
        {"surface-without-pixels", refused, 0, create_id, Bytes().u32(2).u32(0).u32(0).u32(32).u32(0)},
        {"empty-source-area", skipped, 1, copy_id, copy({.area = {1, 0, 1, 1}}, four_pixels())},
        {"unknown-message", skipped, 0, 299, Bytes().zeros(40)},
        {"data-of-unknown-stream", skipped, 1, SPICE_MSG_DISPLAY_STREAM_DATA, Bytes().u32(40).u32(0).u32(4).u32(0)},
        {"end-of-unknown-stream", skipped, 0, SPICE_MSG_DISPLAY_STREAM_DESTROY, Bytes().u32(40)},
        {"trailing-bytes", drawn, 0, copy_id, longer(good, 500), 0xa},
        // what it dies of
        {"no-source-image", skipped, 1, copy_id, copy({.source = 0}, {})},
        {"indexed-without-palette", skipped, 1, copy_id, copy({}, bitmap(SPICE_BITMAP_FMT_8BIT, 4, 1, 4, 0, Bytes().u32(0)))},
        {"unknown-image-type", skipped, 1, copy_id, copy({}, image(77, 4, 1, Bytes().zeros(40)))},
        {"unknown-surface-format", skipped, 1, create_id, Bytes().u32(2).u32(8).u32(8).u32(33).u32(0)},
        {"unknown-source-surface", skipped, 1, copy_id, copy({}, image(SPICE_IMAGE_TYPE_SURFACE, 4, 1, Bytes().u32(44)))},
        {"unknown-scale-mode", skipped, 1, copy_id, copy({.area = {0, 0, 2, 1}, .scale_mode = 9}, four_pixels())},
        {"mask-of-32-bits", skipped, 1, copy_id, masked()},
        {"bezier-of-two-points", skipped, 1, SPICE_MSG_DISPLAY_DRAW_STROKE, stroke(2)},
        // offsets
        {"source-behind-the-end", refused, 0, copy_id, copy({.source = 5000}, four_pixels())},
        {"source-cut-off", refused, 0, copy_id, cut(good, good.size() - 9)},
        {"source-inside-the-header", refused, 0, copy_id, copy({.source = fixed_copy + 60}, four_pixels())},
        // an image that claims more than any may have
        {"image-too-large", skipped, 1, copy_id,
         copy({}, image(SPICE_IMAGE_TYPE_LZ_RGB, 40000, 40000,
                        Bytes().u32(32).raw(lz_header(8, 40000, 40000, 160000).get()).zeros(4)))},
        {"sub-messages-behind-the-end", refused, 0, SPICE_MSG_LIST, Bytes().u16(2).u32(500).u32(900)},
        {"end-of-unknown-surface", skipped, 0, SPICE_MSG_DISPLAY_SURFACE_DESTROY, Bytes().u32(99)},
        {"invalid-cache-entries", skipped, 0, SPICE_MSG_DISPLAY_INVAL_LIST, Bytes().u16(2).u8(9).u64(1).u8(1).u64(77)},
    };
}

void other_display_goes_on(DisplaySetup &s) {
    s.script(1).fill(0, {0, 0, 8, 4}, 0x77);
    s.settle(1);
    g_assert_cmphex(pixel(s.second, 7, 3), ==, 0x77);
    g_assert_false(s.second_observer.has("closed"));
}

void run_case(gconstpointer data) {
    const auto &c = *static_cast<const Case *>(data);
    DisplaySetup s;
    s.script(1).surface_create(0, 8, 4);
    s.script().surface_create(0, 16, 8).fill(0, {0, 0, 16, 8}, 0x1);
    s.open(s.second, s.second_observer);
    s.open(s.model, s.observer);
    s.settle();
    const Warnings warnings;
    s.script().send(c.type, c.body);
    if (c.outcome == Outcome::refused) {
        g_assert_true(s.loop.until([&] { return s.observer.has("closed"); }));
        g_assert_true(s.observer.has("error-io"));
        g_assert_cmpuint(Warnings::all().size(), ==, 1);
        g_test_message("%s", Warnings::all()[0].c_str());
    } else {
        s.script().send(c.type, c.body).fill(0, {15, 7, 16, 8}, 0x5); // twice: the second time nothing is said
        s.settle();
        g_assert_cmphex(pixel(s.model, 15, 7), ==, 0x5);
        g_assert_cmphex(pixel(s.model, 0, 0), ==, c.corner);
        for (const auto &line : Warnings::all()) g_test_message("%s", line.c_str());
        g_assert_cmpuint(Warnings::all().size(), ==, c.warnings);
        g_assert_false(s.observer.has("closed"));
    }
    other_display_goes_on(s);
}

// The codes that do not depend on all three inputs, which the previous client dies of.
void test_rop3() {
    constexpr uint8_t codes[] = {0x00, 0x03, 0x05, 0x0a, 0x0c, 0x0f, 0x11, 0x22, 0x30, 0x33, 0x3c, 0x3f, 0x44,
                                 0x50, 0x55, 0x5a, 0x5f, 0x66, 0x77, 0x88, 0x99, 0xa0, 0xa5, 0xaa, 0xaf, 0xbb,
                                 0xc0, 0xc3, 0xcc, 0xcf, 0xdd, 0xee, 0xf0, 0xf3, 0xf5, 0xfa, 0xfc, 0xff};
    static_assert(std::size(codes) == 38);
    constexpr uint32_t pattern = 0xf0f0f0, source = 0xcccccc, dest = 0xaaaaaa;
    DisplaySetup s;
    s.script().surface_create(0, 38, 1).fill(0, {0, 0, 38, 1}, dest);
    int32_t x = 0;
    for (const auto code : codes) {
        auto b = base(0, {x, 0, x + 1, 1});
        const auto fixed = static_cast<uint32_t>(b.size() + 4 + 16 + 5 + 1 + 1 + 13);
        b.u32(fixed).u32(0).u32(0).u32(1).u32(1).u8(SPICE_BRUSH_TYPE_SOLID).u32(pattern).u8(code).u8(1);
        b.u8(0).u32(0).u32(0).u32(0).raw(bitmap(SPICE_BITMAP_FMT_32BIT, 1, 1, 4, 0, Bytes().u32(source)));
        s.script().send(SPICE_MSG_DISPLAY_DRAW_ROP3, b);
        ++x;
    }
    s.open(s.model, s.observer);
    s.settle();
    for (uint32_t i = 0; i < std::size(codes); ++i) {
        uint32_t wanted = 0;
        for (unsigned bit = 0; bit < 24; ++bit) {
            const auto row = (pattern >> bit & 1) << 2 | (source >> bit & 1) << 1 | (dest >> bit & 1);
            wanted |= (uint32_t{codes[i]} >> row & 1) << bit;
        }
        g_assert_cmphex(pixel(s.model, i, 0), ==, wanted);
    }
}

// A header that promises more than any message has.
void test_message_too_large() {
    DisplaySetup s;
    s.script(1).surface_create(0, 8, 4);
    s.open(s.second, s.second_observer);
    s.script().send_header(SPICE_MSG_DISPLAY_DRAW_COPY, (256u << 20) + 1);
    g_assert_true(s.model.connect());
    g_assert_true(s.loop.until([&] { return s.observer.has("closed"); }));
    g_assert_true(s.observer.has("error-io"));
    other_display_goes_on(s);
}

}

int main(int argc, char **argv) {
    g_setenv("SPICE_DECODE_THREADS", "2", FALSE);
    g_test_init(&argc, &argv, nullptr);
    const auto table = cases();
    for (const auto &c : table)
        g_test_add_data_func((std::string{"/hostile-messages/"} + c.name).c_str(), &c, run_case);
    g_test_add_func("/hostile-messages/rop3-codes", test_rop3);
    g_test_add_func("/hostile-messages/message-too-large", test_message_too_large);
    return g_test_run();
}
