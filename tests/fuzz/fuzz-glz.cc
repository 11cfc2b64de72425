// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-fuzz.hh"

#include "codec/glz-window.hh"

#include <algorithm>

using namespace spice;
using fuzz::limits;

namespace {

// Decodes one image as the only display channel would: what is missing will never come.
void decode_one(codec::GlzWindow &window, std::span<const std::byte> in) {
    const codec::Size expected{fuzz::peek32(in, 9, true), fuzz::peek32(in, 13, true)};
    auto decoder = codec::GlzDecoder::create(in, expected, limits);
    if (!decoder) return;
    const auto header = decoder->header();
    codec::SharedBitmap32 image;
    for (;;) {
        auto step = decoder->run([&](uint64_t id) { return window.find(id); });
        if (!step) break;
        if (const auto *needs = std::get_if<codec::GlzDecoder::Needs>(&*step)) {
            window.mark_absent(needs->id);
            continue;
        }
        image = std::get<codec::SharedBitmap32>(*step);
        fuzz::use(image->view());
        break;
    }
    (void)static_cast<bool>(window.insert(header.id, header.win_head_dist, image ? image : decoder->blank_image()));
}

}

// A sequence as in the golden data: little-endian length, payload, and again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
    codec::GlzWindow window{uint64_t{1} << 20};
    std::span<const std::byte> left{reinterpret_cast<const std::byte *>(data), size};
    for (int images = 0; left.size() > 4 && images < 64; ++images) {
        const std::size_t length = std::min<std::size_t>(fuzz::peek32(left, 0, false), left.size() - 4);
        const std::vector<std::byte> record(left.begin() + 4, left.begin() + 4 + static_cast<std::ptrdiff_t>(length));
        decode_one(window, record);
        left = left.subspan(4 + length);
    }
    return 0;
}
