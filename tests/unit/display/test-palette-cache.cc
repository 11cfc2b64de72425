// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/palette-cache.hh"

#include <glib.h>

using namespace spice;
using namespace spice::display;

namespace {

constexpr uint8_t cache_me = SPICE_BITMAP_FLAGS_PAL_CACHE_ME, from_cache = SPICE_BITMAP_FLAGS_PAL_FROM_CACHE;

void test_rules() {
    PaletteCache cache;
    const wire::Palette first{7, {1, 2, 3}}, second{7, {4}}, anonymous{0, {5, 6}};
    g_assert_null(cache.resolve(from_cache, 7, std::nullopt));
    g_assert_null(cache.resolve(0, 0, std::nullopt));
    g_assert_cmpuint(cache.resolve(0, 0, first)->size(), ==, 3);
    g_assert_null(cache.find(7)); // nobody asked to keep it
    cache.resolve(cache_me, 0, first);
    const auto kept = cache.resolve(from_cache, 7, std::nullopt);
    g_assert_cmpuint((*kept)[1], ==, 2);
    cache.resolve(cache_me, 0, second);
    g_assert_cmpuint(cache.find(7)->size(), ==, 1);
    g_assert_cmpuint(kept->size(), ==, 3); // drawings under way keep theirs
    cache.resolve(cache_me, 0, anonymous);
    g_assert_null(cache.find(0));
    cache.remove(99);
    cache.remove(7);
    g_assert_null(cache.find(7));
    cache.resolve(cache_me, 0, first);
    cache.clear();
    g_assert_cmpuint(cache.size(), ==, 0);
}

void test_bounds() {
    PaletteCache cache;
    wire::Palette palette{1, std::vector<uint32_t>(5000, 9)};
    g_assert_cmpuint(cache.resolve(cache_me, 0, palette)->size(), ==, 256);
    palette.entries.resize(2);
    for (uint64_t i = 1; i < 10'000; ++i) {
        palette.unique = i;
        cache.resolve(cache_me, 0, palette);
    }
    g_assert_cmpuint(cache.size(), <=, 4096);
    g_assert_nonnull(cache.find(9999));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/display/palette-cache/rules", test_rules);
    g_test_add_func("/display/palette-cache/bounds", test_bounds);
    return g_test_run();
}
