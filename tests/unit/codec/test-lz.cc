// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-test.hh"

#include "codec/lz.hh"
#include "codec/simd.hh"

#include <algorithm>

using namespace spice::codec;
using namespace spice::test;

namespace {

// Of the types with one pass: bytes per literal, what a length is stored without, and what a literal becomes.
struct Kind {
    uint32_t type, literal_bytes, bias, bytes_per_row_pixel;
    Layout layout;
};
constexpr Kind kinds[] = {
    {8, 3, 0, 4, Layout::bgrx}, {6, 2, 1, 2, Layout::bgrx}, {6, 2, 1, 2, Layout::rgb555}, {11, 1, 2, 1, Layout::a8}};

// Writes tokens and keeps the pixels that they stand for.
class Tokens {
public:
    Tokens(const Kind &kind, Stream &s) : kind_{kind}, s_{s} {}
    void literals(unsigned n) {
        while (n > 0) {
            const unsigned now = std::min(n, 32u);
            s_.byte(now - 1);
            for (unsigned i = 0; i < now; ++i)
                literal();
            n -= now;
        }
    }
    void match(unsigned distance, unsigned length) {
        const unsigned stored = length - 1 - kind_.bias;
        s_.byte((std::min(stored, 6u) + 1) << 5 | (distance - 1) >> 8);
        if (stored >= 6) {
            unsigned rest = stored - 6;
            for (; rest >= 255; rest -= 255)
                s_.byte(255);
            s_.byte(rest);
        }
        s_.byte((distance - 1) & 255);
        for (unsigned i = 0; i < length; ++i)
            pixels.push_back(pixels[pixels.size() - distance]);
    }
    std::vector<uint32_t> pixels;

private:
    void literal() {
        const uint32_t v = next_ = next_ * 1664525 + 1013904223, x = v >> 8;
        if (kind_.literal_bytes == 3) {
            s_.bytes({x & 255, x >> 8 & 255, x >> 16 & 255});
            pixels.push_back(x & 0xffffff);
        } else if (kind_.literal_bytes == 2) {
            s_.bytes({x >> 8 & 0x7f, x & 255});
            const uint32_t r = x >> 10 & 31, g = x >> 5 & 31, b = x & 31;
            pixels.push_back(kind_.layout == Layout::rgb555
                                 ? x & 0x7fff
                                 : (r << 3 | r >> 2) << 16 | (g << 3 | g >> 2) << 8 | (b << 3 | b >> 2));
        } else {
            s_.byte(x & 255);
            pixels.push_back(x & 255);
        }
    }
    const Kind &kind_;
    Stream &s_;
    uint32_t next_ = 1;
};

uint32_t pixel_of(const BitmapView &image, uint32_t x, uint32_t y) {
    if (image.layout == Layout::a8) return pixel8(image, x, y);
    return image.layout == Layout::rgb555 ? pixel16(image, x, y) : pixel32(image, x, y);
}

void check_tokens(const Kind &kind, Stream &s, const Tokens &tokens, uint32_t width, uint32_t height) {
    const auto image = decode_lz(s, {width, height}, {}, {}, kind.layout == Layout::rgb555);
    assert_ok(image);
    for (uint32_t i = 0; i < width * height; ++i)
        g_assert_cmphex(pixel_of(image->view(), i % width, i / width), ==, tokens.pixels[i]);
}

// Every distance up to 40 and every length up to 80, against copying pixel by pixel: at the end of an image, where
// nothing may be written beyond it, and in the middle, where whole blocks are.
void test_copies_of(Simd simd) {
    if (!use_simd(simd)) return g_test_skip("not on this processor");
    for (const auto &kind : kinds)
        for (unsigned distance = 1; distance <= 40; ++distance)
            for (unsigned length = 1 + kind.bias; length <= 80; ++length)
                for (const unsigned rest : {0u, 150u}) {
                    const uint32_t width = distance + length + rest;
                    auto s = lz_header(kind.type, width, 1, width * kind.bytes_per_row_pixel);
                    Tokens tokens{kind, s};
                    tokens.literals(distance);
                    tokens.match(distance, length);
                    tokens.literals(rest);
                    check_tokens(kind, s, tokens, width, 1);
                }
}

// Tokens of all kinds that run over the ends of rows.
void test_mixture_of(Simd simd) {
    if (!use_simd(simd)) return g_test_skip("not on this processor");
    uint32_t random = 7;
    const auto between = [&random](uint32_t low, uint32_t high) {
        random = random * 1664525 + 1013904223;
        return low + (random >> 10) % (high - low + 1);
    };
    for (const auto &kind : kinds)
        for (int round = 0; round < 300; ++round) {
            const uint32_t width = between(1, 130), height = between(1, 40), total = width * height;
            auto s = lz_header(kind.type, width, height, width * kind.bytes_per_row_pixel);
            Tokens tokens{kind, s};
            while (tokens.pixels.size() < total) {
                const auto have = static_cast<uint32_t>(tokens.pixels.size()), room = total - have;
                if (have == 0 || room <= kind.bias || between(0, 2) == 0) {
                    tokens.literals(between(1, std::min(room, 32u)));
                } else {
                    const uint32_t longest = std::min(room, between(0, 9) == 0 ? 700u : 24u);
                    tokens.match(between(1, std::min(have, between(0, 1) ? 20u : 3000u)),
                                 between(std::min(1 + kind.bias, longest), longest));
                }
            }
            check_tokens(kind, s, tokens, width, height);
        }
}

void test_copies() { test_copies_of(Simd::avx2); }
void test_copies_scalar() { test_copies_of(Simd::scalar); }
void test_mixture() { test_mixture_of(Simd::avx2); }
void test_mixture_scalar() { test_mixture_of(Simd::scalar); }

void test_long_run() {
    constexpr uint32_t width = 1000, height = 1000;
    auto s = lz_header(8, width, height, width * 4, 0);
    s.byte(0).bytes({1, 2, 3}).byte(7 << 5);
    uint32_t rest = width * height - 1 - 7; // the length beyond what the token itself says
    for (; rest >= 255; rest -= 255)
        s.byte(255);
    s.byte(rest).byte(0);
    const auto image = decode_lz(s, {width, height}, {}, {}, false);
    assert_ok(image);
    g_assert_cmphex(pixel32(image->view(), 999, 0), ==, 0x030201);
    g_assert_cmphex(pixel32(image->view(), 0, 999), ==, 0x030201);
}

void test_sizes() {
    const Size size{8, 2};
    const auto decode = [&](Stream s) { return bool(decode_lz(s.byte(15), size, {}, {}, false)); };
    g_assert_false(decode(lz_header(8, 8, 2, 31)));
    g_assert_false(decode(lz_header(8, 8, 3, 32)));
    g_assert_false(decode(lz_header(8, 0xffffffff, 2, 0xfffffffc)));
    g_assert_false(decode_lz(lz_header(8, 20000, 1, 80000), {20000, 1}, {}, {}, false));
    g_assert_false(decode_lz(lz_header(10, 8, 2, 32), size, {}, {}, false)); // alpha alone is no image
}

void test_alpha_fits() {
    auto image = make_bitmap({2, 2}, Layout::bgrx, {});
    assert_ok(image);
    std::memset(image->data.data(), 0x11, image->data.size());
    auto s = lz_header(10, 2, 2, 8, 0);
    s.byte(3).bytes({1, 2, 3, 4});
    g_assert_false(decode_lz_alpha(s, true, image->rows())); // row orders differ
    g_assert_false(decode_lz_alpha(lz_header(9, 2, 2, 8, 0), false, image->rows()));
    g_assert_false(decode_lz_alpha(lz_header(10, 2, 1, 8, 0), false, image->rows()));
    assert_ok(decode_lz_alpha(s, false, image->rows()));
    g_assert_cmphex(pixel32(image->view(), 0, 0), ==, 0x03111111);
    g_assert_cmphex(pixel32(image->view(), 1, 1), ==, 0x02111111);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/lz/copies/avx2", test_copies);
    g_test_add_func("/lz/copies/scalar", test_copies_scalar);
    g_test_add_func("/lz/mixture/avx2", test_mixture);
    g_test_add_func("/lz/mixture/scalar", test_mixture_scalar);
    g_test_add_func("/lz/long-run", test_long_run);
    g_test_add_func("/lz/sizes", test_sizes);
    g_test_add_func("/lz/alpha-fits", test_alpha_fits);
    return g_test_run();
}
