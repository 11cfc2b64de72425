// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"
#include "display/canvas-convert.hh"
#include "display/region.hh"
#include "display/scale.hh"

#include <cstdint>
#include <vector>

namespace spice::display {

enum class ScaleMode : uint8_t { interpolate = 0, nearest = 1 };

// A rectangle of a source, not limited to what the source holds.
struct SourceRect {
    int64_t left = 0, top = 0, width = 0, height = 0;
    ScaleStart start = ScaleStart::exact;
    int64_t origin_x = 0, origin_y = 0; // of the view's first pixel
};

// Part of a row, in the layout that was asked for. May be empty.
struct SourceRow {
    const uint8_t *pixels = nullptr; // the one at x1
    int32_t x1 = 0, x2 = 0;
};

// Yields an image row by row, placed on a surface and in the surface's layout. A row depends on nothing but its
// number, so a drawing may be done in any order and in any slices. Thread-bound; kept between drawings for its buffers.
class Source {
public:
    // False: pixels of this layout cannot become what the destination needs. The view must live until the last row().
    bool set_unscaled(const codec::BitmapView &view, codec::Layout layout, int64_t dx, int64_t dy);
    bool set_scaled(const codec::BitmapView &view, codec::Layout layout, const SourceRect &area, const Box &box,
                    ScaleMode mode);
    bool set_tiled(const codec::BitmapView &view, codec::Layout layout, int64_t x, int64_t y);
    // After one of these, for blending: every layout as premultiplied ARGB instead.
    bool blend() noexcept;

    // Pixels [x1, x2) of surface row y. Unscaled sources yield the part that lies inside the image.
    SourceRow row(int32_t y, int32_t x1, int32_t x2);
    void release_buffers();

private:
    enum class Kind : uint8_t { unscaled, nearest, bilinear, tiled };
    bool prepare(Kind kind, const codec::BitmapView &view, codec::Layout layout);
    SourceRow unscaled_row(int32_t y, int32_t x1, int32_t x2);
    SourceRow tiled_row(int32_t y, int32_t x1, int32_t x2);
    SourceRow nearest_row(int32_t y, int32_t x1, int32_t x2);
    SourceRow bilinear_row(int32_t y, int32_t x1, int32_t x2);
    // A whole row of the image in the wanted layout, null outside. `slot` 0 or 1 names the buffer it may use.
    const uint8_t *whole_row(int64_t y, unsigned slot);
    // The same, widened to four channels for interpolation.
    const uint32_t *wide_row(int64_t y, unsigned slot);
    uint8_t *out(int64_t pixels);

    Kind kind_ = Kind::unscaled;
    codec::BitmapView view_;
    codec::Layout layout_ = codec::Layout::bgrx;
    unsigned bytes_ = 4;           // per pixel of layout_
    ConvertRow convert_ = nullptr; // null: rows are used as they are
    int64_t dx_ = 0, dy_ = 0;      // source = surface + d (unscaled), surface − d (tiled)
    ScaleAxis columns_, rows_;
    int32_t left_ = 0, top_ = 0; // of the scaled box
    std::vector<uint32_t> out_, interpolated_;
    std::vector<uint32_t> converted_[2], wide_[2];
    int64_t converted_y_[2] = {-1, -1}, wide_y_[2] = {-1, -1};
};

}
