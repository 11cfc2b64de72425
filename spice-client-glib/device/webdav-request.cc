// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "device/webdav-request.hh"

#include "base/glib/glib-ptr.hh"

#include <algorithm>

namespace spice::device {

namespace {

// As libsoup's SOUP_HTTP_URI_FLAGS, so that nobody reads a URI in another way.
constexpr auto uri_flags =
    static_cast<GUriFlags>(G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_PATH | G_URI_FLAGS_ENCODED_QUERY |
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

// The elements of a body, by their names without prefixes.
class Question {
public:
    static constexpr std::size_t max_parts = 128;                      // elements and attributes
    unsigned wishes = 0, empty = 0, scopes = 0, types = 0, owners = 0; // what was found
    std::string root;

    bool parse(std::string_view body) {
        static constexpr GMarkupParser parser{begin, end, nullptr, other, nullptr};
        const Owned<GMarkupParseContext, g_markup_parse_context_unref> context{
            g_markup_parse_context_new(&parser, GMarkupParseFlags{}, this, nullptr)};
        return g_markup_parse_context_parse(context.get(), body.data(), static_cast<gssize>(body.size()), nullptr) &&
               g_markup_parse_context_end_parse(context.get(), nullptr);
    }

private:
    static void refuse(GError **error) {
        g_set_error_literal(error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "refused");
    }

    static void begin(GMarkupParseContext *, const char *full_name, const char **attributes, const char **,
                      gpointer data, GError **error) noexcept {
        auto &self = *static_cast<Question *>(data);
        std::string_view name{full_name};
        name.remove_prefix(name.rfind(':') + 1); // npos + 1 is 0
        while (*attributes++)
            ++self.parts_;
        if (++self.parts_ > max_parts) return refuse(error);
        if (++self.depth_ == 1) self.root = name;
        if (self.depth_ == 2) self.parent_ = name, self.children_ = 0;
        if (self.depth_ == 3 && self.children_++ == 0) {
            self.scopes += self.parent_ == "lockscope" && (name == "exclusive" || name == "shared");
            self.types += self.parent_ == "locktype" && name == "write";
        }
    }
    static void end(GMarkupParseContext *, const char *, gpointer data, GError **) noexcept {
        auto &self = *static_cast<Question *>(data);
        if (self.depth_-- != 2) return;
        self.wishes += self.parent_ == "prop" || self.parent_ == "allprop" || self.parent_ == "propname";
        self.owners += self.parent_ == "owner";
        self.empty += self.children_ == 0 &&
                      (self.parent_ == "prop" || self.parent_ == "lockscope" || self.parent_ == "locktype");
    }
    // Declarations could mean that the bytes are to be read in another way.
    static void other(GMarkupParseContext *, const char *text, gsize size, gpointer, GError **error) noexcept {
        const std::string_view what{text, size};
        if (what.starts_with("<!--")) return;
        const StrPtr lower{g_ascii_strdown(text, static_cast<gssize>(size))};
        const std::string_view plain{lower.get()};
        if (what.starts_with("<?xml ") &&
            (plain.find("encoding") == std::string_view::npos || plain.find("utf-8") != std::string_view::npos))
            return;
        refuse(error);
    }

    std::size_t parts_ = 0, depth_ = 0, children_ = 0;
    std::string parent_;
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

// phodav crashes when it is asked for no property.
bool is_propfind(std::string_view body) {
    Question question;
    return question.parse(body) && question.root == "propfind" && question.wishes > 0 && question.empty == 0;
}

bool is_lockinfo(std::string_view body) {
    Question question;
    return question.parse(body) && question.root == "lockinfo" && question.scopes == 1 && question.types == 1 &&
           question.empty == 0 && question.owners <= 1;
}

}
