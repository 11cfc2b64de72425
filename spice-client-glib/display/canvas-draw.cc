// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-draw.hh"

#include <algorithm>
#include <cstring>

namespace spice::display {

using codec::Layout;

codec::Layout layout_of(SurfaceFormat format) noexcept {
    switch (format) {
    case SurfaceFormat::a1:
        return Layout::a1;
    case SurfaceFormat::a8:
        return Layout::a8;
    case SurfaceFormat::rgb555:
        return Layout::rgb555;
    case SurfaceFormat::rgb565:
        return Layout::rgb565;
    case SurfaceFormat::xrgb:
        return Layout::bgrx;
    case SurfaceFormat::argb:
        return Layout::bgra;
    }
    return Layout::bgrx;
}

codec::BitmapView view_of(const Surface &surface) noexcept {
    return {reinterpret_cast<const std::byte *>(surface.data()), surface.width, surface.height,
            static_cast<std::ptrdiff_t>(surface.stride), layout_of(surface.format)};
}

Box to_box(const wire::Rect &rect) noexcept { return Box{rect.left, rect.top, rect.right, rect.bottom}; }

bool same_size(const wire::Rect &a, const wire::Rect &b) noexcept {
    return a.width() == b.width() && a.height() == b.height();
}

void DrawScratch::release_large() {
    constexpr std::size_t keep = std::size_t{256} << 10;
    for (auto *memory : {&snapshot, &snapshot2, &one_bit, &coverage})
        if (memory->capacity() > keep) std::vector<uint8_t>{}.swap(*memory);
    area.release_large(keep);
    source.release_buffers();
    brush.release_buffers();
}

void Painter::block(const Box &box) {
    for (int32_t y = box.y1; y < box.y2; ++y)
        span(y, box.x1, box.x2);
}

bool Draw::fail(FaultKind kind) noexcept {
    if (!outcome_.fault) outcome_.fault = kind;
    return false;
}

// False: the clip has too many boxes. The first of several bands looks at the whole, so that all are skipped or none.
bool Draw::set_area(const wire::Clip &clip, const Box &whole, const Box &part) {
    if (!clip.has_rects()) {
        scratch_.area.set(part);
        return true;
    }
    const auto unite = [&](const Box &bounds) {
        std::size_t i = 0;
        return scratch_.area.set(bounds, [&](Box &b) {
            if (i == clip.rects.size()) return false;
            b = to_box(clip.rects[i++]);
            return true;
        });
    };
    constexpr std::size_t few = 128; // can be united always
    const bool first_of_bands = part.y1 == whole.y1 && part.y2 < whole.y2;
    if (first_of_bands && clip.rects.size() > few && !unite(whole)) return false;
    return unite(part);
}

bool Draw::begin(uint32_t surface_id, const wire::Rect &box, const wire::Clip &clip, Band band) {
    surface_ = surfaces_.find(surface_id);
    if (!surface_) return fail(FaultKind::unknown_surface);
    const Layout layout = layout_of(surface_->format);
    const Box bounds{0, 0, static_cast<int32_t>(surface_->width), static_cast<int32_t>(surface_->height)};
    target_ = Target{surface_->data(),
                     static_cast<std::ptrdiff_t>(surface_->stride),
                     bounds,
                     layout,
                     codec::bits_per_pixel(layout) / 8,
                     layout == Layout::a1};
    box_ = box;
    const Box whole = intersect(to_box(box), bounds);
    const Box part{whole.x1, std::max(whole.y1, band.first), whole.x2, std::min(whole.y2, band.last)};
    if (!empty(whole)) outcome_.damage = whole;
    if (!set_area(clip, whole, part)) return fail(FaultKind::bad_clip);
    if (scratch_.area.is_empty()) return false;
    if (target_.one_bit) unpack_one_bit();
    return true;
}

Outcome Draw::finish() {
    if (target_.one_bit && target_.layout == Layout::a8 && !outcome_.fault) pack_one_bit();
    if (outcome_.fault) outcome_.damage.reset();
    scratch_.release_large();
    return outcome_;
}

void Draw::unpack_one_bit() {
    const auto view = view_of(*surface_);
    const std::size_t stride = (std::size_t{view.width} + 3) & ~std::size_t{3};
    scratch_.one_bit.resize(stride * view.height);
    const auto widen = converter(Layout::a1, Layout::a8);
    for (uint32_t y = 0; y < view.height; ++y)
        widen(reinterpret_cast<const uint8_t *>(view.row(y)), 0, view.width, scratch_.one_bit.data() + y * stride);
    target_.data = scratch_.one_bit.data();
    target_.stride = static_cast<std::ptrdiff_t>(stride);
    target_.layout = Layout::a8;
    target_.bytes = 1;
}

void Draw::pack_one_bit() noexcept {
    const Box &b = scratch_.area.extents();
    for (int32_t y = b.y1; y < b.y2; ++y) {
        uint8_t *row = surface_->data() + static_cast<std::size_t>(y) * surface_->stride;
        for (int32_t x = b.x1; x < b.x2; ++x) {
            const auto bit = static_cast<uint8_t>(1u << (x % 8));
            const bool set = (*target_.pixel(x, y) & 0x80) != 0;
            row[x / 8] = static_cast<uint8_t>(set ? row[x / 8] | bit : row[x / 8] & ~bit);
        }
    }
}

std::optional<ImageRef> Draw::image(const wire::Image &image, const Picture &bitmap) {
    if (const auto *named = std::get_if<wire::SurfaceImage>(&image.data)) {
        const Surface *surface = surfaces_.find(named->surface_id);
        if (!surface) return fail(FaultKind::unknown_source_surface), std::nullopt;
        // The bits of a 1-bit destination stay as they were until finish().
        return ImageRef{view_of(*surface), surface, surface == surface_ && !target_.one_bit};
    }
    if (!bitmap || bitmap.view.width == 0 || bitmap.view.height == 0) return fail(FaultKind::no_image), std::nullopt;
    return ImageRef{bitmap.view};
}

std::optional<ImageRef> Draw::image(const std::optional<wire::Image> &optional, const Picture &bitmap) {
    if (!optional) return fail(FaultKind::no_image), std::nullopt;
    return image(*optional, bitmap);
}

wire::Point Draw::detach(ImageRef &image, const Box &part, std::vector<uint8_t> &memory) {
    const Box bounds{0, 0, static_cast<int32_t>(image.view.width), static_cast<int32_t>(image.view.height)};
    Box b = intersect(part, bounds);
    if (empty(b)) b = Box{0, 0, 1, 1}; // nothing will be read, but a view has pixels
    const auto bytes = target_.size(width(b));
    const auto stride = (bytes + 3) & ~std::size_t{3};
    memory.resize(stride * static_cast<std::size_t>(height(b)));
    for (int32_t y = b.y1; y < b.y2; ++y)
        std::memcpy(memory.data() + stride * static_cast<std::size_t>(y - b.y1), target_.pixel(b.x1, y), bytes);
    image.view = {reinterpret_cast<const std::byte *>(memory.data()), static_cast<uint32_t>(width(b)),
                  static_cast<uint32_t>(height(b)), static_cast<std::ptrdiff_t>(stride), image.view.layout};
    image.same = false;
    return {b.x1, b.y1};
}

bool Draw::adapt(ImageRef &image, std::vector<uint8_t> &memory) {
    codec::BitmapView &v = image.view;
    if (image.surface || same_pixels(v.layout, target_.layout)) return true;
    const auto convert = converter(v.layout, target_.layout);
    if (!convert) return fail(FaultKind::bad_pixel_format);
    const std::size_t stride = (target_.size(v.width) + 3) & ~std::size_t{3};
    memory.resize(stride * v.height);
    for (uint32_t y = 0; y < v.height; ++y)
        convert(reinterpret_cast<const uint8_t *>(v.row(y)), 0, v.width, memory.data() + stride * y);
    v = {reinterpret_cast<const std::byte *>(memory.data()), v.width, v.height, static_cast<std::ptrdiff_t>(stride),
         target_.layout};
    return true;
}

void adapt_picture(Picture &picture, Layout layout) {
    const codec::BitmapView &v = picture.view;
    if (!picture || layout == Layout::a1 || same_pixels(v.layout, layout)) return;
    const auto convert = converter(v.layout, layout);
    auto made = convert ? codec::make_bitmap({v.width, v.height}, layout, {}) : Error{Error::Kind::unsupported, ""};
    if (!made) return;
    for (uint32_t y = 0; y < v.height; ++y)
        convert(reinterpret_cast<const uint8_t *>(v.row(y)), 0, v.width, reinterpret_cast<uint8_t *>(made->row(y)));
    auto shared = std::make_shared<const codec::Bitmap>(std::move(*made));
    picture = {shared->view(), shared};
}

bool Draw::set_source(const ImageRef &found, const wire::Rect &area, uint8_t scale_mode, bool blended,
                      ScaleStart start) {
    if (scale_mode > static_cast<uint8_t>(ScaleMode::nearest)) return fail(FaultKind::bad_scale_mode);
    if (area.empty()) return fail(FaultKind::bad_source_area);
    const int64_t dx = int64_t{area.left} - box_.left, dy = int64_t{area.top} - box_.top;
    const Box bounds{0, 0, static_cast<int32_t>(found.view.width), static_cast<int32_t>(found.view.height)};
    const bool unscaled = same_size(area, box_);
    ImageRef from = found;
    wire::Point origin;
    if (from.same) {
        Box part = moved_inside(scratch_.area.extents(), dx, dy, bounds);
        if (!unscaled) { // with the neighbours that interpolation looks at
            part = moved_inside(to_box(area), 0, 0, bounds);
            part = intersect(Box{part.x1 - 2, part.y1 - 2, part.x2 + 2, part.y2 + 2}, bounds);
            if (start != ScaleStart::exact) part = bounds;
        }
        origin = detach(from, part, scratch_.snapshot);
    }
    bool usable = false;
    if (unscaled) {
        usable = scratch_.source.set_unscaled(from.view, target_.layout, dx - origin.x, dy - origin.y);
    } else {
        const SourceRect rect{area.left, area.top, area.width(), area.height(), start, origin.x, origin.y};
        // There is nothing between two bits.
        const auto mode = target_.one_bit ? ScaleMode::nearest : static_cast<ScaleMode>(scale_mode);
        usable = scratch_.source.set_scaled(from.view, target_.layout, rect, to_box(box_), mode);
    }
    if (blended) usable = scratch_.source.blend();
    return usable || fail(FaultKind::bad_pixel_format);
}

uint32_t Draw::repeat_colour(uint32_t colour) const noexcept {
    if (target_.one_bit) return (colour & 1) != 0 ? 0xffffffffu : 0;
    if (target_.bytes == 2) return (colour & 0xffff) * 0x10001u;
    if (target_.bytes == 1) return (colour & 0xff) * 0x1010101u;
    return colour;
}

std::optional<BrushRef> Draw::set_brush(const wire::Brush &brush, const Picture &pattern) {
    if (const auto *solid = std::get_if<wire::SolidBrush>(&brush.data))
        return BrushRef{true, repeat_colour(solid->color)};
    const auto *tile = std::get_if<wire::PatternBrush>(&brush.data);
    if (!tile) return BrushRef{};
    auto from = image(tile->image, pattern);
    if (!from) return std::nullopt;
    if (from->same) detach(*from, target_.bounds, scratch_.snapshot2);
    if (!scratch_.brush.set_tiled(from->view, target_.layout, tile->pos.x, tile->pos.y))
        return fail(FaultKind::bad_pixel_format), std::nullopt;
    return BrushRef{false, 0};
}

bool Draw::set_mask(const wire::QMask &mask) {
    if (!mask.image) return true;
    auto bits = image(*mask.image, images_.mask);
    if (!bits) return false;
    if (bits->view.layout != Layout::a1) return fail(FaultKind::bad_mask);
    mask_.emplace(bits->view, int64_t{mask.pos.x} - box_.left, int64_t{mask.pos.y} - box_.top, (mask.flags & 1) != 0);
    return true;
}

void Draw::paint(Painter &painter) {
    for (const Box &box : scratch_.area.boxes()) {
        if (!mask_) {
            painter.block(box);
            continue;
        }
        for (int32_t y = box.y1; y < box.y2; ++y)
            mask_->runs(y, box.x1, box.x2, [&](int32_t x1, int32_t x2) { painter.span(y, x1, x2); });
    }
}

}
