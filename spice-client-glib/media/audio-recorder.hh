// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/outbox.hh"
#include "base/serial-thread.hh"

#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace spice::media {

// Captures samples of 16 bits through GStreamer and hands them over in the main context, to which it is bound. What
// may take its time is done on a thread of its own.
class AudioRecorder {
public:
    using Take = std::function<void(std::span<const std::byte>)>;

    AudioRecorder(GMainContext *context, Take take);
    ~AudioRecorder();
    AudioRecorder(const AudioRecorder &) = delete;
    AudioRecorder &operator=(const AudioRecorder &) = delete;

    void start(int channels, int frequency);
    void stop();

private:
    struct Block {
        std::vector<std::byte> samples;
        std::size_t cost() const noexcept { return samples.size() + sizeof(Block); }
    };
    using Box = Outbox<Block>;
    struct Desk final : Box::Sink {
        explicit Desk(Take t) : take{std::move(t)} {}
        bool deliver(Block &block) override { return take(block.samples), true; }
        std::shared_ptr<void> begin_turn() override { return nullptr; }
        void end_turn() override {}
        Take take;
    };
    struct Stream;

    GMainContext *context_; // outlives us
    Desk desk_;
    std::shared_ptr<Box> box_; // of what was started last
    std::shared_ptr<Stream> stream_;
    SerialThread thread_{"spice-record"};
};

}
