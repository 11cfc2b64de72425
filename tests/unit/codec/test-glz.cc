// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-test.hh"

#include "codec/glz-window.hh"
#include "codec/zlib-glz.hh"

#include <zlib.h>

using namespace spice::codec;
using namespace spice::test;
using Needs = GlzDecoder::Needs;

namespace {

// A match token with a distance below 64 images and an offset below 4096.
Stream &match(Stream &s, unsigned length, unsigned distance, unsigned offset) {
    return s.byte(length << 5 | (offset & 15)).byte(offset >> 4).byte(distance);
}

GlzDecoder decoder(std::span<const std::byte> in, Size size) {
    auto made = GlzDecoder::create(in, size, {});
    assert_ok(made);
    return std::move(*made);
}

SharedBitmap32 counting_image(uint32_t width, uint32_t height, Layout layout = Layout::bgrx) {
    auto made = std::make_shared<Bitmap32>();
    made->size = {width, height};
    made->layout = layout;
    made->data = PixelBuffer::allocate(made->pixels() * 4);
    for (uint32_t i = 0; i < made->pixels(); ++i) {
        const uint32_t pixel = 0x10000u + i + (layout == Layout::bgra ? i << 24 : 0);
        std::memcpy(made->data.data() + 4 * i, &pixel, 4);
    }
    return made;
}

// Stops at each of two missing references, in the middle of the image, and goes on where it stopped.
void test_resume() {
    auto s = glz_header(8, 8, 1, 5, 5);
    s.byte(1).bytes({1, 2, 3, 4, 5, 6}); // two literals
    match(s, 2, 1, 3);                   // two pixels of image 4
    match(s, 1, 0, 0);                   // the pixel before
    match(s, 3, 2, 1);                   // three of image 3
    auto glz = decoder(s, {8, 1});
    GlzWindow window{1000};
    const auto find = [&](uint64_t id) { return window.find(id); };
    auto step = glz.run(find);
    g_assert_true(step && std::get<Needs>(*step).id == 4);
    step = glz.run(find); // nothing has changed
    g_assert_true(step && std::get<Needs>(*step).id == 4);
    assert_ok(window.insert(4, 1, counting_image(8, 1)));
    step = glz.run(find);
    g_assert_true(step && std::get<Needs>(*step).id == 3);
    assert_ok(window.insert(3, 1, counting_image(4, 1)));
    step = glz.run(find);
    assert_ok(step);
    const auto image = std::get<SharedBitmap32>(*step);
    const uint32_t expected[8] = {0x030201, 0x060504, 0x10003, 0x10004, 0x10004, 0x10001, 0x10002, 0x10003};
    assert_bytes(image->data, expected, sizeof expected);
    g_assert_false(glz.run(find)); // spent
}

// A reference that was found stays, whatever happens to the window meanwhile.
void test_reference_is_kept() {
    auto s = glz_header(8, 4, 1, 2, 2);
    match(s, 1, 1, 0);
    match(s, 1, 2, 0);
    match(s, 2, 1, 1);
    auto glz = decoder(s, {4, 1});
    GlzWindow window{1000};
    const auto find = [&](uint64_t id) { return window.find(id); };
    assert_ok(window.insert(1, 1, counting_image(4, 1)));
    auto step = glz.run(find);
    g_assert_true(step && std::get<Needs>(*step).id == 0);
    window.clear();
    assert_ok(window.insert(0, 0, counting_image(4, 1)));
    step = glz.run(find);
    assert_ok(step);
    g_assert_cmphex(pixel32(std::get<SharedBitmap32>(*step)->view(), 3, 0), ==, 0x10002);
}

void test_resume_in_alpha() {
    auto s = glz_header(9, 6, 1, 1, 1);
    s.byte(5).bytes({1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6});
    s.byte(2).bytes({0x10, 0x20, 0x30});
    match(s, 1, 1, 2); // three (1 + 2) alpha values of image 0
    auto glz = decoder(s, {6, 1});
    GlzWindow window{1000};
    const auto find = [&](uint64_t id) { return window.find(id); };
    auto step = glz.run(find);
    g_assert_true(step && std::get<Needs>(*step).id == 0);
    assert_ok(window.insert(0, 0, counting_image(6, 1, Layout::bgra)));
    step = glz.run(find);
    assert_ok(step);
    const auto image = std::get<SharedBitmap32>(*step);
    g_assert_true(image->layout == Layout::bgra);
    const uint32_t expected[6] = {0x10010101, 0x20020202, 0x30030303, 0x02040404, 0x03050505, 0x04060606};
    assert_bytes(image->data, expected, sizeof expected);
}

void test_bottom_up() {
    auto s = glz_header(8, 1, 3, 0, 0, false);
    s.byte(2).bytes({1, 0, 0, 2, 0, 0, 3, 0, 0});
    auto glz = decoder(s, {1, 3});
    auto step = glz.run([](uint64_t) { return GlzLookup{}; });
    assert_ok(step);
    const auto view = std::get<SharedBitmap32>(*step)->view();
    for (uint32_t y = 0; y < 3; ++y) g_assert_cmphex(pixel32(view, 0, y), ==, 3 - y);
}

bool refused(Stream s, Size size, uint64_t source_id = 0) {
    auto glz = GlzDecoder::create(s, size, Limits{});
    if (!glz) return true;
    const auto step = glz->run([&](uint64_t id) {
        return id == source_id ? GlzLookup{GlzLookup::State::present, counting_image(4, 1)} : GlzLookup{};
    });
    return !step;
}

void test_refused() {
    const auto with = [](unsigned length, unsigned distance, unsigned offset, uint64_t id, uint32_t dist) {
        auto s = glz_header(8, 4, 1, id, dist);
        return match(s, length, distance, offset);
    };
    g_assert_false(refused(with(4, 1, 0, 1, 1), {4, 1}));
    g_assert_true(refused(with(4, 1, 0, 1, 1), {4, 2}));            // not the size of the descriptor
    g_assert_true(refused(with(4, 1, 1, 1, 1), {4, 1}));            // ends behind the source
    g_assert_true(refused(with(5, 1, 0, 1, 1), {4, 1}));            // ends behind the image
    g_assert_true(refused(with(4, 1, 0, 1, 0), {4, 1}));            // before the window's head
    g_assert_true(refused(with(4, 2, 0, 1, 1), {4, 1}));            // before image 0
    g_assert_true(refused(with(4, 1, 0, 1, 1), {4, 1}, UINT64_MAX)); // gone
    g_assert_true(refused(with(4, 0, 0, 0, 0), {4, 1}));            // refers to itself before the first pixel
    g_assert_true(refused(glz_header(8, 4, 1, 0, 1), {4, 1}));      // window starts before image 0
    g_assert_true(refused(glz_header(8, 40000, 1, 0, 0), {40000, 1}));
    auto cut = with(4, 1, 0, 1, 1).get();
    for (std::size_t n = 0; n < cut.size(); ++n) {
        Stream s;
        for (std::size_t i = 0; i < n; ++i) s.byte(std::to_integer<unsigned>(cut[i]));
        g_assert_true(refused(std::move(s), {4, 1}));
    }
}

void test_blank_image() {
    auto s = glz_header(9, 4, 3, 7, 0, false);
    const auto glz = decoder(s, {4, 3});
    const auto blank = glz.blank_image();
    g_assert_true(blank && blank->size == (Size{4, 3}) && blank->layout == Layout::bgra && !blank->top_down);
    for (std::size_t i = 0; i < blank->data.size(); ++i) g_assert_true(blank->data.data()[i] == std::byte{0});
}

std::vector<std::byte> deflated(const std::vector<std::byte> &in) {
    uLongf size = compressBound(in.size());
    std::vector<std::byte> out(size);
    const int status = compress(reinterpret_cast<Bytef *>(out.data()), &size, reinterpret_cast<const Bytef *>(in.data()),
                                in.size());
    g_assert_cmpint(status, ==, Z_OK);
    return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size)};
}

void test_inflate() {
    auto s = glz_header(8, 2, 1, 0, 0);
    s.byte(1).bytes({1, 2, 3, 4, 5, 6});
    const auto plain = s.get();
    const auto size = static_cast<uint32_t>(plain.size());
    const auto packed = deflated(plain);
    auto out = inflate_glz(packed, size, {2, 1}, {});
    assert_ok(out);
    assert_bytes(*out, plain.data(), plain.size());
    g_assert_false(inflate_glz(packed, size - 1, {2, 1}, {}));
    g_assert_false(inflate_glz(packed, size + 1, {2, 1}, {}));
    g_assert_false(inflate_glz(packed, 0, {2, 1}, {}));
    g_assert_false(inflate_glz(packed, 33 + 16 * 2 + 1, {2, 1}, {})); // more than such an image can need
    g_assert_false(inflate_glz(packed, UINT32_MAX, {2, 1}, {}));
    g_assert_false(inflate_glz(packed, size, {2, 0}, {}));
    for (std::size_t n = 0; n < packed.size(); ++n) {
        const std::vector<std::byte> cut(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(n));
        g_assert_false(inflate_glz(cut, size, {2, 1}, {}));
    }
    auto wrong = packed;
    wrong.back() ^= std::byte{1};
    g_assert_false(inflate_glz(wrong, size, {2, 1}, {}));
    // The decoder keeps the inflated bytes.
    auto glz = GlzDecoder::create(std::move(*out), {2, 1}, Limits{});
    assert_ok(glz);
    auto moved = std::move(*glz);
    auto step = moved.run([](uint64_t) { return GlzLookup{}; });
    assert_ok(step);
    g_assert_cmphex(pixel32(std::get<SharedBitmap32>(*step)->view(), 1, 0), ==, 0x060504);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/glz/resume", test_resume);
    g_test_add_func("/glz/reference-is-kept", test_reference_is_kept);
    g_test_add_func("/glz/resume-in-alpha", test_resume_in_alpha);
    g_test_add_func("/glz/bottom-up", test_bottom_up);
    g_test_add_func("/glz/refused", test_refused);
    g_test_add_func("/glz/blank-image", test_blank_image);
    g_test_add_func("/glz/inflate", test_inflate);
    return g_test_run();
}
