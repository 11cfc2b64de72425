// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "scenery.hh"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

namespace spice::testserver {
namespace {

double lattice(int x, int y, uint32_t seed) noexcept {
    uint32_t h = static_cast<uint32_t>(x) * 374761393u + static_cast<uint32_t>(y) * 668265263u + seed * 2246822519u;
    h = (h ^ h >> 13) * 1274126177u;
    return (h ^ h >> 16) / 4294967295.0;
}

double fractal(double x, double y, int octaves, uint32_t seed) noexcept {
    double sum = 0, weight = 0.5;
    for (int i = 0; i < octaves; ++i, x *= 2, y *= 2, weight /= 2)
        sum += weight * noise(x, y, seed + static_cast<uint32_t>(i));
    return sum;
}

Color grain(Color c, int x, int y, uint32_t seed, double amount) noexcept {
    const double n = (lattice(x, y, seed) - 0.5) * amount;
    return n > 0 ? mix(c, 0xffffff, n) : mix(c, 0, -n);
}

Color sky(double x, double y, uint32_t seed) noexcept { // x 0 … aspect, y 0 … 1
    Color c = y < 0.35 ? mix(0x16213e, 0x3d3a6b, y / 0.35) : mix(0x3d3a6b, 0xe8845c, (y - 0.35) / 0.32);
    const double cloud = fractal(x * 2.2, y * 7, 5, seed + 40);
    c = mix(c, 0xf7b28a, std::clamp((cloud - 0.5) * 2.4, 0.0, 0.55) * std::clamp(y * 1.9 - 0.15, 0.0, 1.0));
    const double sun = std::hypot(x - 1.02, y - 0.53);
    c = mix(c, 0xffd9a0, 0.75 * std::exp(-sun * sun * 22));
    return sun < 0.047 ? mix(c, 0xfff3d8, std::clamp((0.047 - sun) * 400, 0.0, 1.0)) : c;
}

struct Ridge {
    double base, height, scale;
    Color color;
};
constexpr std::array<Ridge, 4> ridges{{{0.60, 0.26, 1.7, 0x6b5a86},
                                       {0.66, 0.22, 2.6, 0x4a4470},
                                       {0.73, 0.18, 4.1, 0x2e3157},
                                       {0.80, 0.15, 6.0, 0x1a2140}}};

// The skyline of every ridge, computed once per column of the picture.
class Skyline {
public:
    Skyline(int width, int height, uint32_t seed)
        : height_{height}, tops_(static_cast<std::size_t>(width) * ridges.size()) {
        for (int x = 0; x < width; ++x)
            for (std::size_t i = 0; i < ridges.size(); ++i) {
                const auto &r = ridges[i];
                const double hill = fractal(double(x) / height * r.scale, r.base * 10, 6, seed);
                tops_[static_cast<std::size_t>(x) * ridges.size() + i] = r.base + r.height * (0.5 - hill);
            }
    }
    double top(double x, std::size_t ridge) const noexcept {
        const auto columns = tops_.size() / ridges.size();
        const auto column = static_cast<std::size_t>(std::clamp(x * height_, 0.0, double(columns - 1)));
        return tops_[column * ridges.size() + ridge];
    }

private:
    int height_;
    std::vector<double> tops_;
};

Color land_or_sky(const Skyline &skyline, double x, double y, uint32_t seed) noexcept {
    for (std::size_t i = ridges.size(); i-- > 0;) { // the frontmost ridge hides the others
        const double depth = y - skyline.top(x, i);
        if (depth < 0) continue;
        const auto &r = ridges[i];
        const double rock = fractal(x * 26, y * 34, 4, seed + 11) - 0.47;
        const Color lit = mix(r.color, 0xffb48a, std::clamp(0.3 - depth * 5 + rock * 0.5, 0.0, 0.5));
        return mix(lit, 0xd98c78, std::clamp(0.45 - depth * 1.4, 0.0, 0.4) * (0.9 - r.base)); // haze between the ridges
    }
    return sky(x, y, seed);
}

Color world(const Skyline &skyline, double x, double y, uint32_t seed) noexcept {
    constexpr double shore = 0.83;
    if (y < shore) return land_or_sky(skyline, x, y, seed);
    const double depth = (y - shore) / (1 - shore);
    const double ripple = (noise(x * 18, y * 260, seed + 70) - 0.5) * 0.03 * (0.3 + depth);
    const Color reflected = land_or_sky(skyline, x + ripple, shore - (y - shore) * 1.9 + ripple, seed);
    return mix(mix(reflected, 0x1b2a4a, 0.25 + 0.5 * depth), 0xffd0a0,
               std::clamp(0.35 - std::abs(x - 1.02) * 2.2 + ripple * 9, 0.0, 0.4) * (1 - depth));
}

struct Vec {
    double x, y, z;
    Vec operator+(Vec o) const noexcept { return {x + o.x, y + o.y, z + o.z}; }
    Vec operator-(Vec o) const noexcept { return {x - o.x, y - o.y, z - o.z}; }
    Vec operator*(double f) const noexcept { return {x * f, y * f, z * f}; }
    double dot(Vec o) const noexcept { return x * o.x + y * o.y + z * o.z; }
    Vec unit() const noexcept { return *this * (1 / std::sqrt(dot(*this))); }
};

struct Sphere {
    Vec centre;
    double radius;
    Vec color;
    double shine;
};
constexpr std::array<Sphere, 3> spheres{{{{-1.15, 0.9, 4.6}, 0.9, {0.86, 0.27, 0.22}, 0.22},
                                         {{0.75, 1.1, 5.3}, 1.1, {0.20, 0.52, 0.78}, 0.30},
                                         {{0.15, 0.45, 3.2}, 0.45, {0.95, 0.75, 0.25}, 0.18}}};

std::optional<double> hit(const Sphere &s, Vec from, Vec dir) noexcept {
    const Vec to = s.centre - from;
    const double along = to.dot(dir), off = to.dot(to) - along * along, reach = s.radius * s.radius - off;
    if (reach < 0) return {};
    const double t = along - std::sqrt(reach);
    return t > 1e-4 ? std::optional{t} : std::nullopt;
}

Vec trace(Vec from, Vec dir, int bounces) noexcept {
    const Vec light = Vec{-0.55, 0.75, -0.45}.unit();
    double nearest = 1e9;
    const Sphere *target = nullptr;
    for (const auto &s : spheres)
        if (const auto t = hit(s, from, dir); t && *t < nearest) nearest = *t, target = &s;
    const bool floor = !target && dir.y < -1e-3;
    if (!target && !floor) return Vec{0.80, 0.86, 0.94} * (1 - 0.5 * std::clamp(dir.y, 0.0, 1.0));
    const Vec at = floor ? from + dir * (-from.y / dir.y) : from + dir * nearest;
    const Vec normal = floor ? Vec{0, 1, 0} : (at - target->centre).unit();
    const int cell = static_cast<int>(std::floor(at.x)) + static_cast<int>(std::floor(at.z));
    const double wood = 0.08 * noise(at.x * 3, at.z * 40, 5);
    Vec base =
        floor ? (cell & 1 ? Vec{0.62, 0.46, 0.33} : Vec{0.76, 0.62, 0.46}) + Vec{wood, wood, wood} : target->color;
    double lit = std::max(normal.dot(light), 0.0);
    for (const auto &s : spheres)
        if (hit(s, at + normal * 1e-3, light)) lit *= 0.15;
    Vec out = base * (0.28 + 0.72 * lit);
    const Vec mirror = dir - normal * (2 * dir.dot(normal));
    const double shine = floor ? 0.10 : target->shine;
    if (bounces > 0) out = out * (1 - shine) + trace(at + normal * 1e-3, mirror, bounces - 1) * shine;
    const double spark = floor ? 0 : std::pow(std::max(mirror.dot(light), 0.0), 60) * lit;
    const double haze = floor ? std::clamp((at.z - 6) / 14, 0.0, 0.85) : 0;
    return (out + Vec{spark, spark, spark}) * (1 - haze) + Vec{0.78, 0.84, 0.92} * haze;
}

int channel(double v) noexcept { return static_cast<int>(std::clamp(v, 0.0, 1.0) * 255 + 0.5); }

}

double noise(double x, double y, uint32_t seed) noexcept {
    const int ix = static_cast<int>(std::floor(x)), iy = static_cast<int>(std::floor(y));
    double fx = x - ix, fy = y - iy;
    fx *= fx * (3 - 2 * fx), fy *= fy * (3 - 2 * fy);
    const double top = std::lerp(lattice(ix, iy, seed), lattice(ix + 1, iy, seed), fx);
    return std::lerp(top, std::lerp(lattice(ix, iy + 1, seed), lattice(ix + 1, iy + 1, seed), fx), fy);
}

Picture landscape(int width, int height, uint32_t seed) {
    Picture out(width, height);
    if (width < 1 || height < 1) return out;
    const Skyline skyline(width, height, seed);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            out.set(x, y, grain(world(skyline, double(x) / height, double(y) / height, seed), x, y, seed + 99, 0.035));
    return out;
}

Picture still_life(int width, int height) {
    Picture out(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            Vec sum{0, 0, 0};
            for (int sample = 0; sample < 4; ++sample) {
                const double u = (x + 0.25 + 0.5 * (sample & 1) - width / 2.0) / height;
                const double v = (height / 2.0 - y - 0.25 - 0.25 * (sample & 2)) / height;
                sum = sum + trace({0, 1.25, -0.6}, Vec{u, v - 0.12, 1.15}.unit(), 2) * 0.25;
            }
            out.set(x, y, grain(rgb(channel(sum.x), channel(sum.y), channel(sum.z)), x, y, 7, 0.03));
        }
    }
    return out;
}

Picture plasma(int width, int height, int frame) {
    Picture out(width, height);
    const double t = frame * 0.09;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double u = 6.0 * x / std::max(width, 1), v = 6.0 * y / std::max(width, 1);
            const double a =
                std::sin(u + t) + std::sin(v * 1.3 - t * 0.7) + std::sin(std::hypot(u - 3, v - 2) * 1.8 - t);
            out.set(x, y,
                    rgb(channel(0.55 + 0.40 * std::sin(a)), channel(0.42 + 0.22 * std::sin(a + 0.9)),
                        channel(0.60 + 0.28 * std::sin(a + 2.4))));
        }
    }
    return out;
}

}
