// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/presenter.hh"

#include <cstring>
#include <string_view>

namespace spice::gtk {

bool wants_nearest(const Layout &layout, Filter filter) noexcept {
    if (filter != Filter::automatic) return filter == Filter::nearest;
    const bool whole_x = layout.area_w > 0 && layout.drawn.w % layout.area_w == 0;
    const bool whole_y = layout.area_h > 0 && layout.drawn.h % layout.area_h == 0;
    return whole_x && whole_y;
}

graphene_rect_t make_rect(double x, double y, double w, double h) noexcept {
    graphene_rect_t r;
    graphene_rect_init(&r, static_cast<float>(x), static_cast<float>(y), static_cast<float>(w), static_cast<float>(h));
    return r;
}

graphene_rect_t logical_bounds(const Layout &layout, const Rect &device) noexcept {
    const double s = layout.device_scale;
    return make_rect(device.x / s, device.y / s, device.w / s, device.h / s);
}

void append_texture(GtkSnapshot *snapshot, GdkTexture *texture, const graphene_rect_t &bounds,
                    [[maybe_unused]] bool nearest) {
#if GTK_CHECK_VERSION(4, 10, 0)
    gtk_snapshot_append_scaled_texture(snapshot, texture, nearest ? GSK_SCALING_FILTER_NEAREST : GSK_SCALING_FILTER_LINEAR,
                                       &bounds);
#else
    gtk_snapshot_append_texture(snapshot, texture, &bounds);
#endif
}

namespace {
BytesPtr copy_opaque(const Frame &frame) {
    const auto row = static_cast<std::size_t>(frame.width) * 4;
    const auto size = row * static_cast<std::size_t>(frame.height);
    auto *data = static_cast<uint8_t *>(g_try_malloc(size));
    if (!data) return {};
    for (int y = 0; y < frame.height; ++y) {
        const auto *src = frame.pixels + static_cast<std::ptrdiff_t>(y) * frame.stride;
        auto *dst = data + static_cast<std::size_t>(y) * row;
        for (std::size_t i = 0; i < row; i += 4) {
            uint32_t p;
            std::memcpy(&p, src + i, 4);
            p |= 0xff000000u;
            std::memcpy(dst + i, &p, 4);
        }
    }
    return BytesPtr{g_bytes_new_take(data, size)};
}
constexpr auto memory_format = GDK_MEMORY_DEFAULT; // ARGB in host byte order, like the surfaces
}

Ref<GdkTexture> copy_texture(const Frame &frame) {
    if (!frame.pixels) return {};
    const auto bytes = copy_opaque(frame);
    if (!bytes) return {};
    return Ref<GdkTexture>::take(gdk_memory_texture_new(frame.width, frame.height, memory_format, bytes.get(),
                                                        static_cast<gsize>(frame.width) * 4));
}

Ref<GdkPixbuf> to_pixbuf(const Frame &frame) {
    if (!frame.pixels) return {};
    auto pixbuf = Ref<GdkPixbuf>::take(gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, frame.width, frame.height));
    if (!pixbuf) return {};
    auto *out = gdk_pixbuf_get_pixels(pixbuf.get());
    for (int y = 0; y < frame.height; ++y) {
        const auto *src = frame.pixels + static_cast<std::ptrdiff_t>(y) * frame.stride;
        auto *dst = out + static_cast<std::ptrdiff_t>(y) * gdk_pixbuf_get_rowstride(pixbuf.get());
        for (int x = 0; x < frame.width; ++x, src += 4, dst += 3) {
            uint32_t p;
            std::memcpy(&p, src, 4);
            dst[0] = static_cast<uint8_t>(p >> 16), dst[1] = static_cast<uint8_t>(p >> 8), dst[2] = static_cast<uint8_t>(p);
        }
    }
    return pixbuf;
}

namespace {
// For renderers that upload textures themselves. A texture is immutable, so each changed frame is a new copy.
class MemoryPresenter final : public Presenter {
public:
    void set_frame(const Frame &frame) override {
        frame_ = frame;
        texture_ = {};
        damaged({0, 0, frame.width, frame.height});
    }
    void set_layout(const Layout &layout, Filter filter) override {
        layout_ = layout;
        nearest_ = wants_nearest(layout, filter);
    }
    void damage(const Rect &r) override { damaged(r); }
    void snapshot(GtkSnapshot *snapshot) override {
        if (dirty_ && frame_.pixels) refresh();
        if (!texture_ || layout_.drawn.empty()) return;
        append_texture(snapshot, texture_.get(), logical_bounds(layout_, layout_.drawn), nearest_);
    }
    const char *name() const noexcept override { return "memory"; }

private:
    void damaged(const Rect &r) {
        dirty_ = true;
        const cairo_rectangle_int_t c{r.x, r.y, r.w, r.h};
        cairo_region_union_rectangle(region_.get(), &c);
    }
    void refresh() {
#if GTK_CHECK_VERSION(4, 16, 0)
        const auto bytes = copy_opaque(frame_);
        if (!bytes) return;
        const auto builder = Ref<GdkMemoryTextureBuilder>::take(gdk_memory_texture_builder_new());
        gdk_memory_texture_builder_set_bytes(builder.get(), bytes.get());
        gdk_memory_texture_builder_set_stride(builder.get(), static_cast<gsize>(frame_.width) * 4);
        gdk_memory_texture_builder_set_width(builder.get(), frame_.width);
        gdk_memory_texture_builder_set_height(builder.get(), frame_.height);
        gdk_memory_texture_builder_set_format(builder.get(), memory_format);
        if (texture_) {
            gdk_memory_texture_builder_set_update_texture(builder.get(), texture_.get());
            gdk_memory_texture_builder_set_update_region(builder.get(), region_.get());
        }
        texture_ = Ref<GdkTexture>::take(gdk_memory_texture_builder_build(builder.get()));
#else
        texture_ = copy_texture(frame_);
#endif
        dirty_ = false;
        region_.reset(cairo_region_create());
    }
    Frame frame_;
    Layout layout_;
    bool nearest_ = false, dirty_ = false;
    Ref<GdkTexture> texture_;
    Owned<cairo_region_t, cairo_region_destroy> region_{cairo_region_create()};
};
}

std::unique_ptr<Presenter> make_memory_presenter() { return std::make_unique<MemoryPresenter>(); }

std::unique_ptr<Presenter> make_presenter(GtkNative *native) {
    auto *renderer = native ? gtk_native_get_renderer(native) : nullptr;
    const std::string_view type{renderer ? G_OBJECT_TYPE_NAME(renderer) : ""};
    if (type == "GskCairoRenderer") return make_cairo_presenter();
#if !GTK_CHECK_VERSION(4, 13, 6)
    // Later renderers of this name may download foreign GL textures.
    if (type == "GskGLRenderer")
        if (auto gl = make_gl_presenter(gtk_native_get_surface(native))) return gl;
#endif
    return make_memory_presenter();
}

}
