// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <algorithm>
#include <cstdint>

namespace spice::channel {

// How many rows of a large drawing to do before the next look at the clock. Some operations take a hundred times as
// long as others for a pixel, so it begins low and grows to what this one does in a third of a millisecond.
class BandHeight {
public:
    static constexpr int64_t first_pixels = 1 << 13, wanted_us = 300;

    BandHeight() = default;
    explicit BandHeight(int64_t width) noexcept
        : rows_{static_cast<int32_t>(std::max<int64_t>(1, first_pixels / std::max<int64_t>(1, width)))} {}

    int32_t rows() const noexcept { return rows_; }
    // How long these rows took.
    void learn(int64_t us) noexcept {
        // What hardly takes longer for twice the rows is not spent on pixels: small bands would only repeat it.
        const bool fixed_cost = grew_ && 2 * us < 3 * last_us_;
        grew_ = us < wanted_us || fixed_cost;
        if (grew_) rows_ = std::min(2 * rows_, max_rows);
        last_us_ = us;
    }

private:
    static constexpr int32_t max_rows = 1 << 14; // of the tallest surface
    int32_t rows_ = max_rows;
    int64_t last_us_ = INT64_MAX / 4; // the second band shows what the first one's time was spent on
    bool grew_ = true;
};

}
