// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display-setup.hh"

#include "base/sanitizer.hh"

#include <cinttypes>
#include <fstream>

using namespace spice::test;
using spice::channel::Event;
using spice::channel::ImageResolver;

// What a server may make a display channel hold (doc/limits.md): over a limit the channel ends with an error, the drawing
// is skipped with a warning, or the server waits.
namespace {

using Setup = DisplaySetup;

void assert_ends(Setup &s, const char *reason) {
    const Warnings warnings;
    g_assert_true(s.model.connect());
    g_assert_true(s.loop.until([&] { return s.observer.has("closed"); }));
    g_assert_true(s.observer.has("error-io"));
    g_assert_cmpuint(Warnings::all().size(), ==, 1);
    g_test_message("%s", Warnings::all()[0].c_str());
    g_assert_nonnull(std::strstr(Warnings::all()[0].c_str(), reason));
}

void assert_warned(const char *reason) {
    std::size_t said = 0;
    for (const auto &line : Warnings::all()) said += line.find(reason) != std::string::npos;
    g_assert_cmpuint(said, ==, 1);
    g_assert_cmpuint(Warnings::all().size(), ==, 1);
}

void test_surface_side() {
    for (const auto &[width, height] : {std::pair{16385u, 1u}, {1u, 16385u}, {UINT32_MAX, UINT32_MAX}}) {
        Setup s;
        s.script().surface_create(0, width, height);
        assert_ends(s, "surface too large");
    }
    Setup s;
    s.script().surface_create(0, 16384, 1).surface_create(1, 1, 16384, SPICE_SURFACE_FMT_32_xRGB, 0);
    s.open(s.model, s.observer);
    s.settle();
    g_assert_cmpuint(s.model.primary()->width, ==, 16384);
}

void test_surface_count() {
    Setup s;
    const auto most = static_cast<uint32_t>(s.host.caches->surface_limits.max_count);
    g_assert_cmpuint(most, ==, 10'000);
    s.host.caches->surface_limits.max_count = 100;
    for (uint32_t i = 0; i < 100; ++i) s.script().surface_create(i, 2, 2, SPICE_SURFACE_FMT_32_xRGB, 0);
    s.script().surface_create(7, 2, 2, SPICE_SURFACE_FMT_32_xRGB, 0).surface_destroy(3); // neither adds one
    s.script().surface_create(200, 2, 2, SPICE_SURFACE_FMT_32_xRGB, 0);
    s.script().ping(1).expect_pong(1).surface_create(201, 2, 2, SPICE_SURFACE_FMT_32_xRGB, 0);
    assert_ends(s, "more surfaces than the limits allow");
    g_assert_true(s.script().finished(Milliseconds{5000})); // in a thread of its own
}

void test_surface_memory() {
    Setup s;
    g_assert_cmpuint(s.host.caches->surface_limits.max_bytes, ==, uint64_t{2} << 30);
    s.host.caches->surface_limits.max_bytes = 1u << 20;
    for (uint32_t i = 0; i < 4; ++i) s.script().surface_create(i, 256, 256, SPICE_SURFACE_FMT_32_xRGB, 0);
    s.script().ping(1).expect_pong(1).surface_create(4, 1, 1, SPICE_SURFACE_FMT_32_xRGB, 0);
    assert_ends(s, "more surfaces than the limits allow");
    g_assert_true(s.script().finished(Milliseconds{5000})); // in a thread of its own
}

void test_image_size() {
    const std::pair<uint32_t, uint32_t> sizes[] = {{16385, 1}, {1, 16385}, {16384, 16385}, {0, 4}};
    for (const auto &[width, height] : sizes) {
        const Warnings warnings;
        Setup s;
        auto body = copy_of({0, 0, 4, 1}, 1, SPICE_IMAGE_TYPE_BITMAP, 0, plain_bitmap(4, 1, 9));
        const auto put = [&](std::size_t at, uint32_t v) {
            for (std::size_t i = 0; i < 4; ++i) body[at + i] = static_cast<std::byte>(v >> 8 * i);
        };
        put(57 + 10, width), put(57 + 14, height);     // of the image
        put(57 + 20, width), put(57 + 24, height);     // of its bitmap
        put(57 + 28, 0);                               // stride: the message claims no pixels
        s.script().surface_create(0, 8, 4).fill(0, {0, 0, 8, 4}, 1).send(SPICE_MSG_DISPLAY_DRAW_COPY, body);
        s.open(s.model, s.observer);
        s.settle();
        g_assert_cmphex(pixel(s.model, 0, 0), ==, 1);
        g_assert_cmpuint(Warnings::all().size(), ==, 1);
        g_test_message("%s", Warnings::all()[0].c_str());
    }
}

// An overfull cache keeps no more; what was not kept cannot be drawn from it.
void test_image_cache() {
    const Warnings warnings;
    Setup s;
    s.host.caches = std::make_shared<DisplayCaches>(16, 1u << 20);
    s.script().surface_create(0, 8, 4).fill(0, {0, 0, 8, 4}, 1);
    for (uint64_t id = 0; id < 20; ++id) copy(s.script(), {0, 0, 2, 2}, id, SPICE_IMAGE_FLAGS_CACHE_ME, 0x10);
    s.open(s.model, s.observer);
    s.settle();
    g_assert_cmphex(pixel(s.model, 0, 0), ==, 0x10); // drawn all the same
    g_assert_cmpuint(s.host.caches->images.entries(), ==, (2 * 16 + 4) / 4);
    assert_warned("overfills the image cache");
}

void test_glz_window() {
    const Warnings warnings;
    Setup s;
    s.host.caches = std::make_shared<DisplayCaches>(1u << 20, 4);
    s.script().surface_create(0, 8, 4);
    for (uint64_t id = 0; id < 10; ++id)
        s.script().send(SPICE_MSG_DISPLAY_DRAW_COPY, copy_of({0, 0, 4, 1}, id, SPICE_IMAGE_TYPE_GLZ_RGB, 0, glz(id, 0x42)));
    s.open(s.model, s.observer);
    s.settle();
    g_assert_cmpuint(s.host.caches->glz->pixels(), <=, 3 * 4);
    g_assert_cmpuint(Warnings::all().size(), ==, 1);
    g_test_message("%s", Warnings::all()[0].c_str());
}

void test_palettes() {
    const Warnings warnings;
    Setup s;
    s.script().surface_create(0, 8, 4);
    const auto indexed = [](uint64_t unique, uint8_t flags, bool with_palette) {
        Bytes b;
        b.u8(SPICE_BITMAP_FMT_8BIT).u8(flags | SPICE_BITMAP_FLAGS_TOP_DOWN).u32(4).u32(1).u32(4);
        if (!with_palette) return copy_of({0, 0, 4, 1}, 0, SPICE_IMAGE_TYPE_BITMAP, 0, b.u64(unique).zeros(4));
        b.u32(57 + 18 + 18 + 4).zeros(4).u64(unique).u16(1).u32(static_cast<uint32_t>(unique));
        return copy_of({0, 0, 4, 1}, 0, SPICE_IMAGE_TYPE_BITMAP, 0, b);
    };
    constexpr uint64_t many = 5000, kept = 4096;
    for (uint64_t id = 1; id <= many; ++id)
        s.script().send(SPICE_MSG_DISPLAY_DRAW_COPY, indexed(id, SPICE_BITMAP_FLAGS_PAL_CACHE_ME, true));
    s.open(s.model, s.observer);
    s.settle();
    std::size_t missing = 0;
    g_assert_cmphex(pixel(s.model, 0, 0), ==, many);
    g_assert_cmpuint(Warnings::all().size(), ==, 0);
    for (uint64_t id = 1; id <= many; ++id) {
        s.script().fill(0, {0, 0, 8, 4}, 0xffffff).send(SPICE_MSG_DISPLAY_DRAW_COPY, indexed(id, SPICE_BITMAP_FLAGS_PAL_FROM_CACHE, false));
        if (id % 50 != 0) continue; // a sample is looked at
        s.settle();
        missing += pixel(s.model, 0, 0) == 0xffffff;
    }
    g_assert_cmpuint(missing, >, 0);
    g_assert_cmpuint(missing, <=, (many - kept) * 100 / many * 2);
    assert_warned("palette is not there");
}

// More images are waited for than any honest session has: the others are skipped at once.
void test_awaited_images() {
    const Warnings warnings;
    Setup s;
    s.host.caches->max_awaited = 10;
    s.host.caches->patience = std::chrono::milliseconds(500);
    s.script(0).surface_create(0, 8, 4);
    s.script(1).surface_create(0, 8, 4);
    s.open(s.model, s.observer);
    s.open(s.second, s.second_observer);
    for (uint64_t id = 100; id < 200; ++id) from_cache(s.script(1), {0, 0, 2, 2}, id);
    s.script(1).set_ack(1, 0).expect(SPICE_MSGC_ACK_SYNC);
    g_assert_true(s.loop.until([&] { return s.script(1).finished(Milliseconds{0}); }));
    g_assert_cmpuint(s.host.caches->images.awaited(), <=, 11);
    s.settle(1);
    g_assert_cmpuint(Warnings::all().size(), ==, 1);
}

// What the engine has read does not change any more: it waits for the application.
uint64_t read_when_quiet(const DisplayModel &model, uint64_t at_least) {
    uint64_t last = 0;
    for (int same = 0, round = 0; round < 1000 && same < 20; ++round) {
        g_usleep(5000);
        const auto now = model.total_read_bytes();
        same = now == last && now >= at_least ? same + 1 : 0;
        last = now;
    }
    return last;
}

// Messages that keep nothing alive, for an application that stands still: the server has to wait.
void test_stalled_application() {
    Setup s;
    constexpr std::size_t many = 400'000;
    s.script().surface_create(0, 8, 4);
    s.open(s.model, s.observer);
    s.settle();
    const auto before = s.model.total_read_bytes();
    Bytes marks;
    for (std::size_t i = 0; i < many; ++i) marks.u16(SPICE_MSG_DISPLAY_MARK).u32(0);
    s.script().send_raw(marks.take());
    const auto read = read_when_quiet(s.model, before + 1) - before;
    g_test_message("%zu of %zu bytes were read", static_cast<std::size_t>(read), 6 * many);
    g_assert_cmpuint(read, <=, 512u << 10);
    s.settle();
    g_assert_true(s.observer.has("mark", many));
}

// The same on a channel that must be read on, since another one waits for an image.
void test_stalled_while_others_wait() {
    Setup s;
    s.host.caches->read_on_bytes = 8u << 20;
    constexpr std::size_t many = 400'000;
    s.script(0).surface_create(0, 8, 4);
    s.script(1).surface_create(0, 8, 4);
    s.open(s.model, s.observer);
    s.open(s.second, s.second_observer);
    s.settle(0);
    s.settle(1);
    from_cache(s.script(1), {0, 0, 2, 2}, 9);
    s.script(1).set_ack(1, 0).expect(SPICE_MSGC_ACK_SYNC);
    g_assert_true(s.loop.until([&] { return s.script(1).finished(Milliseconds{0}); }));
    const auto before = s.model.total_read_bytes();
    Bytes marks;
    for (std::size_t i = 0; i < many; ++i) marks.u16(SPICE_MSG_DISPLAY_MARK).u32(0);
    s.script(0).send_raw(marks.take());
    const auto read = read_when_quiet(s.model, before + 1) - before;
    g_test_message("%zu of %zu bytes were read", static_cast<std::size_t>(read), 6 * many);
    g_assert_cmpuint(read, <=, 1u << 20);
    copy(s.script(0), {0, 0, 2, 2}, 9, SPICE_IMAGE_FLAGS_CACHE_ME, 0xabcdef);
    s.settle(0);
    s.settle(1);
    g_assert_cmphex(pixel(s.second, 1, 1), ==, 0xabcdef);
}

// One colour: a kilobyte that stands for a megabyte.
ByteVector flat_lz(uint32_t side) {
    auto s = lz_header(8, side, side, side * 4);
    s.byte(0).bytes({1, 2, 3}); // a pixel, and the others the same
    s.byte(7u << 5);
    uint32_t rest = side * side - 1 - 1 - 6;
    for (; rest >= 255; rest -= 255)
        s.byte(255);
    s.byte(rest).byte(0);
    const auto &bytes = s.get();
    return Bytes().u32(bytes.size()).raw(bytes);
}

ByteVector pattern_fill(uint64_t id, uint32_t side) {
    Bytes b;
    b.u32(0).u32(0).u32(0).u32(4).u32(8).u8(SPICE_CLIP_TYPE_NONE);
    b.u8(SPICE_BRUSH_TYPE_PATTERN).u32(21 + 13 + 2 + 13).u32(0).u32(0).u16(SPICE_ROPD_OP_PUT);
    b.u8(0).u32(0).u32(0).u32(0); // no mask
    b.u64(id).u8(SPICE_IMAGE_TYPE_LZ_RGB).u8(0).u32(side).u32(side).raw(flat_lz(side));
    return b.take();
}

std::size_t resident_bytes() {
    std::size_t total = 0, resident = 0;
    std::ifstream{"/proc/self/statm"} >> total >> resident;
    return resident * 4096;
}

// Patterns for an application that stands still: they wait for room to be decoded into, but without what came with them.
void test_waiting_patterns() {
    Setup s;
    s.script().surface_create(0, 8, 4);
    s.open(s.model, s.observer);
    s.settle();
    constexpr std::size_t many = 400, beside = 100u << 10; // a receive buffer takes one of these
    constexpr uint16_t nothing = 60;                        // no message has this type
    const ByteVector filler(beside);
    const auto growth = [&](bool patterns) {
        const auto resident = static_cast<int64_t>(resident_bytes());
        auto read = s.model.total_read_bytes();
        for (std::size_t i = 0; i < many; ++i) {
            if (patterns) s.script().send(SPICE_MSG_DISPLAY_DRAW_FILL, pattern_fill(i, 512));
            s.script().send(nothing, filler);
            read += beside;
            for (int wait = 0; wait < 20'000 && s.model.total_read_bytes() < read; ++wait)
                g_usleep(500);
            g_assert_cmpuint(s.model.total_read_bytes(), >=, read);
        }
        return static_cast<int64_t>(resident_bytes()) - resident;
    };
    const auto server = growth(false); // which is in this process, and keeps what it has sent
    const auto both = growth(true);
    g_test_message("%" PRId64 " bytes more, without patterns %" PRId64, both, server);
    s.settle();
    g_assert_cmphex(pixel(s.model, 7, 3), ==, 0x030201);
    g_assert_cmpint(both - server, <, static_cast<int64_t>(many * beside / 2));
}

}

int main(int argc, char **argv) {
    g_setenv("SPICE_DECODE_THREADS", "2", FALSE);
    g_test_init(&argc, &argv, nullptr);
    const struct {
        const char *name;
        void (*run)();
    } tests[] = {
        {"surface-side", test_surface_side},
        {"surface-count", test_surface_count},
        {"surface-memory", test_surface_memory},
        {"image-size", test_image_size},
        {"image-cache", test_image_cache},
        {"glz-window", test_glz_window},
        {"palettes", test_palettes},
        {"awaited-images", test_awaited_images},
        {"stalled-application", test_stalled_application},
        {"stalled-while-others-wait", test_stalled_while_others_wait},
    };
    for (const auto &test : tests) g_test_add_func((std::string{"/display-limits/"} + test.name).c_str(), test.run);
    // What a process takes is the sanitizer's otherwise.
    if (!spice::address_sanitizer && !spice::thread_sanitizer)
        g_test_add_func("/display-limits/waiting-patterns", test_waiting_patterns);
    return g_test_run();
}
