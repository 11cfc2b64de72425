// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "paint.hh"

#include "font.hh"

#include <algorithm>
#include <cmath>

namespace spice::testserver {
namespace {

Rect around(double x0, double y0, double x1, double y1, double margin) {
    const int left = static_cast<int>(std::floor(std::min(x0, x1) - margin));
    const int top = static_cast<int>(std::floor(std::min(y0, y1) - margin));
    const int right = static_cast<int>(std::ceil(std::max(x0, x1) + margin)) + 1;
    const int bottom = static_cast<int>(std::ceil(std::max(y0, y1) + margin)) + 1;
    return {left, top, right - left, bottom - top};
}

// Signed distance from a pixel's centre to a rounded rectangle: negative inside.
double rounded_distance(const Rect &a, double radius, int x, int y) {
    const double qx = std::abs(x + 0.5 - (a.x + a.w / 2.0)) - (a.w / 2.0 - radius);
    const double qy = std::abs(y + 0.5 - (a.y + a.h / 2.0)) - (a.h / 2.0 - radius);
    return std::hypot(std::max(qx, 0.0), std::max(qy, 0.0)) + std::min(std::max(qx, qy), 0.0) - radius;
}

double segment_distance(double px, double py, const Segment &s) {
    const double dx = s.x1 - s.x0, dy = s.y1 - s.y0, length = dx * dx + dy * dy;
    const double t = length > 0 ? std::clamp(((px - s.x0) * dx + (py - s.y0) * dy) / length, 0.0, 1.0) : 0;
    return std::hypot(px - s.x0 - t * dx, py - s.y0 - t * dy);
}

void glyph(Picture &dst, double x, double y, const Glyph &g, const TextStyle &style) {
    const double scale = style.size / cap_height, radius = style.size * (style.bold ? 0.088 : 0.062) + 0.08;
    std::vector<Segment> strokes;
    for (const auto &s : g.segments)
        strokes.push_back(
            {x + s.x0 * scale, y + (s.y0 - cap_height) * scale, x + s.x1 * scale, y + (s.y1 - cap_height) * scale});
    const auto box = around(x, y - style.size, x + g.width * scale, y + style.size * 0.45, radius + 1);
    const auto area = intersect(box, dst.bounds());
    for (int py = area.y; py < area.bottom(); ++py) {
        for (int px = area.x; px < area.right(); ++px) {
            double nearest = 1e9;
            for (const auto &s : strokes)
                nearest = std::min(nearest, segment_distance(px + 0.5, py + 0.5, s));
            dst.blend(px, py, style.color, std::clamp(radius + 0.5 - nearest, 0.0, 1.0) * style.alpha);
        }
    }
}

double advance(const Glyph &g, const TextStyle &style) {
    if (style.pitch > 0) return style.pitch;
    return (g.width + (style.bold ? 2.5 : 2.2)) * style.size / cap_height;
}

}

void disc(Picture &dst, double cx, double cy, double radius, Color c, double alpha) {
    line(dst, cx, cy, cx, cy, radius, c, alpha);
}

void line(Picture &dst, double x0, double y0, double x1, double y1, double radius, Color c, double alpha) {
    const Segment s{x0, y0, x1, y1};
    const auto area = intersect(around(x0, y0, x1, y1, radius + 1), dst.bounds());
    for (int y = area.y; y < area.bottom(); ++y)
        for (int x = area.x; x < area.right(); ++x)
            dst.blend(x, y, c, std::clamp(radius + 0.5 - segment_distance(x + 0.5, y + 0.5, s), 0.0, 1.0) * alpha);
}

void rounded(Picture &dst, const Rect &area, double radius, Color c, double alpha) {
    const auto visible = intersect(area, dst.bounds());
    for (int y = visible.y; y < visible.bottom(); ++y)
        for (int x = visible.x; x < visible.right(); ++x)
            dst.blend(x, y, c, std::clamp(0.5 - rounded_distance(area, radius, x, y), 0.0, 1.0) * alpha);
}

void rounded_gradient(Picture &dst, const Rect &area, double radius, Color top, Color bottom) {
    const auto visible = intersect(area, dst.bounds());
    for (int y = visible.y; y < visible.bottom(); ++y) {
        const Color c = mix(top, bottom, double(y - area.y) / std::max(area.h - 1, 1));
        for (int x = visible.x; x < visible.right(); ++x)
            dst.blend(x, y, c, std::clamp(0.5 - rounded_distance(area, radius, x, y), 0.0, 1.0));
    }
}

void shadow(Picture &dst, const Rect &area, double radius, double blur, double alpha) {
    const auto reach = intersect(area.inset(-static_cast<int>(blur)), dst.bounds());
    for (int y = reach.y; y < reach.bottom(); ++y) {
        for (int x = reach.x; x < reach.right(); ++x) {
            const double t = std::clamp(1 - rounded_distance(area, radius, x, y) / blur, 0.0, 1.0);
            dst.blend(x, y, 0, t * t * alpha);
        }
    }
}

double text_width(std::string_view text, const TextStyle &style) {
    double width = 0;
    for (const char c : text)
        width += advance(font_glyph(c), style);
    return width;
}

void text(Picture &dst, double x, double y, std::string_view text, const TextStyle &style) {
    for (const char c : text) {
        const auto &g = font_glyph(c);
        const double indent = style.pitch > 0 ? (style.pitch - g.width * style.size / cap_height) / 2 : 0;
        glyph(dst, x + indent, y, g, style);
        x += advance(g, style);
    }
}

}
