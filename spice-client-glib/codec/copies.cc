// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/copies.hh"

#include "codec/simd.hh"

#ifdef SPICE_HAVE_AVX2
#include <immintrin.h>
#endif

namespace spice::codec {
namespace {

#ifdef SPICE_HAVE_AVX2
[[SPICE_TARGET_AVX2]] void expand_bgr_avx2(uint32_t *dst, const uint8_t *src, std::size_t n) noexcept {
    constexpr char none = -1;
    const auto spread = _mm256_setr_epi8(0, 1, 2, none, 3, 4, 5, none, 6, 7, 8, none, 9, 10, 11, none, 0, 1, 2, none, 3,
                                         4, 5, none, 6, 7, 8, none, 9, 10, 11, none);
    for (std::size_t i = 0; i < n; i += 8, src += 24) {
        const auto low = _mm_loadu_si128(reinterpret_cast<const __m128i *>(src));
        const auto high = _mm_loadu_si128(reinterpret_cast<const __m128i *>(src + 12));
        const auto both = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
        _mm256_storeu_si256(reinterpret_cast<__m256i *>(dst + i), _mm256_shuffle_epi8(both, spread));
    }
}
#endif

[[gnu::always_inline]] inline void merge(uint32_t *pixels, const uint8_t *alpha, std::size_t n) noexcept {
    for (std::size_t i = 0; i < n; ++i)
        pixels[i] = (pixels[i] & 0x00ffffffu) | uint32_t{alpha[i]} << 24;
}
#ifdef SPICE_HAVE_AVX2
[[SPICE_TARGET_AVX2]] void merge_avx2(uint32_t *pixels, const uint8_t *alpha, std::size_t n) noexcept {
    merge(pixels, alpha, n);
}
#endif

}

void expand_bgr_scalar(uint32_t *dst, const uint8_t *src, std::size_t n) noexcept {
    for (std::size_t i = 0; i < n; ++i, src += 3)
        dst[i] = load_le32(src) & 0x00ffffffu;
}

ExpandBgr expand_bgr() noexcept {
#ifdef SPICE_HAVE_AVX2
    if (simd() == Simd::avx2) return expand_bgr_avx2;
#endif
    return expand_bgr_scalar;
}

void merge_alpha(uint32_t *pixels, const uint8_t *alpha, std::size_t n) noexcept {
#ifdef SPICE_HAVE_AVX2
    if (simd() == Simd::avx2) return merge_avx2(pixels, alpha, n);
#endif
    merge(pixels, alpha, n);
}

}
