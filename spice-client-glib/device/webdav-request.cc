// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "device/webdav-request.hh"

#include "base/glib/glib-ptr.hh"

#include <algorithm>

namespace spice::device {

namespace {

// As libsoup's SOUP_HTTP_URI_FLAGS, so that nobody reads a URI in another way.
constexpr auto uri_flags = static_cast<GUriFlags>(G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_PATH | G_URI_FLAGS_ENCODED_QUERY |
                                                  G_URI_FLAGS_ENCODED_FRAGMENT | G_URI_FLAGS_SCHEME_NORMALIZE);

// Each condition is remembered and compared with each lock.
constexpr std::size_t max_condition = 4096;

bool is_plain_uri(const std::string &text) {
    const Owned<GUri, g_uri_unref> uri{g_uri_parse(text.c_str(), uri_flags, nullptr)};
    if (!uri) return false;
    const StrPtr path{g_uri_unescape_string(g_uri_get_path(uri.get()), nullptr)};
    return path && is_plain_path(path.get());
}

class Condition {
public:
    explicit Condition(std::string_view text) : rest_{text} {}

    bool valid() {
        if (!next('<')) return lists() && rest_.empty();
        while (!rest_.empty())
            if (!tag() || !lists()) return false;
        return true;
    }

private:
    bool next(char c) {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
        return rest_.starts_with(c);
    }
    bool accept(char c) {
        const bool there = next(c);
        if (there) rest_.remove_prefix(1);
        return there;
    }
    // Up to `end` and with it.
    std::optional<std::string_view> until(char end) {
        const auto size = rest_.find(end);
        if (size == std::string_view::npos) return std::nullopt;
        const auto text = rest_.substr(0, size);
        rest_.remove_prefix(size + 1);
        return text;
    }
    bool tag() {
        if (!accept('<')) return false;
        const auto uri = until('>');
        return uri && is_plain_uri(std::string{*uri});
    }
    bool lists() {
        do
            if (!list()) return false;
        while (next('('));
        return true;
    }
    bool list() {
        if (!accept('(')) return false;
        do
            if (!condition()) return false;
        while (!accept(')'));
        return true;
    }
    bool condition() {
        next(' ');
        if (rest_.starts_with("Not")) rest_.remove_prefix(3);
        if (accept('<')) {
            const auto token = until('>');
            return token && !token->empty();
        }
        if (!accept('[') || !accept('"')) return false;
        const auto etag = until('"');
        return etag && etag->find('\\') == std::string_view::npos && accept(']');
    }

    std::string_view rest_;
};

}

bool is_plain_path(std::string_view path) {
    if (!path.starts_with('/')) return false;
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto end = std::min(path.find('/'), path.size());
        const auto name = path.substr(0, end);
        if (name == "." || name == ".." || (name.empty() && end < path.size())) return false;
        path.remove_prefix(end);
    }
    return true;
}

std::optional<std::string> plain_uri(std::string_view text) {
    std::string uri{text};
    if (text.starts_with('/')) uri.insert(0, "http://localhost");
    return is_plain_uri(uri) ? std::optional{std::move(uri)} : std::nullopt;
}

bool is_condition(std::string_view text) { return text.size() <= max_condition && Condition{text}.valid(); }

}
