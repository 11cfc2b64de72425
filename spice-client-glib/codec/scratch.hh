// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"

namespace spice::codec {

// Working memory of a decoder for one image, unspecified until written. Small blocks stay with their thread, four at
// most, large ones are recycled like pixels: decoding one image after the other allocates nothing. AddressSanitizer
// builds keep nothing, so that overflows are seen.
class Scratch {
public:
    explicit Scratch(std::size_t size) noexcept;
    ~Scratch();
    Scratch(const Scratch &) = delete;
    Scratch &operator=(const Scratch &) = delete;
    explicit operator bool() const noexcept { return bool(block_); }
    std::byte *data() noexcept { return block_.data(); }

private:
    PixelBuffer block_;
};

}
