// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-test.hh"

#include "codec/lz.hh"

using namespace spice::codec;
using namespace spice::test;

namespace {

// Every distance up to 40 and every length up to 80, against copying pixel by pixel.
void test_copies() {
    for (unsigned distance = 1; distance <= 40; ++distance)
        for (unsigned length = 1; length <= 80; ++length) {
            const uint32_t width = distance + length;
            auto s = lz_header(8, width, 1, width * 4);
            std::vector<uint32_t> expected;
            for (unsigned left = distance; left > 0;) {
                const unsigned n = std::min(left, 32u);
                s.byte(n - 1);
                for (unsigned i = 0; i < n; ++i, --left) {
                    s.bytes({left, left * 3, left * 5 & 255});
                    expected.push_back(left | (left * 3 & 255) << 8 | (left * 5 & 255) << 16);
                }
            }
            const unsigned stored = length - 1; // without bias
            if (stored < 6)
                s.byte((stored + 1) << 5);
            else
                s.byte(7 << 5).byte(stored - 6);
            s.byte(distance - 1);
            for (unsigned i = 0; i < length; ++i) expected.push_back(expected[expected.size() - distance]);
            const auto image = decode_lz(s, {width, 1}, {}, {}, false);
            assert_ok(image);
            assert_bytes(image->data, expected.data(), expected.size() * 4);
        }
}

void test_long_run() {
    constexpr uint32_t width = 1000, height = 1000;
    auto s = lz_header(8, width, height, width * 4, 0);
    s.byte(0).bytes({1, 2, 3}).byte(7 << 5);
    uint32_t rest = width * height - 1 - 7; // the length beyond what the token itself says
    for (; rest >= 255; rest -= 255) s.byte(255);
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
    g_test_add_func("/lz/copies", test_copies);
    g_test_add_func("/lz/long-run", test_long_run);
    g_test_add_func("/lz/sizes", test_sizes);
    g_test_add_func("/lz/alpha-fits", test_alpha_fits);
    return g_test_run();
}
