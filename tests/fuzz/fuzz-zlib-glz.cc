// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-fuzz.hh"

#include "codec/glz.hh"
#include "codec/zlib-glz.hh"

using namespace spice;
using fuzz::limits;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
    fuzz::Options options{data, size};
    const codec::Size expected{options.word(), options.word()};
    const uint32_t glz_size = options.word();
    auto inflated = codec::inflate_glz(options.rest(), glz_size, expected, limits);
    if (!inflated) return 0;
    auto decoder = codec::GlzDecoder::create(std::move(*inflated), expected, limits);
    if (!decoder) return 0;
    const auto step = decoder->run([](uint64_t) { return codec::GlzLookup{}; });
    if (step) fuzz::use(std::get<codec::SharedBitmap32>(*step)->view());
    return 0;
}
