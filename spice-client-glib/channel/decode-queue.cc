// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/decode-queue.hh"

#include "base/contained.hh"
#include "base/log.hh"
#include "base/worker-pool.hh"

#include <algorithm>

namespace spice::channel {

using display::Picture;

struct DecodeQueue::Job {
    DecodeRequest request;
    display::SlotPtr slot;
    uint64_t bytes = 0;
    bool is_glz = false;
    std::optional<uint64_t> glz_id;

    enum class Stage : uint8_t { deferred, running, parked, done };
    Stage stage = Stage::deferred; // guarded by the queue's mutex, as the next four
    bool charged = false, leased = true;
    std::optional<uint64_t> needs;
    bool given_up = false; // what it needs will not come, and whoever decided that has said it

    // Whoever runs the job.
    std::optional<codec::GlzDecoder> decoder;
};

namespace {

const codec::Limits limits{};

constexpr uint64_t hop_bytes = 64 * 64 * 4;

Picture picture_of(codec::Bitmap bitmap) {
    auto shared = std::make_shared<const codec::Bitmap>(std::move(bitmap));
    return {shared->view(), shared};
}

Picture picture_of(codec::SharedBitmap32 image, uint8_t image_flags) {
    auto view = image->view();
    if (!(image_flags & SPICE_IMAGE_FLAGS_HIGH_BITS_SET) || view.layout != codec::Layout::bgrx) return {view, image};
    // The dictionary's pixels stay as they are: later images are decoded from them.
    auto copy = codec::make_bitmap(image->size, view.layout, limits);
    if (!copy) return {view, image};
    for (uint32_t y = 0; y < view.height; ++y) {
        const auto *from = reinterpret_cast<const uint32_t *>(view.row(y));
        std::transform(from, from + view.width, reinterpret_cast<uint32_t *>(copy->row(y)),
                       [](uint32_t p) { return p | 0xff000000u; });
    }
    return picture_of(std::move(*copy));
}

// The id of a GLZ image that shows it; ZLIB_GLZ would have to be inflated for it.
std::optional<uint64_t> visible_glz_id(const wire::Image &image) {
    const auto *glz = std::get_if<wire::GlzImage>(&image.data);
    if (!glz) return std::nullopt;
    auto header = codec::read_glz_header(glz->data, limits);
    return header ? std::optional{header->id} : std::nullopt;
}

}

void DecodeQueue::Lease::release() {
    if (job_) queue_->give_back(job_);
    job_.reset();
    queue_.reset();
}

void DecodeQueue::Lease::hurry() {
    if (job_) queue_->hurry(job_);
}

// One line for each kind of fault; a hostile server must not fill the log.
void DecodeQueue::warn_about(const Error &error) {
    constexpr std::size_t enough = 32;
    {
        std::lock_guard lock{mutex_};
        if (warned_.size() >= enough || !warned_.insert(error.what).second) return;
    }
    log::warn("an image cannot be decoded: %s", error.what.c_str());
}

void DecodeQueue::decode_now(const DecodeRequest &request, const display::SlotPtr &slot) {
    const auto palette = request.palette ? std::span{*request.palette} : std::span<const uint32_t>{};
    auto bitmap = codec::decode(request.image, palette, request.target, limits);
    if (bitmap) return slot->complete(picture_of(std::move(*bitmap)));
    warn_about(bitmap.error());
    slot->fail();
}

DecodeQueue::Lease DecodeQueue::submit(DecodeRequest request, display::SlotPtr slot) {
    auto job = std::make_shared<Job>();
    job->bytes = uint64_t{request.image.width} * request.image.height * 4;
    job->is_glz = codec::is_glz(request.image);
    if (job->is_glz) job->glz_id = visible_glz_id(request.image);
    job->request = std::move(request);
    job->slot = std::move(slot);
    std::vector<std::shared_ptr<Job>> startable;
    {
        std::lock_guard lock{mutex_};
        if (job->glz_id) sent_ids_.insert(*job->glz_id);
        else if (job->is_glz) ++sent_unnamed_;
        if (wanted(*job)) {
            begin(*job);
            startable.push_back(job);
        } else {
            (job->is_glz ? deferred_glz_ : deferred_).push_back(job);
            take_startable(startable);
        }
    }
    for (auto &next : startable) {
        // For a small image a hop costs more than decoding it; what it refers to may keep it waiting all the same.
        if (next == job && job->is_glz && job->bytes <= hop_bytes) contained("decoder", [&] { run(job); });
        else start(std::move(next));
    }
    return {shared_from_this(), std::move(job)};
}

// With the lock held: a parked image needs this one, or one that this one may lead to. It does not wait for budget.
bool DecodeQueue::wanted(const Job &job) const {
    return job.is_glz && std::any_of(parked_.begin(), parked_.end(), [&job](const auto &other) {
        return !job.glz_id || *job.glz_id <= *other->needs;
    });
}

// With the lock held.
void DecodeQueue::begin(Job &job) {
    job.stage = Job::Stage::running;
    ++running_;
    if (job.is_glz) ++glz_begun_;
}

// With the lock held: what the budget allows, each kind in order. GLZ images mostly refer to the one just before, so
// no more of them are begun than can run: the others would only park.
void DecodeQueue::take_startable(std::vector<std::shared_ptr<Job>> &out) {
    for (auto *queue : {&deferred_, &deferred_glz_}) {
        while (!queue->empty()) {
            auto &job = queue->front();
            if (job->is_glz && glz_begun_ >= WorkerPool::shared().width()) break;
            if (job->leased && charged_ > 0 && charged_ + job->bytes > budget_bytes) break;
            if (job->leased) {
                job->charged = true;
                charged_ += job->bytes;
            }
            begin(*job);
            out.push_back(std::move(job));
            queue->pop_front();
        }
    }
}

void DecodeQueue::start(std::shared_ptr<Job> job) {
    WorkerPool::shared().submit([self = shared_from_this(), job = std::move(job)] { self->run(job); });
}

void DecodeQueue::close() {
    closed_.store(true, std::memory_order_release);
    window_->close();
}

// Whatever happens in it, a job settles its slot and leaves the books in order.
void DecodeQueue::run(const std::shared_ptr<Job> &job) {
    try {
        decode(job);
    } catch (...) {
        job->slot->fail();
        finished(job);
        throw; // the pool says what it was
    }
}

void DecodeQueue::decode(const std::shared_ptr<Job> &job) {
    if (closed_.load(std::memory_order_acquire)) {
        job->slot->fail();
        return finished(job);
    }
    if (job->is_glz) return run_glz(job);
    decode_now(job->request, job->slot);
    finished(job);
}

bool DecodeQueue::given_up(const Job &job) const {
    std::lock_guard lock{mutex_};
    return job.given_up;
}

bool DecodeQueue::make_decoder(const std::shared_ptr<Job> &job) {
    auto decoder = codec::make_glz(job->request.image, window_pixels_, limits);
    if (!decoder) {
        warn_about(decoder.error());
        job->slot->fail();
        // Whoever refers to it must not wait for it.
        if (job->glz_id) window_->mark_absent(*job->glz_id);
        return false;
    }
    job->decoder.emplace(std::move(*decoder));
    std::unique_lock lock{mutex_};
    if (job->glz_id) return true;
    // A ZLIB_GLZ image shows its id only now; it does not stand for any other from here on.
    job->glz_id = job->decoder->header().id;
    --sent_unnamed_;
    sent_ids_.insert(*job->glz_id);
    const bool unsent = anybody_needs_unsent();
    lock.unlock();
    if (unsent) on_parked_();
    return true;
}

void DecodeQueue::run_glz(const std::shared_ptr<Job> &job) {
    if (!job->decoder && !make_decoder(job)) return finished(job);
    while (true) {
        auto step = job->decoder->run([this](uint64_t id) { return window_->find(id); });
        if (!step) {
            if (!closed_.load(std::memory_order_acquire) && !given_up(*job)) warn_about(step.error());
            finish_glz(*job, job->decoder->blank_image(), false);
            break;
        }
        if (auto *image = std::get_if<codec::SharedBitmap32>(&*step)) {
            finish_glz(*job, std::move(*image), true);
            break;
        }
        if (park(job, std::get<codec::GlzDecoder::Needs>(*step).id)) return;
    }
    finished(job);
}

void DecodeQueue::finish_glz(Job &job, codec::SharedBitmap32 image, bool good) {
    const auto &header = job.decoder->header();
    if (!image) { // no memory even for a blank one
        window_->mark_absent(header.id);
        return job.slot->fail();
    }
    auto stored = window_->insert(header.id, header.win_head_dist, image);
    if (!stored && !closed_.load(std::memory_order_acquire)) warn_about(stored.error());
    if (good && stored) job.slot->complete(picture_of(std::move(image), job.request.image.flags));
    else job.slot->fail();
}

// True: parked, somebody else runs the job again. False: the image came meanwhile, or never will.
bool DecodeQueue::park(const std::shared_ptr<Job> &job, uint64_t id) {
    std::vector<std::shared_ptr<Job>> wanted;
    bool unsent = false, orphan = false;
    {
        std::lock_guard lock{mutex_};
        unsent = !expected(id);
        orphan = job->request.presence != 0 && !present_.contains(job->request.presence);
        job->stage = Job::Stage::parked;
        job->needs = id;
        --running_;
        parked_.insert(job);
        // Over budget: what this one waits for must not wait for the budget that this one holds.
        for (auto at = deferred_glz_.begin(); at != deferred_glz_.end();) {
            auto &other = *at;
            if (other->glz_id && *other->glz_id > id) {
                ++at;
                continue;
            }
            begin(*other);
            wanted.push_back(std::move(other));
            at = deferred_glz_.erase(at);
        }
    }
    for (auto &other : wanted) start(std::move(other));
    auto waiter = [weak = weak_from_this(), weak_job = std::weak_ptr{job}](codec::GlzWindow::Wake) {
        auto self = weak.lock();
        auto again = weak_job.lock();
        if (self && again) self->unpark(again);
    };
    if (window_->find_or_park(id, std::move(waiter)).state == codec::GlzLookup::State::waiting) {
        if (unsent && orphan) window_->mark_absent(id);
        else if (unsent) on_parked_();
        return true;
    }
    std::lock_guard lock{mutex_};
    parked_.erase(job);
    job->stage = Job::Stage::running;
    job->needs.reset();
    ++running_;
    return false;
}

void DecodeQueue::unpark(const std::shared_ptr<Job> &job) {
    {
        std::lock_guard lock{mutex_};
        if (parked_.erase(job) == 0) return;
        job->stage = Job::Stage::running;
        job->needs.reset();
        ++running_;
    }
    start(job);
}

void DecodeQueue::finished(const std::shared_ptr<Job> &job) {
    job->decoder.reset();
    job->request.keep.reset();
    std::unique_lock lock{mutex_};
    job->stage = Job::Stage::done;
    --running_;
    if (job->is_glz) --glz_begun_;
    if (job->glz_id) {
        if (const auto found = sent_ids_.find(*job->glz_id); found != sent_ids_.end()) sent_ids_.erase(found);
    } else if (job->is_glz) {
        --sent_unnamed_;
    }
    // What a parked image needs may just have ceased to be expected.
    const bool unsent = job->is_glz && anybody_needs_unsent();
    std::vector<std::shared_ptr<Job>> startable;
    if (job->is_glz) take_startable(startable);
    lock.unlock();
    for (auto &next : startable) start(std::move(next));
    if (unsent) on_parked_();
}

void DecodeQueue::give_back(const std::shared_ptr<Job> &job) {
    std::vector<std::shared_ptr<Job>> startable;
    {
        std::lock_guard lock{mutex_};
        job->leased = false;
        if (std::exchange(job->charged, false)) charged_ -= job->bytes;
        take_startable(startable);
    }
    for (auto &next : startable) start(std::move(next));
}

void DecodeQueue::hurry(const std::shared_ptr<Job> &job) {
    {
        std::lock_guard lock{mutex_};
        if (job->stage != Job::Stage::deferred) return;
        auto &queue = job->is_glz ? deferred_glz_ : deferred_;
        const auto found = std::find(queue.begin(), queue.end(), job);
        if (found == queue.end()) return;
        queue.erase(found);
        begin(*job);
    }
    start(job);
}

// With the lock held.
bool DecodeQueue::expected(uint64_t glz_id) const { return sent_unnamed_ > 0 || sent_ids_.contains(glz_id); }

// With the lock held.
bool DecodeQueue::anybody_needs_unsent() const {
    return std::any_of(parked_.begin(), parked_.end(), [this](const auto &job) { return !expected(*job->needs); });
}

bool DecodeQueue::waits_for_unsent() const {
    std::lock_guard lock{mutex_};
    return anybody_needs_unsent();
}

bool DecodeQueue::waits_for_unsent(uint8_t channel) const {
    std::lock_guard lock{mutex_};
    return std::any_of(parked_.begin(), parked_.end(), [this, channel](const auto &job) {
        return job->request.channel == channel && !expected(*job->needs);
    });
}

bool DecodeQueue::others_wait_for_unsent(uint8_t channel) const {
    std::lock_guard lock{mutex_};
    return std::any_of(parked_.begin(), parked_.end(), [this, channel](const auto &job) {
        return job->request.channel != channel && !expected(*job->needs);
    });
}

uint64_t DecodeQueue::join() {
    std::lock_guard lock{mutex_};
    present_.insert(++last_presence_);
    return last_presence_;
}

void DecodeQueue::leave(uint64_t presence) {
    {
        std::lock_guard lock{mutex_};
        present_.erase(presence);
    }
    give_up_unsent_of([presence](const DecodeRequest &request) { return request.presence == presence; });
}

bool DecodeQueue::decoding() const {
    std::lock_guard lock{mutex_};
    return running_ > 0;
}

void DecodeQueue::give_up_unsent(uint8_t channel) {
    give_up_unsent_of([channel](const DecodeRequest &request) { return request.channel == channel; });
}

void DecodeQueue::give_up_unsent_of(const std::function<bool(const DecodeRequest &)> &of) {
    std::vector<uint64_t> missing;
    {
        std::lock_guard lock{mutex_};
        for (const auto &job : parked_)
            if (of(job->request) && !expected(*job->needs)) {
                job->given_up = true;
                missing.push_back(*job->needs);
            }
    }
    for (const auto id : missing) window_->mark_absent(id);
}

}
