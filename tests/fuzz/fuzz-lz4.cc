// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-fuzz.hh"

#include "codec/lz4.hh"

using namespace spice;
using fuzz::limits;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
    fuzz::Options options{data, size};
    const codec::Size expected{options.word(), options.word()};
    const auto in = options.rest();
    if (const auto image = codec::decode_lz4(in, expected, limits)) fuzz::use(image->view());
    return 0;
}
