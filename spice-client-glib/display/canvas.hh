// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"
#include "display/image-slot.hh"
#include "display/region.hh"
#include "display/surface.hh"
#include "wire/messages-draw.hh"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <variant>

namespace spice::display {

// A parsed drawing. TEXT holds views of the message body, which must live until it is drawn.
using DrawMessage =
    std::variant<wire::DrawFill, wire::DrawCopy, wire::CopyBits, wire::DrawOpaque, wire::DrawBlend, wire::DrawBlackness,
                 wire::DrawWhiteness, wire::DrawInvers, wire::DrawRop3, wire::DrawTransparent, wire::DrawAlphaBlend,
                 wire::DrawComposite, wire::DrawText, wire::DrawStroke>;

// The decoded images of a drawing. Empty where the message has no image, where it names a surface (the canvas looks
// that up itself), or where decoding failed. 1-bit masks come as Layout::a1.
struct DrawImages {
    Picture source;
    Picture brush; // the pattern of `brush`, or of TEXT's `fore`
    Picture mask;  // of QMask, or of COMPOSITE
    Picture back;  // the pattern of TEXT's `back`
};

struct DrawOp {
    DrawMessage message;
    DrawImages images;
};

// Why a drawing was skipped. The channel goes on; callers warn once per kind.
enum class FaultKind : uint8_t {
    unknown_surface,
    bad_clip,
    no_image,
    unknown_source_surface,
    bad_source_area,
    bad_scale_mode,
    bad_mask,
    bad_pixel_format,
    bad_path,
    bad_dash,
    bad_text,
    bad_composite,
};
const char *describe(FaultKind kind) noexcept;

struct Outcome {
    std::optional<Box> damage; // box ∩ surface; nothing when no pixel could change
    std::optional<FaultKind> fault;
};

// Rows [first, last) of the destination surface.
struct Band {
    int32_t first = 0;
    int32_t last = std::numeric_limits<int32_t>::max();
};

class DrawScratch;

// Applies drawings to surfaces (spec/display.md §10). Thread-bound to the owner of the surfaces.
class Canvas {
public:
    explicit Canvas(SurfaceSet &surfaces);
    ~Canvas();

    Outcome draw(const DrawOp &op) { return draw(op, Band{}); }
    // Only what falls into these rows. Bands that together cover the surface draw what one whole draw() does, in any
    // order, unless must_be_whole(). The damage is always that of the whole drawing.
    Outcome draw(const DrawOp &op, Band band);
    // Does once what every band would do again; optional.
    void prepare(DrawOp &op);
    // The drawing reads the surface it writes, so that the rows of one band depend on those of another.
    bool must_be_whole(const DrawOp &op) const;
    // What the drawing may change, before clip and mask: box ∩ surface. Empty when there is no such surface.
    Box extents(const DrawOp &op) const;

    // A frame of a video stream (§11.3), scaled into `dest`. The first row of the frame is the bottom one unless
    // `top_down`.
    Outcome draw_frame(uint32_t surface_id, const codec::BitmapView &frame, const wire::Rect &dest,
                       const wire::Clip &clip, bool top_down, Band band = {});

private:
    SurfaceSet &surfaces_;
    std::unique_ptr<DrawScratch> scratch_;
};

}
