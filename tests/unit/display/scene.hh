// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "display/canvas-draw.hh"
#include "display/canvas.hh"

#include <cstring>
#include <random>
#include <vector>

// Surfaces, images and drawings for the canvas tests.
namespace scene {

using namespace spice;
using namespace spice::display;

class Random {
public:
    explicit Random(uint32_t seed) : engine_{seed} {}
    uint32_t word() { return static_cast<uint32_t>(engine_()); }
    // Of [low, high].
    int32_t between(int32_t low, int32_t high) { return std::uniform_int_distribution<int32_t>{low, high}(engine_); }
    bool one_in(int n) { return between(1, n) == 1; }

private:
    std::mt19937 engine_;
};

inline Picture make_picture(uint32_t w, uint32_t h, codec::Layout layout, Random &random) {
    auto bitmap = codec::make_bitmap({w, h}, layout, codec::Limits{});
    if (!bitmap) return {};
    auto shared = std::make_shared<codec::Bitmap>(*std::move(bitmap));
    for (std::size_t i = 0; i < shared->data.size(); ++i)
        shared->data.data()[i] = static_cast<std::byte>(random.word());
    return {shared->view(), shared};
}

inline Picture picture_of(uint32_t w, uint32_t h, const std::vector<uint32_t> &pixels) {
    Random unused{1};
    auto picture = make_picture(w, h, codec::Layout::bgrx, unused);
    for (uint32_t y = 0; y < h; ++y)
        std::memcpy(const_cast<std::byte *>(picture.view.row(y)), pixels.data() + std::size_t{y} * w,
                    std::size_t{w} * 4);
    return picture;
}

inline uint32_t pixel(const Surface &s, int x, int y) {
    const auto *row = s.data() + static_cast<std::size_t>(y) * s.stride;
    uint32_t v = 0;
    switch (s.format) {
    case SurfaceFormat::a1:
        return row[x / 8] >> (x % 8) & 1u;
    case SurfaceFormat::a8:
        return row[x];
    case SurfaceFormat::rgb555:
    case SurfaceFormat::rgb565:
        std::memcpy(&v, row + x * 2, 2);
        return v;
    case SurfaceFormat::xrgb:
    case SurfaceFormat::argb:
        std::memcpy(&v, row + x * 4, 4);
        return v;
    }
    return 0;
}

inline std::vector<uint8_t> bytes(const Surface &s) { return {s.data(), s.data() + s.stride * s.height}; }

inline void randomise(Surface &s, Random &random) {
    for (std::size_t i = 0; i < s.stride * s.height; ++i)
        s.data()[i] = static_cast<uint8_t>(random.word());
}

inline wire::Image some_image() { // stands for pixels that are in DrawImages
    wire::Image image;
    image.type = wire::ImageType::from_cache;
    image.data = wire::FromCacheImage{};
    return image;
}

inline wire::Image surface_image(uint32_t id) {
    wire::Image image;
    image.type = wire::ImageType::surface;
    image.data = wire::SurfaceImage{id};
    return image;
}

inline wire::Rect rect(int32_t left, int32_t top, int32_t right, int32_t bottom) {
    return wire::Rect{top, left, bottom, right};
}

inline wire::Brush solid(uint32_t colour) { return {wire::BrushType::solid, wire::SolidBrush{colour}}; }
inline wire::Brush tile(wire::Image image, int32_t x, int32_t y) {
    return {wire::BrushType::pattern, wire::PatternBrush{std::move(image), {x, y}}};
}

inline constexpr uint16_t put = 0x8;

inline wire::DrawFill fill(uint32_t id, wire::Rect box, uint32_t colour, uint16_t rop = put) {
    wire::DrawFill m;
    m.base.surface_id = id;
    m.base.box = box;
    m.brush = solid(colour);
    m.rop = rop;
    return m;
}

inline wire::DrawCopy copy(uint32_t id, wire::Rect box, wire::Image src, wire::Rect area, uint16_t rop = put) {
    wire::DrawCopy m;
    m.base.surface_id = id;
    m.base.box = box;
    m.src = std::move(src);
    m.src_area = area;
    m.rop = rop;
    m.scale_mode = 1;
    return m;
}

}
