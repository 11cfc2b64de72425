// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "session/proxy-uri.hh"

#include <algorithm>
#include <charconv>

namespace spice::session {
namespace {

constexpr std::uint32_t http_port = 3128, https_port = 3129;

Error invalid(const char *what) { return Error{Error::Kind::argument, std::string{"invalid proxy: "} + what}; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

Status parse_scheme(std::string_view &rest, ProxyUri &uri) {
    std::string_view scheme = "http";
    if (const auto n = rest.find("://"); n != rest.npos) {
        scheme = rest.substr(0, n);
        rest.remove_prefix(n + 3);
    }
    const bool https = is_https(scheme);
    if (!https && !same_word(scheme, "http")) return invalid("the scheme is neither http nor https");
    uri.scheme = std::string{scheme};
    uri.port = https ? https_port : http_port;
    return success();
}

void parse_credentials(std::string_view &rest, ProxyUri &uri) {
    const auto at = rest.rfind('@'); // a host has no '@', a password may
    if (at == rest.npos) return;
    const auto credentials = rest.substr(0, at);
    rest.remove_prefix(at + 1);
    const auto colon = std::min(credentials.find(':'), credentials.size());
    uri.user = std::string{credentials.substr(0, colon)};
    if (colon + 1 < credentials.size()) uri.password = std::string{credentials.substr(colon + 1)};
}

Status parse_host(std::string_view &rest, ProxyUri &uri) {
    std::string_view host;
    if (rest.starts_with('[')) {
        const auto end = rest.find(']');
        if (end == rest.npos) return invalid("missing ]");
        host = rest.substr(1, end - 1);
        rest.remove_prefix(end + 1);
    } else {
        host = rest.substr(0, rest.find(':'));
        rest.remove_prefix(host.size());
    }
    if (host.empty() || host.find('/') != host.npos) return invalid("host name");
    uri.hostname = std::string{host};
    return success();
}

Status parse_port(std::string_view rest, ProxyUri &uri) {
    if (rest.empty()) return success();
    if (rest.front() != ':') return invalid("text after ]");
    rest.remove_prefix(1);
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), uri.port);
    if (error != std::errc{} || end != rest.data() + rest.size() || uri.port == 0 || uri.port > 65535)
        return invalid("the port is not a number from 1 to 65535");
    return success();
}

}

bool is_https(std::string_view scheme) { return same_word(scheme, "https"); }

Result<ProxyUri> parse_proxy_uri(std::string_view text) {
    ProxyUri uri;
    if (auto status = parse_scheme(text, uri); !status) return std::move(status.error());
    while (text.ends_with('/')) text.remove_suffix(1);
    parse_credentials(text, uri);
    if (auto status = parse_host(text, uri); !status) return std::move(status.error());
    if (auto status = parse_port(text, uri); !status) return std::move(status.error());
    return uri;
}

std::optional<std::string> format_proxy_uri(const ProxyUri &uri) {
    if (!uri.scheme || !uri.hostname) return std::nullopt;
    std::string out = *uri.scheme + "://";
    if (uri.user) {
        out += *uri.user;
        if (uri.password) out += ":" + *uri.password;
        out += "@";
    }
    return out + *uri.hostname + ":" + std::to_string(uri.port);
}

}
