// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/recycler.hh"
#include "base/worker-pool.hh"
#include "codec/dispatch.hh"
#include "codec/glz-window.hh"
#include "display/image-slot.hh"
#include "wire/messages-image.hh"

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

namespace spice::channel {

// An image to decode. The image's payload lies in `keep`.
struct DecodeRequest {
    wire::Image image;
    std::shared_ptr<const std::vector<uint32_t>> palette; // null without one
    codec::DecodeTarget target;
    std::shared_ptr<std::byte[]> keep;
    uint8_t channel = 0; // the display channel that brought it
    uint64_t presence = 0; // that connection of it, from join()
};

// Decodes the images of one session on the worker pool, ahead of the drawings that need them but not by more than
// max(one image, budget) of pixels. Workers never wait: a GLZ image whose reference is missing is parked until that
// comes, and what somebody waits for is decoded over budget. Thread-safe.
class DecodeQueue : public std::enable_shared_from_this<DecodeQueue> {
    struct Job;

public:
    static constexpr uint64_t budget_bytes = 4u << 20;

    // Holds the budget of one image from the request until its drawing is done. Move-only.
    class Lease {
    public:
        Lease() = default;
        Lease(std::shared_ptr<DecodeQueue> queue, std::shared_ptr<Job> job)
            : queue_{std::move(queue)}, job_{std::move(job)} {}
        Lease(Lease &&) = default;
        Lease &operator=(Lease &&other) noexcept {
            release();
            queue_ = std::move(other.queue_);
            job_ = std::move(other.job_);
            return *this;
        }
        ~Lease() { release(); }
        // The drawing that needs it is next: decode it even over budget.
        void hurry();

    private:
        void release();
        std::shared_ptr<DecodeQueue> queue_;
        std::shared_ptr<Job> job_;
    };

    // `on_parked` is called, on any thread, when an image begins to wait for one that nobody has sent yet.
    DecodeQueue(std::shared_ptr<codec::GlzWindow> window, uint64_t window_pixels, std::function<void()> on_parked)
        : window_{std::move(window)}, window_pixels_{window_pixels}, on_parked_{std::move(on_parked)} {
        WorkerPool::shared().when_idle(&Recycler::trim);
    }

    // The session is over: nothing more is decoded, and nobody is told that references are gone.
    void close();

    // In wire order of a channel. The slot settles on a worker.
    Lease submit(DecodeRequest request, display::SlotPtr slot);
    // Decodes now, on the calling thread; for images so small that a hop costs more. GLZ goes through submit().
    void decode_now(const DecodeRequest &request, const display::SlotPtr &slot);

    // An image waits for one that nobody has sent yet: of any channel, or of this one.
    bool waits_for_unsent() const;
    bool waits_for_unsent(uint8_t channel) const;
    bool others_wait_for_unsent(uint8_t channel) const;
    bool decoding() const; // jobs are on the pool
    // Gives up on references of this channel that nobody has sent: their drawings will be skipped.
    void give_up_unsent(uint8_t channel);

    // A display channel begins and ends; nobody waits for what one that is gone still misses.
    // The answer tells this connection of a channel from a later one, which may begin before this one has left.
    uint64_t join();
    void leave(uint64_t presence);

private:
    void warn_about(const Error &error);
    void give_up_unsent_of(const std::function<bool(const DecodeRequest &)> &of);
    void start(std::shared_ptr<Job> job);
    void run(const std::shared_ptr<Job> &job);
    void run_glz(const std::shared_ptr<Job> &job);
    bool park(const std::shared_ptr<Job> &job, uint64_t id);
    void unpark(const std::shared_ptr<Job> &job);
    bool given_up(const Job &job) const;
    bool make_decoder(const std::shared_ptr<Job> &job);
    void finish_glz(Job &job, codec::SharedBitmap32 image, bool good);
    void decode(const std::shared_ptr<Job> &job);
    void finished(const std::shared_ptr<Job> &job);
    void give_back(const std::shared_ptr<Job> &job);
    void hurry(const std::shared_ptr<Job> &job);
    bool wanted(const Job &job) const;
    void begin(Job &job);
    void take_startable(std::vector<std::shared_ptr<Job>> &out);
    bool expected(uint64_t glz_id) const;
    bool anybody_needs_unsent() const;

    const std::shared_ptr<codec::GlzWindow> window_;
    const uint64_t window_pixels_;
    const std::function<void()> on_parked_;
    std::atomic<bool> closed_{false};
    mutable std::mutex mutex_; // guards everything below and the scheduling state of jobs
    uint64_t charged_ = 0;
    unsigned running_ = 0;
    unsigned glz_begun_ = 0; // GLZ images on the pool or parked
    std::deque<std::shared_ptr<Job>> deferred_, deferred_glz_;
    std::set<std::shared_ptr<Job>> parked_;
    std::set<uint64_t> present_; // connections that have not left
    uint64_t last_presence_ = 0;
    std::set<std::string> warned_;
    std::unordered_multiset<uint64_t> sent_ids_; // GLZ ids received and not decoded yet
    unsigned sent_unnamed_ = 0;                  // the same, of images that hide their id (ZLIB_GLZ)
};

}
