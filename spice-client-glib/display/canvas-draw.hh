// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "display/canvas-mask.hh"
#include "display/canvas-source.hh"
#include "display/canvas.hh"
#include "display/rop.hh"

#include <optional>
#include <vector>

// What the drawing operations share; internal to the canvas.
namespace spice::display {

codec::Layout layout_of(SurfaceFormat format) noexcept;
codec::BitmapView view_of(const Surface &surface) noexcept;

// Where pixels go. A 1-bit surface is drawn as bytes of 0 or 0xff and packed afterwards.
struct Target {
    uint8_t *data = nullptr;
    std::ptrdiff_t stride = 0;
    Box bounds{};
    codec::Layout layout = codec::Layout::bgrx;
    unsigned bytes = 4; // per pixel
    bool one_bit = false;

    uint8_t *pixel(int32_t x, int32_t y) const noexcept {
        return data + y * stride + std::ptrdiff_t{x} * static_cast<std::ptrdiff_t>(bytes);
    }
    std::size_t size(int64_t pixels) const noexcept { return static_cast<std::size_t>(pixels) * bytes; }
};

// Memory that outlives one drawing, so that small drawings allocate nothing.
class DrawScratch {
public:
    Area area;
    Source source, brush;
    std::vector<uint8_t> snapshot, snapshot2, one_bit, coverage;
    void release_large();
};

// Writes the pixels of one operation.
class Painter {
public:
    virtual void span(int32_t y, int32_t x1, int32_t x2) = 0;
    virtual void block(const Box &box);

protected:
    ~Painter() = default;
};

// A resolved image. `same`: it is the surface being drawn to.
struct ImageRef {
    codec::BitmapView view;
    const Surface *surface = nullptr;
    bool same = false;
};

struct BrushRef {
    bool solid = true;
    uint32_t colour = 0; // repeated to 32 bits
};

// One drawing under way: destination, region and the first fault.
class Draw {
public:
    Draw(SurfaceSet &surfaces, DrawScratch &scratch, const DrawImages &images)
        : surfaces_{surfaces}, scratch_{scratch}, images_{images} {}

    // Finds the destination and R = box ∩ surface ∩ clip ∩ band. False: nothing to draw, or a fault.
    bool begin(uint32_t surface_id, const wire::Rect &box, const wire::Clip &clip, Band band);
    // R ∩ mask. False: a fault.
    bool set_mask(const wire::QMask &mask);
    Outcome finish();
    bool fail(FaultKind kind) noexcept;

    // Finds an image; none is a fault.
    std::optional<ImageRef> image(const std::optional<wire::Image> &image, const Picture &bitmap);
    std::optional<ImageRef> image(const wire::Image &image, const Picture &bitmap);
    // Makes scratch.source yield the source over the box, scaled when sizes differ.
    bool set_source(const ImageRef &image, const wire::Rect &area, uint8_t scale_mode, bool blended = false,
                    ScaleStart start = ScaleStart::exact);
    // Colour, or scratch.brush set to yield the pattern.
    std::optional<BrushRef> set_brush(const wire::Brush &brush, const Picture &pattern);
    uint32_t repeat_colour(uint32_t colour) const noexcept;
    // Replaces a view of the destination by a copy of `part` of it, at least; returns where the copy begins.
    wire::Point detach(ImageRef &image, const Box &part, std::vector<uint8_t> &memory);

    // Gives an image the destination's format (§5.2), unless it is a surface. False: a fault.
    bool adapt(ImageRef &image, std::vector<uint8_t> &memory);

    // Calls the painter for everything in R.
    void paint(Painter &painter);

    const Target &target() const noexcept { return target_; }
    const wire::Rect &box() const noexcept { return box_; }
    const Area &area() const noexcept { return scratch_.area; }
    const std::optional<Mask> &mask() const noexcept { return mask_; }
    DrawScratch &scratch() noexcept { return scratch_; }
    const DrawImages &images() const noexcept { return images_; }
    const Surface &surface() const noexcept { return *surface_; }

private:
    bool set_area(const wire::Clip &clip, const Box &whole, const Box &part);
    void unpack_one_bit();
    void pack_one_bit() noexcept;

    SurfaceSet &surfaces_;
    DrawScratch &scratch_;
    const DrawImages &images_;
    Surface *surface_ = nullptr;
    Target target_;
    wire::Rect box_;
    std::optional<Mask> mask_;
    Outcome outcome_;
};

// What Draw::adapt() does, once for all bands. A picture that cannot be adapted stays as it is.
void adapt_picture(Picture &picture, codec::Layout layout);

Box to_box(const wire::Rect &rect) noexcept;
bool same_size(const wire::Rect &a, const wire::Rect &b) noexcept;

// The operations. Each is called after Draw::begin() and ends with what it painted or a fault in `draw`.
void draw_fill(Draw &draw, const wire::DrawFill &message);
void draw_constant(Draw &draw, const wire::MaskFields &message, Rop2 rop);
void draw_copy(Draw &draw, const wire::CopyFields &message);
void draw_opaque(Draw &draw, const wire::DrawOpaque &message);
void draw_copy_bits(Draw &draw, const wire::CopyBits &message);
void draw_rop3(Draw &draw, const wire::DrawRop3 &message);
void draw_transparent(Draw &draw, const wire::DrawTransparent &message);
void draw_alpha_blend(Draw &draw, const wire::DrawAlphaBlend &message);
void draw_composite(Draw &draw, const wire::DrawComposite &message);
void draw_text(Draw &draw, const wire::DrawText &message);
void draw_stroke(Draw &draw, const wire::DrawStroke &message);

// Rows of rop(brush, destination); shared by FILL, OPAQUE, TEXT and STROKE.
class BrushPainter final : public Painter {
public:
    BrushPainter(const Target &target, Source &pattern, const BrushRef &brush, Rop2 rop) noexcept
        : target_{target}, pattern_{pattern}, brush_{brush}, rop_{rop} {}
    void span(int32_t y, int32_t x1, int32_t x2) override;
    void block(const Box &box) override;

private:
    const Target &target_;
    Source &pattern_;
    BrushRef brush_;
    Rop2 rop_;
};

}
