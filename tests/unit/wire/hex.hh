// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstddef>
#include <glib.h>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spice::wire {

// "0102 ff" as bytes; what is no hexadecimal digit only separates.
inline std::vector<std::byte> from_hex(std::string_view text) {
    std::vector<std::byte> out;
    int high = -1;
    for (const char c : text) {
        const int digit = g_ascii_xdigit_value(c);
        if (digit < 0) continue;
        if (high < 0) {
            high = digit;
        } else {
            out.push_back(static_cast<std::byte>(high << 4 | digit));
            high = -1;
        }
    }
    return out;
}

inline std::string to_hex(std::span<const std::byte> raw) {
    std::string out;
    for (const auto b : raw) {
        out += "0123456789abcdef"[std::to_integer<unsigned>(b) >> 4];
        out += "0123456789abcdef"[std::to_integer<unsigned>(b) & 15];
    }
    return out;
}

// g_assert_cmpstr() would look at the text of a temporary that is gone.
inline void expect_text(const std::string &actual, const std::string &expected, int line = __builtin_LINE()) {
    if (actual != expected) g_error("line %d: \"%s\" instead of \"%s\"", line, actual.c_str(), expected.c_str());
}

}
