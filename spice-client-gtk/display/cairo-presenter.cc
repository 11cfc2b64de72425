// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/presenter.hh"

#include <algorithm>
#include <vector>

namespace spice::gtk {

namespace {
using NodePtr = Owned<GskRenderNode, gsk_render_node_unref>;
using SurfacePtr = Owned<cairo_surface_t, cairo_surface_destroy>;
using CairoPtr = Owned<cairo_t, cairo_destroy>;

// For the Cairo renderer: tiles of device pixels, each a cached node that samples the whole frame, so that there are no
// seams and that a node which is still the same object costs nothing. Zero copy: the nodes refer to frame memory.
class CairoPresenter final : public Presenter {
public:
    ~CairoPresenter() override { drop_surface(); }

    void set_frame(const Frame &frame) override {
        drop_surface();
        if (frame.pixels)
            surface_.reset(cairo_image_surface_create_for_data(const_cast<uint8_t *>(frame.pixels), CAIRO_FORMAT_RGB24,
                                                               frame.width, frame.height, frame.stride));
        rebuild();
    }

    void set_layout(const Layout &layout, Filter filter) override {
        const bool nearest = wants_nearest(layout, filter);
        if (layout == layout_ && nearest == nearest_) return;
        layout_ = layout;
        nearest_ = nearest;
        rebuild();
    }

    void damage(const Rect &r) override {
        const Rect d = damage_to_drawn(layout_, r);
        if (d.empty() || tiles_.empty()) return;
        for (int row = d.y / tile_size; row <= (d.y + d.h - 1) / tile_size; ++row)
            for (int col = d.x / tile_size; col <= (d.x + d.w - 1) / tile_size; ++col)
                tiles_[static_cast<std::size_t>(row * columns_ + col)].reset();
    }

    void snapshot(GtkSnapshot *snapshot) override {
        if (!surface_) return;
        for (std::size_t i = 0; i < tiles_.size(); ++i) {
            if (!tiles_[i]) tiles_[i] = draw(static_cast<int>(i));
            gtk_snapshot_append_node(snapshot, tiles_[i].get());
        }
    }
    const char *name() const noexcept override { return "cairo"; }

private:
    static constexpr int tile_size = 256;

    // Nodes that somebody still holds get a private copy of the pixels when the surface is finished.
    void drop_surface() {
        if (surface_) cairo_surface_finish(surface_.get());
        surface_.reset();
        tiles_.clear();
    }

    void rebuild() {
        tiles_.clear();
        if (!surface_ || layout_.drawn.empty()) return;
        columns_ = (layout_.drawn.w + tile_size - 1) / tile_size;
        const int rows = (layout_.drawn.h + tile_size - 1) / tile_size;
        tiles_.resize(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows));
    }

    NodePtr draw(int index) const {
        const auto &drawn = layout_.drawn;
        Rect tile{index % columns_ * tile_size, index / columns_ * tile_size, tile_size, tile_size};
        tile.w = std::min(tile_size, drawn.w - tile.x), tile.h = std::min(tile_size, drawn.h - tile.y);
        tile.x += drawn.x, tile.y += drawn.y;
        const auto bounds = logical_bounds(layout_, tile);
        NodePtr node{gsk_cairo_node_new(&bounds)};
        const CairoPtr cr{gsk_cairo_node_get_draw_context(node.get())};
        cairo_scale(cr.get(), 1 / layout_.device_scale, 1 / layout_.device_scale);
        cairo_rectangle(cr.get(), tile.x, tile.y, tile.w, tile.h);
        cairo_translate(cr.get(), drawn.x, drawn.y);
        cairo_scale(cr.get(), static_cast<double>(drawn.w) / layout_.area_w, static_cast<double>(drawn.h) / layout_.area_h);
        cairo_set_source_surface(cr.get(), surface_.get(), 0, 0);
        // Never cairo's default filter: it costs five times as much when it shrinks.
        cairo_pattern_set_filter(cairo_get_source(cr.get()), nearest_ ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_BILINEAR);
        cairo_pattern_set_extend(cairo_get_source(cr.get()), CAIRO_EXTEND_PAD);
        cairo_fill(cr.get());
        return node;
    }

    Layout layout_;
    bool nearest_ = false;
    int columns_ = 0;
    SurfacePtr surface_;
    std::vector<NodePtr> tiles_; // empty pointer: to be drawn again
};
}

std::unique_ptr<Presenter> make_cairo_presenter() { return std::make_unique<CairoPresenter>(); }

}
