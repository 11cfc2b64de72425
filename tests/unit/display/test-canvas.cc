// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "random-op.hh"

#include <algorithm>

#include <glib.h>

using namespace scene;

namespace {

void assert_equal(const SurfaceSet &a, const SurfaceSet &b, std::size_t op) {
    for (uint32_t id = 0; id < 6; ++id) {
        const auto x = bytes(*a.find(id)), y = bytes(*b.find(id));
        if (x != y) g_error("drawing %zu: surface %u differs", op, id);
    }
}

// Any drawing, cut into bands in any order, changes the same pixels as a whole one.
void test_bands() {
    SurfaceSet whole_set, banded_set;
    fill_set(whole_set, 1);
    fill_set(banded_set, 1);
    Canvas whole{whole_set}, banded{banded_set};
    RandomOps ops{2, false};
    unsigned cut = 0, drawn = 0;
    for (std::size_t i = 0; i < 6000; ++i) {
        auto op = ops.next();
        const auto outcome = whole.draw(op);
        drawn += !outcome.fault && outcome.damage;
        if (whole.must_be_whole(op)) {
            banded.draw(op);
        } else {
            const Box box = banded.extents(op);
            std::vector<Band> bands;
            for (int32_t y = box.y1; y < box.y2;) {
                const int32_t next = std::min(box.y2, y + ops.random().between(1, 12));
                bands.push_back({y, next});
                y = next;
            }
            if (ops.random().one_in(2)) banded.prepare(op);
            if (ops.random().one_in(2)) std::reverse(bands.begin(), bands.end());
            for (const auto band : bands) {
                const auto part = banded.draw(op, band);
                g_assert_true(part.fault == outcome.fault || !part.fault);
            }
            cut += bands.size() > 1;
        }
        assert_equal(whole_set, banded_set, i);
    }
    g_assert_cmpuint(cut, >, 1500);
    g_assert_cmpuint(drawn, >, 2500);
}

// Parameters of any value: no crash (and with sanitizers nothing worse), and nothing outside box ∩ surface changes.
void test_wild() {
    SurfaceSet set;
    fill_set(set, 3);
    Canvas canvas{set};
    RandomOps ops{4, true};
    unsigned faults[16] = {}, drawn = 0;
    for (int i = 0; i < 30'000; ++i) {
        const auto op = ops.next();
        const uint32_t id = std::visit([](const auto &m) { return m.base.surface_id; }, op.message);
        const Surface *surface = set.find(id);
        std::vector<uint8_t> before;
        if (surface && i % 8 == 0) before = bytes(*surface);
        const auto outcome = canvas.draw(op);
        if (outcome.fault) {
            ++faults[static_cast<unsigned>(*outcome.fault)];
            g_assert_false(outcome.damage.has_value());
        } else {
            drawn += outcome.damage.has_value();
        }
        if (before.empty() || surface->format == SurfaceFormat::a1) continue;
        const Box e = canvas.extents(op);
        const std::size_t size = codec::bits_per_pixel(layout_of(surface->format)) / 8;
        for (std::size_t y = 0; y < surface->height; ++y)
            for (std::size_t x = 0; x < surface->stride; ++x) {
                const auto px = static_cast<int64_t>(x / size), py = static_cast<int64_t>(y);
                const bool inside = py >= e.y1 && py < e.y2 && px >= e.x1 && px < e.x2;
                g_assert_true(inside || before[y * surface->stride + x] == surface->data()[y * surface->stride + x]);
            }
    }
    g_assert_cmpuint(drawn, >, 5000);
    for (const auto kind :
         {FaultKind::unknown_surface, FaultKind::no_image, FaultKind::unknown_source_surface,
          FaultKind::bad_source_area, FaultKind::bad_scale_mode, FaultKind::bad_mask, FaultKind::bad_pixel_format,
          FaultKind::bad_path, FaultKind::bad_dash, FaultKind::bad_text, FaultKind::bad_composite}) {
        g_assert_cmpuint(faults[static_cast<unsigned>(kind)], >, 0);
        g_assert_cmpstr(describe(kind), !=, "unknown");
    }
}

void test_extents() {
    SurfaceSet set;
    fill_set(set, 5);
    Canvas canvas{set};
    DrawOp op;
    op.message = fill(0, rect(-5, 30, 10, 100), 1);
    const Box e = canvas.extents(op);
    g_assert_true(e.x1 == 0 && e.y1 == 30 && e.x2 == 10 && e.y2 == 33);
    const auto outcome = canvas.draw(op, {31, 32});
    g_assert_true(outcome.damage && outcome.damage->y1 == 30 && outcome.damage->y2 == 33);
    op.message = fill(0, rect(50, 50, 60, 60), 1);
    g_assert_true(empty(canvas.extents(op)));
    g_assert_false(canvas.draw(op).damage.has_value());
    op.message = fill(77, rect(0, 0, 6, 6), 1);
    g_assert_true(empty(canvas.extents(op)));
    g_assert_true(canvas.must_be_whole(op));
}

void test_must_be_whole() {
    SurfaceSet set;
    fill_set(set, 6);
    Canvas canvas{set};
    DrawOp op;
    const auto box = rect(0, 0, 9, 9);
    op.message = copy(0, box, surface_image(1), box);
    g_assert_false(canvas.must_be_whole(op));
    op.message = copy(0, box, surface_image(0), box);
    g_assert_true(canvas.must_be_whole(op));
    op.message = fill(0, box, 5);
    g_assert_false(canvas.must_be_whole(op));
    op.message = fill(5, box, 5);
    g_assert_true(canvas.must_be_whole(op));
    auto tiled = fill(0, box, 5);
    tiled.brush = tile(surface_image(0), 0, 0);
    op.message = tiled;
    g_assert_true(canvas.must_be_whole(op));
    wire::CopyBits bits;
    bits.base.box = box;
    op.message = bits;
    g_assert_true(canvas.must_be_whole(op));
}

// Thousands of crossing rectangles: all bands are left out, or the first that is asked for.
void test_crossing_clip() {
    SurfaceSet set;
    g_assert_true(bool{set.create(7, SurfaceFormat::xrgb, 1024, 1024, 0)});
    Canvas canvas{set};
    DrawOp op;
    wire::DrawFill fill;
    fill.base.surface_id = 7;
    fill.base.box = {0, 0, 1024, 1024};
    fill.base.clip.type = wire::ClipType::rects;
    fill.brush.data = wire::SolidBrush{0x050505};
    fill.rop = 8; // put
    for (int32_t i = 0; i < 1024; i += 2) {
        fill.base.clip.rects.push_back({i, 0, i + 1, 1024});
        fill.base.clip.rects.push_back({0, i, 1024, i + 1});
    }
    op.message = fill;
    for (const auto band : {Band{}, Band{0, 3}}) {
        const auto outcome = canvas.draw(op, band);
        g_assert_true(outcome.fault == FaultKind::bad_clip && !outcome.damage);
    }
    g_assert_cmpuint(set.find(7)->data()[0], ==, 0);
    fill.base.box = {0, 0, 100, 100}; // what does not meet the box does not count
    op.message = fill;
    g_assert_false(canvas.draw(op).fault.has_value());
    g_assert_cmpuint(set.find(7)->data()[0], ==, 5);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/display/canvas/bands", test_bands);
    g_test_add_func("/display/canvas/wild", test_wild);
    g_test_add_func("/display/canvas/extents", test_extents);
    g_test_add_func("/display/canvas/must-be-whole", test_must_be_whole);
    g_test_add_func("/display/canvas/crossing-clip", test_crossing_clip);
    return g_test_run();
}
