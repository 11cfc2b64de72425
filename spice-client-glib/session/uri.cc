// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "session/uri.hh"

#include "session/percent.hh"

#include <algorithm>

namespace spice::session {
namespace {

constexpr std::size_t max_key = 31, max_value = 127;

Error invalid(std::string what) { return Error{Error::Kind::argument, "invalid SPICE URI: " + std::move(what)}; }

// Cuts `text` before the first character of `stops`; what follows (with the stop) stays in `text`.
std::string_view take_until(std::string_view &text, std::string_view stops) {
    const auto n = std::min(text.find_first_of(stops), text.size());
    const auto head = text.substr(0, n);
    text.remove_prefix(n);
    return head;
}

bool is_key_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

struct Parser {
    Uri &uri;
    std::vector<std::string> &warnings;
    bool tls; // spice+tls: the port of the authority is the TLS port, and no other is taken

    Status authority(std::string_view &rest);
    Status parameters(std::string_view query);
    Status parameter(std::string_view key, std::string_view value);
};

Status Parser::authority(std::string_view &rest) {
    // The first '@' of the whole text ends the user name, wherever it stands.
    if (const auto at = rest.find('@'); at != rest.npos) {
        uri.username = percent_decode(rest.substr(0, at));
        if (!uri.username) return invalid("user name");
        rest.remove_prefix(at + 1);
    }
    if (rest.starts_with('[')) {
        const auto end = rest.find(']');
        if (end == rest.npos) return invalid("missing ]");
        uri.host = std::string{rest.substr(0, end + 1)};
        rest.remove_prefix(end + 1);
        if (!rest.empty() && rest.find_first_of(":/?;") != 0) return invalid("text after ]");
    } else {
        uri.host = percent_decode(take_until(rest, ":/?;"));
        if (!uri.host) return invalid("host name");
    }
    if (rest.starts_with(':')) {
        rest.remove_prefix(1);
        (tls ? uri.tls_port : uri.port) = std::string{take_until(rest, "/?;")};
    }
    return success();
}

Status Parser::parameter(std::string_view key, std::string_view value) {
    const bool is_port = key == "port", is_tls_port = key == "tls-port";
    if (!is_port && !is_tls_port && key != "password") return invalid("unknown parameter");
    if (value.empty()) return success();
    if (value.size() > max_value) return invalid("value of " + std::string{key} + " is too long");
    if (tls && (is_port || is_tls_port)) {
        warnings.push_back("a spice+tls URI takes no parameter " + std::string{key});
        return success();
    }
    auto &slot = is_port ? uri.port : is_tls_port ? uri.tls_port : uri.password;
    if (slot) return invalid(std::string{key} + " is given twice");
    if (&slot == &uri.password) warnings.emplace_back("a password in a URI can be seen by other users of this machine");
    slot = percent_decode(value);
    if (!slot) return invalid("value of " + std::string{key});
    return success();
}

Status Parser::parameters(std::string_view query) {
    while (!query.empty()) {
        auto value = take_until(query, "&;");
        if (!query.empty()) query.remove_prefix(1);
        const bool last = query.empty();
        const auto key = take_until(value, "=");
        if (key.empty() || key.size() > max_key || !std::all_of(key.begin(), key.end(), is_key_character))
            return invalid("parameter name");
        if (value.empty() && last) return success(); // a lone word at the end, whatever it says
        if (!value.empty()) value.remove_prefix(1);
        if (auto status = parameter(key, value); !status) return status;
    }
    return success();
}

}

Result<Uri> parse_uri(std::string_view text, std::vector<std::string> &warnings) {
    constexpr std::string_view unix_scheme = "spice+unix://", tls_scheme = "spice+tls://", plain_scheme = "spice://";
    Uri uri;
    if (text.starts_with(unix_scheme)) {
        uri.unix_path = std::string{text.substr(unix_scheme.size())};
        return uri;
    }
    const bool tls = text.starts_with(tls_scheme);
    if (!tls && !text.starts_with(plain_scheme)) return invalid("scheme is not spice, spice+tls or spice+unix");
    text.remove_prefix(tls ? tls_scheme.size() : plain_scheme.size());

    Parser parser{uri, warnings, tls};
    if (auto status = parser.authority(text); !status) return std::move(status.error());
    const auto path = take_until(text, "?;");
    if (path.size() > 1) warnings.emplace_back("the path of the URI is ignored");
    if (!text.empty()) text.remove_prefix(1);
    if (auto status = parser.parameters(text); !status) return std::move(status.error());
    if (!uri.port && !uri.tls_port) return invalid("neither port nor tls-port");
    return uri;
}

std::optional<std::string> format_uri(const Uri &uri) {
    if (uri.unix_path) return "spice+unix://" + *uri.unix_path;
    const auto host = uri.host.value_or("");
    if (uri.port && uri.tls_port) return "spice://" + host + "?port=" + *uri.port + "&tls-port=" + *uri.tls_port;
    if (uri.tls_port) return "spice+tls://" + host + ":" + *uri.tls_port;
    if (uri.port) return "spice://" + host + ":" + *uri.port;
    return std::nullopt;
}

}
