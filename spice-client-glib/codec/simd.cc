// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/simd.hh"

#include <atomic>
#include <cstdlib>
#include <cstring>

#ifdef SPICE_HAVE_AVX2
#include <cpuid.h>
#endif

namespace spice::codec {
namespace {

Simd of_processor() noexcept {
#ifdef SPICE_HAVE_AVX2
    // LZCNT and MOVBE are asked for themselves: where a hypervisor hides LZCNT it would run as another instruction.
    unsigned a = 0, b = 0, c1 = 0, c2 = 0, d = 0;
    constexpr unsigned movbe = 1u << 22, lzcnt = 1u << 5;
    if (__get_cpuid(1, &a, &b, &c1, &d) && __get_cpuid(0x80000001u, &a, &b, &c2, &d) && c1 & movbe && c2 & lzcnt &&
        __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2"))
        return Simd::avx2;
#endif
    return Simd::scalar;
}

Simd chosen() noexcept {
    const char *text = std::getenv("SPICE_SIMD");
    return text && std::strcmp(text, "scalar") == 0 ? Simd::scalar : of_processor();
}

std::atomic<Simd> &current() noexcept {
    static std::atomic<Simd> value{chosen()};
    return value;
}

}

Simd simd() noexcept { return current().load(std::memory_order_relaxed); }

bool use_simd(Simd wanted) noexcept {
    if (wanted == Simd::avx2 && of_processor() != Simd::avx2) return false;
    current().store(wanted, std::memory_order_relaxed);
    return true;
}

}
