// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstdint>

// Functions that are compiled twice: for every processor, and for those with AVX2 and bit manipulation (x86-64-v3).
// What they call must be inlined into them to be compiled for the same processor.
#if defined(__x86_64__)
#define SPICE_HAVE_AVX2 1
#define SPICE_TARGET_AVX2 gnu::target("avx2,bmi,bmi2,lzcnt,movbe")
#endif

namespace spice::codec {

enum class Simd : uint8_t { scalar, avx2 };

// The best that the processor has; scalar with SPICE_SIMD=scalar, which is read once. Thread-safe.
Simd simd() noexcept;
// For tests and benchmarks: false when the processor cannot do it. Not while other threads decode.
bool use_simd(Simd wanted) noexcept;

}
