// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/damage.hh"
#include "channel/stream-events.hh"
#include "display/canvas.hh"
#include "display/region.hh"
#include "display/surface.hh"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <map>
#include <utility>
#include <vector>

namespace spice::channel {

// The video streams of one display as its model sees them: holds their frames until they are due and paints them, minus
// what drawings that arrived after a frame have painted since. Thread-bound to the owner of the surfaces.
class StreamBoard {
public:
    StreamBoard(display::Canvas &canvas, const display::SurfaceSet &surfaces) : canvas_{canvas}, surfaces_{surfaces} {}
    ~StreamBoard() { clear(); }
    StreamBoard(const StreamBoard &) = delete;
    StreamBoard &operator=(const StreamBoard &) = delete;

    // `wake` is called on any thread when show() has something to do, unless it is too early for that.
    using Wake = std::function<void(std::optional<uint32_t> mm_time)>;
    void apply(StreamEvent &event, Wake wake);
    void surface_gone(uint32_t surface_id);
    void clear();

    // Frames that were dropped when a part of them was painted: what changed, and was not said yet.
    struct Unfinished {
        uint32_t surface_id;
        display::Box box;
    };
    std::vector<Unfinished> take_unfinished() { return std::exchange(unfinished_, {}); }

    std::size_t frames() const noexcept { return frames_; } // that wait
    bool idle() const noexcept { return frames_ == 0; }
    // The pipeline of one stream that waits for the application's answer; asked once.
    std::shared_ptr<media::GstDecoder> next_question();
    // A drawing is applied: frames that arrived before it will not paint over it.
    void drawn(const display::DrawOp &op);

    struct Shown {
        std::optional<uint32_t> wait_ms; // until the next frame is due
        bool again = false;              // the time was over before the work was
    };
    // Paints what is due at `now` (multimedia time), at least a band of it, until `time_over`; one frame of each stream
    // after the other. `sound`: playback is what sets the pace.
    Shown show(uint32_t now, bool sound, const std::function<bool()> &time_over,
               const std::function<void(uint32_t surface_id, const display::Outcome &)> &painted);

private:
    struct Waiting {
        explicit Waiting(std::shared_ptr<StreamFrame> f) : frame{std::move(f)} {}
        std::shared_ptr<StreamFrame> frame;
        std::vector<display::Box> drawn_over; // by drawings between this frame and the next
        std::optional<wire::Clip> rest;       // the stream's clip without what was drawn since; made when it is painted
        std::optional<int32_t> next_row;      // painting has begun
        bool hurried = false;
    };
    struct Stream {
        uint32_t surface_id = 0;
        bool top_down = false, ordered = false, immediate = false;
        wire::Clip clip;
        std::shared_ptr<StreamFeed> feed;
        std::shared_ptr<media::GstDecoder> question;
        std::deque<Waiting> waiting;
    };
    static void draw_over(Stream &stream, const display::Box &box);
    static std::vector<display::Box> drawn_since_front(const Stream &stream, const display::Box &visible);
    void receive(Stream &stream, std::shared_ptr<StreamFrame> frame, Wake wake);
    void drop_front(Stream &stream);
    void drop_failed(Stream &stream);
    void note_unfinished(const Stream &stream);
    void drop(Stream &stream);
    struct Due {
        uint32_t now;
        bool sound;
        int32_t in(const Stream &stream, const Waiting &frame) const;
    };
    void skip_stale(Stream &stream, const Due &due);
    bool settle_front(Stream &stream, const Due &due, std::optional<uint32_t> &wait_ms);
    bool paint_front(Stream &stream, const std::function<bool()> &time_over, display::Outcome &outcome);

    display::Canvas &canvas_;
    const display::SurfaceSet &surfaces_;
    std::map<uint32_t, Stream> streams_;
    uint32_t next_stream_ = 0; // the first to have its turn
    std::vector<Unfinished> unfinished_;
    std::size_t frames_ = 0; // waiting in all streams
};

}
