// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-test.hh"

#include "codec/quic.hh"

using namespace spice::codec;
using namespace spice::test;

namespace {

Stream quic_header(uint32_t type, uint32_t width, uint32_t height) {
    Stream s;
    return s.le32(0x43495551).le32(0).le32(type).le32(width).le32(height);
}

// Little data for a large image: refused after the row in which they end, not after all rows.
void test_quic_short() {
    for (uint32_t type = 1; type <= 5; ++type) {
        auto s = quic_header(type, 4096, 4096);
        s.le32(0xffffffff).le32(0xffffffff);
        const auto start = g_get_monotonic_time();
        g_assert_false(decode_quic(s, {4096, 4096}, {}, true));
        g_assert_cmpint(g_get_monotonic_time() - start, <, 20 * G_TIME_SPAN_SECOND);
    }
}

void test_quic_header() {
    g_assert_false(decode_quic(quic_header(4, 0, 1), {0, 1}, {}, false));
    g_assert_false(decode_quic(quic_header(4, 8, 8), {8, 9}, {}, false));
    g_assert_false(decode_quic(quic_header(6, 8, 8), {8, 8}, {}, false));
    g_assert_false(decode_quic(quic_header(4, 0x80000000u, 2), {0x80000000u, 2}, {}, false));
    g_assert_false(decode_quic(quic_header(4, 8, 8), {8, 8}, {}, false)); // no data at all
    g_assert_false(decode_quic(quic_header(4, 200, 200), {200, 200}, Limits{100, 10000}, false));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/quic/short", test_quic_short);
    g_test_add_func("/quic/header", test_quic_header);
    return g_test_run();
}
