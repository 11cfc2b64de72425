// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace spice::session {

// Cuts what a monitor says into lines. A line that is longer than anything sensible is left out; what follows it is
// not. Thread-bound.
class QmpLines {
public:
    static constexpr std::size_t max_line = 10u << 20;

    // Calls `line` for each line that is complete now, without its end. False: a line was left out.
    bool feed(std::span<const std::byte> data, const std::function<void(std::string_view)> &line);
    void clear() { *this = {}; }

private:
    std::string pending_;
    bool skipping_ = false; // until the end of a line that is too long
};

// Whether a parser may be let loose on a line: JSON of this depth and number of values takes a bounded stack and
// memory. Says nothing about whether it is JSON.
bool qmp_line_acceptable(std::string_view line) noexcept;

}
