// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display-setup.hh"

#include <algorithm>

using namespace spice::test;
using spice::channel::Event;

// A server draws, the pixels of the model's primary surface are compared.
namespace {

using Observer = DisplayObserver;
using Setup = DisplaySetup;

void test_init() {
    Setup s;
    s.host.caches = std::make_shared<DisplayCaches>(0x12345, 0x6789);
    s.host.compression = SPICE_IMAGE_COMPRESSION_LZ;
    s.script().expect(SPICE_MSGC_DISPLAY_INIT);
    s.open(s.model, s.observer);
    s.settle();
    const auto first = s.script().received().at(0);
    g_assert_cmpuint(first.type, ==, SPICE_MSGC_DISPLAY_INIT);
    g_assert_cmpuint(first.body.size(), ==, 14);
    g_assert_cmpuint(first.u(1, 8), ==, 0x12345);
    g_assert_cmpuint(first.u(10, 4), ==, 0x6789);
    g_assert_cmpuint(first.u(0, 1), >, 0);
    const auto second = s.script().received().at(1);
    g_assert_true(second.type == SPICE_MSGC_DISPLAY_PREFERRED_COMPRESSION && second.u(0, 1) == SPICE_IMAGE_COMPRESSION_LZ);
}

void test_fill_and_copy() {
    Setup s;
    s.script().surface_create(0, 16, 8).fill(0, {0, 0, 16, 8}, 0x112233).fill(0, {2, 1, 6, 3}, 0xff0000);
    s.script().copy_raw(0, {10, 4, 12, 6}, {0x1, 0x2, 0x3, 0x4}).mark();
    s.open(s.model, s.observer);
    s.settle();
    const auto *primary = s.model.primary();
    g_assert_true(primary && primary->width == 16 && primary->height == 8 && primary->stride == 64);
    for (uint32_t y = 0; y < 8; ++y)
        for (uint32_t x = 0; x < 16; ++x) {
            uint32_t wanted = x >= 2 && x < 6 && y >= 1 && y < 3 ? 0xff0000 : 0x112233;
            if (x >= 10 && x < 12 && y >= 4 && y < 6) wanted = 1 + (x - 10) + 2 * (y - 4);
            g_assert_cmphex(pixel(s.model, x, y), ==, wanted);
        }
    // How often damage is told depends on how much the loop finds at once; the rest does not.
    auto lines = s.observer.lines;
    lines.erase(std::remove(lines.begin(), lines.end(), "invalidate 2 1 4 2"), lines.end());
    lines.erase(std::remove(lines.begin(), lines.end(), "invalidate 10 4 2 2"), lines.end());
    assert_lines(lines, "opened, monitors, create, invalidate 0 0 16 8, mark");
    g_assert_true(s.model.marked());
}

void test_cached_image() {
    Setup s;
    auto &script = s.script();
    script.surface_create(0, 16, 4).fill(0, {0, 0, 16, 4}, 0x1);
    copy(script, {0, 0, 2, 2}, 5, SPICE_IMAGE_FLAGS_CACHE_ME, 0xabcdef);
    from_cache(script, {4, 0, 6, 2}, 5);
    from_cache(script, {4, 2, 6, 4}, 5, true);
    copy(script, {8, 0, 10, 2}, 5, SPICE_IMAGE_FLAGS_CACHE_REPLACE_ME, 0x00ff00);
    from_cache(script, {12, 0, 14, 2}, 5);
    s.open(s.model, s.observer);
    s.settle();
    g_assert_cmphex(pixel(s.model, 1, 1), ==, 0xabcdef);
    g_assert_cmphex(pixel(s.model, 5, 1), ==, 0xabcdef);
    g_assert_cmphex(pixel(s.model, 5, 3), ==, 0xabcdef);
    g_assert_cmphex(pixel(s.model, 13, 1), ==, 0x00ff00);
    g_assert_cmpuint(s.host.caches->images.entries(), ==, 1);
    invalidate(script, 5);
    s.settle();
    g_assert_cmpuint(s.host.caches->images.entries(), ==, 0);
}

// Alone, nobody can bring what is not there: the drawing is skipped at once, and the channel goes on.
void test_cache_miss_alone() {
    Setup s;
    auto &script = s.script();
    script.surface_create(0, 8, 4).fill(0, {0, 0, 8, 4}, 0x1);
    copy(script, {0, 0, 2, 2}, 5, SPICE_IMAGE_FLAGS_CACHE_ME, 0xabcdef);
    invalidate(script, 5);
    from_cache(script, {4, 0, 6, 2}, 5);
    from_cache(script, {4, 0, 6, 2}, 77);
    script.fill(0, {6, 0, 8, 2}, 0x2);
    const auto start = g_get_monotonic_time();
    s.open(s.model, s.observer);
    s.settle();
    g_assert_cmpint(g_get_monotonic_time() - start, <, 4 * G_USEC_PER_SEC); // not the patience
    g_assert_cmphex(pixel(s.model, 5, 1), ==, 0x1);
    g_assert_cmphex(pixel(s.model, 7, 1), ==, 0x2);
    g_assert_false(s.observer.has("closed"));
}

// An invalidation overtakes no drawing that was sent before it, even one whose image is still being decoded.
void test_invalidate_after_use() {
    Setup s;
    auto &script = s.script();
    script.surface_create(0, 1024, 512);
    copy(script, {0, 0, 512, 512}, 5, SPICE_IMAGE_FLAGS_CACHE_ME, 0x55aa55); // is decoded by a worker
    from_cache(script, {512, 0, 1024, 512}, 5);
    invalidate(script, 5);
    s.open(s.model, s.observer);
    s.settle();
    g_assert_cmphex(pixel(s.model, 511, 511), ==, 0x55aa55);
    g_assert_cmphex(pixel(s.model, 1023, 511), ==, 0x55aa55);
}

void open_two(Setup &s) {
    for (const uint8_t id : {uint8_t{0}, uint8_t{1}}) s.script(id).surface_create(0, 8, 4).fill(0, {0, 0, 8, 4}, 0x1);
    s.open(s.model, s.observer);
    s.open(s.second, s.second_observer);
    s.settle(0);
    s.settle(1);
}

void test_other_channel_first() {
    Setup s;
    open_two(s);
    copy(s.script(0), {0, 0, 2, 2}, 9, SPICE_IMAGE_FLAGS_CACHE_ME, 0xabcdef);
    s.settle(0);
    from_cache(s.script(1), {4, 0, 6, 2}, 9);
    s.settle(1);
    g_assert_cmphex(pixel(s.second, 5, 1), ==, 0xabcdef);
}

// The channel that refers to the image is heard first: what it draws waits, and in order.
void test_other_channel_later() {
    Setup s;
    open_two(s);
    auto &second = s.script(1);
    from_cache(second, {4, 0, 6, 2}, 9);
    second.fill(0, {5, 0, 6, 1}, 0x7).set_ack(1, 0).expect(SPICE_MSGC_ACK_SYNC);
    g_assert_true(s.loop.until([&] { return second.finished(Milliseconds{0}); })); // it knows, and goes on reading
    s.loop.drain();
    g_assert_cmphex(pixel(s.second, 5, 0), ==, 0x1);
    copy(s.script(0), {0, 0, 2, 2}, 9, SPICE_IMAGE_FLAGS_CACHE_ME, 0xabcdef);
    s.settle(1);
    g_assert_cmphex(pixel(s.second, 4, 0), ==, 0xabcdef);
    g_assert_cmphex(pixel(s.second, 5, 0), ==, 0x7);
    g_assert_cmphex(pixel(s.second, 5, 1), ==, 0xabcdef);
}

void test_glz_from_other_channel() {
    Setup s;
    open_two(s);
    s.script(1).send(SPICE_MSG_DISPLAY_DRAW_COPY, copy_of({0, 0, 4, 1}, 1, SPICE_IMAGE_TYPE_GLZ_RGB, 0, glz(1, {})));
    s.script(1).set_ack(1, 0).expect(SPICE_MSGC_ACK_SYNC);
    g_assert_true(s.loop.until([&] { return s.script(1).finished(Milliseconds{0}); }));
    g_assert_cmphex(pixel(s.second, 0, 0), ==, 0x1);
    s.script(0).send(SPICE_MSG_DISPLAY_DRAW_COPY, copy_of({0, 0, 4, 1}, 0, SPICE_IMAGE_TYPE_GLZ_RGB, 0, glz(0, 0x42)));
    s.settle(1);
    s.settle(0);
    g_assert_cmphex(pixel(s.model, 3, 0), ==, 0x42);
    g_assert_cmphex(pixel(s.second, 3, 0), ==, 0x42);
}

// What never comes is given up once the other channels have been quiet for long enough; what is behind it is drawn.
void never_comes(bool from_dictionary) {
    Setup s;
    s.host.caches->patience = std::chrono::milliseconds(300);
    open_two(s);
    const auto start = g_get_monotonic_time();
    if (from_dictionary)
        s.script(1).send(SPICE_MSG_DISPLAY_DRAW_COPY, copy_of({0, 0, 4, 1}, 1, SPICE_IMAGE_TYPE_GLZ_RGB, 0, glz(1, {})));
    else from_cache(s.script(1), {0, 0, 4, 1}, 9);
    s.script(1).fill(0, {4, 0, 8, 1}, 0x2);
    s.settle(1);
    const auto took = g_get_monotonic_time() - start;
    g_assert_cmpint(took, >=, 250'000);
    g_assert_cmphex(pixel(s.second, 0, 0), ==, 0x1);
    g_assert_cmphex(pixel(s.second, 4, 0), ==, 0x2);
    g_assert_false(s.second_observer.has("closed"));
}

void test_image_never_comes() { never_comes(false); }
void test_dictionary_image_never_comes() { never_comes(true); }

// With the other channel gone nobody is left to wait for.
void test_other_channel_leaves() {
    Setup s;
    open_two(s);
    from_cache(s.script(1), {0, 0, 4, 1}, 9);
    s.script(1).set_ack(1, 0).expect(SPICE_MSGC_ACK_SYNC);
    g_assert_true(s.loop.until([&] { return s.script(1).finished(Milliseconds{0}); }));
    const auto start = g_get_monotonic_time();
    s.model.disconnect(Event::none);
    s.script(1).fill(0, {4, 0, 8, 1}, 0x2);
    s.settle(1);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 4 * G_USEC_PER_SEC);
    g_assert_cmphex(pixel(s.second, 0, 0), ==, 0x1);
    g_assert_cmphex(pixel(s.second, 4, 0), ==, 0x2);
}

void test_disconnect_while_waiting() {
    Setup s;
    open_two(s);
    from_cache(s.script(1), {0, 0, 4, 1}, 9);
    s.script(1).set_ack(1, 0).expect(SPICE_MSGC_ACK_SYNC);
    g_assert_true(s.loop.until([&] { return s.script(1).finished(Milliseconds{0}); }));
    s.second.disconnect(Event::closed);
    g_assert_true(s.loop.until([&] { return s.second_observer.has("closed", 2); }));
    copy(s.script(0), {0, 0, 2, 2}, 9, SPICE_IMAGE_FLAGS_CACHE_ME, 0xabcdef); // too late, and harmless
    s.settle(0);
}

void test_unusable_drawings() {
    Setup s;
    auto &script = s.script();
    script.surface_create(0, 8, 4).fill(0, {0, 0, 8, 4}, 0x1).fill(33, {0, 0, 8, 4}, 0x9);
    script.send(SPICE_MSG_DISPLAY_DRAW_COPY, copy_of({0, 0, 4, 1}, 1, 250, 0, {}));
    script.send(SPICE_MSG_DISPLAY_DRAW_COPY, copy_of({0, 0, 4, 1}, 1, SPICE_IMAGE_TYPE_QUIC, 0, Bytes().u32(3).zeros(3)));
    script.send(SPICE_MSG_DISPLAY_DRAW_COPY, copy_of({0, 0, 4, 1}, 1, SPICE_IMAGE_TYPE_SURFACE, 0, Bytes().u32(44)));
    script.send(SPICE_MSG_DISPLAY_STREAM_DESTROY, Bytes().u32(9)).surface_destroy(99).fill(0, {4, 0, 8, 4}, 0x2);
    s.open(s.model, s.observer);
    s.settle();
    g_assert_cmphex(pixel(s.model, 0, 0), ==, 0x1);
    g_assert_cmphex(pixel(s.model, 4, 0), ==, 0x2);
}

void test_frame_faults() {
    const std::pair<uint16_t, ByteVector> messages[] = {
        {SPICE_MSG_DISPLAY_SURFACE_CREATE, Bytes().u32(0).u32(16385).u32(1).u32(32).u32(1)},
        {SPICE_MSG_DISPLAY_SURFACE_CREATE, Bytes().u32(0).u32(0).u32(1).u32(32).u32(1)},
        {SPICE_MSG_DISPLAY_SURFACE_CREATE, Bytes().u32(0).u32(10)},
        {SPICE_MSG_DISPLAY_DRAW_FILL, Bytes().u32(0).zeros(8)},
        {SPICE_MSG_DISPLAY_INVAL_LIST, Bytes().u16(1000).u8(1)},
    };
    for (const auto &[type, body] : messages) {
        Setup s;
        s.script().surface_create(1, 8, 4, SPICE_SURFACE_FMT_32_xRGB, 0).send(type, body);
        g_assert_true(s.model.connect());
        g_assert_true(s.loop.until([&] { return s.observer.has("closed"); }));
        assert_lines(s.observer.lines, "opened, monitors, error-io, closed");
    }
}

void test_primary_changes() {
    Setup s;
    auto &script = s.script();
    script.surface_create(0, 8, 4).fill(0, {0, 0, 8, 4}, 0x5);
    s.open(s.model, s.observer);
    s.settle();
    const auto *data = s.model.primary()->data();
    script.surface_create(0, 8, 4); // of the same size: nothing moves
    s.settle();
    g_assert_true(s.model.primary()->data() == data);
    g_assert_cmphex(pixel(s.model, 7, 3), ==, 0x5);
    g_assert_false(s.observer.has("destroy"));
    uint32_t while_destroyed = 0;
    s.observer.on_line = [&](const std::string &line) {
        if (line == "destroy") std::memcpy(&while_destroyed, data, 4); // still mapped
    };
    s.observer.lines.clear();
    script.surface_create(0, 20, 10).fill(0, {0, 0, 1, 1}, 0x6);
    s.settle();
    s.observer.on_line = [](const std::string &) {};
    g_assert_cmphex(while_destroyed & 0xffffff, ==, 0x5);
    assert_lines(s.observer.lines, "destroy, create, invalidate 0 0 1 1");
    g_assert_cmphex(pixel(s.model, 19, 9), ==, 0);
    script.surface_destroy(0);
    s.settle();
    g_assert_null(s.model.primary());
}

// The picture stays up when the connection goes, and is replaced in place when it comes back.
void test_picture_survives() {
    Setup s;
    s.script().surface_create(0, 8, 4).fill(0, {0, 0, 8, 4}, 0x5);
    s.open(s.model, s.observer);
    s.settle();
    const auto *data = s.model.primary()->data();
    s.model.disconnect(Event::none);
    g_assert_true(s.loop.until([&] { return s.observer.has("closed"); }));
    g_assert_cmphex(pixel(s.model, 7, 3), ==, 0x5);
    s.observer.lines.clear();
    s.script().next_connection().surface_create(0, 8, 4).fill(0, {0, 0, 1, 1}, 0x6);
    s.open(s.model, s.observer);
    s.settle();
    g_assert_true(s.model.primary()->data() == data);
    g_assert_cmphex(pixel(s.model, 0, 0), ==, 0x6);
}

void test_disconnect_in_handlers() {
    for (const std::string moment : {"opened", "monitors", "create", "invalidate 0 0 8 4", "mark", "destroy"}) {
        Setup s;
        s.script().surface_create(0, 8, 4).fill(0, {0, 0, 8, 4}, 0x5).mark().surface_destroy(0).surface_create(0, 9, 9);
        s.observer.on_line = [&](const std::string &line) {
            if (line == moment) s.model.disconnect(Event::none);
        };
        g_assert_true(s.model.connect());
        g_assert_true(s.loop.until([&] { return s.observer.has("closed"); }));
        const auto &lines = s.observer.lines;
        const auto at = std::find(lines.begin(), lines.end(), moment);
        g_assert_true(at != lines.end());
        g_assert_cmpstr((at + 1)->c_str(), ==, "closed"); // nothing comes between
    }
}

// The surface that takes the place of the picture is not made for a connection that a handler has ended.
void test_disconnect_when_replaced() {
    Setup s;
    s.script().surface_create(0, 8, 4).surface_create(0, 9, 9, SPICE_SURFACE_FMT_32_xRGB, 0);
    s.observer.on_line = [&](const std::string &line) {
        if (line == "destroy") s.model.disconnect(Event::none);
    };
    g_assert_true(s.model.connect());
    g_assert_true(s.loop.until([&] { return s.observer.has("closed"); }));
    g_assert_true(s.observer.has("destroy"));
    g_assert_null(s.model.surface(0));
}

// An application may connect a channel of its own before the main channel knows the sizes of the caches.
void test_before_main_channel() {
    Setup s;
    s.host.caches.reset();
    auto &script = s.script();
    script.expect(SPICE_MSGC_DISPLAY_INIT).surface_create(0, 8, 4);
    copy(script, {0, 0, 2, 2}, 5, SPICE_IMAGE_FLAGS_CACHE_ME, 0xabcdef);
    from_cache(script, {4, 0, 6, 2}, 5);
    s.open(s.model, s.observer);
    s.settle();
    g_assert_cmphex(pixel(s.model, 5, 1), ==, 0xabcdef);
}

// More than a slice of work in one drawing and in many.
void test_much_work() {
    Setup s;
    auto &script = s.script();
    script.surface_create(0, 2048, 2048).fill(0, {0, 0, 2048, 2048}, 0x123456);
    for (int i = 0; i < 2000; ++i) script.fill(0, {i, 0, i + 1, 4}, static_cast<uint32_t>(i));
    s.open(s.model, s.observer);
    s.settle();
    for (uint32_t i = 0; i < 2000; ++i) g_assert_cmphex(pixel(s.model, i, 3), ==, i);
    g_assert_cmphex(pixel(s.model, 2047, 2047), ==, 0x123456);
    g_assert_cmpuint(s.observer.lines.size(), <, 500); // damage is merged, a signal does not follow each drawing
}

}

int main(int argc, char **argv) {
    g_setenv("SPICE_DECODE_THREADS", "2", FALSE);
    g_test_init(&argc, &argv, nullptr);
    const struct {
        const char *name;
        void (*run)();
    } tests[] = {
        {"init", test_init},
        {"fill-and-copy", test_fill_and_copy},
        {"cached-image", test_cached_image},
        {"cache-miss-alone", test_cache_miss_alone},
        {"invalidate-after-use", test_invalidate_after_use},
        {"other-channel-first", test_other_channel_first},
        {"other-channel-later", test_other_channel_later},
        {"glz-from-other-channel", test_glz_from_other_channel},
        {"image-never-comes", test_image_never_comes},
        {"dictionary-image-never-comes", test_dictionary_image_never_comes},
        {"other-channel-leaves", test_other_channel_leaves},
        {"disconnect-while-waiting", test_disconnect_while_waiting},
        {"unusable-drawings", test_unusable_drawings},
        {"frame-faults", test_frame_faults},
        {"primary-changes", test_primary_changes},
        {"picture-survives", test_picture_survives},
        {"disconnect-in-handlers", test_disconnect_in_handlers},
        {"disconnect-when-replaced", test_disconnect_when_replaced},
        {"before-main-channel", test_before_main_channel},
        {"much-work", test_much_work},
    };
    for (const auto &test : tests) g_test_add_func((std::string{"/display-engine/"} + test.name).c_str(), test.run);
    return g_test_run();
}
