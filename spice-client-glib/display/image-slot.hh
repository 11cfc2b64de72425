// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace spice::display {

// Decoded pixels and what keeps them alive. Immutable; the top row comes first, by a negative stride if need be.
struct Picture {
    codec::BitmapView view;
    std::shared_ptr<const void> keep;
    explicit operator bool() const noexcept { return view.data != nullptr; }
};

// An image on its way: drawings, the cache and decode jobs hold it while it is still being decoded. Settles exactly
// once. Thread-safe.
class ImageSlot {
public:
    enum class State : uint8_t { pending, ready, failed };

    State state() const noexcept { return state_.load(std::memory_order_acquire); }
    // Only when ready.
    const Picture &picture() const noexcept { return picture_; }

    void complete(Picture picture) { settle(State::ready, std::move(picture)); }
    void fail() { settle(State::failed, {}); }

    // Calls `done` once when the slot settles, on the thread that settles it; at once when it has.
    void when_settled(std::function<void()> done) {
        {
            std::lock_guard lock{mutex_};
            if (state_.load(std::memory_order_relaxed) == State::pending) {
                waiters_.push_back(std::move(done));
                return;
            }
        }
        done();
    }

private:
    void settle(State state, Picture picture) {
        std::vector<std::function<void()>> waiters;
        {
            std::lock_guard lock{mutex_};
            if (state_.load(std::memory_order_relaxed) != State::pending) return;
            picture_ = std::move(picture);
            state_.store(state, std::memory_order_release);
            waiters.swap(waiters_);
        }
        for (auto &waiter : waiters) waiter();
    }

    std::mutex mutex_;
    std::atomic<State> state_{State::pending};
    Picture picture_;
    std::vector<std::function<void()>> waiters_; // guarded by mutex_
};
using SlotPtr = std::shared_ptr<ImageSlot>;

}
