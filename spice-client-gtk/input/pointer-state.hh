// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cmath>

namespace spice::gtk {

// Buttons as the inputs channel numbers them, from GDK's: 1 to 3, and 8 and 9 for the side buttons.
struct GuestButton {
    int number = 0; // 0: the guest has no such button
    int mask = 0;
};
constexpr GuestButton guest_button(unsigned gdk_button) noexcept {
    switch (gdk_button) {
    case 1: return {1, 1 << 0};
    case 2: return {2, 1 << 1};
    case 3: return {3, 1 << 2};
    case 8: return {6, 1 << 5};
    case 9: return {7, 1 << 6};
    default: return {};
    }
}
inline constexpr GuestButton wheel_up{4, 1 << 3}, wheel_down{5, 1 << 4};

// Turns fractions into whole steps without losing any.
class Accumulator {
public:
    int add(double delta) noexcept {
        sum_ += delta;
        // Sums of tenths fall short of a whole step by rounding only.
        const double whole = std::trunc(sum_ + std::copysign(1e-9, sum_));
        sum_ -= whole;
        return static_cast<int>(whole);
    }
    void reset() noexcept { sum_ = 0; }
    double rest() const noexcept { return sum_; }

private:
    double sum_ = 0;
};

// Wheel clicks out of smooth scrolling. Negative is up.
class WheelSteps {
public:
    int add(double dy, bool in_pixels) noexcept {
        if (!std::isfinite(dy)) return 0;
        if (in_pixels) dy /= pixels_per_click;
        if ((dy < 0) != (acc_.rest() < 0)) acc_.reset();
        return acc_.add(std::fmin(std::fmax(dy, -max_clicks), max_clicks));
    }
    void reset() noexcept { acc_.reset(); }

private:
    static constexpr double pixels_per_click = 10, max_clicks = 100;
    Accumulator acc_;
};

}
