// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display-setup.hh"

using namespace spice::test;
using spice::channel::Event;

// Display channels of one session that wait for one another (spec/display.md §7): in whatever order things come, and
// with one decode thread as with many.
namespace {

constexpr ChannelKey display_key(uint8_t id) { return {SPICE_CHANNEL_DISPLAY, id}; }

struct Setup : DisplaySetup {
    DisplayObserver third_observer;
    DisplayModel third{third_observer, &host, loop.context(), 2};
    bool with_third = false;

    explicit Setup(bool three = false) : with_third{three} {
        script(0).surface_create(0, 8, 4).fill(0, {0, 0, 8, 4}, 0x1);
        script(1).surface_create(0, 8, 4).fill(0, {0, 0, 8, 4}, 0x1);
        open(model, observer);
        open(second, second_observer);
        if (three) {
            script(2).surface_create(0, 8, 4).fill(0, {0, 0, 8, 4}, 0x1);
            open(third, third_observer);
            settle(2);
        }
        settle(0);
        settle(1);
    }
    ~Setup() {
        if (!with_third) return;
        third.disconnect(Event::none);
        g_assert_true(loop.until([this] { return third.state() == Model::State::unconnected; }));
    }
    Setup(const Setup &) = delete;
    Setup &operator=(const Setup &) = delete;

    // The engine has taken everything; what it waits for need not have come.
    void taken(uint8_t id) {
        script(id).set_ack(1, 0).expect(SPICE_MSGC_ACK_SYNC);
        g_assert_true(loop.until([&] { return script(id).finished(Milliseconds{0}); }));
        loop.drain();
    }
};

// Messages of a channel have serials from 1; the surface, the fill and the ping of the setup were the first three.
constexpr uint64_t first_free = 4;

void test_wait_behind() {
    Setup s;
    s.script(0).fill(0, {0, 0, 1, 1}, 0x8); // what is waited for has happened
    s.settle(0);
    s.script(1).wait_for({{display_key(0), first_free}}).fill(0, {0, 0, 8, 4}, 0x9);
    s.settle(1);
    g_assert_cmphex(pixel(s.second, 0, 0), ==, 0x9);
}

void test_wait_ahead() {
    Setup s;
    s.script(1).set_ack(1, 0).expect(SPICE_MSGC_ACK_SYNC);
    s.script(1).wait_for({{display_key(0), first_free + 1}}).fill(0, {0, 0, 8, 4}, 0x9);
    g_assert_true(s.loop.until([&] { return s.script(1).finished(Milliseconds{0}); }));
    s.script(0).fill(0, {0, 0, 1, 1}, 0x8);
    s.settle(0); // the ping is the message that the second channel waits for
    s.settle(1);
    g_assert_cmphex(pixel(s.second, 0, 0), ==, 0x9);
}

// Both wait for each other, in an order that can be kept.
void test_waits_both_ways() {
    Setup s;
    for (uint64_t i = 0; i < 50; ++i) {
        const uint64_t serial = first_free + 2 * i;
        const auto color = static_cast<uint32_t>(0x100 + i);
        s.script(0).wait_for({{display_key(1), serial}}).fill(0, {0, 0, 8, 4}, color);
        s.script(1).fill(0, {0, 0, 8, 4}, color).wait_for({{display_key(0), serial + 1}});
    }
    s.settle(0);
    s.settle(1);
    g_assert_cmphex(pixel(s.model, 0, 0), ==, 0x131);
    g_assert_cmphex(pixel(s.second, 0, 0), ==, 0x131);
}

// An image of one channel is used by the two others, and dropped only when each reference was.
void test_shared_cache() {
    Setup s{true};
    copy(s.script(0), {0, 0, 2, 2}, 9, SPICE_IMAGE_FLAGS_CACHE_ME, 0xabcdef);
    copy(s.script(2), {0, 0, 2, 2}, 9, SPICE_IMAGE_FLAGS_CACHE_ME, 0xabcdef);
    s.settle(0);
    s.settle(2);
    invalidate(s.script(0), 9);
    s.settle(0);
    from_cache(s.script(1), {4, 0, 6, 2}, 9);
    from_cache(s.script(2), {4, 0, 6, 2}, 9, true);
    s.settle(1);
    s.settle(2);
    g_assert_cmphex(pixel(s.second, 5, 1), ==, 0xabcdef);
    g_assert_cmphex(pixel(s.third, 5, 1), ==, 0xabcdef);
    const auto entries = s.host.caches->images.entries();
    invalidate(s.script(1), 9); // any channel may drop it
    s.settle(1);
    g_assert_cmpuint(s.host.caches->images.entries(), ==, entries - 1);
}

// The reference comes long before the image, with others drawn in between, on three channels.
void test_shared_cache_late() {
    Setup s{true};
    from_cache(s.script(1), {0, 0, 2, 2}, 9);
    from_cache(s.script(2), {2, 0, 4, 2}, 9);
    s.taken(1);
    s.taken(2);
    for (int32_t i = 0; i < 20; ++i) s.script(0).fill(0, {0, 0, 8, 4}, static_cast<uint32_t>(i));
    copy(s.script(0), {0, 0, 2, 2}, 9, SPICE_IMAGE_FLAGS_CACHE_ME, 0xabcdef);
    for (const uint8_t id : {uint8_t{1}, uint8_t{2}, uint8_t{0}}) s.settle(id);
    g_assert_cmphex(pixel(s.second, 1, 1), ==, 0xabcdef);
    g_assert_cmphex(pixel(s.third, 3, 1), ==, 0xabcdef);
}

// Invalidating everything waits for the channels it names, then nothing is left.
void test_invalidate_everything() {
    Setup s;
    copy(s.script(0), {0, 0, 2, 2}, 9, SPICE_IMAGE_FLAGS_CACHE_ME, 0xabcdef);
    s.settle(0); // serials 4 and 5
    const auto wait = Bytes().u8(1).u8(SPICE_CHANNEL_DISPLAY).u8(0).u64(first_free + 2);
    s.script(1).set_ack(1, 0).expect(SPICE_MSGC_ACK_SYNC).send(SPICE_MSG_DISPLAY_INVAL_ALL_PIXMAPS, wait);
    g_assert_true(s.loop.until([&] { return s.script(1).finished(Milliseconds{0}); }));
    from_cache(s.script(0), {4, 0, 6, 2}, 9); // serial 6: still there
    s.settle(0);
    s.settle(1);
    g_assert_cmphex(pixel(s.model, 5, 1), ==, 0xabcdef);
    g_assert_cmpuint(s.host.caches->images.entries(), ==, 0);
}

// The drawing is skipped, said once, and nothing else happens to the channel.
void never_comes(bool from_dictionary, uint8_t waiting) {
    const Warnings warnings;
    Setup s;
    s.host.caches->patience = std::chrono::milliseconds(300);
    auto &m = waiting == 0 ? s.model : s.second;
    auto &o = waiting == 0 ? s.observer : s.second_observer;
    if (from_dictionary)
        s.script(waiting).send(SPICE_MSG_DISPLAY_DRAW_COPY, copy_of({0, 0, 4, 1}, 1, SPICE_IMAGE_TYPE_GLZ_RGB, 0, glz(1, {})));
    else from_cache(s.script(waiting), {0, 0, 4, 1}, 9);
    s.script(waiting).fill(0, {4, 0, 8, 1}, 0x2);
    s.settle(waiting);
    g_assert_cmphex(pixel(m, 0, 0), ==, 0x1);
    g_assert_cmphex(pixel(m, 4, 0), ==, 0x2);
    g_assert_false(o.has("closed"));
    for (const auto &line : Warnings::all()) g_test_message("%s", line.c_str());
    g_assert_cmpuint(Warnings::all().size(), ==, 1);
}

void test_cached_image_never_comes() {
    for (const uint8_t waiting : {uint8_t{0}, uint8_t{1}}) never_comes(false, waiting);
}
void test_dictionary_image_never_comes() {
    for (const uint8_t waiting : {uint8_t{0}, uint8_t{1}}) never_comes(true, waiting);
}

// GLZ images in turn on both channels, each of which repeats the one before, while the application does nothing for a
// while: far more than the queues hold. Then everything is there, and in order.
void blocked(gint64 seconds) {
    const Warnings warnings;
    Setup s;
    constexpr uint32_t images = 12'000, colors = 100;
    for (uint32_t i = 0; i < images; ++i) {
        const auto blue = i % colors == 0 ? std::optional{static_cast<uint8_t>(i / colors)} : std::nullopt;
        auto body = copy_of({0, 0, 4, 1}, i, SPICE_IMAGE_TYPE_GLZ_RGB, 0, glz(i, blue));
        s.script(i % 2).send(SPICE_MSG_DISPLAY_DRAW_COPY, std::move(body));
    }
    const auto end = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
    g_assert_true(s.loop.until([&] { return s.observer.has("invalidate 0 0 4 1"); })); // in the middle of it
    while (g_get_monotonic_time() < end) g_usleep(50'000);
    s.settle(0);
    s.settle(1);
    constexpr uint32_t last = (images - 1) / colors;
    g_assert_cmphex(pixel(s.model, 3, 0), ==, last);
    g_assert_cmphex(pixel(s.second, 3, 0), ==, last);
    g_assert_cmpuint(Warnings::all().size(), ==, 0);
    g_assert_false(s.observer.has("closed") || s.second_observer.has("closed"));
}

void test_blocked() { blocked(2); }
void test_blocked_long() { blocked(20); }

}

int main(int argc, char **argv) {
    g_setenv("SPICE_DECODE_THREADS", "2", FALSE);
    g_test_init(&argc, &argv, nullptr);
    const struct {
        const char *name;
        void (*run)();
    } tests[] = {
        {"wait-behind", test_wait_behind},
        {"wait-ahead", test_wait_ahead},
        {"waits-both-ways", test_waits_both_ways},
        {"shared-cache", test_shared_cache},
        {"shared-cache-late", test_shared_cache_late},
        {"invalidate-everything", test_invalidate_everything},
        {"cached-image-never-comes", test_cached_image_never_comes},
        {"dictionary-image-never-comes", test_dictionary_image_never_comes},
        {"blocked", test_blocked},
    };
    if (g_test_slow()) g_test_add_func("/two-displays/blocked-for-20-seconds", test_blocked_long);
    else
        for (const auto &test : tests) g_test_add_func((std::string{"/two-displays/"} + test.name).c_str(), test.run);
    return g_test_run();
}
