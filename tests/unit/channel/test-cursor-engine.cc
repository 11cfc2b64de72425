// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/cursor-model.hh"
#include "model-setup.hh"

#include <spice/protocol.h>

using namespace spice::test;
using spice::channel::CursorModel;

// spec/channels.md §3: shapes, the channel's cache of them, and what is told.
namespace {

struct Observer final : Recorder<CursorModel::Observer> {
    CursorModel *model = nullptr;
    void on_cursor_set() override { note("set " + std::to_string(model->shape()->width)); }
    void on_cursor_move(int x, int y) override { note("move " + std::to_string(x) + " " + std::to_string(y)); }
    void on_cursor_hide() override { note("hide"); }
    void on_cursor_reset() override { note("reset"); }
};

struct Setup : ModelSetup<CursorModel, Observer> {
    ChannelScript &script{server.cursor()};
    Setup() { observer.model = &model; }

    // A shape is told from others by its width.
    static Bytes shape(uint16_t flags, uint64_t unique, uint16_t width) {
        Bytes b;
        if (flags & SPICE_CURSOR_FLAGS_NONE) return b.u16(flags);
        const std::size_t pixels = flags & SPICE_CURSOR_FLAGS_FROM_CACHE ? 0 : std::size_t{4} * width;
        return b.u16(flags).u64(unique).u8(SPICE_CURSOR_TYPE_ALPHA).u16(width).u16(1).u16(0).u16(0).zeros(pixels);
    }
    ChannelScript &set(uint16_t flags, uint64_t unique = 0, uint16_t width = 0) {
        const auto s = shape(flags, unique, width);
        return script.send(SPICE_MSG_CURSOR_SET, Bytes().u16(1).u16(2).u8(1).raw(s.get()));
    }
    ChannelScript &init(bool visible, uint16_t flags, uint64_t unique = 0, uint16_t width = 0) {
        const auto s = shape(flags, unique, width);
        return script.send(SPICE_MSG_CURSOR_INIT, Bytes().zeros(8).u8(visible).raw(s.get()));
    }
    ChannelScript &move(int x, int y) {
        return script.send(SPICE_MSG_CURSOR_MOVE, Bytes().u16(static_cast<uint16_t>(x)).u16(static_cast<uint16_t>(y)));
    }
    // What was told, the end of it being a move that the test adds.
    std::string told() {
        move(9, 9);
        g_assert_true(model.connect());
        g_assert_true(wait("move 9 9"));
        return join(observer.lines);
    }
};

#define assert_told(setup_, wanted_)                                                                                   \
    do {                                                                                                               \
        const auto got_text = (setup_).told();                                                                         \
        g_assert_cmpstr(got_text.c_str(), ==, wanted_);                                                                \
    } while (false)

constexpr uint16_t none = SPICE_CURSOR_FLAGS_NONE, keep = SPICE_CURSOR_FLAGS_CACHE_ME, cached = SPICE_CURSOR_FLAGS_FROM_CACHE;

void test_shapes() {
    Setup s;
    g_assert_null(s.model.shape().get());
    s.init(true, none);
    s.set(0, 0, 3).send(SPICE_MSG_CURSOR_HIDE);
    s.move(-5, 7);
    s.set(none);
    s.set(0, 0, 4);
    assert_told(s, "opened, hide, set 3, hide, move -5 7, hide, set 4, move 9 9");
    g_assert_cmpuint(s.model.shape()->width, ==, 4);
}

void test_init() {
    Setup s;
    s.init(true, 0, 0, 5);
    s.init(false, 0, 0, 6);
    assert_told(s, "opened, set 5, set 6, hide, move 9 9");
}

void test_cache() {
    Setup s;
    s.set(keep, 7, 3);
    s.set(keep, 8, 4);
    s.set(cached, 7);
    s.set(cached, 8).send(SPICE_MSG_CURSOR_INVAL_ONE, Bytes().u64(7));
    s.set(cached, 7); // keeps the current one
    s.set(cached, 8);
    assert_told(s, "opened, set 3, set 4, set 3, set 4, set 4, move 9 9");
}

void test_cache_is_cleared() {
    for (const int how : {0, 1, 2}) {
        Setup s;
        s.set(keep, 7, 3);
        if (how == 0) s.script.send(SPICE_MSG_CURSOR_INVAL_ALL);
        if (how == 1) s.script.send(SPICE_MSG_CURSOR_RESET);
        if (how == 2) s.init(true, none);
        s.set(cached, 7);
        const char *lines[] = {"opened, set 3, move 9 9", "opened, set 3, reset, move 9 9", "opened, set 3, hide, move 9 9"};
        assert_told(s, lines[how]);
    }
}

void test_unique_zero_is_not_cached() {
    Setup s;
    s.set(keep, 0, 3);
    s.set(cached, 0);
    assert_told(s, "opened, set 3, move 9 9");
}

void test_bad_shapes() {
    Setup s;
    s.script.send(SPICE_MSG_CURSOR_SET, Bytes().u16(0).u16(0).u8(1).u16(0).u64(1).u8(SPICE_CURSOR_TYPE_ALPHA).u16(64).u16(64)
                                            .u16(0).u16(0).zeros(100)); // cut short
    s.script.send(SPICE_MSG_CURSOR_SET, Bytes().u16(0).u16(0).u8(1).u16(0).u64(1).u8(99).u16(1).u16(1).u16(0).u16(0).zeros(4));
    s.script.send(SPICE_MSG_CURSOR_TRAIL, Bytes().u16(1).u16(2));
    assert_told(s, "opened, move 9 9"); // the current shape stays, and the channel goes on
}

void test_malformed() {
    Setup s;
    s.script.send(SPICE_MSG_CURSOR_MOVE, Bytes().u16(1));
    g_assert_true(s.model.connect());
    g_assert_true(s.wait("closed"));
    assert_lines(s.observer.lines, "opened, error-io, closed");
}

// The cache belongs to a connection.
void test_reconnect() {
    Setup s;
    s.set(keep, 7, 3).close();
    s.script.next_connection();
    s.set(cached, 7);
    g_assert_true(s.model.connect());
    g_assert_true(s.wait("closed"));
    s.observer.lines.clear();
    assert_told(s, "opened, move 9 9");
    g_assert_cmpuint(s.model.shape()->width, ==, 3); // still what an application shows
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/cursor-engine/shapes", test_shapes);
    g_test_add_func("/cursor-engine/init", test_init);
    g_test_add_func("/cursor-engine/cache", test_cache);
    g_test_add_func("/cursor-engine/cache-is-cleared", test_cache_is_cleared);
    g_test_add_func("/cursor-engine/unique-zero-is-not-cached", test_unique_zero_is_not_cached);
    g_test_add_func("/cursor-engine/bad-shapes", test_bad_shapes);
    g_test_add_func("/cursor-engine/malformed", test_malformed);
    g_test_add_func("/cursor-engine/reconnect", test_reconnect);
    return g_test_run();
}
