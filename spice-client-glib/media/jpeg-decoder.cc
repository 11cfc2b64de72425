// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "media/jpeg-decoder.hh"

#include "base/log.hh"
#include "base/worker-pool.hh"
#include "codec/jpeg.hh"

#include <atomic>

namespace spice::media {

namespace {

VideoPicture decode_one(std::span<const std::byte> bytes) {
    const auto size = codec::jpeg_size(bytes);
    auto bitmap = size ? codec::decode_jpeg(bytes, *size, video_limits, codec::JpegQuality::fast)
                       : Result<codec::Bitmap>{size.error()};
    if (!bitmap) {
        static std::atomic<unsigned> count{0};
        constexpr unsigned enough = 20; // a hostile server must not fill the log
        if (count.fetch_add(1, std::memory_order_relaxed) < enough)
            log::warn("a video frame cannot be decoded: %s", bitmap.error().what.c_str());
        return {};
    }
    auto shared = std::make_shared<const codec::Bitmap>(std::move(*bitmap));
    return {shared->view(), shared};
}

}

void JpegDecoder::decode(EncodedFrame frame, Done done) {
    WorkerPool::shared().submit([frame = std::move(frame), done = std::move(done)] { done(decode_one(frame.bytes())); });
}

}
