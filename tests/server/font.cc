// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "font.hh"

#include <algorithm>
#include <array>
#include <string_view>

namespace spice::testserver {
namespace {

// Strokes are separated by blanks; a point is two hexadecimal digits, x then y. A stroke that starts with '~' is an
// open curve and with '@' a closed one: the points are then the control points of a quadratic spline, which touches
// the middle of each side. A single point is a dot.
// clang-format off
constexpr std::array<std::string_view, 95> shapes{
    "", "0005 08", "0002 2022", "2018 5048 0363 0565", "~4140000444480807 2029", // blank ! " # $
    "@00303303 @35656838 6008", "~680210404204084865", "0002", "~20020729", "~00222709", // % & ' ( )
    "2024 0143 0341", "2327 0545", "180a", "0535", "08", "4009", // * + , - . /
    "@00505808", "022028", "~0200505408 0858", "~0100505424 ~2454580807", "48400656", // 0 - 4
    "500004 ~040353580807", "@03535808 ~400006", "005018", "@00505404 @04545808", "@00505505 ~525818", // 5 - 9
    "04 08", "14 180a", "420548", "0444 0646", "024508", "~010040442426 28", // : ; < = > ?
    "~790900808676 @32626636", "083068 1555", "0008 ~00505404 ~04646808", "~616000086867", "0008 ~00606808", // @ A - D
    "50000858 0444", "500008 0444", "~616000086865 6535", "0008 5058 0454", "0008", "~4044480806", // E - J
    "0008 5005 2358", "000858", "0800356068", "08005850", "@00606808", "0008 ~00505404", // K - P
    "@00606808 4669", "0008 ~00505404 2458", "~5150000454580807", "0060 3038", "~000408585450", "003860", // Q - V
    "0028416880", "0058 5008", "0034 6034 3438", "00500858", // W - Z
    "20000929", "0048", "00202909", "022042", "0959", "0012", // [ \ ] ^ _ `
    "@03434808 4348", "0008 @03434808", "~444303084847", "4048 @03434808", "0545 ~454303084847", // a - e
    "~30101418 0333", "@03434808 ~43484b0b0a", "0008 ~0503434548", "0308 01", "~13181b0b 11", // f - j
    "0008 4306 1548", "0008", "0308 ~0503333538 ~3533636568", "0308 ~0503434548", "@03434808", // k - o
    "030b @03434808", "434b @03434808", "0308 ~050333", "~4443030546480807", "~11161838 0333", // p - t
    "~0305084845 4348", "032843", "0318335863", "0348 4308", "0328 431b", "03430848", // u - z
    "~30101505 ~05151a3a", "000a", "~00202535 ~35252a0a", "~06143644", // { | } ~
};
// clang-format on

struct Point {
    double x, y;
};

double digit(char c) { return c >= 'a' ? c - 'a' + 10 : c - '0'; }

// One round of corner cutting; a few of them come close to the quadratic spline.
std::vector<Point> cut_corners(const std::vector<Point> &in, bool closed) {
    std::vector<Point> out;
    const auto n = in.size();
    const auto pieces = closed ? n : n - 1;
    if (!closed) out.push_back(in.front());
    for (std::size_t i = 0; i < pieces; ++i) {
        const auto a = in[i], b = in[(i + 1) % n];
        if (closed || i > 0) out.push_back({a.x * 0.75 + b.x * 0.25, a.y * 0.75 + b.y * 0.25});
        if (closed || i + 1 < pieces) out.push_back({a.x * 0.25 + b.x * 0.75, a.y * 0.25 + b.y * 0.75});
    }
    if (!closed) out.push_back(in.back());
    return out;
}

void add_stroke(Glyph &glyph, std::string_view stroke) {
    if (stroke.empty()) return;
    const bool closed = stroke.front() == '@', curved = closed || stroke.front() == '~';
    if (curved) stroke.remove_prefix(1);
    std::vector<Point> points;
    for (std::size_t i = 0; i + 1 < stroke.size(); i += 2)
        points.push_back({digit(stroke[i]), digit(stroke[i + 1])});
    if (points.empty()) return;
    for (int round = 0; curved && points.size() > 2 && round < 3; ++round)
        points = cut_corners(points, closed);
    if (points.size() == 1) points.push_back(points.front());
    if (closed) points.push_back(points.front());
    for (std::size_t i = 1; i < points.size(); ++i) {
        glyph.segments.push_back({points[i - 1].x, points[i - 1].y, points[i].x, points[i].y});
        glyph.width = std::max({glyph.width, points[i - 1].x, points[i].x});
    }
}

Glyph build(std::string_view shape) {
    Glyph glyph;
    while (!shape.empty()) {
        const auto end = std::min(shape.find(' '), shape.size());
        add_stroke(glyph, shape.substr(0, end));
        shape.remove_prefix(std::min(end + 1, shape.size()));
    }
    if (glyph.segments.empty()) glyph.width = 1.2;
    return glyph;
}

std::array<Glyph, shapes.size()> build_all() {
    std::array<Glyph, shapes.size()> all;
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = build(shapes[i]);
    return all;
}

}

const Glyph &font_glyph(char c) {
    static const auto glyphs = build_all();
    static const Glyph box = build("0050580800");
    return c < ' ' || c > '~' ? box : glyphs[static_cast<std::size_t>(c - ' ')];
}

}
