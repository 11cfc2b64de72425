// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

// Whether this is an AddressSanitizer build, where memory is not recycled, or a ThreadSanitizer one: SPICE_ASAN and
// SPICE_TSAN for the preprocessor, and values.
#if defined(__SANITIZE_ADDRESS__)
#define SPICE_ASAN 1
#elif defined(__SANITIZE_THREAD__)
#define SPICE_TSAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SPICE_ASAN 1
#elif __has_feature(thread_sanitizer)
#define SPICE_TSAN 1
#endif
#endif

namespace spice {

#ifdef SPICE_ASAN
inline constexpr bool address_sanitizer = true;
#else
inline constexpr bool address_sanitizer = false;
#endif
#ifdef SPICE_TSAN
inline constexpr bool thread_sanitizer = true;
#else
inline constexpr bool thread_sanitizer = false;
#endif

}
