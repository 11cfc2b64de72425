// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace spice::testserver {

struct Rect {
    int x = 0, y = 0, w = 0, h = 0;
    int right() const noexcept { return x + w; }
    int bottom() const noexcept { return y + h; }
    bool empty() const noexcept { return w <= 0 || h <= 0; }
    bool contains(int px, int py) const noexcept { return px >= x && py >= y && px < right() && py < bottom(); }
    Rect moved(int dx, int dy) const noexcept { return {x + dx, y + dy, w, h}; }
    Rect inset(int n) const noexcept { return {x + n, y + n, w - 2 * n, h - 2 * n}; }
    bool operator==(const Rect &) const = default;
};

Rect intersect(const Rect &a, const Rect &b) noexcept;

using Color = uint32_t; // 0x00RRGGBB

constexpr Color rgb(int r, int g, int b) noexcept {
    return static_cast<Color>(r) << 16 | static_cast<Color>(g) << 8 | static_cast<Color>(b);
}
Color mix(Color a, Color b, double t) noexcept; // t = 0: a, t = 1: b

// A block of pixels, rows top to bottom without padding. Every operation is clipped to it.
class Picture {
public:
    Picture() = default;
    Picture(int width, int height, Color color = 0);
    int width() const noexcept { return width_; }
    int height() const noexcept { return height_; }
    Rect bounds() const noexcept { return {0, 0, width_, height_}; }
    const std::vector<Color> &pixels() const noexcept { return pixels_; }
    Color *row(int y) noexcept { return pixels_.data() + index(0, y); }
    const Color *row(int y) const noexcept { return pixels_.data() + index(0, y); }
    Color get(int x, int y) const noexcept { return bounds().contains(x, y) ? pixels_[index(x, y)] : 0; }
    void set(int x, int y, Color c) noexcept {
        if (bounds().contains(x, y)) pixels_[index(x, y)] = c & 0xffffffu;
    }
    void blend(int x, int y, Color c, double alpha) noexcept;
    void fill(const Rect &area, Color c) noexcept;
    void put(int x, int y, const Picture &src) noexcept;
    void move(const Rect &dest, int src_x, int src_y) noexcept; // overlapping is fine
    Picture cut(const Rect &area) const;                        // area must lie inside

private:
    std::size_t index(int x, int y) const noexcept {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x);
    }
    int width_ = 0, height_ = 0;
    std::vector<Color> pixels_;
};

bool write_ppm(const Picture &picture, const std::string &path);

}
