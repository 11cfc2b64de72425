// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "display/region.hh"

#include <array>
#include <cstddef>
#include <span>

namespace spice::channel {

// Gathers what changed since the last invalidation: few rectangles whose union covers it. Merging costs little and
// saves the application a signal for each drawing. Thread-bound.
class Damage {
public:
    static constexpr std::size_t max_boxes = 8;

    void add(const display::Box &box) noexcept;
    std::span<const display::Box> boxes() const noexcept { return {boxes_.data(), count_}; }
    bool empty() const noexcept { return count_ == 0; }
    void clear() noexcept { count_ = 0; }

private:
    std::array<display::Box, max_boxes> boxes_{};
    std::size_t count_ = 0;
};

}
