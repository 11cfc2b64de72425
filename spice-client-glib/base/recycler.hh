// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstddef>

namespace spice {

// Memory for pixels and received data. Large blocks are kept for the next one who asks, because fresh pages cost more
// than what is done with them; small ones go through malloc, which recycles them well itself, and whose heaps are trimmed
// when many have gone. One for the process, thread-safe, never destroyed. Large blocks are unmapped on threads of ours: a
// worker does it where others, such as an application's main loop, let go of them. AddressSanitizer builds keep nothing,
// so that overflows are seen.
struct Recycler {
    struct Block {
        std::byte *data = nullptr; // null: there is no memory
        std::size_t capacity = 0;  // at least what was asked for
    };
    static constexpr std::size_t max_bytes = std::size_t{4} << 20; // kept
    // And one block up to this size, once two of about its size were asked for in a row.
    static constexpr std::size_t max_frame = std::size_t{64} << 20;
    static constexpr std::size_t min_block = std::size_t{64} << 10;

    static Block allocate(std::size_t size) noexcept; // its bytes are unspecified
    // Never recycled: fresh pages are zero already, so what only stands in for something costs no memory.
    static Block allocate_zeroed(std::size_t size) noexcept;
    static void release(Block block) noexcept;
    static std::size_t kept_bytes() noexcept;
    static void trim() noexcept; // gives everything that is kept back to the system
};

}
