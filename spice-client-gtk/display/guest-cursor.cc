// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/guest-cursor.hh"

#include "display/presenter.hh"

#include <algorithm>
#include <cmath>

namespace spice::gtk {

void GuestCursor::attach(SpiceCursorChannel *channel) {
    channel_.set(channel);
    on_shape_.attach<&GuestCursor::shape_changed>(channel, "notify::cursor", this);
    on_hide_.attach<&GuestCursor::hidden>(channel, "cursor-hide", this);
    on_move_.attach<&GuestCursor::moved>(channel, "cursor-move", this);
    on_reset_.attach<&GuestCursor::was_reset>(channel, "cursor-reset", this);
    load_shape();
    apply();
}

void GuestCursor::detach() {
    on_shape_.reset(), on_hide_.reset(), on_move_.reset(), on_reset_.reset();
    channel_.set(nullptr);
    was_reset();
}

void GuestCursor::shape_changed(GParamSpec *) {
    // In server mode a new shape does not show a hidden cursor, its next move does.
    if (!server_) hidden_ = false;
    load_shape();
    apply();
}

void GuestCursor::load_shape() {
    SpiceCursorShape *shape = nullptr;
    if (channel_) g_object_get(channel_.get(), "cursor", &shape, nullptr);
    if (!shape) return;
    if (shape->data && shape->width && shape->height) {
        const gsize stride = static_cast<gsize>(shape->width) * 4;
        const BytesPtr bytes{g_bytes_new(shape->data, stride * shape->height)};
        shape_ = Ref<GdkTexture>::take(
            gdk_memory_texture_new(shape->width, shape->height, GDK_MEMORY_R8G8B8A8, bytes.get(), stride));
        hot_x_ = std::min<int>(shape->hot_spot_x, shape->width - 1);
        hot_y_ = std::min<int>(shape->hot_spot_y, shape->height - 1);
        cursor_ = {};
    }
    g_boxed_free(SPICE_TYPE_CURSOR_SHAPE, shape);
}

void GuestCursor::hidden() {
    hidden_ = true;
    apply();
}

void GuestCursor::moved(int x, int y) {
    x_ = x, y_ = y;
    hidden_ = false;
    apply();
}

void GuestCursor::was_reset() {
    shape_ = {};
    cursor_ = {};
    hidden_ = false;
    apply();
}

void GuestCursor::set_server_mode(bool server) {
    if (server == server_) return;
    server_ = server;
    x_ = y_ = -1;
    apply();
}

void GuestCursor::set_grabbed(bool by_this_widget, bool by_session) {
    grabbed_ = by_this_widget, session_grabbed_ = by_session;
    apply();
}

void GuestCursor::set_ready(bool ready) {
    if (std::exchange(ready_, ready) != ready) apply();
}

void GuestCursor::set_layout(const Layout &layout) {
    if (layout.scale != layout_.scale || layout.device_scale != layout_.device_scale) cursor_ = {};
    layout_ = layout;
    if (!cursor_) apply();
}

bool GuestCursor::drawn() const noexcept {
    return server_ && session_grabbed_ && shape_ && !hidden_ && known_position();
}

void GuestCursor::apply() {
    static const bool debug = g_getenv("SPICE_DEBUG_CURSOR") != nullptr;
    const auto none = [] { return Ref<GdkCursor>::take(gdk_cursor_new_from_name(debug ? "crosshair" : "none", nullptr)); };
    Ref<GdkCursor> cursor;
    if (server_) {
        if (grabbed_) cursor = none();
        gtk_widget_queue_draw(widget_);
    } else if (ready_) {
        if (hidden_) cursor = none();
        else cursor = scaled_shape();
    }
    if (gtk_widget_get_cursor(widget_) != cursor.get()) gtk_widget_set_cursor(widget_, cursor.get());
}

// GTK takes the size of a cursor's texture for logical pixels.
Ref<GdkCursor> GuestCursor::scaled_shape() {
    if (cursor_ || !shape_) return cursor_;
    const double scale = std::max(0.5, layout_.scale) / layout_.device_scale;
    const int w = gdk_texture_get_width(shape_.get()), h = gdk_texture_get_height(shape_.get());
    const int tw = std::clamp(static_cast<int>(std::lround(w * scale)), 1, 4096);
    const int th = std::clamp(static_cast<int>(std::lround(h * scale)), 1, 4096);
    auto texture = shape_;
    if (tw != w || th != h) {
        const auto full = Ref<GdkPixbuf>::take(gdk_pixbuf_get_from_texture(shape_.get()));
        const auto scaled = Ref<GdkPixbuf>::take(
            full ? gdk_pixbuf_scale_simple(full.get(), tw, th, GDK_INTERP_BILINEAR) : nullptr);
        if (!scaled) return {};
        texture = Ref<GdkTexture>::take(gdk_texture_new_for_pixbuf(scaled.get()));
    }
    const int hx = std::clamp(static_cast<int>(hot_x_ * scale), 0, tw - 1);
    const int hy = std::clamp(static_cast<int>(hot_y_ * scale), 0, th - 1);
    cursor_ = Ref<GdkCursor>::take(gdk_cursor_new_from_texture(texture.get(), hx, hy, nullptr));
    return cursor_;
}

void GuestCursor::snapshot(GtkSnapshot *snapshot) {
    if (!drawn()) return;
    const auto at = to_widget(layout_, x_ - hot_x_, y_ - hot_y_);
    const double scale = layout_.scale / layout_.device_scale;
    const auto bounds = make_rect(at.x, at.y, gdk_texture_get_width(shape_.get()) * scale,
                                  gdk_texture_get_height(shape_.get()) * scale);
    gtk_snapshot_append_texture(snapshot, shape_.get(), &bounds);
}

}
