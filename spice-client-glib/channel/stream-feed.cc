// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/stream-feed.hh"

#include "base/contained.hh"
#include "display/scale.hh"

#include <algorithm>
#include <utility>
#include <vector>

namespace spice::channel {

namespace {

constexpr unsigned max_depth = 16;

// A frame that waits for its time must not keep a whole receive buffer alive.
media::EncodedFrame copy_of(std::span<const std::byte> bytes) {
    auto copy = std::make_shared_for_overwrite<std::byte[]>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), copy.get());
    return {std::move(copy), bytes.size()};
}

}

display::Picture fit_picture(media::VideoPicture picture, const wire::Rect &dest, bool top_down) {
    display::Picture plain{picture.view, std::move(picture.keep)};
    const auto &view = plain.view;
    if (!plain || dest.empty() || view.layout != codec::Layout::bgrx) return plain;
    if (dest.width() == view.width && dest.height() == view.height) return plain;
    if (dest.width() > media::video_limits.max_side || dest.height() > media::video_limits.max_side) return plain;
    const codec::Size size{static_cast<uint32_t>(dest.width()), static_cast<uint32_t>(dest.height())};
    auto scaled = codec::make_bitmap(size, view.layout, media::video_limits);
    if (!scaled) return plain;
    const display::ScaleAxis columns{0, view.width, size.width}, rows{0, view.height, size.height};
    const auto row_of = [&](auto &bitmap, int64_t y) {
        return bitmap.row(static_cast<uint32_t>(top_down ? y : int64_t{bitmap.height} - 1 - y));
    };
    int64_t previous = -1;
    for (uint32_t y = 0; y < size.height; ++y) {
        auto *out = reinterpret_cast<uint32_t *>(row_of(*scaled, y));
        const auto from = std::clamp<int64_t>(rows.nearest(y), 0, int64_t{view.height} - 1);
        if (from == std::exchange(previous, from)) {
            std::copy_n(reinterpret_cast<const uint32_t *>(row_of(*scaled, int64_t{y} - 1)), size.width, out);
            continue;
        }
        display::scale_nearest_row(columns, 0, size.width, reinterpret_cast<const uint32_t *>(row_of(view, from)), view.width, out);
    }
    auto shared = std::make_shared<const codec::Bitmap>(std::move(*scaled));
    return {shared->view(), shared};
}

StreamFeed::StreamFeed(std::shared_ptr<media::VideoDecoder> decoder, bool ordered, bool top_down,
                       std::shared_ptr<StreamBudget> budget)
    : ordered_{ordered}, top_down_{top_down}, budget_{std::move(budget)}, decoder_{std::move(decoder)} {}

StreamFeed::~StreamFeed() {
    forget(bytes_);
    forget_pictures(picture_bytes_);
}

void StreamFeed::forget(std::size_t bytes) noexcept {
    bytes_ -= bytes;
    budget_->bytes.fetch_sub(bytes, std::memory_order_relaxed);
}

// One picture is always kept, so that a large one can be shown at all.
bool StreamFeed::keep_picture(StreamFrame &frame, const display::Picture &picture) {
    const auto bytes = std::size_t{picture.view.width} * picture.view.height * 4;
    const auto before = budget_->picture_bytes.fetch_add(bytes, std::memory_order_relaxed);
    picture_bytes_ += bytes;
    frame.picture_bytes = bytes;
    if (before == 0 || before + bytes <= StreamBudget::max_picture_bytes) return true;
    forget_pictures(bytes);
    return false;
}

void StreamFeed::forget_pictures(std::size_t bytes) noexcept {
    picture_bytes_ -= bytes;
    budget_->picture_bytes.fetch_sub(bytes, std::memory_order_relaxed);
}

// The decoder is entered by one at a time and without the lock; whoever comes meanwhile leaves the rest to him.
class StreamFeed::Pumping {
public:
    Pumping(StreamFeed &feed, Lock &lock) : feed_{feed}, lock_{lock} { feed_.pumping_ = true; }
    ~Pumping() {
        if (!lock_.owns_lock()) lock_.lock();
        feed_.pumping_ = false;
    }
    Pumping(const Pumping &) = delete;
    Pumping &operator=(const Pumping &) = delete;

private:
    StreamFeed &feed_;
    Lock &lock_;
};

bool StreamFeed::push(const std::shared_ptr<StreamFrame> &frame, std::span<const std::byte> bytes) {
    if (decode_now(*frame, bytes)) return true;
    auto data = copy_of(bytes);
    Lock lock{mutex_};
    if (!decoder_) return true;
    waiting_.push_back({frame, std::move(data)});
    bytes_ += bytes.size();
    budget_->bytes.fetch_add(bytes.size(), std::memory_order_relaxed);
    if (!make_room()) return false;
    feed_more();
    pump(lock);
    return true;
}

bool StreamFeed::decode_now(StreamFrame &frame, std::span<const std::byte> bytes) {
    Lock lock{mutex_};
    if (!decoder_ || pumping_ || !waiting_.empty() || !may_start(frame)) return false;
    const auto decoder = decoder_;
    std::optional<media::VideoPicture> picture;
    {
        const Pumping pumping{*this, lock};
        lock.unlock();
        picture = decoder->decode_now(bytes);
        lock.lock();
    }
    if (picture) ++decoding_;
    else pump(lock); // what the model has asked for meanwhile
    lock.unlock();
    if (picture) done(frame, 0, std::move(*picture));
    return picture.has_value();
}

// Over the limits, frames that stand alone are left out, the oldest first. The others must be decoded all the same; they
// are not shown, and when the decoder itself is what is full, there is no room to be had.
bool StreamFeed::make_room() {
    const auto over = [this] {
        return waiting_.size() > max_frames || budget_->bytes.load(std::memory_order_relaxed) > StreamBudget::max_bytes;
    };
    for (auto entry = waiting_.begin(); over() && entry != waiting_.end();) {
        if (ordered_) {
            entry->frame->unwanted = true;
            return decoding_ + waiting_.size() <= 2 * max_frames &&
                   budget_->bytes.load(std::memory_order_relaxed) <= 2 * StreamBudget::max_bytes;
        }
        leave_out(entry)->slot.fail();
        entry = waiting_.begin();
    }
    return true;
}

std::shared_ptr<StreamFrame> StreamFeed::leave_out(std::deque<Entry>::iterator entry) {
    forget(entry->data.size);
    entry->frame->unwanted = true;
    entry->frame->stage = StreamFrame::Stage::over;
    auto frame = std::move(entry->frame);
    waiting_.erase(entry);
    return frame;
}

void StreamFeed::skip_until(const StreamFrame &newest) {
    if (ordered_) return;
    std::vector<std::shared_ptr<StreamFrame>> stale;
    {
        const Lock lock{mutex_};
        const auto end = std::find_if(waiting_.begin(), waiting_.end(), [&](const Entry &e) { return e.frame.get() == &newest; });
        if (end == waiting_.end()) return;
        for (auto left = end - waiting_.begin(); left > 0; --left) stale.push_back(leave_out(waiting_.begin()));
    }
    for (const auto &frame : stale) frame->slot.fail();
}

bool StreamFeed::may_start(const StreamFrame &frame) const {
    if (decoder_->shows_itself()) return due_ > 0 || frame.unwanted;
    return decoding_ + decoded_ < depth_ || frame.unwanted;
}

// One more at a time: the decoder may only be slow.
void StreamFeed::feed_more() {
    if (starved_ && !waiting_.empty() && decoding_ >= depth_ && depth_ < max_depth) ++depth_;
}

void StreamFeed::pump(Lock &lock) {
    if (pumping_) return;
    const Pumping pumping{*this, lock};
    while (decoder_ && !waiting_.empty() && may_start(*waiting_.front().frame)) {
        auto entry = std::move(waiting_.front());
        waiting_.pop_front();
        entry.frame->stage = StreamFrame::Stage::decoding;
        ++decoding_;
        if (due_ > 0) --due_;
        auto decoder = decoder_;
        lock.unlock();
        // Whatever goes wrong, the frame is answered: by its FrameDone.
        contained("video", [&] {
            auto done = [weak = weak_from_this(), frame = std::move(entry.frame), size = entry.data.size](media::VideoPicture picture) {
                if (auto self = weak.lock()) self->done(*frame, size, std::move(picture));
                else frame->slot.fail();
            };
            decoder->decode(std::move(entry.data), std::move(done));
        });
        decoder.reset();
        lock.lock();
    }
}

void StreamFeed::done(StreamFrame &frame, std::size_t bytes, media::VideoPicture picture) {
    display::Picture fitted;
    contained("video", [&] { fitted = fit_picture(std::move(picture), frame.dest, top_down_); });
    Lock lock{mutex_};
    forget(bytes);
    --decoding_;
    const bool shown = fitted && !frame.unwanted && decoder_ && keep_picture(frame, fitted);
    frame.stage = shown ? StreamFrame::Stage::decoded : StreamFrame::Stage::over;
    if (shown) {
        ++decoded_;
        starved_ = false;
    }
    lock.unlock();
    if (shown) frame.slot.complete(std::move(fitted));
    else frame.slot.fail();
    lock.lock();
    pump(lock);
}

void StreamFeed::hurry() {
    Lock lock{mutex_};
    if (decoder_ && decoder_->shows_itself()) ++due_;
    else if (ordered_ && decoded_ == 0) starved_ = true;
    feed_more();
    pump(lock);
}

void StreamFeed::release(StreamFrame &frame) {
    Lock lock{mutex_};
    if (frame.stage == StreamFrame::Stage::decoded && decoder_) {
        --decoded_;
        forget_pictures(frame.picture_bytes);
        frame.stage = StreamFrame::Stage::over;
    }
    frame.unwanted = true;
    if (frame.stage == StreamFrame::Stage::waiting && !ordered_) {
        const auto found = std::find_if(waiting_.begin(), waiting_.end(), [&](const Entry &e) { return e.frame.get() == &frame; });
        if (found != waiting_.end()) leave_out(found);
        frame.stage = StreamFrame::Stage::over;
    }
    pump(lock);
}

void StreamFeed::close() {
    Lock lock{mutex_};
    auto decoder = std::move(decoder_);
    decoder_.reset();
    std::size_t bytes = 0;
    for (const auto &entry : waiting_) bytes += entry.data.size;
    forget(bytes);
    forget_pictures(picture_bytes_);
    const auto waiting = std::exchange(waiting_, {});
    lock.unlock();
}

}
