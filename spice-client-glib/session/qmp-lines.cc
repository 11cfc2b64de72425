// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "session/qmp-lines.hh"

#include <utility>

namespace spice::session {

namespace {

constexpr std::size_t max_depth = 64, max_values = 1u << 18;

}

bool QmpLines::feed(std::span<const std::byte> data, const std::function<void(std::string_view)> &line) {
    std::string_view text{reinterpret_cast<const char *>(data.data()), data.size()};
    bool complete = true;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto part = text.substr(0, end);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        if (!skipping_ && pending_.size() + part.size() > max_line) {
            skipping_ = true;
            complete = false;
            pending_ = {};
        }
        if (!skipping_) pending_ += part;
        if (end == text.npos) break;
        auto whole = std::exchange(pending_, {});
        if (std::exchange(skipping_, false)) continue;
        if (whole.ends_with('\r')) whole.pop_back();
        if (!whole.empty()) line(whole);
    }
    return complete;
}

bool qmp_line_acceptable(std::string_view line) noexcept {
    std::size_t depth = 0, values = 0;
    bool in_text = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (in_text) {
            if (c == '\\') ++i;
            else if (c == '"') in_text = false;
        } else if (c == '"') {
            in_text = true;
        } else if (c == '{' || c == '[') {
            if (++depth > max_depth) return false;
            ++values;
        } else if (c == '}' || c == ']') {
            if (depth-- == 0) return false;
        } else if (c == ',' || c == ':') {
            ++values;
        }
        if (values > max_values) return false;
    }
    return depth == 0 && !in_text;
}

}
