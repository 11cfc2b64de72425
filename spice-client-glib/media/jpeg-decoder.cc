// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "media/jpeg-decoder.hh"

#include "base/log.hh"
#include "base/worker-pool.hh"
#include "codec/jpeg.hh"

#include <atomic>
#include <mutex>
#include <vector>

namespace spice::media {

namespace {

void complain(const Error &error) {
    static std::atomic<unsigned> count{0};
    constexpr unsigned enough = 20; // a hostile server must not fill the log
    if (count.fetch_add(1, std::memory_order_relaxed) < enough)
        log::warn("a video frame cannot be decoded: %s", error.what.c_str());
}

VideoPicture picture_of(codec::JpegReader &reader, codec::Size size) {
    auto bitmap = codec::make_bitmap(size, codec::Layout::bgrx, video_limits);
    auto status = bitmap ? reader.read(bitmap->rows(), codec::JpegQuality::fast) : Status{bitmap.error()};
    if (!status) return complain(status.error()), VideoPicture{};
    auto shared = std::make_shared<const codec::Bitmap>(std::move(*bitmap));
    return {shared->view(), shared};
}

}

// What the jobs of one stream share.
struct JpegDecoder::Core {
    using Reader = std::unique_ptr<codec::JpegReader>;

    Reader take();
    void give(Reader reader);
    VideoPicture decode(std::span<const std::byte> bytes);

    std::atomic<uint64_t> pixels{0}; // of the last frame

private:
    std::mutex mutex_;
    std::vector<Reader> readers_; // nobody uses; guarded by mutex_
};

JpegDecoder::Core::Reader JpegDecoder::Core::take() {
    {
        std::lock_guard lock{mutex_};
        if (!readers_.empty()) {
            auto reader = std::move(readers_.back());
            readers_.pop_back();
            return reader;
        }
    }
    return std::make_unique<codec::JpegReader>();
}

void JpegDecoder::Core::give(Reader reader) {
    std::lock_guard lock{mutex_};
    readers_.push_back(std::move(reader));
}

VideoPicture JpegDecoder::Core::decode(std::span<const std::byte> bytes) {
    auto reader = take();
    VideoPicture picture;
    if (const auto size = reader->open(bytes)) {
        pixels.store(size->pixels(), std::memory_order_relaxed);
        picture = picture_of(*reader, *size);
    } else {
        complain(size.error());
    }
    give(std::move(reader));
    return picture;
}

JpegDecoder::JpegDecoder() : core_{std::make_shared<Core>()} {}

void JpegDecoder::decode(EncodedFrame frame, Done done) {
    struct Job {
        EncodedFrame frame;
        Done done;
    };
    const auto job = std::make_shared<Job>(Job{std::move(frame), std::move(done)});
    WorkerPool::shared().submit([core = core_, job] { job->done(core->decode(job->frame.bytes())); });
}

// A frame that turns out to be larger than the one before goes the other way after all.
std::optional<VideoPicture> JpegDecoder::decode_now(std::span<const std::byte> bytes) {
    auto &core = *core_;
    if (core.pixels.load(std::memory_order_relaxed) > small_pixels) return std::nullopt;
    auto reader = core.take();
    const auto size = reader->open(bytes);
    if (size) core.pixels.store(size->pixels(), std::memory_order_relaxed);
    const bool small = !size || size->pixels() <= small_pixels;
    std::optional<VideoPicture> picture;
    if (small) picture = size ? picture_of(*reader, *size) : (complain(size.error()), VideoPicture{});
    core.give(std::move(reader));
    return picture;
}

}
