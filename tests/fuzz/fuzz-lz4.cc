// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-fuzz.hh"

#include "codec/lz4.hh"

#include <cstdlib>

using namespace spice;
using fuzz::limits;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
    fuzz::Options options{data, size};
    const codec::Size expected{options.word(), options.word()};
    const auto in = options.rest();
    const auto image = codec::decode_lz4(in, expected, limits);
    if (image) fuzz::use(image->view());
    if (const auto layout = codec::lz4_layout(in); layout && codec::bits_per_pixel(*layout) == 32)
        if (fuzz::GappedRows rows{expected, *layout, false}; rows && bool(decode_lz4_into(in, *rows)) != bool(image))
            abort();
    return 0;
}
