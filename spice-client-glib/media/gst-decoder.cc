// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "media/gst-decoder.hh"

#include "base/log.hh"
#include "base/serial-thread.hh"
#include "base/worker-pool.hh"
#include "media/gst-pipeline.hh"

#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace spice::media {

namespace {

constexpr std::size_t max_pending = 64;           // frames in the pipeline; what is older will not come out any more
constexpr std::size_t max_queued = 16u << 20;     // bytes before the decoder: it is far too slow

// Loading plugins, opening drivers and changing states take hundreds of milliseconds, and nobody knows how many. One
// pipeline at a time, so that a server cannot have any number of them made, and those that are not wanted any more are
// gone before the next one is made.
SerialThread &pipelines_thread() {
    static auto *const thread = new SerialThread("spice-video");
    return *thread;
}

}

// What the pipeline's threads and the jobs that make and stop it hold on to.
struct GstDecoder::Core final : std::enable_shared_from_this<Core>, private PipelineEvents {
    Core(VideoCodec c, std::function<void()> f, bool a, std::function<void()> q)
        : codec{c}, failed{std::move(f)}, ask{a}, asking{std::move(q)} {}

    void begin();
    void make();
    void play(bool overlay);
    void decode(EncodedFrame frame, Done done);
    void stop();
    void fail(const char *what);
    void on_picture(std::optional<uint64_t> number, VideoPicture picture) override;
    void on_error(const char *what) override { fail(what); }

    struct Input {
        EncodedFrame frame;
        Done done;
    };
    struct Pending {
        uint64_t number;
        Done done;
    };
    enum class State : uint8_t { making, asking, playing, over };
    void push(std::unique_lock<std::mutex> &lock, Input input);
    bool asks() const noexcept { return ask && !answered && state == State::asking; } // with the mutex held

    const VideoCodec codec;
    const std::function<void()> failed;
    const bool ask;
    const std::function<void()> asking;
    std::atomic<bool> overlay{false};

    std::mutex mutex; // guards what follows
    State state = State::making;
    bool answered = false; // no question is left, though the early frames may not be in yet
    std::shared_ptr<Pipeline> pipeline;
    std::deque<Input> early; // before it plays
    std::size_t early_bytes = 0;
    std::deque<Pending> pending;
    uint64_t next_number = 0;
};

void GstDecoder::Core::begin() {
    if (!pipelines_thread().submit(this, [core = shared_from_this()] { core->make(); })) fail("there is no thread for it");
}

void GstDecoder::Core::make() {
    {
        std::lock_guard lock{mutex};
        if (state != State::making) return; // stopped before it was its turn: no pipeline for nothing
    }
    auto made = Pipeline::make(codec, *this, shared_from_this());
    if (!made) return fail(made.error().what.c_str());
    {
        std::lock_guard lock{mutex};
        if (state != State::making) return; // stopped meanwhile
        pipeline = std::move(*made);
        state = State::asking;
    }
    if (ask) asking();
    else play(false);
}

void GstDecoder::Core::play(bool own_window) {
    std::unique_lock lock{mutex};
    if (state != State::asking) return;
    const auto playing = pipeline;
    lock.unlock();
    if (auto status = playing->play(own_window); !status) return fail(status.error().what.c_str());
    overlay.store(own_window, std::memory_order_relaxed);
    lock.lock();
    // New frames queue up behind the early ones until these are in.
    while (state == State::asking && !early.empty()) {
        auto input = std::move(early.front());
        early.pop_front();
        push(lock, std::move(input));
    }
    if (state == State::asking) state = State::playing;
}

// Unlocks while the frame goes in.
void GstDecoder::Core::push(std::unique_lock<std::mutex> &lock, Input input) {
    const auto number = next_number++;
    const bool shown_elsewhere = overlay.load(std::memory_order_relaxed);
    Done finished = shown_elsewhere ? std::move(input.done) : Done{};
    if (!shown_elsewhere) {
        pending.push_back({number, std::move(input.done)});
        if (pending.size() > max_pending) {
            finished = std::move(pending.front().done);
            pending.pop_front();
        }
    }
    const auto into = pipeline;
    lock.unlock();
    const bool room = into->queued_bytes() <= max_queued && into->push(std::move(input.frame), number);
    if (finished) finished({});
    if (!room) fail("the decoder does not take the frames fast enough");
    lock.lock();
}

void GstDecoder::Core::decode(EncodedFrame frame, Done done) {
    std::unique_lock lock{mutex};
    if (state == State::playing) return push(lock, {std::move(frame), std::move(done)});
    if (state != State::over) {
        early_bytes += frame.size;
        early.push_back({std::move(frame), std::move(done)});
        if (early_bytes <= max_queued) return;
        lock.unlock();
        return fail("no decoder was ready in time");
    }
    lock.unlock();
    done({});
}

// Frames come out in the order they went in; those that were passed over have no picture.
void GstDecoder::Core::on_picture(std::optional<uint64_t> number, VideoPicture picture) {
    std::vector<Done> passed;
    Done shown;
    {
        std::lock_guard lock{mutex};
        if (!number && !pending.empty()) number = pending.front().number;
        while (!pending.empty() && pending.front().number < *number) {
            passed.push_back(std::move(pending.front().done));
            pending.pop_front();
        }
        if (!pending.empty() && pending.front().number == *number) {
            shown = std::move(pending.front().done);
            pending.pop_front();
        }
    }
    for (auto &done : passed) done({});
    if (shown) shown(std::move(picture));
}

void GstDecoder::Core::fail(const char *what) {
    std::unique_lock lock{mutex};
    if (std::exchange(state, State::over) == State::over) return;
    auto lost = std::exchange(pending, {});
    auto unsent = std::exchange(early, {});
    lock.unlock();
    log::warn("a video stream cannot be decoded: %s", what);
    for (auto &frame : lost) frame.done({});
    for (auto &frame : unsent) frame.done({});
    failed();
}

void GstDecoder::Core::stop() {
    std::unique_lock lock{mutex};
    state = State::over;
    auto lost = std::exchange(pending, {});
    auto unsent = std::exchange(early, {});
    auto stopping = std::move(pipeline);
    pipeline.reset();
    lock.unlock();
    for (auto &frame : lost) frame.done.forget();
    for (auto &frame : unsent) frame.done.forget();
    pipelines_thread().cancel(this);
    if (!stopping) return;
    // It takes as long as the frame in the decoder does.
    auto stop_it = [stopping = std::move(stopping)] { stopping->stop(); };
    if (!pipelines_thread().submit(nullptr, stop_it)) WorkerPool::shared().submit(stop_it);
}

GstDecoder::GstDecoder(VideoCodec codec, std::function<void()> failed, bool ask, std::function<void()> asking)
    : core_{std::make_shared<Core>(codec, std::move(failed), ask, std::move(asking))} {
    core_->begin();
}

GstDecoder::~GstDecoder() { core_->stop(); }

void GstDecoder::decode(EncodedFrame frame, Done done) { core_->decode(std::move(frame), std::move(done)); }

bool GstDecoder::shows_itself() const noexcept { return core_->overlay.load(std::memory_order_relaxed); }

bool GstDecoder::asks() const {
    std::lock_guard lock{core_->mutex};
    return core_->asks();
}

GstPipeline *GstDecoder::question() {
    std::lock_guard lock{core_->mutex};
    return core_->asks() ? core_->pipeline->element() : nullptr;
}

void GstDecoder::answer(bool overlay) {
    {
        std::lock_guard lock{core_->mutex};
        core_->answered = true;
    }
    if (!pipelines_thread().submit(core_.get(), [core = core_, overlay] { core->play(overlay); }))
        core_->fail("there is no thread for it");
}

}
