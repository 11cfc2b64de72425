// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/frame-source.hh"

#include <cstring>

namespace spice::gtk {

namespace {
constexpr uint32_t widen5(uint32_t v) noexcept { return v << 3 | v >> 2; }
constexpr uint32_t widen6(uint32_t v) noexcept { return v << 2 | v >> 4; }

constexpr uint32_t from_555(uint32_t p) noexcept {
    return widen5(p >> 10 & 0x1f) << 16 | widen5(p >> 5 & 0x1f) << 8 | widen5(p & 0x1f);
}
constexpr uint32_t from_565(uint32_t p) noexcept {
    return widen5(p >> 11 & 0x1f) << 16 | widen6(p >> 5 & 0x3f) << 8 | widen5(p & 0x1f);
}

template <class Pixel, class Fn> void convert_row(const uint8_t *src, uint32_t *dst, int n, Fn fn) noexcept {
    for (int i = 0; i < n; ++i) {
        Pixel p;
        std::memcpy(&p, src + static_cast<std::size_t>(i) * sizeof p, sizeof p);
        dst[i] = fn(p);
    }
}
}

void FrameSource::set(Format format, int width, int height, int stride, const uint8_t *data) {
    clear();
    const int pixel = format == Format::rgb565 || format == Format::rgb555 ? 2 : 4;
    if (!data || width <= 0 || height <= 0 || stride / pixel < width || format == Format::none) return;
    format_ = format, width_ = width, height_ = height, stride_ = stride, data_ = data;
    if (!converts()) return;
    copy_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    convert({0, 0, width, height});
}

void FrameSource::clear() {
    format_ = Format::none;
    width_ = height_ = stride_ = 0;
    data_ = nullptr;
    copy_.clear();
}

void FrameSource::convert(const Rect &rect) {
    if (!converts()) return;
    const Rect r = intersect(rect, {0, 0, width_, height_});
    for (int y = r.y; y < r.y + r.h; ++y) {
        auto *dst = copy_.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + r.x;
        switch (format_) {
        case Format::rgb555: convert_row<uint16_t>(row(y) + r.x * 2, dst, r.w, from_555); break;
        case Format::rgb565: convert_row<uint16_t>(row(y) + r.x * 2, dst, r.w, from_565); break;
        case Format::none:
        case Format::rgb32: break;
        }
    }
}

Frame FrameSource::frame(const Rect &area) const noexcept {
    const Rect r = intersect(area, {0, 0, width_, height_});
    if (empty() || r.empty()) return {};
    const int stride = converts() ? width_ * 4 : stride_;
    const auto *base = converts() ? reinterpret_cast<const uint8_t *>(copy_.data()) : data_;
    return {base + static_cast<std::ptrdiff_t>(r.y) * stride + r.x * 4, stride, r.w, r.h};
}

}
