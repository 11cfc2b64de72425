// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "display/frame-source.hh"
#include "display/geometry.hh"
#include "glue.hh"

#include <gtk/gtk.h>

#include <memory>

namespace spice::gtk {

enum class Filter { automatic, nearest, linear };
// What `automatic` means at this layout: pixels stay sharp when each becomes a whole number of device pixels.
bool wants_nearest(const Layout &layout, Filter filter) noexcept;

// Turns frame memory into render nodes, one way per GSK renderer. Main thread. Snapshot may be called several times
// per frame, or for a frame that is never shown; it must not depend on who asks.
class Presenter {
public:
    Presenter() = default;
    Presenter(const Presenter &) = delete;
    Presenter &operator=(const Presenter &) = delete;
    virtual ~Presenter() = default;
    // Other memory. An empty frame is set before the old memory goes away: no node may refer to it afterwards.
    virtual void set_frame(const Frame &frame) = 0;
    virtual void set_layout(const Layout &layout, Filter filter) = 0;
    virtual void damage(const Rect &area_rect) = 0;
    virtual void snapshot(GtkSnapshot *snapshot) = 0;
    virtual const char *name() const noexcept = 0;
};

std::unique_ptr<Presenter> make_cairo_presenter();
// nullptr when this surface cannot have a GL context.
std::unique_ptr<Presenter> make_gl_presenter(GdkSurface *surface);
std::unique_ptr<Presenter> make_memory_presenter();
// The one that suits the renderer of this native; call it when that is realized.
std::unique_ptr<Presenter> make_presenter(GtkNative *native);

// A texture with a copy of the frame, opaque.
Ref<GdkTexture> copy_texture(const Frame &frame);
Ref<GdkPixbuf> to_pixbuf(const Frame &frame); // likewise, RGB
graphene_rect_t make_rect(double x, double y, double w, double h) noexcept;
// The drawn rectangle in the widget's logical pixels.
graphene_rect_t logical_bounds(const Layout &layout, const Rect &device) noexcept;
void append_texture(GtkSnapshot *snapshot, GdkTexture *texture, const graphene_rect_t &bounds, bool nearest);

}
