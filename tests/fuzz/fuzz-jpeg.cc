// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-fuzz.hh"

#include "codec/jpeg.hh"

using namespace spice;
using fuzz::limits;

namespace {

// A reader that has seen one image, maybe half of it, decodes the next.
void read_again(std::span<const std::byte> in, codec::JpegQuality quality) {
    codec::JpegReader reader;
    for (const auto part : {in.first(in.size() / 2), in}) {
        const auto size = reader.open(part);
        if (!size) continue;
        auto image = codec::make_bitmap(*size, codec::Layout::bgrx, limits);
        if (image && reader.read(image->rows(), quality)) fuzz::use(image->view());
    }
}

}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
    fuzz::Options options{data, size};
    const uint32_t flags = options.byte();
    const uint32_t jpeg_bytes = options.word();
    const auto in = options.rest();
    const auto expected = codec::jpeg_size(in);
    if (!expected) return 0;
    const auto quality = flags & 4 ? codec::JpegQuality::fast : codec::JpegQuality::exact;
    if (flags & 8) return read_again(in, quality), 0;
    const auto image = flags & 1 ? codec::decode_jpeg_alpha(in, jpeg_bytes, flags & 2, *expected, limits)
                                 : codec::decode_jpeg(in, *expected, limits, quality);
    if (image) fuzz::use(image->view());
    return 0;
}
