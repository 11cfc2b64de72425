// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "scene.hh"

#include <glib.h>

using namespace scene;

namespace {

constexpr int side = 24;

struct Board {
    explicit Board(uint32_t seed, SurfaceFormat format = SurfaceFormat::xrgb) {
        auto made = set.create(0, format, side, side, 0);
        surface = *made;
        Random random{seed};
        randomise(*surface, random);
    }
    SurfaceSet set;
    Surface *surface = nullptr;
    Canvas canvas{set};
    uint32_t at(int x, int y) const { return pixel(*surface, x, y); }
    std::vector<uint32_t> snapshot() const {
        std::vector<uint32_t> all;
        for (int y = 0; y < side; ++y)
            for (int x = 0; x < side; ++x)
                all.push_back(at(x, y));
        return all;
    }
};

bool inside(const wire::Rect &r, int x, int y) { return x >= r.left && x < r.right && y >= r.top && y < r.bottom; }

bool in_clip(const wire::Clip &clip, int x, int y) {
    if (!clip.has_rects()) return true;
    for (const auto &r : clip.rects)
        if (inside(r, x, y)) return true;
    return false;
}

// COPY_BITS, and COPY from the surface itself, against a snapshot: every direction, clips that cut it into pieces.
void test_overlap() {
    for (const auto format : {SurfaceFormat::xrgb, SurfaceFormat::rgb565, SurfaceFormat::a8, SurfaceFormat::a1}) {
        Board board{1, format};
        Random random{2};
        for (int round = 0; round < 1200; ++round) {
            wire::CopyBits m;
            const int left = random.between(-3, 15), top = random.between(-3, 15);
            m.base.box = rect(left, top, left + random.between(1, 20), top + random.between(1, 20));
            m.src_pos = {left + random.between(-7, 7), top + random.between(-7, 7)};
            if (random.one_in(2)) {
                m.base.clip.type = wire::ClipType::rects;
                for (int i = random.between(1, 4); i > 0; --i) {
                    const int x = random.between(-2, 20), y = random.between(-2, 20);
                    m.base.clip.rects.push_back(rect(x, y, x + random.between(1, 12), y + random.between(1, 12)));
                }
            }
            const auto before = board.snapshot();
            DrawOp op;
            op.message = m;
            if (random.one_in(2)) {
                const auto &b = m.base.box;
                const auto from =
                    rect(m.src_pos.x, m.src_pos.y, m.src_pos.x + b.right - b.left, m.src_pos.y + b.bottom - b.top);
                auto c = copy(0, b, surface_image(0), from);
                c.base.clip = m.base.clip;
                op.message = c;
            }
            const auto outcome = board.canvas.draw(op);
            g_assert_false(outcome.fault.has_value());
            for (int y = 0; y < side; ++y)
                for (int x = 0; x < side; ++x) {
                    const int sx = x - (left - m.src_pos.x), sy = y - (top - m.src_pos.y);
                    const bool moved = inside(m.base.box, x, y) && in_clip(m.base.clip, x, y) && sx >= 0 && sy >= 0 &&
                                       sx < side && sy < side;
                    const auto from = static_cast<std::size_t>(moved ? sy * side + sx : y * side + x);
                    g_assert_cmphex(board.at(x, y), ==, before[from]);
                }
        }
    }
}

// Outside the image nothing changes when the sizes agree, and becomes 0 when the image is scaled.
void test_outside() {
    Board board{3};
    const auto before = board.snapshot();
    DrawOp op;
    op.images.source = picture_of(2, 2, {1, 2, 3, 4});
    op.message = copy(0, rect(4, 4, 8, 8), some_image(), rect(-1, -1, 3, 3));
    g_assert_false(board.canvas.draw(op).fault.has_value());
    g_assert_cmphex(board.at(4, 4), ==, before[4 * side + 4]);
    g_assert_cmphex(board.at(5, 5), ==, 1);
    g_assert_cmphex(board.at(6, 6), ==, 4);
    g_assert_cmphex(board.at(7, 6), ==, before[6 * side + 7]);
    op.message = copy(0, rect(4, 4, 12, 12), some_image(), rect(-1, -1, 3, 3));
    g_assert_false(board.canvas.draw(op).fault.has_value());
    g_assert_cmphex(board.at(4, 4), ==, 0);
    g_assert_cmphex(board.at(6, 6), ==, 1);
    g_assert_cmphex(board.at(9, 9), ==, 4);
    g_assert_cmphex(board.at(11, 11), ==, 0);
}

// Scaling a surface into itself reads what was there before.
void test_scale_self() {
    Board board{4}, other{4};
    g_assert_true(bool(other.set.create(1, SurfaceFormat::xrgb, side, side, 0)));
    std::memcpy(other.set.find(1)->data(), board.surface->data(), board.surface->stride * side);
    DrawOp self, apart;
    for (const uint8_t mode : {uint8_t{0}, uint8_t{1}}) {
        auto m = copy(0, rect(2, 1, 20, 22), surface_image(0), rect(0, 3, 11, 17));
        m.scale_mode = mode;
        self.message = m;
        m.src = surface_image(1);
        apart.message = m;
        g_assert_false(board.canvas.draw(self).fault.has_value());
        g_assert_false(other.canvas.draw(apart).fault.has_value());
        g_assert_true(board.snapshot() == other.snapshot());
        std::memcpy(other.set.find(1)->data(), board.surface->data(), board.surface->stride * side);
    }
}

void test_opaque() {
    Board board{5};
    DrawOp op;
    op.images.source = picture_of(1, 1, {0x0f0f0f0f});
    wire::DrawOpaque m;
    m.base.box = rect(3, 3, 4, 4);
    m.src = some_image();
    m.src_area = rect(0, 0, 1, 1);
    m.brush = solid(0x12345678);
    m.rop = 0x20 | 0x1; // brush AND NOT image
    op.message = m;
    g_assert_false(board.canvas.draw(op).fault.has_value());
    g_assert_cmphex(board.at(3, 3), ==, 0x12345678 & ~0x0f0f0f0f);
}

void test_frame() {
    Board board{6};
    const auto frame = picture_of(2, 2, {1, 2, 3, 4});
    auto outcome = board.canvas.draw_frame(0, frame.view, rect(2, 2, 6, 6), {}, true);
    g_assert_true(outcome.damage && outcome.damage->x1 == 2 && outcome.damage->x2 == 6);
    g_assert_cmphex(board.at(2, 2), ==, 1);
    g_assert_cmphex(board.at(5, 5), ==, 4);
    outcome = board.canvas.draw_frame(0, frame.view, rect(2, 2, 6, 6), {}, false); // bottom row first
    g_assert_cmphex(board.at(2, 2), ==, 3);
    g_assert_cmphex(board.at(5, 5), ==, 2);
    const wire::Clip nothing{wire::ClipType::rects, {}};
    board.canvas.draw_frame(0, frame.view, rect(2, 2, 6, 6), nothing, true);
    g_assert_cmphex(board.at(2, 2), ==, 3);
    g_assert_true(board.canvas.draw_frame(9, frame.view, rect(2, 2, 6, 6), {}, true).fault ==
                  FaultKind::unknown_surface);
    g_assert_true(board.canvas.draw_frame(0, {}, rect(2, 2, 6, 6), {}, true).fault == FaultKind::no_image);
    // Partly outside, in bands.
    for (int32_t y = 0; y < side; y += 5)
        board.canvas.draw_frame(0, frame.view, rect(-2, -2, 2, 40), {}, true, {y, y + 5});
    g_assert_cmphex(board.at(0, 0), ==, 2);
    g_assert_cmphex(board.at(1, 23), ==, 4);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/display/copy/overlap", test_overlap);
    g_test_add_func("/display/copy/outside", test_outside);
    g_test_add_func("/display/copy/scale-self", test_scale_self);
    g_test_add_func("/display/copy/opaque", test_opaque);
    g_test_add_func("/display/copy/frame", test_frame);
    return g_test_run();
}
