// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/glib-ptr.hh"

#include <glib.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace spice {

// The ordered queue from one engine thread to the session's main context; one per connection attempt.
// push(), queued_bytes() and rearm() may be called from any thread, everything else is bound to the main context.
// Event needs cost(): the bytes it keeps alive.
template <class Event> class Outbox : public std::enable_shared_from_this<Outbox<Event>> {
public:
    struct Sink {
        // False: not ready; the event stays first in the queue and rearm() will follow.
        virtual bool deliver(Event &) = 0;
        // A turn begins and ends: hold what must outlive it, say what was gathered during it.
        virtual std::shared_ptr<void> begin_turn() = 0;
        virtual void end_turn() = 0;

    protected:
        ~Sink() = default;
    };

    static constexpr gint64 slice_us = 1000;
    static constexpr std::size_t high_count = 2048, high_bytes = 2u << 20;

    static std::shared_ptr<Outbox> create(GMainContext *context, Sink &sink, std::function<void()> resume) {
        auto self = std::shared_ptr<Outbox>(new Outbox(sink, std::move(resume)));
        self->context_.reset(g_main_context_ref(context ? context : g_main_context_default()));
        static GSourceFuncs funcs = {nullptr, nullptr, &Outbox::dispatch, nullptr, nullptr, nullptr};
        auto *source = reinterpret_cast<Source *>(g_source_new(&funcs, sizeof(Source)));
        source->self = self.get();
        self->source_ = &source->base;
        // Below redraw: a flood of events must not freeze widgets.
        g_source_set_priority(self->source_, G_PRIORITY_DEFAULT_IDLE);
        g_source_set_static_name(self->source_, "spice-client channel events");
        g_source_attach(self->source_, self->context_.get());
        return self;
    }
    ~Outbox() {
        close();
        g_source_unref(source_);
    }
    Outbox(const Outbox &) = delete;
    Outbox &operator=(const Outbox &) = delete;

    // Never sleeps. False: stop reading the socket until resume() is called (or for good, when closed).
    bool push(std::vector<Event> &batch) {
        std::unique_lock lock{mutex_};
        if (closed_) return false;
        const bool wake = inbox_.empty() && !batch.empty();
        for (auto &event : batch) {
            ++count_;
            bytes_ += event.cost();
            inbox_.push_back(std::move(event));
        }
        batch.clear();
        // Only consumed() ends a pause: who reads on below the high water must not forget to be resumed.
        if (count_ > high_count || bytes_ > high_bytes) paused_ = true;
        const bool go_on = !paused_;
        lock.unlock();
        if (wake) rearm(); // one wake-up per batch, and only from idle
        return go_on;
    }

    std::size_t queued_bytes() {
        std::lock_guard lock{mutex_};
        return bytes_;
    }

    void rearm() noexcept {
        armed_.store(true);
        g_source_set_ready_time(source_, 0);
    }
    // Inside a turn: brings another at `time` (monotonic), unless one comes before.
    void wake_at(gint64 time) noexcept {
        g_source_set_ready_time(source_, time);
        if (armed_.load()) g_source_set_ready_time(source_, 0);
    }
    // Inside a turn: until when it may take. One event is delivered all the same.
    gint64 slice_end() const noexcept { return slice_end_; }
    // Inside a turn: what is delivered from now on has so long at least, whatever the turn has used up.
    void reserve(gint64 us) noexcept { slice_end_ = std::max(slice_end_, g_get_monotonic_time() + us); }

    // Idempotent; legal inside deliver().
    void close() {
        {
            std::lock_guard lock{mutex_};
            if (closed_.exchange(true)) return;
            inbox_.clear();
        }
        g_source_destroy(source_);
    }

private:
    struct Source {
        GSource base;
        Outbox *self;
    };

    Outbox(Sink &sink, std::function<void()> resume) : sink_{sink}, resume_{std::move(resume)} {}

    static gboolean dispatch(GSource *base, GSourceFunc, gpointer) noexcept {
        // Outlives a close() or the last unref inside deliver().
        auto self = reinterpret_cast<Source *>(base)->self->shared_from_this();
        // Before looking, so that a rearm() from now on is not lost.
        self->armed_.store(false);
        g_source_set_ready_time(base, -1);
        self->slice_end_ = g_get_monotonic_time() + slice_us;
        auto guard = self->sink_.begin_turn();
        self->turn_loop();
        if (!self->closed_) self->sink_.end_turn();
        if (self->closed_) self->turn_.clear();
        return G_SOURCE_CONTINUE;
    }

    void turn_loop() {
        for (bool first = true; !closed_; first = false) {
            if (turn_.empty()) {
                std::lock_guard lock{mutex_};
                turn_.swap(inbox_);
                if (turn_.empty()) break;
            }
            // However long the beginning of the turn has taken, what the engine says gets through.
            if (!first && g_get_monotonic_time() > slice_end_) {
                rearm();
                break;
            }
            const auto cost = turn_.front().cost();
            if (!sink_.deliver(turn_.front())) break; // order is kept; what it waits for will rearm()
            if (closed_) break;
            turn_.pop_front();
            consumed(cost);
        }
    }

    void consumed(std::size_t cost) {
        std::unique_lock lock{mutex_};
        --count_;
        bytes_ -= cost;
        const bool wake = paused_ && count_ <= high_count / 2 && bytes_ <= high_bytes / 2;
        if (wake) paused_ = false;
        lock.unlock();
        if (wake) resume_(); // wakes the engine's poll: it reads its socket again
    }

    Sink &sink_;
    std::function<void()> resume_;
    // An engine thread may hold the outbox longest; a source must not be used while its context is freed.
    ContextPtr context_;
    GSource *source_ = nullptr;
    std::mutex mutex_;
    std::deque<Event> inbox_; // this and the next three are guarded by mutex_
    std::size_t count_ = 0, bytes_ = 0;
    bool paused_ = false;
    std::deque<Event> turn_; // main context only, as the next
    gint64 slice_end_ = 0;
    std::atomic<bool> armed_{false}; // a turn is wanted as soon as possible
    std::atomic<bool> closed_{false};
};

}
