// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/canvas-source.hh"

#include <algorithm>
#include <cstring>
#include <span>

namespace spice::display {
namespace {

using codec::Layout;

const uint8_t *bytes_of(const std::byte *p) noexcept { return reinterpret_cast<const uint8_t *>(p); }

// Buffers are of words, so that rows of any pixel size are aligned in them.
uint8_t *reserve(std::vector<uint32_t> &buffer, std::size_t bytes) {
    const auto words = (bytes + 3) / 4;
    if (buffer.size() < words) buffer.resize(words);
    return reinterpret_cast<uint8_t *>(buffer.data());
}

int64_t modulo(int64_t a, int64_t n) noexcept {
    const int64_t r = a % n;
    return r < 0 ? r + n : r;
}

}

bool Source::prepare(Kind kind, const codec::BitmapView &view, Layout layout) {
    kind_ = kind;
    view_ = view;
    layout_ = layout;
    bytes_ = codec::bits_per_pixel(layout) / 8;
    convert_ = same_pixels(view.layout, layout) ? nullptr : converter(view.layout, layout);
    for (unsigned slot : {0u, 1u})
        converted_y_[slot] = wide_y_[slot] = -1;
    return view.width > 0 && view.height > 0 && (convert_ || same_pixels(view.layout, layout));
}

bool Source::set_unscaled(const codec::BitmapView &view, Layout layout, int64_t dx, int64_t dy) {
    dx_ = dx;
    dy_ = dy;
    return prepare(Kind::unscaled, view, layout);
}

bool Source::set_scaled(const codec::BitmapView &view, Layout layout, const SourceRect &area, const Box &box,
                        ScaleMode mode) {
    columns_ = ScaleAxis{area.left, area.width, width(box), area.start, area.origin_x};
    rows_ = ScaleAxis{area.top, area.height, height(box), area.start, area.origin_y};
    left_ = box.x1;
    top_ = box.y1;
    return prepare(mode == ScaleMode::nearest ? Kind::nearest : Kind::bilinear, view, layout);
}

bool Source::set_tiled(const codec::BitmapView &view, Layout layout, int64_t x, int64_t y) {
    dx_ = x;
    dy_ = y;
    return prepare(Kind::tiled, view, layout);
}

bool Source::blend() noexcept {
    convert_ = view_.layout == Layout::bgra ? nullptr : blend_converter(view_.layout);
    layout_ = Layout::bgra;
    bytes_ = 4;
    return view_.layout == Layout::bgra || convert_;
}

SourceRow Source::row(int32_t y, int32_t x1, int32_t x2) {
    switch (kind_) {
    case Kind::unscaled:
        return unscaled_row(y, x1, x2);
    case Kind::nearest:
        return nearest_row(y, x1, x2);
    case Kind::bilinear:
        return bilinear_row(y, x1, x2);
    case Kind::tiled:
        return tiled_row(y, x1, x2);
    }
    return {};
}

void Source::release_buffers() {
    constexpr std::size_t keep_words = 16384; // a row of the largest surface
    for (auto *buffer : {&out_, &interpolated_, &converted_[0], &converted_[1], &wide_[0], &wide_[1]})
        if (buffer->size() > keep_words) std::vector<uint32_t>{}.swap(*buffer);
}

uint8_t *Source::out(int64_t pixels) { return reserve(out_, static_cast<std::size_t>(pixels) * bytes_); }

SourceRow Source::unscaled_row(int32_t y, int32_t x1, int32_t x2) {
    const int64_t sy = y + dy_;
    if (sy < 0 || sy >= view_.height) return {};
    const int64_t from = std::max<int64_t>(x1 + dx_, 0), to = std::min<int64_t>(x2 + dx_, view_.width);
    if (from >= to) return {};
    SourceRow r{nullptr, static_cast<int32_t>(from - dx_), static_cast<int32_t>(to - dx_)};
    const auto *row = bytes_of(view_.row(static_cast<uint32_t>(sy)));
    if (!convert_) {
        r.pixels = row + from * bytes_;
    } else {
        auto *p = out(to - from);
        convert_(row, from, to - from, p);
        r.pixels = p;
    }
    return r;
}

const uint8_t *Source::whole_row(int64_t y, unsigned slot) {
    if (y < 0 || y >= view_.height) return nullptr;
    const auto *row = bytes_of(view_.row(static_cast<uint32_t>(y)));
    if (!convert_) return row;
    auto *p = reserve(converted_[slot], std::size_t{view_.width} * bytes_);
    if (converted_y_[slot] != y) convert_(row, 0, view_.width, p);
    converted_y_[slot] = y;
    return p;
}

SourceRow Source::tiled_row(int32_t y, int32_t x1, int32_t x2) {
    const auto *row = whole_row(modulo(y - dy_, view_.height), 0);
    const int64_t total = int64_t{x2} - x1;
    int64_t x = modulo(x1 - dx_, view_.width);
    if (x + total <= view_.width) return {row + x * bytes_, x1, x2};
    auto *p = out(total);
    for (int64_t done = 0; done < total; x = 0) {
        const int64_t n = std::min<int64_t>(view_.width - x, total - done);
        std::memcpy(p + done * bytes_, row + x * bytes_, static_cast<std::size_t>(n) * bytes_);
        done += n;
    }
    return {p, x1, x2};
}

SourceRow Source::nearest_row(int32_t y, int32_t x1, int32_t x2) {
    const auto *row = whole_row(rows_.nearest(int64_t{y} - top_), 0);
    const int64_t from = int64_t{x1} - left_, to = int64_t{x2} - left_;
    auto *p = out(to - from);
    if (bytes_ == 4) {
        scale_nearest_row(columns_, from, to, reinterpret_cast<const uint32_t *>(row), view_.width,
                          reinterpret_cast<uint32_t *>(p));
    } else if (bytes_ == 2) {
        scale_nearest_row(columns_, from, to, reinterpret_cast<const uint16_t *>(row), view_.width,
                          reinterpret_cast<uint16_t *>(p));
        if (layout_ == Layout::rgb555) // scaling does not carry the unused bit over
            for (auto &pixel : std::span{reinterpret_cast<uint16_t *>(p), static_cast<std::size_t>(to - from)})
                pixel &= 0x7fff;
    } else {
        scale_nearest_row(columns_, from, to, row, view_.width, p);
    }
    return {p, x1, x2};
}

const uint32_t *Source::wide_row(int64_t y, unsigned slot) {
    const auto *row = whole_row(y, slot);
    if (!row || bytes_ == 4) return reinterpret_cast<const uint32_t *>(row);
    auto *p = reserve(wide_[slot], std::size_t{view_.width} * 4);
    if (wide_y_[slot] != y) converter(layout_, Layout::bgrx)(row, 0, view_.width, p);
    wide_y_[slot] = y;
    return reinterpret_cast<const uint32_t *>(p);
}

SourceRow Source::bilinear_row(int32_t y, int32_t x1, int32_t x2) {
    const auto sample = rows_.bilinear(int64_t{y} - top_);
    const int64_t from = int64_t{x1} - left_, to = int64_t{x2} - left_;
    auto *p = out(to - from);
    // Slots go by parity: a row that was the lower one and is now the upper one need not be converted again.
    const unsigned slot = (sample.index & 1) != 0 ? 1 : 0;
    if (bytes_ == 1) {
        scale_bilinear_row(columns_, from, to, whole_row(sample.index, slot), whole_row(sample.index + 1, slot ^ 1),
                           view_.width, sample.weight, p);
        return {p, x1, x2};
    }
    const auto *upper = wide_row(sample.index, slot), *lower = wide_row(sample.index + 1, slot ^ 1);
    if (bytes_ == 4) {
        scale_bilinear_row(columns_, from, to, upper, lower, view_.width, sample.weight,
                           reinterpret_cast<uint32_t *>(p));
        return {p, x1, x2};
    }
    auto *interpolated = reserve(interpolated_, static_cast<std::size_t>(to - from) * 4); // 16-bit pixels, in 8 bits
    scale_bilinear_row(columns_, from, to, upper, lower, view_.width, sample.weight,
                       reinterpret_cast<uint32_t *>(interpolated));
    converter(Layout::bgrx, layout_)(interpolated, 0, to - from, p);
    return {p, x1, x2};
}

}
