// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <span>

// Pure arithmetic of the widget: which part of the guest surface it shows and where that lands on its device pixels.
namespace spice::gtk {

struct Rect {
    int x = 0, y = 0, w = 0, h = 0;
    bool empty() const noexcept { return w <= 0 || h <= 0; }
    bool operator==(const Rect &) const = default;
};
Rect intersect(const Rect &a, const Rect &b) noexcept;

struct Point {
    double x = 0, y = 0;
};

// One entry of the display channel's monitors.
struct Head {
    unsigned id = 0, surface_id = 0;
    int x = 0, y = 0, w = 0, h = 0;
};

struct AreaQuery {
    int monitor_id = 0;       // -1: the whole surface
    int surface_w = 0, surface_h = 0;
    bool monitors_cap = false; // the server announces heads, so an unknown head is worth waiting for
    bool scanout = false;      // the surface is a GL scanout
};
struct AreaChoice {
    Rect area;
    bool ready = false;         // there is something to show for this monitor
    bool odd_surface = false;   // the head lives on a surface that is not the primary
};
AreaChoice choose_area(std::span<const Head> heads, const AreaQuery &query) noexcept;

// Where the area is drawn. All rectangles are device pixels; widget coordinates are device pixels / device_scale.
struct Layout {
    double device_scale = 1;
    int view_w = 0, view_h = 0; // the widget
    int area_w = 0, area_h = 0; // the guest area
    Rect drawn;
    double scale = 1; // device pixels per guest pixel
    bool operator==(const Layout &) const = default;
};
struct ScaleOptions {
    bool scaling = true, only_downscale = false;
    bool operator==(const ScaleOptions &) const = default;
};
Layout compute_layout(int width, int height, double device_scale, int area_w, int area_h, ScaleOptions options) noexcept;

struct GuestPoint {
    int x = 0, y = 0;
    bool inside = false; // of the area
};
// The last pixel of the drawing is the last pixel of the guest, whatever the scale.
GuestPoint to_guest(const Layout &layout, double x, double y) noexcept;
GuestPoint clamp_to_area(const Layout &layout, GuestPoint p) noexcept;
Point to_widget(const Layout &layout, double guest_x, double guest_y) noexcept;
// The device pixels (relative to the drawn rectangle) that can change when this part of the area changes.
Rect damage_to_drawn(const Layout &layout, const Rect &guest) noexcept;

}
