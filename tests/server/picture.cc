// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "picture.hh"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>

namespace spice::testserver {

Rect intersect(const Rect &a, const Rect &b) noexcept {
    const int x = std::max(a.x, b.x), y = std::max(a.y, b.y);
    return {x, y, std::max(0, std::min(a.right(), b.right()) - x), std::max(0, std::min(a.bottom(), b.bottom()) - y)};
}

Color mix(Color a, Color b, double t) noexcept {
    t = std::clamp(t, 0.0, 1.0);
    Color out = 0;
    for (unsigned shift = 0; shift < 24; shift += 8) {
        const double from = a >> shift & 255u, to = b >> shift & 255u;
        out |= static_cast<Color>(from + (to - from) * t + 0.5) << shift;
    }
    return out;
}

Picture::Picture(int width, int height, Color color)
    : width_{std::max(width, 0)}, height_{std::max(height, 0)},
      pixels_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_), color & 0xffffffu) {}

void Picture::blend(int x, int y, Color c, double alpha) noexcept {
    if (alpha > 0 && bounds().contains(x, y)) pixels_[index(x, y)] = mix(pixels_[index(x, y)], c, alpha);
}

void Picture::fill(const Rect &area, Color c) noexcept {
    const auto r = intersect(area, bounds());
    for (int y = r.y; y < r.bottom(); ++y)
        std::fill_n(row(y) + r.x, r.w, c & 0xffffffu);
}

void Picture::put(int x, int y, const Picture &src) noexcept {
    const auto r = intersect({x, y, src.width(), src.height()}, bounds());
    for (int line = r.y; line < r.bottom(); ++line)
        std::copy_n(src.row(line - y) + (r.x - x), r.w, row(line) + r.x);
}

void Picture::move(const Rect &dest, int src_x, int src_y) noexcept {
    const int dx = src_x - dest.x, dy = src_y - dest.y;
    const auto from = intersect({src_x, src_y, dest.w, dest.h}, bounds());
    const auto r = intersect(from.moved(-dx, -dy), bounds());
    if (r.empty()) return;
    for (int i = 0; i < r.h; ++i) {
        const int y = dy >= 0 ? r.y + i : r.bottom() - 1 - i; // never overwrite a row that is still to be read
        std::memmove(row(y) + r.x, row(y + dy) + r.x + dx, static_cast<std::size_t>(r.w) * sizeof(Color));
    }
}

Picture Picture::cut(const Rect &area) const {
    Picture out(area.w, area.h);
    for (int y = 0; y < area.h; ++y)
        std::copy_n(row(area.y + y) + area.x, area.w, out.row(y));
    return out;
}

bool write_ppm(const Picture &picture, const std::string &path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file{std::fopen(path.c_str(), "wb"), &std::fclose};
    if (!file) return false;
    std::fprintf(file.get(), "P6\n%d %d\n255\n", picture.width(), picture.height());
    std::vector<unsigned char> line(static_cast<std::size_t>(picture.width()) * 3);
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            const Color c = picture.row(y)[x];
            auto *p = line.data() + static_cast<std::size_t>(x) * 3;
            p[0] = static_cast<unsigned char>(c >> 16);
            p[1] = static_cast<unsigned char>(c >> 8);
            p[2] = static_cast<unsigned char>(c);
        }
        if (std::fwrite(line.data(), 1, line.size(), file.get()) != line.size()) return false;
    }
    return std::fflush(file.get()) == 0;
}

}
