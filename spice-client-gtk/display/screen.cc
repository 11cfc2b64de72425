// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/screen.hh"

#include "i18n.hh"

#include <spice/enums.h>

#include <algorithm>

namespace spice::gtk {

namespace {
FrameSource::Format format_of(int format) noexcept {
    switch (format) {
    case SPICE_SURFACE_FMT_32_xRGB:
    case SPICE_SURFACE_FMT_32_ARGB: return FrameSource::Format::rgb32;
    case SPICE_SURFACE_FMT_16_555: return FrameSource::Format::rgb555;
    case SPICE_SURFACE_FMT_16_565: return FrameSource::Format::rgb565;
    default: return FrameSource::Format::none;
    }
}
// The server's numbers are unsigned and unchecked; beyond this they mean nothing and would overflow.
int bounded(guint v) noexcept { return static_cast<int>(std::min<guint>(v, 1u << 20)); }
constexpr guint answer_after_ms = 100; // a hidden window draws no frame, but the server waits

double device_scale_of(GtkWidget *widget) {
#if GTK_CHECK_VERSION(4, 12, 0)
    auto *native = gtk_widget_get_native(widget);
    auto *surface = native ? gtk_native_get_surface(native) : nullptr;
    if (surface) return gdk_surface_get_scale(surface);
#endif
    return gtk_widget_get_scale_factor(widget);
}
}

void Screen::attach(SpiceDisplayChannel *channel) {
    detach();
    channel_.set(channel);
    on_create_.attach<&Screen::primary_created>(channel, "display-primary-create", this, widget_);
    on_destroy_.attach<&Screen::primary_destroyed>(channel, "display-primary-destroy", this, widget_);
    on_invalidate_.attach<&Screen::invalidated>(channel, "display-invalidate", this, widget_);
    on_mark_.attach<&Screen::marked>(channel, "display-mark", this, widget_);
    on_monitors_.attach<&Screen::monitors_changed>(channel, "notify::monitors", this, widget_);
    on_scanout_.attach<&Screen::scanout_changed>(channel, "notify::gl-scanout", this, widget_);
    on_gl_draw_.attach<&Screen::gl_draw>(channel, "gl-draw", this, widget_);
    load_primary();
    monitors_changed(nullptr);
    if (spice_display_channel_get_gl_scanout(channel)) scanout_changed(nullptr);
}

void Screen::detach() {
    on_create_.reset(), on_destroy_.reset(), on_invalidate_.reset(), on_mark_.reset(), on_monitors_.reset();
    on_scanout_.reset(), on_gl_draw_.reset();
    answer_draws();
    channel_.set(nullptr);
    heads_.clear();
    mark_ = scanout_active_ = false;
    primary_destroyed();
    scanout_frame_.clear();
    scanout_.close();
}

// A display made after the channel was connected missed the signals.
void Screen::load_primary() {
    SpiceDisplayPrimary primary{};
    if (!spice_display_channel_get_primary(SPICE_CHANNEL(channel_.get()), 0, &primary)) return;
    primary_.set(format_of(primary.format), primary.width, primary.height, primary.stride, primary.data);
    mark_ = primary.marked;
}

void Screen::primary_created(int format, int width, int height, int stride, int, gpointer data) {
    if (!scanout_active_ && presenter_) presenter_->set_frame({});
    primary_.set(format_of(format), width, height, stride, static_cast<const uint8_t *>(data));
    if (primary_.empty()) g_warning("display: surface of format %d, %dx%d cannot be shown", format, width, height);
    update_area();
}

void Screen::primary_destroyed() {
    // The memory is gone when this handler returns: no node may refer to it any more.
    if (!scanout_active_ && presenter_) presenter_->set_frame({});
    primary_.clear();
    update_area();
}

void Screen::invalidated(int x, int y, int w, int h) {
    use_scanout(false);
    const Rect r{x, y, w, h};
    primary_.convert(r);
    damage(r);
}

void Screen::marked(int mark) {
    mark_ = mark != 0;
    update_ready();
}

void Screen::monitors_changed(GParamSpec *) {
    GArray *monitors = nullptr;
    g_object_get(channel_.get(), "monitors", &monitors, nullptr);
    heads_.clear();
    for (guint i = 0; monitors && i < monitors->len; ++i) {
        const auto &m = g_array_index(monitors, SpiceDisplayMonitorConfig, i);
        heads_.push_back({m.id, m.surface_id, bounded(m.x), bounded(m.y), bounded(m.width), bounded(m.height)});
    }
    if (monitors) g_array_unref(monitors);
    update_area();
}

void Screen::scanout_changed(GParamSpec *) {
    answer_draws();
    const auto *s = spice_display_channel_get_gl_scanout(channel_.get());
    if (scanout_active_ && presenter_) presenter_->set_frame({});
    scanout_frame_.clear();
    scanout_.close();
    scanout_active_ = s && s->fd >= 0;
    if (scanout_active_ && scanout_.open(*s))
        scanout_frame_.set(FrameSource::Format::rgb32, scanout_.width(), scanout_.height(), scanout_.stride(),
                           scanout_.pixels());
    else if (scanout_active_) g_warning("display: the GL scanout of the server cannot be read here");
    update_area();
}

void Screen::use_scanout(bool on) {
    if (scanout_active_ == on) return;
    scanout_active_ = on;
    update_area();
}

void Screen::gl_draw(guint x, guint y, guint w, guint h) {
    ++draws_to_answer_;
    use_scanout(true);
    const Rect r{bounded(x), bounded(y), bounded(w), bounded(h)};
    scanout_.refresh(r);
    if (scanout_.readable()) damage(r);
    if (!scanout_.readable() || !gtk_widget_get_mapped(widget_) || !ready_) answer_draws();
    else if (!answer_timeout_.active()) answer_timeout_.start<&Screen::answer_draws>(answer_after_ms, this);
}

void Screen::after_paint() { answer_draws(); }

// The server draws nothing more before each of its draws is answered once.
void Screen::answer_draws() {
    answer_timeout_.stop();
    for (; draws_to_answer_; --draws_to_answer_)
        if (channel_) spice_display_channel_gl_draw_done(channel_.get());
}

void Screen::set_monitor(int monitor_id) {
    monitor_id_ = monitor_id;
    update_area();
}

void Screen::set_scaling(ScaleOptions options, Filter filter) {
    scaling_ = options, filter_ = filter;
    update_layout();
}

void Screen::allocate(int width, int height) {
    width_ = width, height_ = height;
    update_layout();
}

void Screen::update_layout() {
    layout_ = compute_layout(width_, height_, device_scale_of(widget_), area_.w, area_.h, scaling_);
    if (presenter_) presenter_->set_layout(layout_, filter_);
    host_.screen_area_changed();
    gtk_widget_queue_draw(widget_);
}

void Screen::update_area() {
    AreaQuery q;
    q.monitor_id = monitor_id_, q.scanout = scanout_active_;
    q.surface_w = source().width(), q.surface_h = source().height();
    if (scanout_active_ && !scanout_.readable() && channel_)
        if (const auto *s = spice_display_channel_get_gl_scanout(channel_.get()))
            q.surface_w = bounded(s->width), q.surface_h = bounded(s->height);
    q.monitors_cap =
        channel_ && spice_channel_test_capability(SPICE_CHANNEL(channel_.get()), SPICE_DISPLAY_CAP_MONITORS_CONFIG);
    const auto choice = choose_area(heads_, q);
    if (choice.odd_surface) g_warning("display: monitor %d is on a surface of its own", monitor_id_);
    monitor_ready_ = choice.ready;
    const bool resized = area_.w != choice.area.w || area_.h != choice.area.h;
    area_ = choice.area;
    set_frame();
    update_layout();
    if (resized) gtk_widget_queue_resize(widget_);
    update_ready();
}

void Screen::set_frame() {
    if (presenter_) presenter_->set_frame(frame());
}

void Screen::update_ready() {
    ready_ = monitor_ready_ && (scanout_active_ || mark_);
    if (!ready_) answer_draws();
    host_.screen_ready_changed();
    gtk_widget_queue_draw(widget_);
}

void Screen::damage(const Rect &surface_rect) {
    auto r = intersect(surface_rect, area_);
    if (r.empty()) return;
    r.x -= area_.x, r.y -= area_.y;
    if (presenter_) presenter_->damage(r);
    gtk_widget_queue_draw(widget_);
}

void Screen::realize() {
    presenter_ = make_presenter(gtk_widget_get_native(widget_));
    g_debug("display: drawn by the %s presenter", presenter_->name());
    set_frame();
    update_layout();
}

void Screen::unrealize() { presenter_.reset(); }

void Screen::map() {
    if (auto *clock = gtk_widget_get_frame_clock(widget_))
        on_after_paint_.attach<&Screen::after_paint>(clock, "after-paint", this);
}

void Screen::unmap() {
    on_after_paint_.reset();
    answer_draws();
}

void Screen::snapshot(GtkSnapshot *snapshot) {
    const int width = gtk_widget_get_width(widget_), height = gtk_widget_get_height(widget_);
    const auto all = make_rect(0, 0, width, height);
    const GdkRGBA black{0, 0, 0, 1};
    gtk_snapshot_append_color(snapshot, &black, &all);
    if (!ready_) return;
    if (scanout_active_ && !scanout_.readable()) {
        const auto text = Ref<PangoLayout>::take(
            gtk_widget_create_pango_layout(widget_, _("The remote display needs GL, which is not available here.")));
        const GdkRGBA white{1, 1, 1, 1};
        pango_layout_set_width(text.get(), width * PANGO_SCALE);
        gtk_snapshot_append_layout(snapshot, text.get(), &white);
        return;
    }
    if (presenter_) presenter_->snapshot(snapshot);
}

}
