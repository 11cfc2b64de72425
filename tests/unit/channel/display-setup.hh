// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/log.hh"
#include "channel/display-model.hh"
#include "codec-test.hh"
#include "display-observer.hh"
#include "fake-session.hh"
#include "scripted-server.hh"

#include <algorithm>
#include <mutex>
#include <spice/protocol.h>

// Two display channels of one session, their server, and drawings in bytes.
namespace spice::test {

using channel::DisplayCaches;
using channel::DisplayModel;
using channel::Model;

// What SPICE_DECODE_THREADS says; main() of the test sets it where it is not set.
inline int decode_threads() { return std::atoi(g_getenv("SPICE_DECODE_THREADS")); }

// The warnings of the library while it lives, instead of on standard error.
class Warnings {
public:
    Warnings() {
        lines().clear();
        log::set_sink([](log::Level level, const char *line) {
            std::lock_guard lock{mutex()};
            if (level >= log::Level::warning) lines().push_back(line);
        });
    }
    ~Warnings() { log::set_sink(nullptr); }
    Warnings(const Warnings &) = delete;
    Warnings &operator=(const Warnings &) = delete;
    static Lines all() {
        std::lock_guard lock{mutex()};
        return lines();
    }

private:
    static std::mutex &mutex() {
        static std::mutex m;
        return m;
    }
    static Lines &lines() {
        static Lines l;
        return l;
    }
};

struct DisplaySetup {
    ScriptedServer server;
    Loop loop;
    FakeHost host;
    DisplayObserver observer, second_observer;
    DisplayModel model{observer, &host, loop.context(), 0}, second{second_observer, &host, loop.context(), 1};
    uint32_t pings = 100;

    DisplaySetup() {
        g_assert_true(server.start());
        host.connect_to(server.port());
    }
    ~DisplaySetup() {
        for (auto *o : {&observer, &second_observer}) o->on_line = [](const std::string &) {};
        for (auto *m : {&model, &second}) m->disconnect(channel::Event::none);
        g_assert_true(loop.until([this] {
            return model.state() == Model::State::unconnected && second.state() == Model::State::unconnected;
        }));
        g_assert_true(threads_gone(loop, decode_threads()));
    }
    DisplaySetup(const DisplaySetup &) = delete;
    DisplaySetup &operator=(const DisplaySetup &) = delete;

    ChannelScript &script(uint8_t id = 0) { return server.display(id); }
    void open(DisplayModel &m, DisplayObserver &o) {
        g_assert_true(m.connect());
        g_assert_true(loop.until([&] { return o.has("opened"); }));
    }
    // Everything said so far has been drawn: that is what PONG means here.
    void settle(uint8_t id = 0) {
        ++pings;
        script(id).ping(pings).expect_pong(pings, Milliseconds{20'000});
        if (!loop.until([&] { return script(id).finished(Milliseconds{0}); })) g_error("%s", server.failures().c_str());
        g_assert_true(server.failures().empty());
    }
};

inline uint32_t pixel(const DisplayModel &model, uint32_t x, uint32_t y) {
    const auto *surface = model.primary();
    g_assert_nonnull(surface);
    uint32_t p = 0;
    std::memcpy(&p, surface->data() + surface->stride * y + 4 * x, 4);
    return p & 0xffffff;
}

// A DRAW_COPY with the image given as bytes behind its descriptor's id: type, flags, size, data.
inline ByteVector copy_of(Box box, uint64_t id, uint8_t type, uint8_t flags, const ByteVector &data, uint32_t surface = 0) {
    const auto width = static_cast<uint32_t>(box.right - box.left), height = static_cast<uint32_t>(box.bottom - box.top);
    Bytes b;
    b.u32(surface);
    for (const auto v : {box.top, box.left, box.bottom, box.right}) b.u32(static_cast<uint32_t>(v));
    b.u8(SPICE_CLIP_TYPE_NONE).u32(21 + 4 + 16 + 2 + 1 + 13);
    b.u32(0).u32(0).u32(height).u32(width).u16(SPICE_ROPD_OP_PUT).u8(SPICE_IMAGE_SCALE_MODE_NEAREST);
    b.u8(0).u32(0).u32(0).u32(0); // no mask
    b.u64(id).u8(type).u8(flags).u32(width).u32(height).raw(data);
    return b.take();
}

inline ByteVector plain_bitmap(uint32_t width, uint32_t height, uint32_t color) {
    Bytes b;
    b.u8(SPICE_BITMAP_FMT_32BIT).u8(SPICE_BITMAP_FLAGS_TOP_DOWN).u32(width).u32(height).u32(width * 4).u32(0);
    for (uint32_t i = 0; i < width * height; ++i) b.u32(color);
    return b.take();
}

inline ChannelScript &copy(ChannelScript &script, Box box, uint64_t id, uint8_t flags, uint32_t color) {
    const auto data = plain_bitmap(static_cast<uint32_t>(box.right - box.left), static_cast<uint32_t>(box.bottom - box.top), color);
    return script.send(SPICE_MSG_DISPLAY_DRAW_COPY, copy_of(box, id, SPICE_IMAGE_TYPE_BITMAP, flags, data));
}

inline ChannelScript &from_cache(ChannelScript &script, Box box, uint64_t id, bool lossless = false) {
    const uint8_t type = lossless ? SPICE_IMAGE_TYPE_FROM_CACHE_LOSSLESS : SPICE_IMAGE_TYPE_FROM_CACHE;
    return script.send(SPICE_MSG_DISPLAY_DRAW_COPY, copy_of(box, id, type, 0, {}));
}

inline ChannelScript &invalidate(ChannelScript &script, uint64_t id) {
    return script.send(SPICE_MSG_DISPLAY_INVAL_LIST, Bytes().u16(1).u8(SPICE_RES_TYPE_PIXMAP).u64(id));
}

// Four pixels of GLZ: plain ones of one colour, or those of the image before.
inline ByteVector glz(uint64_t id, std::optional<uint8_t> blue) {
    auto s = glz_header(8, 4, 1, id, static_cast<uint32_t>(id));
    if (blue) s.byte(3).bytes({*blue, 0, 0, *blue, 0, 0, *blue, 0, 0, *blue, 0, 0});
    else s.byte(4u << 5).byte(0).byte(1);
    const auto &bytes = s.get();
    return Bytes().u32(bytes.size()).raw(bytes);
}

}
