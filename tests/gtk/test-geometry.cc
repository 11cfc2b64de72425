// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/geometry.hh"

#include <glib.h>

#include <array>

using namespace spice::gtk;

namespace {
void assert_rect(const Rect &r, int x, int y, int w, int h) {
    g_assert_cmpint(r.x, ==, x);
    g_assert_cmpint(r.y, ==, y);
    g_assert_cmpint(r.w, ==, w);
    g_assert_cmpint(r.h, ==, h);
}

AreaQuery query(int monitor, bool cap = true) { return {monitor, 2048, 768, cap, false}; }

void area_whole() {
    const auto c = choose_area({}, query(-1));
    g_assert_true(c.ready);
    assert_rect(c.area, 0, 0, 2048, 768);
    g_assert_false(choose_area({}, {-1, 0, 0, true, false}).ready); // no surface
}

void area_lone_head_ignores_position() {
    const std::array heads{Head{0, 0, 500, 100, 1024, 768}};
    assert_rect(choose_area(heads, query(0)).area, 0, 0, 1024, 768);
    auto q = query(0);
    q.scanout = true;
    assert_rect(choose_area(heads, q).area, 500, 100, 1024, 668);
}

void area_of_several_heads() {
    const std::array heads{Head{0, 0, 0, 0, 1024, 768}, Head{1, 0, 1024, 0, 1024, 768}, Head{2, 0, 4000, 0, 100, 100}};
    assert_rect(choose_area(heads, query(1)).area, 1024, 0, 1024, 768);
    g_assert_false(choose_area(heads, query(2)).ready); // outside the surface
    g_assert_false(choose_area(heads, query(7)).ready); // may still be announced
    g_assert_true(choose_area(heads, query(7, false)).ready);
    assert_rect(choose_area(heads, query(7, false)).area, 0, 0, 2048, 768);
    const std::array odd{Head{0, 3, 0, 0, 10, 10}};
    g_assert_true(choose_area(odd, query(0)).odd_surface);
}

void layout_unscaled() {
    const auto l = compute_layout(1000, 700, 1, 800, 600, {false, false});
    assert_rect(l.drawn, 100, 50, 800, 600);
    const auto small = compute_layout(400, 300, 2, 1024, 768, {false, false}); // 800x600 device pixels: cut off
    assert_rect(small.drawn, 0, 0, 1024, 768);
}

void layout_scaled() {
    assert_rect(compute_layout(1024, 768, 1, 1024, 768, {}).drawn, 0, 0, 1024, 768);
    assert_rect(compute_layout(1000, 500, 1, 800, 600, {}).drawn, 166, 0, 667, 500); // bars left and right
    assert_rect(compute_layout(800, 1000, 1, 800, 600, {}).drawn, 0, 200, 800, 600);
    assert_rect(compute_layout(640, 360, 2, 1280, 720, {}).drawn, 0, 0, 1280, 720);
    assert_rect(compute_layout(2000, 2000, 1, 800, 600, {true, true}).drawn, 600, 700, 800, 600); // never enlarged
    assert_rect(compute_layout(400, 300, 1, 800, 600, {true, true}).drawn, 0, 0, 400, 300);
    assert_rect(compute_layout(100, 100, 1, 10000, 1, {}).drawn, 0, 49, 100, 1); // never vanishes
    g_assert_true(compute_layout(0, 0, 1, 800, 600, {}).drawn.empty());
    g_assert_true(compute_layout(800, 600, 1, 0, 0, {}).drawn.empty());
}

// The corners of the drawing are the corners of the guest at every scale.
void corners() {
    struct Case {
        int w, h;
        double scale;
    };
    for (const auto &c : {Case{800, 600, 1}, Case{1600, 1200, 1}, Case{533, 400, 1}, Case{1000, 500, 1}, Case{500, 900, 2},
                          Case{1366, 768, 1.5}}) {
        const auto l = compute_layout(c.w, c.h, c.scale, 800, 600, {});
        const auto first = to_guest(l, l.drawn.x / c.scale, l.drawn.y / c.scale);
        g_assert_true(first.inside);
        g_assert_cmpint(first.x, ==, 0);
        g_assert_cmpint(first.y, ==, 0);
        const auto last = to_guest(l, (l.drawn.x + l.drawn.w - 1 + 1e-6) / c.scale, (l.drawn.y + l.drawn.h - 1 + 1e-6) / c.scale);
        g_assert_true(last.inside);
        g_assert_cmpint(last.x, ==, 799);
        g_assert_cmpint(last.y, ==, 599);
        g_assert_false(to_guest(l, (l.drawn.x - 1.5) / c.scale, l.drawn.y / c.scale).inside);
        g_assert_false(to_guest(l, l.drawn.x / c.scale, (l.drawn.y + l.drawn.h + 1.5) / c.scale).inside);
    }
}

void clamping() {
    const auto l = compute_layout(800, 600, 1, 800, 600, {});
    const auto p = clamp_to_area(l, to_guest(l, -50, 9999));
    g_assert_cmpint(p.x, ==, 0);
    g_assert_cmpint(p.y, ==, 599);
    const auto far = to_guest(l, 1e300, -1e300); // no undefined conversion
    g_assert_false(far.inside);
}

void back_to_widget() {
    const auto l = compute_layout(1000, 500, 2, 800, 600, {});
    const auto p = to_widget(l, 400, 300);
    g_assert_cmpfloat_with_epsilon(p.x, 500, 1);
    g_assert_cmpfloat_with_epsilon(p.y, 250, 1);
}

void damage() {
    const auto same = compute_layout(800, 600, 1, 800, 600, {});
    assert_rect(damage_to_drawn(same, {10, 20, 30, 40}), 10, 20, 30, 40);
    const auto half = compute_layout(400, 300, 1, 800, 600, {});
    const auto r = damage_to_drawn(half, {100, 100, 2, 2});
    g_assert_cmpint(r.x, <, 50); // the filter reaches beyond the pixel itself
    g_assert_cmpint(r.x + r.w, >, 51);
    assert_rect(damage_to_drawn(half, {0, 0, 800, 600}), 0, 0, 400, 300);
    g_assert_true(damage_to_drawn(half, {10, 10, 0, 5}).empty());
}
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/gtk/geometry/area/whole", area_whole);
    g_test_add_func("/gtk/geometry/area/lone-head", area_lone_head_ignores_position);
    g_test_add_func("/gtk/geometry/area/several-heads", area_of_several_heads);
    g_test_add_func("/gtk/geometry/layout/unscaled", layout_unscaled);
    g_test_add_func("/gtk/geometry/layout/scaled", layout_scaled);
    g_test_add_func("/gtk/geometry/corners", corners);
    g_test_add_func("/gtk/geometry/clamping", clamping);
    g_test_add_func("/gtk/geometry/back", back_to_widget);
    g_test_add_func("/gtk/geometry/damage", damage);
    return g_test_run();
}
