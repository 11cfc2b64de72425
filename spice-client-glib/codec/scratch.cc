// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/scratch.hh"

#include "base/recycler.hh"
#include "base/sanitizer.hh"

#include <array>
#include <utility>

namespace spice::codec {
namespace {

constexpr bool keep = !address_sanitizer;

// Just too small to be recycled for everybody.
constexpr std::size_t kept_size = Recycler::min_block - 1;

struct Kept {
    std::array<PixelBuffer, 4> blocks; // of kept_size bytes each
    std::size_t count = 0;
};
thread_local Kept kept;

}

Scratch::Scratch(std::size_t size) noexcept {
    if (!keep || size > kept_size)
        block_ = PixelBuffer::allocate(size);
    else if (kept.count > 0)
        block_ = std::move(kept.blocks[--kept.count]);
    else
        block_ = PixelBuffer::allocate(kept_size);
}

Scratch::~Scratch() {
    if (keep && block_.size() == kept_size && kept.count < kept.blocks.size())
        kept.blocks[kept.count++] = std::move(block_);
}

}
