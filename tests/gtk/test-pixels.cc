// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/frame-source.hh"
#include "input/pointer-state.hh"

#include <glib.h>

#include <array>
#include <cstring>

using namespace spice::gtk;

namespace {
uint32_t pixel(const Frame &f, int x, int y) {
    uint32_t p;
    std::memcpy(&p, f.pixels + y * f.stride + x * 4, 4);
    return p & 0xffffff;
}

void direct() {
    const std::array<uint32_t, 6> data{1, 2, 0xdead, 3, 4, 0xdead};
    FrameSource s;
    s.set(FrameSource::Format::rgb32, 2, 2, 12, reinterpret_cast<const uint8_t *>(data.data()));
    const auto f = s.frame({0, 0, 2, 2});
    g_assert_true(f.pixels == reinterpret_cast<const uint8_t *>(data.data())); // no copy
    g_assert_cmphex(pixel(f, 1, 1), ==, 4);
    const auto part = s.frame({1, 1, 5, 5}); // cut to the surface
    g_assert_cmpint(part.width, ==, 1);
    g_assert_cmphex(pixel(part, 0, 0), ==, 4);
    g_assert_true(s.frame({2, 2, 1, 1}).pixels == nullptr);
    s.clear();
    g_assert_true(s.frame({0, 0, 2, 2}).pixels == nullptr);
}

void converted(FrameSource::Format format, uint16_t in, uint32_t out) {
    std::array<uint16_t, 4> data{0, 0xffff, in, 0};
    FrameSource s;
    s.set(format, 2, 2, 4, reinterpret_cast<const uint8_t *>(data.data()));
    const auto f = s.frame({0, 0, 2, 2});
    g_assert_cmphex(pixel(f, 0, 0), ==, 0);
    g_assert_cmphex(pixel(f, 1, 0), ==, 0xffffff);
    g_assert_cmphex(pixel(f, 0, 1), ==, out);
    data[3] = in; // seen after the damage, not before
    g_assert_cmphex(pixel(f, 1, 1), ==, 0);
    s.convert({1, 1, 100, 100});
    g_assert_cmphex(pixel(f, 1, 1), ==, out);
}
void rgb555() { converted(FrameSource::Format::rgb555, 0x4210, 0x848484); }
void rgb565() { converted(FrameSource::Format::rgb565, 0x8410, 0x848284); }

void refused() {
    const std::array<uint32_t, 4> data{};
    const auto *p = reinterpret_cast<const uint8_t *>(data.data());
    FrameSource s;
    s.set(FrameSource::Format::rgb32, 2, 2, 4, p); // rows that overlap
    g_assert_true(s.empty());
    s.set(FrameSource::Format::rgb32, 0, 2, 8, p);
    g_assert_true(s.empty());
    s.set(FrameSource::Format::none, 2, 2, 8, p);
    g_assert_true(s.empty());
    s.set(FrameSource::Format::rgb32, 2, 2, 8, nullptr);
    g_assert_true(s.empty());
}

void buttons() {
    struct Case {
        unsigned gdk;
        int number, mask;
    };
    for (const auto &c : {Case{1, 1, 1}, Case{2, 2, 2}, Case{3, 3, 4}, Case{8, 6, 32}, Case{9, 7, 64}, Case{0, 0, 0}, Case{4, 0, 0},
                          Case{10, 0, 0}}) {
        g_assert_cmpint(guest_button(c.gdk).number, ==, c.number);
        g_assert_cmpint(guest_button(c.gdk).mask, ==, c.mask);
    }
}

void wheel() {
    WheelSteps w;
    g_assert_cmpint(w.add(1, false), ==, 1);
    g_assert_cmpint(w.add(-1, false), ==, -1);
    int sum = 0;
    for (int i = 0; i < 4; ++i) sum += w.add(0.3, false);
    g_assert_cmpint(sum, ==, 1);
    g_assert_cmpint(w.add(-0.9, false), ==, 0); // the other way: what was left over is gone
    g_assert_cmpint(w.add(-0.1, false), ==, -1);
    w.reset();
    g_assert_cmpint(w.add(25, true), ==, 2);
    g_assert_cmpint(w.add(5, true), ==, 1);
    g_assert_cmpint(w.add(1e9, false), ==, 100); // bounded
    g_assert_cmpint(w.add(__builtin_nan(""), false), ==, 0);
}

void accumulator() {
    Accumulator a;
    int sum = 0;
    for (int i = 0; i < 1000; ++i) sum += a.add(-0.1);
    g_assert_cmpint(sum, ==, -100);
}
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/gtk/pixels/direct", direct);
    g_test_add_func("/gtk/pixels/rgb555", rgb555);
    g_test_add_func("/gtk/pixels/rgb565", rgb565);
    g_test_add_func("/gtk/pixels/refused", refused);
    g_test_add_func("/gtk/pointer/buttons", buttons);
    g_test_add_func("/gtk/pointer/wheel", wheel);
    g_test_add_func("/gtk/pointer/accumulator", accumulator);
    return g_test_run();
}
