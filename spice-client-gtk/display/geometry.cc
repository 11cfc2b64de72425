// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/geometry.hh"

#include <algorithm>
#include <cmath>

namespace spice::gtk {

Rect intersect(const Rect &a, const Rect &b) noexcept {
    const int x = std::max(a.x, b.x), y = std::max(a.y, b.y);
    const int right = std::min(a.x + a.w, b.x + b.w), bottom = std::min(a.y + a.h, b.y + b.h);
    if (right <= x || bottom <= y) return {};
    return {x, y, right - x, bottom - y};
}

AreaChoice choose_area(std::span<const Head> heads, const AreaQuery &query) noexcept {
    const Rect whole{0, 0, query.surface_w, query.surface_h};
    AreaChoice choice;
    auto finish = [&](const Rect &wanted) {
        choice.area = intersect(wanted, whole);
        choice.ready = !choice.area.empty();
        return choice;
    };
    if (query.monitor_id < 0) return finish(whole);
    const auto wanted = static_cast<unsigned>(query.monitor_id);
    const auto head = std::find_if(heads.begin(), heads.end(), [&](const Head &h) { return h.id == wanted; });
    if (head == heads.end()) {
        if (query.monitors_cap) return choice;
        return finish(whole);
    }
    if (head->surface_id != 0) {
        choice.odd_surface = true;
        return finish(whole);
    }
    // A lone head is at the origin of its surface whatever position the guest gave it in its desktop.
    if (heads.size() == 1 && !query.scanout) return finish({0, 0, head->w, head->h});
    return finish({head->x, head->y, head->w, head->h});
}

Layout compute_layout(int width, int height, double device_scale, int area_w, int area_h,
                      ScaleOptions options) noexcept {
    Layout l;
    l.device_scale = device_scale > 0 ? device_scale : 1;
    l.view_w = static_cast<int>(std::lround(width * l.device_scale));
    l.view_h = static_cast<int>(std::lround(height * l.device_scale));
    l.area_w = area_w, l.area_h = area_h;
    if (area_w <= 0 || area_h <= 0 || l.view_w <= 0 || l.view_h <= 0) return l;
    if (!options.scaling) {
        l.drawn = {std::max(0, (l.view_w - area_w) / 2), std::max(0, (l.view_h - area_h) / 2), area_w, area_h};
        return l;
    }
    l.scale = std::min(static_cast<double>(l.view_w) / area_w, static_cast<double>(l.view_h) / area_h);
    if (options.only_downscale) l.scale = std::min(l.scale, 1.0);
    l.drawn.w = std::max(1, static_cast<int>(std::floor(area_w * l.scale + .5)));
    l.drawn.h = std::max(1, static_cast<int>(std::floor(area_h * l.scale + .5)));
    l.drawn.x = (l.view_w - l.drawn.w) / 2;
    l.drawn.y = (l.view_h - l.drawn.h) / 2;
    return l;
}

namespace {
// Widget coordinate to guest pixel along one axis.
int guest_axis(double pos, double device_scale, int drawn_pos, int drawn_len, int area_len) noexcept {
    const double step = drawn_len > 1 ? static_cast<double>(area_len - 1) / (drawn_len - 1) : 1;
    // GTK computes widget coordinates in single precision: a pointer on a pixel's edge arrives a hair before it.
    constexpr double hair = 1. / 256;
    const double guest = std::floor((pos - drawn_pos / device_scale) * device_scale * step + hair);
    return static_cast<int>(std::clamp(guest, -1e9, 1e9));
}
}

GuestPoint to_guest(const Layout &l, double x, double y) noexcept {
    GuestPoint p;
    if (l.drawn.empty()) return p;
    p.x = guest_axis(x, l.device_scale, l.drawn.x, l.drawn.w, l.area_w);
    p.y = guest_axis(y, l.device_scale, l.drawn.y, l.drawn.h, l.area_h);
    p.inside = p.x >= 0 && p.y >= 0 && p.x < l.area_w && p.y < l.area_h;
    return p;
}

GuestPoint clamp_to_area(const Layout &l, GuestPoint p) noexcept {
    p.x = std::clamp(p.x, 0, std::max(0, l.area_w - 1));
    p.y = std::clamp(p.y, 0, std::max(0, l.area_h - 1));
    return p;
}

Point to_widget(const Layout &l, double guest_x, double guest_y) noexcept {
    return {(l.drawn.x + guest_x * l.scale) / l.device_scale, (l.drawn.y + guest_y * l.scale) / l.device_scale};
}

Rect damage_to_drawn(const Layout &l, const Rect &guest) noexcept {
    if (guest.empty() || l.drawn.empty() || l.area_w <= 0 || l.area_h <= 0) return {};
    const double sx = static_cast<double>(l.drawn.w) / l.area_w, sy = static_cast<double>(l.drawn.h) / l.area_h;
    const bool exact = l.drawn.w == l.area_w && l.drawn.h == l.area_h;
    // A bilinear filter spreads each guest pixel over its neighbours.
    const int mx = exact ? 0 : static_cast<int>(std::ceil(sx)) + 1, my = exact ? 0 : static_cast<int>(std::ceil(sy)) + 1;
    const int x1 = static_cast<int>(std::floor(guest.x * sx)) - mx, y1 = static_cast<int>(std::floor(guest.y * sy)) - my;
    const int x2 = static_cast<int>(std::ceil((guest.x + guest.w) * sx)) + mx;
    const int y2 = static_cast<int>(std::ceil((guest.y + guest.h) * sy)) + my;
    return intersect({x1, y1, x2 - x1, y2 - y1}, {0, 0, l.drawn.w, l.drawn.h});
}

}
