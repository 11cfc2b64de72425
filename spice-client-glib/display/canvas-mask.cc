// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-mask.hh"

#include <algorithm>
#include <bit>

namespace spice::display {

int64_t Mask::find(const uint8_t *row, int64_t x, int64_t end, bool value) noexcept {
    while (x < end) {
        const unsigned byte = value ? row[x / 8] : row[x / 8] ^ 0xffu;
        const unsigned rest = byte >> (x % 8);
        if (rest != 0) return std::min(x + std::countr_zero(rest), end);
        x = (x / 8 + 1) * 8;
    }
    return end;
}

}
