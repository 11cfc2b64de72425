// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-fuzz.hh"

#include "codec/lz.hh"

#include <array>
#include <cstring>

using namespace spice;
using fuzz::limits;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
    fuzz::Options options{data, size};
    const uint32_t flags = options.byte();
    std::array<uint32_t, 256> table{};
    for (uint32_t i = 0; i < table.size(); ++i)
        table[i] = i * 0x010305;
    // Exactly as many entries as the image's palette has.
    const std::vector<uint32_t> palette(table.begin(), table.begin() + options.byte());
    const auto in = options.rest();
    const codec::Size expected{fuzz::peek32(in, 12, true), fuzz::peek32(in, 16, true)};
    if (flags & 2) {
        auto image = codec::make_bitmap(expected, codec::Layout::bgrx, limits);
        if (!image) return 0;
        std::memset(image->data.data(), 0, image->data.size());
        if (decode_lz_alpha(in, flags & 4, image->rows())) fuzz::use(image->view());
    } else if (const auto image = decode_lz(in, expected, palette, limits, flags & 1)) {
        fuzz::use(image->view());
    }
    return 0;
}
