// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-fuzz.hh"

#include "codec/quic.hh"

using namespace spice;
using fuzz::limits;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
    fuzz::Options options{data, size};
    const uint32_t flags = options.byte();
    const auto in = options.rest();
    const codec::Size expected{fuzz::peek32(in, 12, false), fuzz::peek32(in, 16, false)};
    if (const auto image = decode_quic(in, expected, limits, flags & 1)) fuzz::use(image->view());
    return 0;
}
