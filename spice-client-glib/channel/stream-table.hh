// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "channel/shared.hh"
#include "channel/stream-events.hh"
#include "channel/stream-feed.hh"
#include "channel/stream-report.hh"
#include "wire/messages-display.hh"

#include <atomic>
#include <bitset>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>

namespace spice::channel {

// What a stream needs to know of the surface it is shown on.
struct StreamSurface {
    bool streaming_mode = false;
};

// The video streams of one display channel as its engine sees them: parses their messages, leaves out what comes too
// late, has the rest decoded and reports to the server. Bound to the engine's thread.
class StreamTable {
public:
    static constexpr uint32_t max_streams = 64; // ids are below it

    struct Hooks {
        std::function<void(StreamEvent, std::size_t bytes)> emit;
        std::function<void(const wire::StreamReport &)> report;
        std::function<void(const char *)> warn; // once a connection
        std::function<std::optional<StreamSurface>(uint32_t id)> surface;
        // What they make may be called on any thread, also when the channel is gone: brings check(), a turn of the model.
        std::function<std::function<void()>()> waker, turn_maker;
    };
    // `overlay`: the application may want to show a video that fills its display in a window of its own.
    StreamTable(Hooks hooks, std::shared_ptr<Shared> shared, bool overlay)
        : hooks_{std::move(hooks)}, shared_{std::move(shared)}, overlay_{overlay} {}

    static bool is_stream_message(uint16_t type) noexcept;
    Status handle(uint16_t type, wire::Bytes body);
    // Streams of a surface that is gone are dropped; so are all of them.
    void surface_gone(uint32_t surface_id);
    void clear();
    // Gives up the streams whose decoders have failed. True: there were some.
    bool check();

private:
    struct Stream {
        explicit Stream(uint32_t id) : reporter{id} {}
        uint32_t surface_id = 0;
        bool ordered = false;
        wire::Rect dest;
        std::shared_ptr<StreamFeed> feed;
        std::shared_ptr<std::atomic<bool>> failed = std::make_shared<std::atomic<bool>>(false);
        StreamReporter reporter;
    };
    void create(wire::StreamCreate create, std::size_t bytes);
    bool make_decoder(const wire::StreamCreate &create, Stream &stream, StreamOpened &opened);
    void frame(uint32_t id, uint32_t mm_time, const wire::Rect *dest, wire::Bytes data);
    void close(uint32_t id);
    void refuse(uint32_t id, const char *why);

    const Hooks hooks_;
    const std::shared_ptr<Shared> shared_;
    const bool overlay_;
    const std::shared_ptr<StreamBudget> budget_ = std::make_shared<StreamBudget>();
    std::unordered_map<uint32_t, Stream> streams_;
    std::bitset<max_streams> refused_; // and the server was told, since their last STREAM_CREATE
};

}
