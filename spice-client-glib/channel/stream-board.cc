// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/stream-board.hh"

#include "channel/stream-feed.hh"
#include "media/gst-decoder.hh"

#include <algorithm>
#include <span>
#include <utility>

namespace spice::channel {

namespace {

using display::Box;
using display::empty;
using display::intersect;

constexpr int64_t band_pixels = 1 << 18;
// So many boxes that were drawn over are united, and taken for their extents when too many are left: crossing ones make
// as many as the square of their number. Beyond the boxes of the last line those of a frame are its extents at once.
constexpr std::size_t max_boxes = 512, max_united = 256;
constexpr std::size_t max_boxes_in_all = 4096; // of all frames that wait
// Boxes of a clip times boxes drawn over: the latter are their extents beyond it.
constexpr std::size_t max_crossings = 16384;

Box box_of(const wire::Rect &r) noexcept { return {r.left, r.top, r.right, r.bottom}; }
wire::Rect rect_of(const Box &b) noexcept { return {b.y1, b.x1, b.y2, b.x2}; }

Box extents_of(std::span<const Box> boxes) noexcept {
    Box all = boxes.front();
    for (const auto &b : boxes)
        all = {std::min(all.x1, b.x1), std::min(all.y1, b.y1), std::max(all.x2, b.x2), std::max(all.y2, b.y2)};
    return all;
}

// Too many crossing rectangles are taken for what they lie in.
wire::Clip bounded(wire::Clip clip) {
    if (!clip.has_rects()) return clip;
    std::vector<Box> boxes;
    for (const auto &rect : clip.rects)
        if (const auto box = box_of(rect); !empty(box)) boxes.push_back(box);
    if (!display::can_unite(boxes)) clip.rects.assign(1, rect_of(extents_of(boxes)));
    return clip;
}

// What is visible of a frame, inside the stream's clip and outside of what was drawn since.
wire::Clip untouched(const Box &visible, const wire::Clip &clip, std::span<const Box> drawn) {
    display::Region region;
    if (!clip.has_rects()) {
        region.add(visible);
    } else {
        std::vector<Box> boxes;
        for (const auto &rect : clip.rects)
            if (const auto box = intersect(visible, box_of(rect)); !empty(box)) boxes.push_back(box);
        region.set(boxes);
    }
    display::Region touched;
    if (region.boxes().size() * drawn.size() > max_crossings) touched.add(extents_of(drawn));
    else touched.set(drawn);
    region.subtract(touched);
    wire::Clip rest;
    rest.type = wire::ClipType::rects;
    for (const auto &box : region.boxes()) rest.rects.push_back(rect_of(box));
    return rest;
}

void unite(std::vector<Box> &boxes) {
    display::Region region;
    region.set(boxes);
    const auto united = region.boxes();
    if (united.size() > max_united) boxes.assign(1, extents_of(boxes));
    else boxes.assign(united.begin(), united.end());
}

void add_box(std::vector<Box> &boxes, const Box &box) {
    boxes.push_back(box);
    if (boxes.size() > max_boxes) unite(boxes);
}

int32_t until(uint32_t time, uint32_t now) noexcept { return static_cast<int32_t>(time - now); }

}

void StreamBoard::apply(StreamEvent &event, Wake wake) {
    if (auto *opened = std::get_if<StreamOpened>(&event)) {
        auto &stream = streams_[opened->id];
        drop(stream);
        stream.surface_id = opened->surface_id;
        stream.top_down = opened->top_down;
        stream.ordered = opened->ordered;
        stream.immediate = opened->immediate;
        stream.clip = bounded(std::move(opened->clip));
        stream.feed = std::move(opened->feed);
        stream.question = std::move(opened->question);
    } else if (auto *received = std::get_if<StreamFrameReceived>(&event)) {
        if (const auto found = streams_.find(received->id); found != streams_.end())
            receive(found->second, std::move(received->frame), std::move(wake));
    } else if (auto *clipped = std::get_if<StreamClipped>(&event)) {
        if (const auto found = streams_.find(clipped->id); found != streams_.end()) {
            found->second.clip = bounded(std::move(clipped->clip));
            for (auto &waiting : found->second.waiting) waiting.rest.reset();
        }
    } else if (auto *closed = std::get_if<StreamClosed>(&event)) {
        if (const auto found = streams_.find(closed->id); found != streams_.end()) {
            drop(found->second);
            streams_.erase(found);
        }
    } else {
        clear();
    }
}

void StreamBoard::receive(Stream &stream, std::shared_ptr<StreamFrame> frame, Wake wake) {
    // The server's time went back: what it sent before would never be due.
    if (!stream.ordered && !stream.waiting.empty() && until(frame->mm_time, stream.waiting.back().frame->mm_time) < 0)
        while (!stream.waiting.empty()) drop_front(stream);
    const auto time = stream.immediate ? std::nullopt : std::optional{frame->mm_time};
    if (frame->slot.state() == display::ImageSlot::State::pending)
        frame->slot.when_settled([wake = std::move(wake), time] { wake(time); });
    if (stream.waiting.size() >= StreamFeed::max_frames) drop_failed(stream);
    stream.waiting.emplace_back(std::move(frame));
    ++frames_;
}

// What the feed left out is dropped when it is its turn, which may be far away.
void StreamBoard::drop_failed(Stream &stream) {
    std::deque<Waiting> kept;
    for (auto &waiting : stream.waiting) {
        if (waiting.frame->slot.state() != display::ImageSlot::State::failed) {
            kept.push_back(std::move(waiting));
            continue;
        }
        if (!kept.empty()) { // what was drawn over this one was drawn over the one before as well
            for (const auto &box : waiting.drawn_over) add_box(kept.back().drawn_over, box);
        }
        stream.feed->release(*waiting.frame);
        --frames_;
    }
    stream.waiting.swap(kept);
}

void StreamBoard::drop_front(Stream &stream) {
    note_unfinished(stream);
    const auto frame = std::move(stream.waiting.front().frame);
    stream.waiting.pop_front();
    --frames_;
    stream.feed->release(*frame);
}

void StreamBoard::note_unfinished(const Stream &stream) {
    if (stream.waiting.empty() || !stream.waiting.front().next_row) return;
    const auto &front = stream.waiting.front();
    auto box = box_of(front.frame->dest);
    box.y2 = std::min(box.y2, *front.next_row);
    unfinished_.push_back({stream.surface_id, box});
}

void StreamBoard::drop(Stream &stream) {
    note_unfinished(stream);
    frames_ -= stream.waiting.size();
    stream.waiting.clear();
    if (stream.feed) stream.feed->close();
}

void StreamBoard::surface_gone(uint32_t surface_id) {
    for (auto entry = streams_.begin(); entry != streams_.end();) {
        const bool gone = entry->second.surface_id == surface_id;
        if (gone) drop(entry->second);
        entry = gone ? streams_.erase(entry) : std::next(entry);
    }
}

void StreamBoard::clear() {
    for (auto &entry : streams_) drop(entry.second);
    streams_.clear();
}

std::shared_ptr<media::GstDecoder> StreamBoard::next_question() {
    for (auto &entry : streams_)
        if (entry.second.question && entry.second.question->asks()) return std::exchange(entry.second.question, nullptr);
    return nullptr;
}

void StreamBoard::drawn(const display::DrawOp &op) {
    if (idle()) return;
    const auto &base = std::visit([](const auto &m) -> const wire::DrawBase & { return m.base; }, op.message);
    const auto box = canvas_.extents(op);
    for (auto &entry : streams_) {
        if (entry.second.surface_id != base.surface_id) continue;
        auto &stream = entry.second;
        if (!base.clip.has_rects() || base.clip.rects.size() > max_united) draw_over(stream, box); // rather too much
        else
            for (const auto &rect : base.clip.rects) draw_over(stream, intersect(box, box_of(rect)));
    }
}

// Drawings touch all frames that came before them. They are noted once, at the last one.
void StreamBoard::draw_over(Stream &stream, const Box &box) {
    const auto meets = [&box](const Waiting &w) { return !empty(intersect(box, box_of(w.frame->dest))); };
    if (std::none_of(stream.waiting.begin(), stream.waiting.end(), meets)) return;
    auto &boxes = stream.waiting.back().drawn_over;
    add_box(boxes, box);
    stream.waiting.front().rest.reset();
}

std::vector<Box> StreamBoard::drawn_since_front(const Stream &stream, const Box &visible) {
    std::vector<Box> drawn;
    const auto add = [&](const Box &b) {
        if (const auto common = intersect(b, visible); !empty(common)) add_box(drawn, common);
    };
    std::size_t looked_at = 0;
    for (const auto &waiting : stream.waiting) {
        const auto &boxes = waiting.drawn_over;
        looked_at += boxes.size();
        if (!boxes.empty() && looked_at > max_boxes_in_all) add(extents_of(boxes));
        else std::for_each(boxes.begin(), boxes.end(), add);
    }
    if (drawn.size() > max_united) unite(drawn);
    return drawn;
}

// Milliseconds until the frame is to be shown; negative when it is late.
int32_t StreamBoard::Due::in(const Stream &stream, const Waiting &frame) const {
    const auto ms = until(frame.frame->mm_time, now);
    return stream.immediate && !sound ? std::min(ms, 0) : ms;
}

// When decoding does not keep up, what has been overtaken is not begun.
void StreamBoard::skip_stale(Stream &stream, const Due &due) {
    if (stream.ordered || stream.waiting.size() < 3) return; // what is in the decoder is not taken back
    const auto begin = stream.waiting.begin();
    auto newest = begin;
    while (newest + 1 != stream.waiting.end() && due.in(stream, *(newest + 1)) <= 0) ++newest;
    if (newest != begin && newest->frame->slot.state() == display::ImageSlot::State::pending)
        stream.feed->skip_until(*newest->frame);
}

// Leaves out what cannot or need not be shown. True when the first frame is to be painted now.
bool StreamBoard::settle_front(Stream &stream, const Due &due, std::optional<uint32_t> &wait_ms) {
    using State = display::ImageSlot::State;
    while (!stream.waiting.empty()) {
        auto &front = stream.waiting.front();
        const auto state = front.frame->slot.state();
        if (state == State::failed) {
            drop_front(stream);
            continue;
        }
        if (front.next_row) return true;
        if (const auto ms = due.in(stream, front); ms > 0) {
            wait_ms = std::min(wait_ms.value_or(UINT32_MAX), static_cast<uint32_t>(ms));
            return false;
        }
        if (state == State::pending) {
            if (!std::exchange(front.hurried, true)) stream.feed->hurry();
            return false;
        }
        // Late, and a newer one is decoded and due as well: nobody would see this one.
        if (stream.waiting.size() < 2 || due.in(stream, stream.waiting[1]) > 0 ||
            stream.waiting[1].frame->slot.state() != State::ready)
            return true;
        drop_front(stream);
    }
    return false;
}

// True when the frame is complete on the surface.
bool StreamBoard::paint_front(Stream &stream, const std::function<bool()> &time_over, display::Outcome &outcome) {
    auto &front = stream.waiting.front();
    const auto *surface = surfaces_.find(stream.surface_id);
    const auto &dest = front.frame->dest;
    const Box bounds{0, 0, surface ? static_cast<int32_t>(surface->width) : 0,
                     surface ? static_cast<int32_t>(surface->height) : 0};
    const auto visible = intersect(box_of(dest), bounds);
    if (empty(visible)) return true;
    const auto rows = static_cast<int32_t>(std::max<int64_t>(1, band_pixels / display::width(visible)));
    auto row = front.next_row.value_or(visible.y1);
    do {
        const auto last = static_cast<int32_t>(std::min<int64_t>(int64_t{row} + rows, visible.y2));
        if (!front.rest) {
            const auto drawn = drawn_since_front(stream, visible);
            front.rest = drawn.empty() ? stream.clip : untouched(visible, stream.clip, drawn);
        }
        outcome = canvas_.draw_frame(stream.surface_id, front.frame->slot.picture().view, dest,
                                     *front.rest, stream.top_down, {row, last});
        row = last;
        if (outcome.fault || row >= visible.y2) return true;
    } while (!time_over());
    front.next_row = row;
    return false;
}

StreamBoard::Shown StreamBoard::show(uint32_t now, bool sound, const std::function<bool()> &time_over,
                                     const std::function<void(uint32_t, const display::Outcome &)> &painted) {
    Shown shown;
    if (streams_.empty()) return shown;
    const Due due{now, sound};
    for (auto &entry : streams_) skip_stale(entry.second, due);
    auto entry = streams_.lower_bound(next_stream_);
    // Ends when none of them has had anything to paint since the last one that had.
    for (std::size_t idle = 0; idle < streams_.size(); ++entry) {
        if (entry == streams_.end()) entry = streams_.begin();
        auto &stream = entry->second;
        ++idle;
        if (!settle_front(stream, due, shown.wait_ms)) continue;
        idle = 0;
        display::Outcome outcome;
        const bool complete = paint_front(stream, time_over, outcome);
        next_stream_ = complete ? entry->first + 1 : entry->first;
        if (complete) {
            stream.waiting.front().next_row.reset();
            painted(stream.surface_id, outcome);
            drop_front(stream);
        }
        if (!complete || time_over()) {
            shown.again = true;
            return shown;
        }
    }
    return shown;
}

}
