// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstddef>
#include <span>

namespace spice::device {

// Watches the first lines of a request go by, up to the empty one: the HTTP server would gather them without a limit.
class HttpHead {
public:
    static constexpr std::size_t max_bytes = 64u << 10;

    // False: there are too many of them.
    bool feed(std::span<const std::byte> bytes) noexcept {
        for (const auto byte : bytes) {
            if (ended_) return true;
            if (++bytes_ > max_bytes) return false;
            if (byte == std::byte{'\n'}) {
                ended_ = begun_ && !in_line_; // empty lines in front of the request are skipped
                in_line_ = false;
            } else if (byte != std::byte{'\r'}) {
                begun_ = in_line_ = true;
            }
        }
        return true;
    }

private:
    std::size_t bytes_ = 0;
    bool begun_ = false, in_line_ = false, ended_ = false;
};

}
