// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/quic-tables.hh"
#include "codec/simd.hh"

#include <array>
#include <cstdint>

#ifdef SPICE_HAVE_AVX2
#include <immintrin.h>
#endif

// What QUIC's codes have cost lately (spec/codecs.md §2.6).
namespace spice::codec::quic {

// Of the symbols of one context, in bits and by code, ordered as Lengths are.
class Costs {
public:
    // Adds a symbol's lengths and gives the place of the cheapest code; forgets half when even that is above `limit`.
    [[gnu::always_inline]] unsigned learn(const Lengths &length, unsigned limit) noexcept {
        for (unsigned i = 0; i < length.size(); ++i)
            cost_[i] = static_cast<uint16_t>(cost_[i] + length[i]);
        unsigned best = 0;
        for (unsigned i = 1; i < length.size(); ++i)
            if (cost_[i] < cost_[best]) best = i;
        if (cost_[best] <= limit) return best;
        for (auto &cost : cost_)
            cost = static_cast<uint16_t>(cost >> 1);
        return best;
    }
#ifdef SPICE_HAVE_AVX2
    // For the decoder that is compiled for AVX2. No branch: whether it forgets cannot be foretold.
    [[gnu::always_inline, SPICE_TARGET_AVX2]] unsigned learn_avx2(const Lengths &length, unsigned limit) noexcept {
        auto *at = reinterpret_cast<__m128i *>(cost_.data());
        const auto more = _mm_loadu_si128(reinterpret_cast<const __m128i *>(length.data()));
        const auto cost = _mm_add_epi16(_mm_load_si128(at), more);
        const auto best = static_cast<uint32_t>(_mm_cvtsi128_si32(_mm_minpos_epu16(cost)));
        const auto halved = _mm_cvtsi32_si128((best & 0xffff) > limit);
        _mm_store_si128(at, _mm_srl_epi16(cost, halved));
        return best >> 16;
    }
#endif

private:
    // 16 bits are enough: the lowest cost is halved at 900 at most and grows by at least 1 where others grow by 26.
    alignas(16) std::array<uint16_t, 8> cost_{};
};

}
