// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-test.hh"

#include "codec/quic-costs.hh"

#include <algorithm>
#include <functional>

using namespace spice::codec;
using namespace spice::codec::quic;

namespace {

// Of codes that cost the same the highest is used, which comes first.
void test_ties() {
    Costs costs;
    Lengths same{};
    same.fill(3);
    g_assert_cmpuint(costs.learn(same, 100), ==, 0);
    Lengths last = same;
    last[7] = 2;
    g_assert_cmpuint(costs.learn(last, 100), ==, 7);
}

// 50 and 10 bits, then 1 and 30: the second code is the cheaper one until its lead is halved.
void test_forgets() {
    Lengths a{}, b{};
    a.fill(200);
    b.fill(200);
    a[0] = 50, a[1] = 10;
    b[0] = 1, b[1] = 30;
    for (const bool forget : {false, true}) {
        Costs costs;
        g_assert_cmpuint(costs.learn(a, forget ? 9 : 10), ==, 1);
        g_assert_cmpuint(costs.learn(b, 1000), ==, forget ? 0 : 1);
    }
}

#ifdef SPICE_HAVE_AVX2
[[SPICE_TARGET_AVX2]] unsigned learn_with_avx2(Costs &costs, const Lengths &length, unsigned limit) {
    return costs.learn_avx2(length, limit);
}
#endif

// As the decoder calls it, with stretches of smaller and larger symbols: the cheapest code changes, ties are common.
template <unsigned bpc> void learn_all(const std::function<unsigned(const Lengths &, unsigned)> &learn) {
    for (unsigned i = 0; i < 200000; ++i) {
        const auto symbol = static_cast<uint32_t>(g_test_rand_int_range(0, 1 << (i / 500 % bpc + 1)));
        const auto limit = static_cast<unsigned>(cost_limit[i / 3000 % cost_limit.size()]);
        g_assert_cmpuint(learn(golomb<bpc>.length[symbol], limit), <, bpc); // no code that does not exist
    }
}

// What other codes than the cheapest may come to fits into 16 bits: a wider model decides the same.
template <unsigned bpc> void test_places() {
    Costs costs;
    std::array<uint64_t, 8> wide{};
    learn_all<bpc>([&](const Lengths &length, unsigned limit) {
        for (std::size_t i = 0; i < wide.size(); ++i)
            wide[i] += length[i];
        const auto best = std::min_element(wide.begin(), wide.end());
        const auto place = static_cast<unsigned>(best - wide.begin());
        if (*best > limit)
            for (auto &cost : wide)
                cost >>= 1;
        g_assert_cmpuint(costs.learn(length, limit), ==, place);
        return place;
    });
}

template <unsigned bpc> void test_same_places() {
#ifdef SPICE_HAVE_AVX2
    if (!use_simd(Simd::avx2)) return g_test_skip("one version only on this processor");
    Costs plain, vector;
    learn_all<bpc>([&](const Lengths &length, unsigned limit) {
        const unsigned place = plain.learn(length, limit);
        g_assert_cmpuint(learn_with_avx2(vector, length, limit), ==, place);
        return place;
    });
#else
    g_test_skip("one version only on this processor");
#endif
}

// The first code is always the cheapest by one bit a symbol, and the others are as long as any.
void test_largest() {
    Lengths length{};
    length.fill(longest_code);
    length[0] = 1;
    Costs costs;
    for (int i = 0; i < 200000; ++i)
        g_assert_cmpuint(costs.learn(length, *std::max_element(cost_limit.begin(), cost_limit.end())), ==, 0);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/quic-costs/ties", test_ties);
    g_test_add_func("/quic-costs/forgets", test_forgets);
    g_test_add_func("/quic-costs/places/8", test_places<8>);
    g_test_add_func("/quic-costs/places/5", test_places<5>);
    g_test_add_func("/quic-costs/same-places/8", test_same_places<8>);
    g_test_add_func("/quic-costs/same-places/5", test_same_places<5>);
    g_test_add_func("/quic-costs/largest", test_largest);
    return g_test_run();
}
