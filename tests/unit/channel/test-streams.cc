// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/display-model.hh"
#include "display-observer.hh"
#include "model-setup.hh"
#include "video-frames.hh"

#include <cstring>
#include <gst/gst.h>

using namespace spice::test;
using spice::channel::DisplayModel;
using spice::channel::Event;
using spice::channel::Model;

// A server sends video streams; the model's primary surface shows them. The multimedia clock begins at `start` and is set
// forward by the test: frames that are due a minute later wait for that, however slow the machine is.
namespace {

constexpr uint32_t start = 1'000'000, later = start + 60'000;
constexpr uint32_t red = 0xff0000, green = 0x00ff00, blue = 0x0000ff, gray = 0x808080;

struct Observer final : DisplayObserver {
    bool wants_video_overlay() const override { return wants_overlay; }
    bool on_video_overlay(GstPipeline *pipeline) override {
        GstState state = GST_STATE_PLAYING;
        gst_element_get_state(GST_ELEMENT(pipeline), &state, nullptr, 0);
        note(state < GST_STATE_PLAYING ? "overlay" : "overlay too late");
        return false;
    }
    bool wants_overlay = false;
};

struct Setup : ModelSetup<DisplayModel, Observer> {
    uint32_t pings = 100;

    Setup() {
        workers = 2;
        clock().set(start);
        server.display().surface_create(0, 32, 32).fill(0, {0, 0, 32, 32}, gray);
    }
    spice::channel::MmClock &clock() { return host.shared_state->clock; }
    ChannelScript &script() { return server.display(); }
    Setup &say(uint16_t type, ByteVector body) {
        script().send(type, std::move(body));
        return *this;
    }
    Setup &create(const StreamPlan &plan) { return say(SPICE_MSG_DISPLAY_STREAM_CREATE, stream_create(plan)); }
    Setup &frame(uint32_t id, uint32_t mm_time, const ByteVector &data) {
        return say(SPICE_MSG_DISPLAY_STREAM_DATA, stream_data(id, mm_time, data));
    }
    // What the server said until now has been applied, but for frames.
    void settle() {
        ++pings;
        script().ping(pings).expect_pong(pings, Milliseconds{20'000});
        if (!finished(script())) g_error("%s", server.failures().c_str());
        g_assert_true(server.failures().empty());
    }
    // Colours of JPEG frames are a little off.
    bool shows(uint32_t x, uint32_t y, uint32_t color) const {
        const auto *surface = model.primary();
        uint32_t p = 0;
        std::memcpy(&p, surface->data() + surface->stride * y + 4 * x, 4);
        for (const unsigned shift : {0u, 8u, 16u})
            if (std::abs(static_cast<int>(p >> shift & 0xff) - static_cast<int>(color >> shift & 0xff)) > 6) return false;
        return true;
    }
    bool wait_for(uint32_t x, uint32_t y, uint32_t color) {
        return loop.until([&] { return shows(x, y, color); });
    }
    // A stream of its own that shows that what was due before it had its chance.
    void fence() {
        create({.id = 63, .dest = {30, 30, 32, 32}}).frame(63, clock().now() + 20'000, jpeg_frame(2, 2, blue));
        settle();
        clock().set(clock().now() + 30'000);
        g_assert_true(wait_for(31, 31, blue));
        say(SPICE_MSG_DISPLAY_STREAM_DESTROY, Bytes().u32(63)).script().fill(0, {30, 30, 32, 32}, gray);
        settle();
    }
};

void test_shown_when_due() {
    Setup s;
    s.create({.id = 3, .dest = {4, 4, 20, 20}}).frame(3, later, jpeg_frame(16, 16, red, green));
    s.open();
    s.settle(); // does not wait for the frame
    g_assert_true(s.shows(4, 4, gray));
    s.observer.lines.clear();
    s.clock().set(later);
    g_assert_true(s.wait_for(4, 4, red));
    g_assert_true(s.shows(19, 19, green) && s.shows(3, 3, gray) && s.shows(20, 20, gray));
    g_assert_true(s.wait("invalidate 4 4 16 16"));
    // The right time without a jump.
    s.frame(3, s.clock().now() + 30, jpeg_frame(16, 16, blue));
    g_assert_true(s.wait_for(4, 4, blue));
}

void test_bottom_up_scaled_sized() {
    Setup s;
    s.create({.id = 0, .flags = 0, .dest = {0, 0, 8, 8}}).frame(0, later, jpeg_frame(16, 16, red, green));
    s.create({.id = 1, .dest = {8, 0, 12, 4}});
    s.say(SPICE_MSG_DISPLAY_STREAM_DATA_SIZED, stream_data_sized(1, later, {-8, 16, 24, 48}, jpeg_frame(8, 8, blue, red)));
    s.open();
    s.settle();
    s.clock().set(later);
    g_assert_true(s.wait_for(0, 0, green) && s.wait_for(0, 7, red));
    g_assert_true(s.wait_for(0, 16, blue));
    g_assert_true(s.shows(23, 31, blue) && s.shows(24, 31, gray) && s.shows(9, 1, gray));
}

void test_clip() {
    Setup s;
    const std::vector<Box> left{{0, 0, 8, 16}}, right{{8, 0, 12, 8}, {12, 0, 16, 16}}, nothing;
    s.create({.id = 0, .dest = {0, 0, 16, 16}, .clip = &left}).frame(0, later, jpeg_frame(16, 16, red));
    s.open();
    s.settle();
    s.clock().set(later);
    g_assert_true(s.wait_for(7, 15, red));
    g_assert_true(s.shows(8, 0, gray));
    // What counts is the clip at the time the frame is shown.
    s.frame(0, later + 60'000, jpeg_frame(16, 16, green)).say(SPICE_MSG_DISPLAY_STREAM_CLIP, stream_clip(0, &right));
    s.settle();
    s.clock().set(later + 60'000);
    g_assert_true(s.wait_for(15, 15, green));
    g_assert_true(s.shows(0, 0, red) && s.shows(8, 0, green) && s.shows(8, 8, gray));
    s.frame(0, later + 120'000, jpeg_frame(16, 16, blue)).say(SPICE_MSG_DISPLAY_STREAM_CLIP, stream_clip(0, &nothing));
    s.settle();
    s.clock().set(later + 120'000);
    s.fence();
    g_assert_true(s.shows(0, 0, red) && s.shows(15, 15, green));
}

// A frame is as old as its message: what was drawn after it stays.
void test_later_drawing_wins() {
    Setup s;
    s.create({.id = 0, .dest = {0, 0, 16, 16}}).frame(0, later, jpeg_frame(16, 16, red));
    s.script().fill(0, {4, 4, 8, 8}, 0x123456).fill(0, {12, 12, 30, 30}, 0x654321);
    s.open();
    s.settle();
    g_assert_true(s.shows(4, 4, 0x123456));
    s.clock().set(later);
    g_assert_true(s.wait_for(0, 0, red));
    g_assert_true(s.shows(4, 4, 0x123456) && s.shows(7, 7, 0x123456) && s.shows(8, 8, red) && s.shows(3, 7, red));
    g_assert_true(s.shows(12, 12, 0x654321) && s.shows(15, 15, 0x654321) && s.shows(11, 15, red));
    s.frame(0, later + 60'000, jpeg_frame(16, 16, green));
    s.settle();
    s.clock().set(later + 60'000);
    g_assert_true(s.wait_for(4, 4, green)); // this one is newer than the drawings
}

void test_late_frames() {
    Setup s;
    s.create({.id = 0, .dest = {0, 0, 16, 16}}).frame(0, start - 1000, jpeg_frame(16, 16, red));
    s.open();
    s.settle();
    s.fence();
    g_assert_true(s.shows(0, 0, gray));
}

void test_time_goes_back() {
    Setup s;
    s.create({.id = 0, .dest = {0, 0, 16, 16}}).frame(0, later + 500'000, jpeg_frame(16, 16, red));
    s.frame(0, later, jpeg_frame(16, 16, green));
    s.open();
    s.settle();
    s.clock().set(later);
    g_assert_true(s.wait_for(0, 0, green));
    s.clock().set(later + 500'000);
    s.fence();
    g_assert_true(s.shows(0, 0, green)); // the other one was forgotten
}

void test_dropped_before_shown() {
    enum class End { destroy, destroy_all, create_again, surface, surface_again, reset };
    for (const auto end : {End::destroy, End::destroy_all, End::create_again, End::surface, End::surface_again, End::reset}) {
        Setup s;
        s.create({.id = 7, .dest = {0, 0, 16, 16}}).frame(7, later, jpeg_frame(16, 16, red));
        switch (end) {
        case End::destroy: s.say(SPICE_MSG_DISPLAY_STREAM_DESTROY, Bytes().u32(7)); break;
        case End::destroy_all: s.say(SPICE_MSG_DISPLAY_STREAM_DESTROY_ALL, {}); break;
        case End::create_again: s.create({.id = 7, .dest = {16, 16, 18, 18}}); break;
        case End::surface: s.script().surface_destroy(0).surface_create(0, 32, 32).fill(0, {0, 0, 32, 32}, gray); break;
        case End::surface_again: s.script().surface_create(0, 32, 32); break;
        case End::reset: s.say(SPICE_MSG_DISPLAY_RESET, {}).script().fill(0, {0, 0, 32, 32}, gray); break;
        }
        s.open();
        s.settle();
        s.clock().set(later);
        s.fence();
        g_assert_true(s.shows(0, 0, gray));
        g_assert_false(s.observer.has("closed"));
    }
}

// Streams on a surface that is not the primary, which goes while a frame waits.
void test_other_surface() {
    Setup s;
    s.script().surface_create(5, 8, 8, SPICE_SURFACE_FMT_16_555, 0);
    s.create({.surface = 5, .id = 1, .dest = {0, 0, 8, 8}}).frame(1, later, jpeg_frame(8, 8, red));
    s.open();
    s.settle();
    s.clock().set(later);
    const auto first_pixel = [&] {
        uint16_t p = 0;
        std::memcpy(&p, s.model.surface(5)->data(), 2);
        return p >> 10;
    };
    g_assert_true(s.loop.until([&] { return first_pixel() >= 30; }));
    s.frame(1, later + 60'000, jpeg_frame(8, 8, red)).script().surface_destroy(5);
    s.settle();
    s.clock().set(later + 60'000);
    s.fence();
    g_assert_null(s.model.surface(5));
}

void test_reconnect() {
    Setup s;
    s.create({.id = 0, .dest = {0, 0, 16, 16}});
    for (uint32_t i = 0; i < 20; ++i) s.frame(0, later + i, jpeg_frame(16, 16, red));
    s.open();
    s.settle();
    s.model.disconnect(Event::none);
    g_assert_true(s.wait("closed"));
    s.script().next_connection().surface_create(0, 32, 32);
    s.frame(0, later, jpeg_frame(16, 16, green)); // of a stream that this connection does not know
    s.create({.id = 1, .dest = {16, 0, 32, 16}}).frame(1, later, jpeg_frame(16, 16, blue));
    s.observer.lines.clear();
    s.open();
    s.settle();
    s.clock().set(later);
    g_assert_true(s.loop.until([&] { return s.model.primary() && s.shows(16, 0, blue); }));
    g_assert_true(s.shows(0, 0, gray));
}

constexpr uint32_t unsupported = UINT32_MAX;

void test_reports() {
    Setup s;
    s.create({.id = 3, .dest = {0, 0, 16, 16}});
    s.say(SPICE_MSG_DISPLAY_STREAM_ACTIVATE_REPORT, activate_report(3, 4242, 5, 100'000));
    const auto data = jpeg_frame(16, 16, red);
    s.frame(3, later, data).frame(3, start - 900, data).frame(3, later + 1, data).frame(3, later + 2, data);
    s.frame(3, start - 500, data);
    for (uint32_t i = 0; i < 3; ++i) s.frame(3, start - 400 + i, data); // three in a row: at once
    s.say(SPICE_MSG_DISPLAY_STREAM_ACTIVATE_REPORT, activate_report(9, 1, 5, 1000));
    s.frame(50, later, data);
    s.open();
    s.settle();
    g_assert_true(s.script().wait_received(SPICE_MSGC_DISPLAY_STREAM_REPORT, 4).has_value());
    const auto reports = s.script().received(SPICE_MSGC_DISPLAY_STREAM_REPORT);
    g_assert_cmpuint(reports.size(), ==, 4);
    const auto &first = reports[0];
    g_assert_cmpuint(first.body.size(), ==, 32);
    g_assert_cmpuint(first.u(0, 4), ==, 3);
    g_assert_cmpuint(first.u(4, 4), ==, 4242);
    g_assert_cmpuint(first.u(8, 4), ==, later);
    g_assert_cmpuint(first.u(12, 4), ==, start - 500);
    g_assert_cmpuint(first.u(16, 4), ==, 5);
    g_assert_cmpuint(first.u(20, 4), ==, 2);
    g_assert_cmpint(static_cast<int32_t>(first.u(24, 4)), <=, -500);
    g_assert_cmpuint(first.u(28, 4), ==, UINT32_MAX); // no sound is played
    g_assert_cmpuint(reports[1].u(16, 4), ==, 3);
    g_assert_cmpuint(reports[1].u(20, 4), ==, 3);
    const uint32_t unknown[] = {9, 50};
    for (const unsigned i : {0u, 1u}) {
        g_assert_cmpuint(reports[2 + i].u(0, 4), ==, unknown[i]);
        g_assert_cmpuint(reports[2 + i].u(20, 4), ==, unsupported);
        for (const unsigned at : {4u, 8u, 12u, 16u, 24u, 28u}) g_assert_cmpuint(reports[2 + i].u(at, 4), ==, 0);
    }
}

// What cannot be shown is refused; the channel goes on.
void test_unusable_streams() {
    Setup s;
    s.create({.surface = 77, .id = 1}).create({.id = 2, .codec = 99}).create({.id = 64}).create({.id = UINT32_MAX});
    s.create({.id = 4, .dest = {0, 0, 16, 16}}).frame(4, later, ByteVector(100)).frame(4, later, {});
    s.create({.id = 5, .dest = {20, 20, 4, 4}}).frame(5, later, jpeg_frame(8, 8, red)); // inverted
    s.create({.id = 6, .dest = {INT32_MIN, INT32_MIN, INT32_MAX, INT32_MAX}}).frame(6, later, jpeg_frame(8, 8, red));
    s.create({.id = 7, .dest = {-100'000, -100'000, 100'000, 100'000}}).frame(7, later, jpeg_frame(8, 8, green));
    auto cut = jpeg_frame(16, 16, red);
    cut.resize(cut.size() / 2);
    s.frame(4, later, cut).frame(4, later, jpeg_frame(16, 16, blue));
    s.open();
    s.settle();
    const auto reports = s.script().received(SPICE_MSGC_DISPLAY_STREAM_REPORT);
    g_assert_cmpuint(reports.size(), ==, 4);
    const uint32_t refused[] = {1, 2, 64, UINT32_MAX};
    for (unsigned i = 0; i < 4; ++i) {
        g_assert_cmpuint(reports[i].u(0, 4), ==, refused[i]);
        g_assert_cmpuint(reports[i].u(20, 4), ==, unsupported);
    }
    s.clock().set(later);
    g_assert_true(s.loop.until([&] { return s.shows(25, 25, green); }));
    g_assert_false(s.observer.has("closed"));
}

void test_frame_faults() {
    const std::pair<uint16_t, ByteVector> messages[] = {
        {SPICE_MSG_DISPLAY_STREAM_CREATE, Bytes().u32(0).zeros(40)},
        {SPICE_MSG_DISPLAY_STREAM_DATA, Bytes().u32(0).u32(0).u32(10).zeros(9)},
        {SPICE_MSG_DISPLAY_STREAM_DATA, Bytes().u32(0).u32(0).u32(UINT32_MAX)},
        {SPICE_MSG_DISPLAY_STREAM_DATA_SIZED, Bytes().u32(0).zeros(31)},
        {SPICE_MSG_DISPLAY_STREAM_CLIP, Bytes().u32(0).u8(7)},
        {SPICE_MSG_DISPLAY_STREAM_CLIP, Bytes().u32(0).u8(1).u32(0x40000000)},
        {SPICE_MSG_DISPLAY_STREAM_DESTROY, Bytes().u16(0)},
        {SPICE_MSG_DISPLAY_STREAM_ACTIVATE_REPORT, Bytes().zeros(15)},
    };
    for (const auto &[type, body] : messages) {
        Setup s;
        s.create({.id = 0}).frame(0, later, jpeg_frame(16, 16, red)).say(type, body);
        g_assert_true(s.model.connect());
        g_assert_true(s.wait("closed"));
        g_assert_true(s.observer.has("error-io"));
    }
}

// Many more frames than anybody shows: those that are too many are left out, the newest are kept.
void test_flood() {
    Setup s;
    s.create({.id = 0, .dest = {0, 0, 16, 16}});
    const auto filler = jpeg_frame(16, 16, red);
    for (uint32_t i = 0; i < 2000; ++i) s.frame(0, later + i, filler);
    s.frame(0, later + 2000, jpeg_frame(16, 16, green));
    s.open();
    s.settle();
    s.clock().set(later + 2000);
    g_assert_true(s.wait_for(0, 0, green));
}

// A surface for one video: its frames are shown at once, and the application is asked about the pipeline if it listens.
void test_streaming_mode() {
    for (const bool asked : {false, true}) {
        Setup s;
        s.observer.wants_overlay = asked;
        constexpr auto flags = SPICE_SURFACE_FLAGS_PRIMARY | SPICE_SURFACE_FLAGS_STREAMING_MODE;
        s.script().surface_destroy(0).surface_create(0, 32, 32, SPICE_SURFACE_FMT_32_xRGB, flags);
        s.create({.id = 0, .dest = {0, 0, 32, 32}}).frame(0, later, jpeg_frame(32, 32, red));
        s.open();
        s.settle();
        g_assert_true(s.wait_for(16, 16, red));
        s.frame(0, later, jpeg_frame(32, 32, green));
        g_assert_true(s.wait_for(16, 16, green));
        g_assert_true(s.observer.has("overlay") == asked);
        g_assert_false(s.observer.has("overlay", 2) || s.observer.has("overlay too late"));
        // With sound, it is the sound that sets the pace.
        s.host.shared_state->playback_latency = 40;
        s.frame(0, later, jpeg_frame(32, 32, blue));
        s.settle();
        g_assert_true(s.shows(16, 16, green));
        s.clock().set(later);
        g_assert_true(s.wait_for(16, 16, blue));
    }
}

// What is no video at all: the decoder gives up or shows nothing, the channel goes on.
void test_noise() {
    Setup s;
    s.host.shared_state->clock.set(start);
    const uint32_t codecs[] = {SPICE_VIDEO_CODEC_TYPE_VP8, SPICE_VIDEO_CODEC_TYPE_H264, SPICE_VIDEO_CODEC_TYPE_VP9,
                               SPICE_VIDEO_CODEC_TYPE_H265};
    for (const auto codec : codecs) {
        s.create({.id = codec, .codec = codec});
        ByteVector noise(3000);
        for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = static_cast<std::byte>(i * i * 7 >> 3);
        for (unsigned i = 0; i < 20; ++i) s.frame(codec, start, noise);
    }
    s.open();
    s.settle();
    s.fence();
    g_assert_false(s.observer.has("closed"));
}

void test_capabilities() {
    Setup s;
    s.open();
    const auto caps = s.script().links().at(0).channel_caps.at(0);
    for (const unsigned bit : {SPICE_DISPLAY_CAP_SIZED_STREAM, SPICE_DISPLAY_CAP_STREAM_REPORT, SPICE_DISPLAY_CAP_MULTI_CODEC,
                               SPICE_DISPLAY_CAP_CODEC_MJPEG})
        g_assert_true(caps >> bit & 1);
}

}

int main(int argc, char **argv) {
    g_setenv("SPICE_DECODE_THREADS", "2", TRUE);
    g_test_init(&argc, &argv, nullptr);
    const struct {
        const char *name;
        void (*run)();
    } tests[] = {
        {"shown-when-due", test_shown_when_due},
        {"bottom-up-scaled-sized", test_bottom_up_scaled_sized},
        {"clip", test_clip},
        {"later-drawing-wins", test_later_drawing_wins},
        {"late-frames", test_late_frames},
        {"time-goes-back", test_time_goes_back},
        {"dropped-before-shown", test_dropped_before_shown},
        {"other-surface", test_other_surface},
        {"reconnect", test_reconnect},
        {"reports", test_reports},
        {"unusable-streams", test_unusable_streams},
        {"frame-faults", test_frame_faults},
        {"flood", test_flood},
        {"streaming-mode", test_streaming_mode},
        {"noise", test_noise},
        {"capabilities", test_capabilities},
    };
    for (const auto &test : tests) g_test_add_func((std::string{"/streams/"} + test.name).c_str(), test.run);
    return g_test_run();
}
