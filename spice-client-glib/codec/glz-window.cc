// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/glz-window.hh"

#include <algorithm>
#include <iterator>
#include <utility>

namespace spice::codec {
namespace {

constexpr std::size_t max_absent = 4096;

void wake(std::vector<GlzWindow::Waiter> &waiters, GlzWindow::Wake how) {
    for (auto &waiter : waiters) waiter(how);
}

}

// spec/codecs.md §4.4: only a contiguous prefix moves the window, since slower channels may still need older images.
void GlzWindow::advance() {
    std::optional<uint64_t> newest;
    auto it = images_.find(*gap_);
    for (;;) {
        if (it != images_.end() && it->first == *gap_) {
            newest = it->first;
            ++it;
        } else if (!absent_.contains(*gap_)) {
            break;
        }
        ++*gap_;
    }
    if (newest) oldest_ = std::max(oldest_, *newest - images_.at(*newest).win_head_dist);
}

void GlzWindow::release_below(uint64_t oldest, std::vector<SharedBitmap32> &freed) {
    const auto end = images_.lower_bound(oldest);
    for (auto it = images_.begin(); it != end; it = images_.erase(it)) {
        pixels_ -= it->second.image->pixels();
        freed.push_back(std::move(it->second.image));
    }
    absent_.erase(absent_.begin(), absent_.lower_bound(oldest));
}

std::vector<GlzWindow::Waiter> GlzWindow::take_waiters(Waiters::iterator first, Waiters::iterator last) {
    std::vector<Waiter> taken;
    for (auto it = first; it != last; ++it) taken.push_back(std::move(it->second));
    waiters_.erase(first, last);
    return taken;
}

void GlzWindow::note_absent(uint64_t id) {
    absent_.insert(id);
    if (absent_.size() > max_absent) absent_.erase(absent_.begin());
}

Status GlzWindow::insert(uint64_t id, uint32_t win_head_dist, SharedBitmap32 image) {
    std::vector<SharedBitmap32> freed; // declared before the lock: destroyed after it is released
    std::vector<Waiter> present, gone;
    std::unique_lock lock{mutex_};
    if (closed_) return Error{Error::Kind::cancelled, "glz: window closed"};
    if (!image || win_head_dist > id) return codec_error("glz: not an image");
    if (images_.contains(id)) return codec_error("glz: image id used twice");
    largest_ = std::max<uint64_t>(largest_, image->pixels());
    const bool fits = pixels_ + image->pixels() <= 2 * window_pixels_ + largest_;
    const auto [first, last] = waiters_.equal_range(id);
    if (fits) {
        present = take_waiters(first, last);
        absent_.erase(id);
        pixels_ += image->pixels();
        images_.emplace(id, Entry{win_head_dist, std::move(image)});
        if (!gap_ && win_head_dist == 0) gap_ = id;
        if (gap_ && id >= *gap_) {
            const uint64_t before = *gap_;
            advance();
            if (*gap_ != before) release_below(oldest_, freed);
        }
        gone = take_waiters(waiters_.begin(), waiters_.lower_bound(oldest_));
    } else {
        note_absent(id);
        gone = take_waiters(first, last);
    }
    lock.unlock();
    wake(present, Wake::inserted);
    wake(gone, Wake::gone);
    if (!fits) return codec_error("glz: images exceed the window");
    return success();
}

GlzLookup GlzWindow::find_locked(uint64_t id) const {
    if (const auto it = images_.find(id); it != images_.end()) return {GlzLookup::State::present, it->second.image};
    const bool released = gap_ && id < oldest_;
    if (closed_ || released || absent_.contains(id)) return {GlzLookup::State::absent, nullptr};
    return {GlzLookup::State::waiting, nullptr};
}

GlzLookup GlzWindow::find(uint64_t id) const {
    std::lock_guard lock{mutex_};
    return find_locked(id);
}

GlzLookup GlzWindow::find_or_park(uint64_t id, Waiter waiter) {
    std::lock_guard lock{mutex_};
    auto found = find_locked(id);
    if (found.state == GlzLookup::State::waiting) waiters_.emplace(id, std::move(waiter));
    return found;
}

void GlzWindow::mark_absent(uint64_t id) {
    std::vector<SharedBitmap32> freed;
    std::unique_lock lock{mutex_};
    if (closed_ || images_.contains(id)) return;
    note_absent(id);
    const auto [first, last] = waiters_.equal_range(id);
    auto gone = take_waiters(first, last);
    if (gap_ && id == *gap_) {
        advance();
        release_below(oldest_, freed);
        auto more = take_waiters(waiters_.begin(), waiters_.lower_bound(oldest_));
        std::move(more.begin(), more.end(), std::back_inserter(gone));
    }
    lock.unlock();
    wake(gone, Wake::gone);
}

void GlzWindow::forget_everything(std::unique_lock<std::mutex> lock) {
    const auto images = std::exchange(images_, {});
    auto gone = take_waiters(waiters_.begin(), waiters_.end());
    absent_.clear();
    gap_.reset();
    oldest_ = pixels_ = largest_ = 0;
    lock.unlock();
    wake(gone, Wake::gone);
}

void GlzWindow::clear() { forget_everything(std::unique_lock{mutex_}); }

void GlzWindow::close() {
    std::unique_lock lock{mutex_};
    closed_ = true;
    forget_everything(std::move(lock));
}

std::size_t GlzWindow::images() const {
    std::lock_guard lock{mutex_};
    return images_.size();
}

uint64_t GlzWindow::pixels() const {
    std::lock_guard lock{mutex_};
    return pixels_;
}

}
