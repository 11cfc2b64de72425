// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/stream-board.hh"
#include "channel/stream-feed.hh"
#include "channel/stream-report.hh"

#include <glib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <new>
#include <vector>

using namespace spice::channel;
using namespace spice;

// When frames are decoded, shown and left out; the clock and the decoder are the test's.
namespace {

constexpr uint32_t start = UINT32_MAX - 500; // the clock wraps in every test

// Decodes when it is told to. The colour of a frame is its first byte.
struct FakeDecoder final : media::VideoDecoder {
    struct Job {
        unsigned color;
        Done done;
    };
    std::deque<Job> jobs;
    std::vector<unsigned> begun;
    bool own_window = false;
    bool at_once = false; // decode_now() does it
    unsigned fails = 0;   // so many frames end in an exception

    static media::VideoPicture picture(unsigned color) {
        auto bitmap = codec::make_bitmap({8, 8}, codec::Layout::bgrx, {});
        std::memset(bitmap->data.data(), static_cast<int>(color), bitmap->data.size());
        auto shared = std::make_shared<const codec::Bitmap>(std::move(*bitmap));
        return {shared->view(), shared};
    }
    std::optional<media::VideoPicture> decode_now(std::span<const std::byte> bytes) override {
        if (!at_once) return std::nullopt;
        begun.push_back(std::to_integer<unsigned>(bytes[0]));
        return picture(begun.back());
    }
    void decode(media::EncodedFrame frame, Done done) override {
        const auto color = std::to_integer<unsigned>(frame.bytes()[0]);
        begun.push_back(color);
        if (fails > 0 && fails--) throw std::bad_alloc{};
        if (own_window) return done({});
        jobs.push_back({color, std::move(done)});
    }
    bool shows_itself() const noexcept override { return own_window; }
    void finish_one(bool good = true) {
        auto job = std::move(jobs.front());
        jobs.pop_front();
        if (!good) return job.done({});
        job.done(picture(job.color));
    }
    void finish_all() {
        while (!jobs.empty()) finish_one();
    }
};

struct Scene {
    display::SurfaceSet surfaces;
    display::Canvas canvas{surfaces};
    StreamBoard board{canvas, surfaces};
    std::shared_ptr<StreamBudget> budget = std::make_shared<StreamBudget>();
    std::shared_ptr<FakeDecoder> decoder = std::make_shared<FakeDecoder>();
    std::shared_ptr<StreamFeed> feed;
    int wakes = 0;
    unsigned paints = 0;

    explicit Scene(bool ordered = false, bool immediate = false) {
        g_assert_true(bool{surfaces.create(0, display::SurfaceFormat::xrgb, 16, 16, 1)});
        feed = std::make_shared<StreamFeed>(decoder, ordered, true, budget);
        StreamOpened opened;
        opened.id = 1;
        opened.top_down = true;
        opened.ordered = ordered;
        opened.immediate = immediate;
        opened.feed = feed;
        apply(std::move(opened));
    }
    void apply(StreamEvent event) {
        board.apply(event, [this](std::optional<uint32_t>) { ++wakes; });
    }
    bool receive(uint32_t mm_time, unsigned color, std::size_t bytes = 100) {
        std::vector<std::byte> data(bytes);
        data[0] = static_cast<std::byte>(color);
        auto frame = std::make_shared<StreamFrame>(mm_time, wire::Rect{0, 0, 8, 8});
        if (!feed->push(frame, data)) return false;
        apply(StreamFrameReceived{1, std::move(frame)});
        return true;
    }
    StreamBoard::Shown show(uint32_t now, bool sound = false) {
        return board.show(now, sound, [] { return false; }, [this](uint32_t, const display::Outcome &) { ++paints; });
    }
    unsigned shown() const { return surfaces.find(0)->data()[0]; }
};

void test_waits_for_its_time() {
    Scene s;
    s.receive(start + 100, 1);
    s.receive(start + 700, 2); // behind the wrap
    s.decoder->finish_all();
    g_assert_cmpint(s.wakes, ==, 2);
    g_assert_cmpuint(s.show(start).wait_ms.value(), ==, 100);
    g_assert_cmpuint(s.show(start + 99).wait_ms.value(), ==, 1);
    g_assert_cmpuint(s.shown(), ==, 0);
    g_assert_cmpuint(s.show(start + 100).wait_ms.value(), ==, 600);
    g_assert_cmpuint(s.shown(), ==, 1);
    g_assert_false(s.show(start + 700).wait_ms.has_value());
    g_assert_cmpuint(s.shown(), ==, 2);
    g_assert_true(s.board.idle());
}

void test_just_in_time() {
    Scene s;
    for (unsigned i = 0; i < 10; ++i) s.receive(start + 10 * i, i + 1);
    g_assert_cmpuint(s.decoder->begun.size(), ==, 2); // not all ten
    s.decoder->finish_all();
    g_assert_cmpuint(s.decoder->begun.size(), ==, 2);
    s.show(start);
    g_assert_cmpuint(s.decoder->begun.size(), ==, 3);
    g_assert_cmpuint(s.shown(), ==, 1);
}

void test_late_frames() {
    Scene s;
    s.receive(start, 1);
    s.receive(start + 40, 2);
    s.show(start + 20);
    s.decoder->finish_one();
    s.show(start + 30); // late, and the only one
    g_assert_cmpuint(s.shown(), ==, 1);
    s.receive(start + 80, 3);
    s.decoder->finish_all();
    s.show(start + 100); // 2 and 3 are decoded and due
    g_assert_cmpuint(s.shown(), ==, 3);
    g_assert_cmpuint(s.paints, ==, 2);
    s.receive(start + 120, 4);
    s.receive(start + 300, 5);
    s.decoder->finish_all();
    s.show(start + 200); // 4 is late, 5 has time
    g_assert_cmpuint(s.shown(), ==, 4);
}

void test_damaged_frames() {
    Scene s;
    s.receive(start, 1);
    s.receive(start + 1, 2);
    s.decoder->finish_one(false);
    s.decoder->finish_one();
    s.show(start + 5);
    g_assert_cmpuint(s.shown(), ==, 2);
    g_assert_true(s.board.idle());
}

void test_time_goes_back() {
    for (const bool ordered : {false, true}) {
        Scene s{ordered};
        s.receive(start + 100'000, 1);
        s.receive(start, 2);
        s.decoder->finish_all();
        s.show(start);
        g_assert_cmpuint(s.shown(), ==, ordered ? 0 : 2);
    }
}

void test_immediate() {
    Scene s{true, true};
    s.receive(start + 5000, 1);
    s.decoder->finish_all();
    s.show(start, true); // sound sets the pace
    g_assert_cmpuint(s.shown(), ==, 0);
    s.show(start, false);
    g_assert_cmpuint(s.shown(), ==, 1);
}

// Frames that depend on each other all reach the decoder, in order; of the others the oldest are left out.
void test_flood() {
    for (const bool ordered : {false, true}) {
        Scene s{ordered};
        constexpr unsigned n = 1000;
        for (unsigned i = 0; i < n; ++i) {
            g_assert_true(s.receive(start + 60'000 + i, i % 251));
            if (ordered) s.decoder->finish_all();
        }
        s.decoder->finish_all();
        g_assert_cmpuint(s.budget->bytes, <=, 100 * (StreamFeed::max_frames + 1));
        if (ordered) {
            g_assert_cmpuint(s.decoder->begun.size(), >=, n - StreamFeed::max_frames - 2);
            for (unsigned i = 0; i < s.decoder->begun.size(); ++i) g_assert_cmpuint(s.decoder->begun[i], ==, i % 251);
        } else {
            g_assert_cmpuint(s.decoder->begun.size(), ==, 2);
        }
        for (unsigned i = 0; i < n; ++i) {
            s.show(start + 60'000 + n);
            s.decoder->finish_all();
        }
        g_assert_cmpuint(s.shown(), ==, (n - 1) % 251);
        g_assert_true(s.board.idle());
        g_assert_cmpuint(s.budget->bytes, ==, 0);
    }
}

// A decoder that takes nothing: the stream is given up before memory is.
void test_stuck_decoder() {
    for (const std::size_t bytes : {std::size_t{10}, std::size_t{1} << 20}) {
        Scene s{true};
        unsigned taken = 0;
        while (taken < 10'000 && s.receive(start + taken, 1, bytes)) ++taken;
        g_assert_cmpuint(taken, <, 1000);
        g_assert_cmpuint(s.budget->bytes, <=, 2 * StreamBudget::max_bytes + bytes);
        s.feed->close();
        s.board.clear();
    }
}

// Pictures that wait for their time have a limit as well, for all streams of a channel.
void test_picture_budget() {
    Scene s;
    constexpr std::size_t others = StreamBudget::max_picture_bytes - 300; // there is room for one of 256 bytes
    s.budget->picture_bytes = others;
    s.receive(start + 100, 1);
    s.receive(start + 200, 2);
    s.decoder->finish_all();
    g_assert_cmpuint(s.budget->picture_bytes, ==, others + 256);
    s.show(start + 200);
    g_assert_cmpuint(s.shown(), ==, 1); // there was none for the other
    g_assert_true(s.board.idle());
    g_assert_cmpuint(s.budget->picture_bytes, ==, others);
    s.receive(start + 300, 3);
    s.decoder->finish_all();
    s.board.clear();
    g_assert_cmpuint(s.budget->picture_bytes, ==, others);
}

// A decoder that keeps some frames back gets more of them, but only as they are due.
void test_reordering_decoder() {
    Scene s{true};
    for (unsigned i = 0; i < 8; ++i) s.receive(start + 10 * i, i + 1);
    g_assert_cmpuint(s.decoder->begun.size(), ==, 2);
    s.show(start);
    g_assert_cmpuint(s.decoder->begun.size(), ==, 3);
    s.show(start + 1); // once for each frame
    g_assert_cmpuint(s.decoder->begun.size(), ==, 3);
    s.decoder->finish_one();
    s.show(start + 2);
    g_assert_cmpuint(s.shown(), ==, 1);
    g_assert_cmpuint(s.decoder->begun.size(), ==, 4);
}

// It is due before there is more to give to the decoder: what comes later must still reach it.
void test_starved_decoder() {
    for (const unsigned kept_back : {2u, 3u, 8u}) {
        Scene s{true};
        for (unsigned i = 0; i < 30; ++i) {
            s.receive(start + 10 * i, i + 1);
            s.show(start + 10 * i);
            while (s.decoder->jobs.size() > kept_back) s.decoder->finish_one();
            s.show(start + 10 * i);
        }
        g_assert_cmpuint(s.decoder->begun.size(), >=, 29);
        g_assert_cmpuint(s.shown(), >=, 29 - kept_back - 1);
    }
}

// Frames for a far future, and what the feed leaves out meanwhile, do not pile up.
void test_far_future() {
    Scene s;
    for (unsigned i = 0; i < 2000; ++i) {
        s.receive(start + 1'000'000'000 + i, 1);
        if (i < 2) s.decoder->finish_all();
    }
    g_assert_cmpuint(s.board.frames(), <=, 2 * StreamFeed::max_frames);
}

// A frame is dropped when a part of it is on the surface already: that part is told.
void test_unfinished() {
    Scene s;
    g_assert_true(bool{s.surfaces.create(7, display::SurfaceFormat::xrgb, 2048, 1024, 0)});
    StreamOpened opened;
    opened.id = 2;
    opened.surface_id = 7;
    opened.feed = std::make_shared<StreamFeed>(s.decoder, false, true, s.budget);
    const auto feed = opened.feed;
    s.apply(std::move(opened));
    auto frame = std::make_shared<StreamFrame>(start, wire::Rect{0, 0, 1024, 2048});
    g_assert_true(feed->push(frame, std::vector<std::byte>(1)));
    s.apply(StreamFrameReceived{2, std::move(frame)});
    s.decoder->finish_all();
    g_assert_true(s.board.show(start, false, [] { return true; }, [](uint32_t, const display::Outcome &) {}).again);
    g_assert_cmpuint(s.board.take_unfinished().size(), ==, 0);
    s.apply(StreamClosed{2});
    const auto left = s.board.take_unfinished();
    g_assert_cmpuint(left.size(), ==, 1);
    g_assert_cmpuint(left[0].surface_id, ==, 7);
    g_assert_true(left[0].box.y1 == 0 && left[0].box.y2 > 0 && left[0].box.y2 < 1024 && left[0].box.x2 == 2048);
}

// The application shows the frames: they go into the decoder when they are due.
void test_own_window() {
    Scene s{true, false};
    s.decoder->own_window = true;
    s.receive(start + 100, 1);
    s.receive(start + 200, 2);
    g_assert_cmpuint(s.decoder->begun.size(), ==, 0);
    g_assert_cmpuint(s.show(start).wait_ms.value(), ==, 100);
    s.show(start + 100);
    g_assert_cmpuint(s.decoder->begun.size(), ==, 1);
    s.show(start + 100);
    g_assert_cmpuint(s.decoder->begun.size(), ==, 1);
    s.show(start + 200);
    s.show(start + 200);
    g_assert_cmpuint(s.decoder->begun.size(), ==, 2);
    g_assert_true(s.board.idle());
}

// In bands when time is short, and what is drawn meanwhile stays.
void test_slices() {
    Scene s;
    g_assert_true(bool{s.surfaces.create(7, display::SurfaceFormat::xrgb, 2048, 1024, 0)});
    StreamOpened opened;
    opened.id = 2;
    opened.surface_id = 7;
    opened.top_down = true;
    opened.feed = std::make_shared<StreamFeed>(s.decoder, false, true, s.budget);
    const auto feed = opened.feed;
    s.apply(std::move(opened));
    auto frame = std::make_shared<StreamFrame>(start, wire::Rect{0, 0, 1024, 2048});
    g_assert_true(feed->push(frame, std::vector{std::byte{9}}));
    s.apply(StreamFrameReceived{2, std::move(frame)});
    s.decoder->finish_all();
    unsigned turns = 0, complete = 0;
    const auto turn = [&] {
        ++turns;
        return s.board.show(start, false, [] { return true; }, [&](uint32_t, const display::Outcome &) { ++complete; }).again;
    };
    g_assert_true(turn());
    const auto pixel = [&](int x, int y) { return s.surfaces.find(7)->data()[2048 * 4 * y + 4 * x]; };
    g_assert_true(pixel(0, 0) == 9 && pixel(0, 1023) == 0);
    display::DrawOp op;
    wire::DrawFill fill;
    fill.base.surface_id = 7;
    fill.base.box = {500, 0, 1024, 100};
    fill.brush.data = wire::SolidBrush{0x050505};
    fill.rop = 8; // put
    op.message = fill;
    s.board.drawn(op);
    s.canvas.draw(op);
    while (complete == 0) g_assert_true(turn());
    g_assert_cmpuint(turns, >=, 4);
    g_assert_true(pixel(99, 500) == 5 && pixel(0, 1023) == 5 && pixel(100, 500) == 9 && pixel(0, 499) == 9 && pixel(2047, 1023) == 9);
}

// Several streams that are due at once: none waits until another has shown everything.
void test_streams_take_turns() {
    Scene s;
    std::shared_ptr<StreamFeed> feeds[3];
    for (uint32_t id = 2; id < 5; ++id) {
        StreamOpened opened;
        opened.id = id;
        opened.feed = feeds[id - 2] = std::make_shared<StreamFeed>(s.decoder, true, true, s.budget);
        opened.ordered = true;
        s.apply(std::move(opened));
    }
    const auto receive = [&](uint32_t id, int place) {
        auto frame = std::make_shared<StreamFrame>(start, wire::Rect{8, place, 9, place + 1});
        g_assert_true(feeds[id - 2]->push(frame, std::vector{static_cast<std::byte>(id)}));
        s.apply(StreamFrameReceived{id, std::move(frame)});
        s.decoder->finish_all();
    };
    for (int n = 0; n < 2; ++n)
        for (uint32_t id = 2; id < 5; ++id) receive(id, static_cast<int>(id));
    // Time for one frame in each turn; a stream that always has more must not have all of them.
    std::vector<int32_t> order;
    for (int turn = 0; turn < 3; ++turn) {
        const auto shown = s.board.show(start, false, [] { return true; },
                                        [&](uint32_t, const display::Outcome &o) { order.push_back(o.damage->x1); });
        g_assert_true(shown.again);
        receive(2, 2);
    }
    g_assert_true(order == (std::vector<int32_t>{2, 3, 4}));
}

// When the decoder is behind, frames that are overtaken before it has begun with them are never decoded.
void test_overtaken_frames() {
    for (const bool ordered : {false, true}) {
        Scene s{ordered};
        for (unsigned i = 0; i < 10; ++i) s.receive(start + 10 * i, i + 1);
        g_assert_cmpuint(s.decoder->begun.size(), ==, 2);
        s.show(start + 75); // up to the eighth they are due
        for (unsigned i = 0; i < 10 && !s.decoder->jobs.empty(); ++i) {
            s.decoder->finish_all();
            s.show(start + 75);
        }
        g_assert_cmpuint(s.shown(), ==, 8);
        if (ordered) {
            g_assert_cmpuint(s.decoder->begun.size(), >=, 8);
        } else {
            const std::vector<unsigned> expected{1, 2, 8, 9, 10};
            g_assert_true(s.decoder->begun == expected);
        }
        s.show(start + 90);
        s.decoder->finish_all();
        s.show(start + 90);
        g_assert_cmpuint(s.shown(), ==, 10);
        g_assert_true(s.board.idle());
    }
}

display::DrawOp fill(const wire::Rect &rect, unsigned color, bool clipped) {
    wire::DrawFill m;
    m.base.box = clipped ? wire::Rect{0, 0, 16, 16} : rect;
    if (clipped) m.base.clip = {wire::ClipType::rects, {rect}};
    m.brush.type = wire::BrushType::solid;
    m.brush.data = wire::SolidBrush{color * 0x010101u};
    m.rop = SPICE_ROPD_OP_PUT;
    display::DrawOp op;
    op.message = std::move(m);
    return op;
}

// Whatever is drawn between frames, and whichever of those are lost: a pixel shows what came last.
void test_drawn_over() {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        Scene s{seed % 2 == 0};
        const std::unique_ptr<GRand, decltype(&g_rand_free)> random{g_rand_new_with_seed(seed), &g_rand_free};
        const auto pick = [&](int n) { return g_rand_int_range(random.get(), 0, n); };
        struct Pixel {
            unsigned color = 0, drawn = 0; // the colour, and after how many frames it was drawn
        };
        std::array<Pixel, 64> expected;
        const auto check = [&] {
            const auto *surface = s.surfaces.find(0);
            for (unsigned i = 0; i < 64; ++i)
                g_assert_cmpuint(surface->data()[i / 8 * surface->stride + i % 8 * 4], ==, expected[i].color);
        };
        std::deque<unsigned> waiting; // the numbers of frames
        unsigned frames = 0;
        for (int step = 0; step < 60; ++step) {
            if (pick(2) == 0) {
                ++frames;
                g_assert_true(s.receive(start + frames, 100 + frames));
                waiting.push_back(frames);
            }
            for (int n = pick(8) == 0 ? 1500 : pick(6); n > 0; --n) {
                const int x = pick(8), y = pick(8), right = x + 1 + pick(8 - x), bottom = y + 1 + pick(8 - y);
                const auto color = static_cast<unsigned>(1 + pick(99));
                const auto op = fill({y, x, bottom, right}, color, pick(3) == 0);
                g_assert_false(s.canvas.draw(op).fault.has_value());
                s.board.drawn(op);
                for (int i = 0; i < 64; ++i)
                    if (i % 8 >= x && i % 8 < right && i / 8 >= y && i / 8 < bottom)
                        expected[static_cast<std::size_t>(i)] = {color, frames};
            }
            while (!waiting.empty() && pick(3) == 0) {
                const auto number = waiting.front();
                waiting.pop_front();
                const bool good = pick(4) != 0;
                if (s.decoder->jobs.empty()) s.show(start + number); // the decoder is asked for it
                s.decoder->finish_one(good);
                s.show(start + number);
                for (auto &pixel : expected)
                    if (good && pixel.drawn < number) pixel.color = 100 + number;
                check();
            }
        }
    }
}

// More than 128 frames wait: those that the feed left out are forgotten, not what was drawn after them.
void test_drawn_over_lost_frames() {
    Scene s;
    for (unsigned i = 0; i < 3 * StreamFeed::max_frames; ++i) {
        g_assert_true(s.receive(start + 1000 + i, 1 + i % 200));
        const auto op = fill({0, 0, 1, 1}, 255, false);
        g_assert_false(s.canvas.draw(op).fault.has_value());
        if (i == StreamFeed::max_frames + 5) s.board.drawn(op);
    }
    s.decoder->finish_all();
    s.show(start + 1000); // the first, which has never been left out
    g_assert_cmpuint(s.shown(), ==, 255);
    const auto *surface = s.surfaces.find(0);
    g_assert_cmpuint(surface->data()[4], ==, 1);
}

// Lines that cross make a grid: what it costs stays bounded, and nothing is painted over them.
void test_drawn_over_grid() {
    Scene s;
    constexpr int side = 4096;
    g_assert_true(bool{s.surfaces.create(0, display::SurfaceFormat::xrgb, side, side, 1)});
    for (unsigned frame = 0; frame < 4; ++frame) {
        const std::vector<std::byte> data(100, static_cast<std::byte>(1));
        auto received = std::make_shared<StreamFrame>(start + 100 + frame, wire::Rect{0, 0, side, side});
        g_assert_true(s.feed->push(received, data));
        s.apply(StreamFrameReceived{1, std::move(received)});
        for (int i = static_cast<int>(frame % 2); i < side; i += 4) {
            const auto op = frame < 2 ? fill({i, 0, i + 1, side}, 2, false) : fill({0, i, side, i + 1}, 2, false);
            s.board.drawn(op);
        }
    }
    s.decoder->finish_all();
    unsigned rows = 0;
    const auto time_over = [&rows] { return ++rows > 0; };
    const auto begin = g_get_monotonic_time();
    s.board.show(start + 100, false, time_over, [](uint32_t, const display::Outcome &) {});
    g_assert_cmpint(g_get_monotonic_time() - begin, <, 10 * G_USEC_PER_SEC); // it took seconds and 200 MB
    const auto *surface = s.surfaces.find(0);
    g_assert_cmpuint(surface->data()[0], ==, 0);
}

// A decoder that runs out of memory loses a frame, not the stream.
void test_failing_decoder() {
    Scene s{true};
    s.decoder->fails = 3;
    for (unsigned i = 0; i < 6; ++i) s.receive(start + i, i + 1);
    for (unsigned i = 0; i < 6; ++i) {
        s.decoder->finish_all();
        s.show(start + 10);
    }
    g_assert_cmpuint(s.decoder->begun.size(), ==, 6);
    g_assert_cmpuint(s.shown(), ==, 6);
    g_assert_true(s.board.idle());
    g_assert_cmpuint(s.budget->bytes, ==, 0);
}

// Small frames are decoded where they arrive, as far ahead as the others.
void test_at_once() {
    Scene s;
    s.decoder->at_once = true;
    for (unsigned i = 0; i < 3; ++i) s.receive(start + 10 * i, i + 1);
    g_assert_cmpuint(s.decoder->begun.size(), ==, 2);
    g_assert_cmpint(s.wakes, ==, 0); // the model sees that they are there
    s.show(start);
    g_assert_cmpuint(s.shown(), ==, 1);
    g_assert_cmpuint(s.decoder->jobs.size(), ==, 1); // the model's thread does not decode
    s.receive(start + 30, 4);
    s.decoder->finish_all();
    s.show(start + 30);
    s.decoder->finish_all();
    s.show(start + 30);
    g_assert_cmpuint(s.shown(), ==, 4);
    g_assert_true(s.board.idle());
    g_assert_cmpuint(s.budget->bytes, ==, 0);
    g_assert_cmpuint(s.budget->picture_bytes, ==, 0);
}

void test_report_windows() {
    StreamReporter reporter{4};
    g_assert_false(reporter.arrived(1, -5, 0, 0).has_value()); // nobody asked
    wire::StreamActivateReport wish;
    wish.unique_id = 77;
    wish.max_window_size = 100;
    wish.timeout_ms = 1000;
    reporter.activate(wish);
    g_assert_false(reporter.arrived(10, 3, 5000, 0).has_value());
    g_assert_false(reporter.arrived(20, -3, 5999, 0).has_value());
    auto report = reporter.arrived(30, 7, 6000, 250); // the time is over
    g_assert_true(report.has_value());
    g_assert_true(report->stream_id == 4 && report->unique_id == 77 && report->start_frame_mm_time == 10 &&
                  report->end_frame_mm_time == 30 && report->num_frames == 3 && report->num_drops == 1 &&
                  report->last_frame_delay == 7 && report->audio_delay == 250);
    g_assert_false(reporter.arrived(40, -1, 6001, 0).has_value()); // a new window
    g_assert_false(reporter.arrived(50, -1, 6002, 0).has_value());
    g_assert_false(reporter.arrived(60, 0, 6003, 0).has_value());
    g_assert_false(reporter.arrived(70, -1, 6004, 0).has_value());
    g_assert_false(reporter.arrived(80, -1, 6005, 0).has_value());
    report = reporter.arrived(90, -1, 6006, 0); // three in a row
    g_assert_true(report && report->num_frames == 6 && report->num_drops == 5 && report->start_frame_mm_time == 40);
    g_assert_false(reporter.arrived(100, -1, 6007, 0).has_value());
    reporter.activate(wish); // from the beginning
    g_assert_false(reporter.arrived(110, -1, 6008, 0).has_value());
    g_assert_false(reporter.arrived(120, -1, 6009, 0).has_value());
}

// A clip of too many crossing rectangles is taken for what they lie in.
void test_crossing_clip() {
    Scene s;
    StreamClipped clipped;
    clipped.id = 1;
    clipped.clip.type = wire::ClipType::rects;
    for (int32_t i = 0; i < 600; i += 2) {
        clipped.clip.rects.push_back({i, 2, i + 1, 600});
        clipped.clip.rects.push_back({0, i + 2, 600, i + 3});
    }
    s.apply(std::move(clipped));
    s.receive(start, 9);
    s.decoder->finish_all();
    s.show(start);
    const auto *data = s.surfaces.find(0)->data();
    const auto pixel = [data](int x, int y) { return data[64 * y + 4 * x]; };
    g_assert_true(pixel(3, 3) == 9 && pixel(2, 3) == 9 && pixel(1, 3) == 0);
}

// Scaled beforehand as the canvas would do it.
void test_fit() {
    for (const auto &[w, h] : {std::pair{13, 5}, std::pair{8, 8}, std::pair{3, 30}, std::pair{16, 16}, std::pair{1, 1}}) {
        auto bitmap = codec::make_bitmap({8, 8}, codec::Layout::bgrx, {});
        for (uint32_t y = 0; y < 8; ++y)
            for (uint32_t x = 0; x < 8; ++x) reinterpret_cast<uint32_t *>(bitmap->row(y))[x] = 1 + y * 8 + x;
        auto shared = std::make_shared<const codec::Bitmap>(std::move(*bitmap));
        const wire::Rect dest{0, 0, h, w};
        for (const bool top_down : {false, true}) {
            std::vector<uint32_t> pixels[2];
            for (const bool fitted : {false, true}) {
                display::SurfaceSet surfaces;
                display::Canvas canvas{surfaces};
                g_assert_true(bool{surfaces.create(0, display::SurfaceFormat::xrgb, 32, 32, 0)});
                const auto picture = fitted ? fit_picture({shared->view(), shared}, dest, top_down)
                                            : display::Picture{shared->view(), shared};
                const auto &view = picture.view;
                if (fitted) g_assert_true(view.width == static_cast<uint32_t>(w) && view.height == static_cast<uint32_t>(h));
                canvas.draw_frame(0, view, dest, {}, top_down);
                const auto *data = reinterpret_cast<const uint32_t *>(surfaces.find(0)->data());
                pixels[fitted].assign(data, data + 32 * 32);
            }
            g_assert_true(pixels[0] == pixels[1]);
        }
    }
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    const struct {
        const char *name;
        void (*run)();
    } tests[] = {
        {"waits-for-its-time", test_waits_for_its_time},
        {"just-in-time", test_just_in_time},
        {"late-frames", test_late_frames},
        {"damaged-frames", test_damaged_frames},
        {"time-goes-back", test_time_goes_back},
        {"immediate", test_immediate},
        {"flood", test_flood},
        {"stuck-decoder", test_stuck_decoder},
        {"picture-budget", test_picture_budget},
        {"reordering-decoder", test_reordering_decoder},
        {"starved-decoder", test_starved_decoder},
        {"far-future", test_far_future},
        {"unfinished", test_unfinished},
        {"own-window", test_own_window},
        {"slices", test_slices},
        {"streams-take-turns", test_streams_take_turns},
        {"overtaken-frames", test_overtaken_frames},
        {"drawn-over", test_drawn_over},
        {"drawn-over-lost-frames", test_drawn_over_lost_frames},
        {"drawn-over-grid", test_drawn_over_grid},
        {"failing-decoder", test_failing_decoder},
        {"at-once", test_at_once},
        {"report-windows", test_report_windows},
        {"crossing-clip", test_crossing_clip},
        {"fit", test_fit},
    };
    for (const auto &test : tests) g_test_add_func((std::string{"/stream-board/"} + test.name).c_str(), test.run);
    return g_test_run();
}
