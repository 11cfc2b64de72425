// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/schema.hh"

// Geometry and clips, shared by the display and cursor messages (spec/display.md §4.2 to §4.4).
namespace spice::wire {

struct Point {
    int32_t x = 0, y = 0;
    static constexpr std::tuple fields{Field{"point.x", &Point::x}, Field{"point.y", &Point::y}};
};
static_assert(wire_size<Point>() == 8);

struct Point16 {
    int16_t x = 0, y = 0;
    static constexpr std::tuple fields{Field{"point16.x", &Point16::x}, Field{"point16.y", &Point16::y}};
};
static_assert(wire_size<Point16>() == 4);

// Fixed point 28.4.
struct PointFix {
    int32_t x = 0, y = 0;
    static constexpr std::tuple fields{Field{"pointfix.x", &PointFix::x}, Field{"pointfix.y", &PointFix::y}};
};
static_assert(wire_size<PointFix>() == 8);

// right and bottom are exclusive; nothing says that a peer's rectangle is not inverted.
struct Rect {
    int32_t top = 0, left = 0, bottom = 0, right = 0;
    bool empty() const noexcept { return right <= left || bottom <= top; }
    int64_t width() const noexcept { return int64_t{right} - left; }
    int64_t height() const noexcept { return int64_t{bottom} - top; }
    friend bool operator==(const Rect &, const Rect &) = default;
    static constexpr std::tuple fields{Field{"rect.top", &Rect::top}, Field{"rect.left", &Rect::left},
                                       Field{"rect.bottom", &Rect::bottom}, Field{"rect.right", &Rect::right}};
};
static_assert(wire_size<Rect>() == 16);

// Fixed point 16.16, two rows of a 3×3 matrix; the third is 0 0 1.
struct Transform {
    int32_t t00 = 0x10000, t01 = 0, t02 = 0, t10 = 0, t11 = 0x10000, t12 = 0;
    static constexpr std::tuple fields{
        Field{"transform.t00", &Transform::t00}, Field{"transform.t01", &Transform::t01},
        Field{"transform.t02", &Transform::t02}, Field{"transform.t10", &Transform::t10},
        Field{"transform.t11", &Transform::t11}, Field{"transform.t12", &Transform::t12}};
};
static_assert(wire_size<Transform>() == 24);

enum class ClipType : uint8_t { none, rects };

// `rects` with an empty list is an empty region: nothing may be drawn.
struct Clip {
    using out_of_line = void;
    ClipType type = ClipType::none;
    std::vector<Rect> rects;
    bool has_rects() const { return type == ClipType::rects; }
    static constexpr std::tuple fields{Field{"clip.type", &Clip::type, 1},
                                       When{&Clip::has_rects, counted<uint32_t>("clip.rects", &Clip::rects, 1U << 20)}};
};
static_assert(wire_size<Clip>() == 1);
void read_fields(Reader &reader, Clip &m);
void write_fields(Writer &writer, const Clip &m);
void dump_fields(Dumper &dumper, const Clip &m);

// The start of every drawing.
struct DrawBase {
    using out_of_line = void;
    uint32_t surface_id = 0;
    Rect box;
    Clip clip;
    static constexpr std::tuple fields{Field{"surface_id", &DrawBase::surface_id}, Field{"box", &DrawBase::box},
                                       Field{"clip", &DrawBase::clip}};
};
static_assert(wire_size<DrawBase>() == 21);
void read_fields(Reader &reader, DrawBase &m);
void write_fields(Writer &writer, const DrawBase &m);
void dump_fields(Dumper &dumper, const DrawBase &m);

}
