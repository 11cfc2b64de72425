// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-test.hh"

using namespace spice::codec;
using namespace spice::test;

namespace {

void test_limits() {
    const Limits limits{100, 5000};
    g_assert_false(make_bitmap({0, 5}, Layout::bgrx, limits));
    g_assert_false(make_bitmap({5, 0}, Layout::bgrx, limits));
    g_assert_false(make_bitmap({101, 1}, Layout::bgrx, limits));
    g_assert_false(make_bitmap({1, 101}, Layout::bgrx, limits));
    g_assert_false(make_bitmap({100, 51}, Layout::bgrx, limits));
    g_assert_true(make_bitmap({100, 50}, Layout::bgrx, limits));
    g_assert_false(make_bitmap({UINT32_MAX, UINT32_MAX}, Layout::bgrx, Limits{UINT32_MAX, UINT64_MAX}));
}

void test_strides() {
    g_assert_cmpuint(row_stride(3, Layout::rgb555), ==, 8);
    g_assert_cmpuint(row_stride(5, Layout::a8), ==, 8);
    g_assert_cmpuint(row_stride(33, Layout::a1), ==, 8);
    g_assert_cmpuint(packed_row_bytes(33, Layout::a1), ==, 5);
    g_assert_cmpuint(row_stride(7, Layout::bgrx), ==, 28);
}

void test_spread_and_flip() {
    auto bitmap = make_bitmap({3, 4}, Layout::a8, {});
    assert_ok(bitmap);
    for (unsigned i = 0; i < 12; ++i) bitmap->data.data()[i] = static_cast<std::byte>(i + 1);
    spread_packed_rows(*bitmap);
    for (uint32_t y = 0; y < 4; ++y) {
        for (uint32_t x = 0; x < 3; ++x) g_assert_cmpuint(pixel8(bitmap->view(), x, y), ==, 3 * y + x + 1);
        g_assert_cmpuint(pixel8(bitmap->view(), 3, y), ==, 0);
    }
    flip_rows(bitmap->rows());
    for (uint32_t y = 0; y < 4; ++y) g_assert_cmpuint(pixel8(bitmap->view(), 0, y), ==, 3 * (3 - y) + 1);
}

void test_zeroed() {
    { // leave dirt behind that a recycled block would show
        auto dirty = PixelBuffer::allocate(100'000);
        std::memset(dirty.data(), 0xaa, dirty.size());
    }
    const auto zeroed = PixelBuffer::allocate_zeroed(100'000);
    for (std::size_t i = 0; i < zeroed.size(); ++i) g_assert_true(zeroed.data()[i] == std::byte{0});
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/bitmap/limits", test_limits);
    g_test_add_func("/bitmap/strides", test_strides);
    g_test_add_func("/bitmap/spread-and-flip", test_spread_and_flip);
    g_test_add_func("/bitmap/zeroed", test_zeroed);
    return g_test_run();
}
