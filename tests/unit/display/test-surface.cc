// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/surface.hh"

#include <algorithm>
#include <thread>

#include <glib.h>

using namespace spice::display;

namespace {

void test_formats() {
    unsigned known = 0;
    for (uint32_t v = 0; v < 200; ++v)
        known += surface_format(v).has_value();
    g_assert_cmpuint(known, ==, 6);
    for (uint32_t v : {1u, 8u, 16u, 32u, 80u, 96u})
        g_assert_true(surface_format(v).has_value());
}

void test_create() {
    SurfaceSet set;
    auto made = set.create(3, SurfaceFormat::rgb555, 7, 5, 1);
    g_assert_true(bool(made));
    const Surface &s = **made;
    g_assert_cmpuint(s.stride, ==, 28); // width * 4 for every format
    g_assert_true(set.find(3) == &s);
    g_assert_true(std::all_of(s.data(), s.data() + s.stride * s.height, [](uint8_t b) { return b == 0; }));
    g_assert_null(set.find(4));
    g_assert_cmpuint(set.bytes(), ==, 140);
    // The same id again replaces.
    g_assert_true(bool(set.create(3, SurfaceFormat::xrgb, 2, 2, 0)));
    g_assert_cmpuint(set.count(), ==, 1);
    g_assert_cmpuint(set.bytes(), ==, 16);
    auto taken = set.take(3);
    g_assert_nonnull(taken.get());
    g_assert_cmpuint(set.bytes(), ==, 0);
    g_assert_null(set.take(3).get());
    std::thread{[&] { taken.reset(); }}.join(); // unmapped wherever it ends
}

void test_limits() {
    SurfaceSet set{SurfaceLimits{3, 1000, 40'000}};
    g_assert_false(bool(set.create(0, SurfaceFormat::xrgb, 0, 5, 0)));
    g_assert_false(bool(set.create(0, SurfaceFormat::xrgb, 5, 0, 0)));
    g_assert_false(bool(set.create(0, SurfaceFormat::xrgb, 1001, 1, 0)));
    g_assert_false(bool(set.create(0, SurfaceFormat::xrgb, 0xffffffffu, 0xffffffffu, 0)));
    g_assert_true(bool(set.create(0, SurfaceFormat::a8, 80, 100, 0))); // 32 000 bytes, though its pixels are small
    g_assert_false(bool(set.create(1, SurfaceFormat::a8, 80, 100, 0)));
    g_assert_true(bool(set.create(0, SurfaceFormat::a8, 80, 110, 0))); // instead of the old one
    g_assert_true(bool(set.create(1, SurfaceFormat::xrgb, 1, 1, 0)));
    g_assert_true(bool(set.create(2, SurfaceFormat::xrgb, 1, 1, 0)));
    g_assert_false(bool(set.create(9, SurfaceFormat::xrgb, 1, 1, 0)));
    set.clear();
    g_assert_cmpuint(set.bytes(), ==, 0);
}

void test_prepared_memory() {
    auto memory = SurfaceMemory::map(4 * 300 * 200);
    g_assert_true(bool(memory));
    auto prepared = *std::move(memory);
    prepared->data()[5] = 77;
    std::thread{[&] { prepared->prefault(); }}.join();
    g_assert_cmpuint(prepared->data()[5], ==, 77);
    uint8_t *data = prepared->data();
    SurfaceSet set;
    auto made = set.create(0, SurfaceFormat::xrgb, 300, 200, 0, std::move(prepared));
    g_assert_true(bool(made) && (*made)->data() == data);
    auto small = SurfaceMemory::map(100);
    g_assert_false(bool(set.create(1, SurfaceFormat::xrgb, 300, 200, 0, *std::move(small))));
    g_assert_false(bool(SurfaceMemory::map(0)));
    g_assert_false(bool(SurfaceMemory::map(SIZE_MAX)));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/display/surface/formats", test_formats);
    g_test_add_func("/display/surface/create", test_create);
    g_test_add_func("/display/surface/limits", test_limits);
    g_test_add_func("/display/surface/prepared-memory", test_prepared_memory);
    return g_test_run();
}
