// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "session/percent.hh"
#include "session/proxy-uri.hh"
#include "session/uri.hh"

#include <glib.h>

#include <string>

using namespace spice::session;

namespace {

using Text = std::optional<std::string>;

struct Case {
    const char *text;
    Uri uri;              // what it says
    Text again;           // what reading the property gives
    unsigned warnings = 0;
};

Uri to(const char *host, Text port, Text tls_port = {}, Text username = {}, Text password = {}) {
    return {{}, host, std::move(port), std::move(tls_port), std::move(username), std::move(password)};
}
Uri unix_path(const char *path) { return {path, {}, {}, {}, {}, {}}; }

// The rows without a remark are what version 0.42 makes of the text.
const Case good[] = {
    // ports
    {"spice://h:5900", to("h", "5900"), "spice://h:5900"},
    {"spice://h:5900/", to("h", "5900"), "spice://h:5900"},
    {"spice://h?port=1", to("h", "1"), "spice://h:1"},
    {"spice://h/?port=1", to("h", "1"), "spice://h:1"},
    {"spice://h;port=1", to("h", "1"), "spice://h:1"},
    {"spice://h/;port=1&tls-port=2", to("h", "1", "2"), "spice://h?port=1&tls-port=2"},
    {"spice://h:1?tls-port=2", to("h", "1", "2"), "spice://h?port=1&tls-port=2"},
    {"spice://h:1;tls-port=2", to("h", "1", "2"), "spice://h?port=1&tls-port=2"},
    {"spice://h?port=1;tls-port=2", to("h", "1", "2"), "spice://h?port=1&tls-port=2"},
    {"spice://h?tls-port=2", to("h", {}, "2"), "spice+tls://h:2"},
    {"spice://h:", to("h", ""), "spice://h:"},
    {"spice://:5900", to("", "5900"), "spice://:5900"},
    // ports are looked at when connecting
    {"spice://h:abc", to("h", "abc"), "spice://h:abc"},
    {"spice://h:99999", to("h", "99999"), "spice://h:99999"},
    {"spice://h:1:2", to("h", "1:2"), "spice://h:1:2"},
    {"spice://h:%31", to("h", "%31"), "spice://h:%31"},
    {"spice://h?port=%31", to("h", "1"), "spice://h:1"},
    {"spice://h:1?tls-port=2%26", to("h", "1", "2&"), "spice://h?port=1&tls-port=2&"},
    // the plain port stays unset (0.42 makes rubbish of it)
    {"spice+tls://h:2", to("h", {}, "2"), "spice+tls://h:2"},
    {"spice+tls://h:2?port=1", to("h", {}, "2"), "spice+tls://h:2", 1},
    {"spice+tls://h:2?tls-port=1", to("h", {}, "2"), "spice+tls://h:2", 1},
    {"spice+tls://u@[::1]:2?password=z", to("[::1]", {}, "2", "u", "z"), "spice+tls://[::1]:2", 1},
    // UNIX sockets: the rest is the path, as it stands
    {"spice+unix:///run/x", unix_path("/run/x"), "spice+unix:///run/x"},
    {"spice+unix:///run/x?port=1", unix_path("/run/x?port=1"), "spice+unix:///run/x?port=1"},
    {"spice+unix:///run/%20x", unix_path("/run/%20x"), "spice+unix:///run/%20x"},
    {"spice+unix://rel", unix_path("rel"), "spice+unix://rel"},
    // users
    {"spice://u@h:1", to("h", "1", {}, "u"), "spice://h:1"},
    {"spice://u:p@h:1", to("h", "1", {}, "u:p"), "spice://h:1"},
    {"spice://u%40v@h:1", to("h", "1", {}, "u@v"), "spice://h:1"},
    {"spice://u@v@h:1", to("v@h", "1", {}, "u"), "spice://v@h:1"},
    {"spice://@h:1", to("h", "1", {}, ""), "spice://h:1"},
    {"spice://u?x@h:1", to("h", "1", {}, "u?x"), "spice://h:1"},
    {"spice://u/x@h:1", to("h", "1", {}, "u/x"), "spice://h:1"},
    // hosts
    {"spice://[::1]:5900", to("[::1]", "5900"), "spice://[::1]:5900"},
    {"spice://[::1]?port=1", to("[::1]", "1"), "spice://[::1]:1"},
    {"spice://[%31::1]:1", to("[%31::1]", "1"), "spice://[%31::1]:1"},
    {"spice://u@[::1]:1", to("[::1]", "1", {}, "u"), "spice://[::1]:1"},
    {"spice://h%41:1", to("hA", "1"), "spice://hA:1"},
    // paths
    {"spice://h:1/path", to("h", "1"), "spice://h:1", 1},
    {"spice://h:1/path?tls-port=2", to("h", "1", "2"), "spice://h?port=1&tls-port=2", 1},
    // parameters
    {"spice://h:1?password=a%20b", to("h", "1", {}, {}, "a b"), "spice://h:1", 1},
    {"spice://h:1?password=", to("h", "1"), "spice://h:1"},
    {"spice://h:1?password=&tls-port=3", to("h", "1", "3"), "spice://h?port=1&tls-port=3"},
    {"spice://h?port=&tls-port=3", to("h", {}, "3"), "spice+tls://h:3"},
    {"spice://h?port&tls-port=3", to("h", {}, "3"), "spice+tls://h:3"}, // 0.42 reads memory that is not its own
    {"spice://h:1?foo", to("h", "1"), "spice://h:1"},
    {"spice://h:1?", to("h", "1"), "spice://h:1"},
    {"spice://h:1?tls-port=2&", to("h", "1", "2"), "spice://h?port=1&tls-port=2"},
    {"spice://h:1?tls-port=2?password=3", to("h", "1", "2?password=3"), "spice://h?port=1&tls-port=2?password=3"},
};

const char *const bad[] = {
    "", "h:1", "http://h:1", "SPICE://h:1", "Spice://h:1", "SPICE+TLS://h:2", "spice+foo://h:2", "spice:/h:1",
    "spice+unix:/run/x", " spice://h:1",
    // no port
    "spice://", "spice://h", "spice://h/", "spice+tls://h", "spice+tls://h?tls-port=3", "spice://[::1]",
    // brackets
    "spice://[::1", "spice://[::1]x:1",
    // given twice
    "spice://h:1?port=2", "spice://h?port=1&port=2", "spice://h?tls-port=1&tls-port=2",
    "spice://h:1?password=a&password=b",
    // parameters
    "spice://h:1?foo=1", "spice://h:1?Port=2", "spice://h:1?vendor.foo=1", "spice://h?p0rt=2", "spice://h?x-a=2",
    "spice://h:1?&", "spice://h:1?&tls-port=2", "spice://h:1?tls-port=2&&password=x", "spice://h:1?=2",
    "spice+tls://h:2?foo=1", "spice://h:1/a;b?tls-port=2", "spice://h:1?password=x@y", "spice://h:1?tls-port =2",
    // percent signs; 0.42 drops the part instead of refusing the text
    "spice://h%zz:1", "spice://u%zz@h:1", "spice://h%00:1", "spice://h:1?password=%zz", "spice://h:1?password=%",
};

void test_good() {
    for (const auto &row : good) {
        std::vector<std::string> warnings;
        const auto uri = parse_uri(row.text, warnings);
        if (!uri) g_error("%s: %s", row.text, uri.error().what.c_str());
        if (!(*uri == row.uri)) g_error("%s: wrong parts", row.text);
        g_assert_cmpuint(warnings.size(), ==, row.warnings);
        const auto again = format_uri(*uri);
        g_assert_true(again.has_value());
        g_assert_cmpstr(again->c_str(), ==, row.again->c_str());
    }
}

void test_bad() {
    for (const auto *text : bad) {
        std::vector<std::string> warnings;
        const auto uri = parse_uri(text, warnings);
        if (uri) g_error("'%s' is taken for a URI", text);
        g_assert_true(uri.error().kind == spice::Error::Kind::argument);
    }
}

void test_limits() {
    const auto parses = [](const std::string &text) {
        std::vector<std::string> warnings;
        return static_cast<bool>(parse_uri(text, warnings));
    };
    g_assert_true(parses("spice://h:1?password=" + std::string(127, 'a')));
    g_assert_false(parses("spice://h:1?password=" + std::string(128, 'a')));
    g_assert_false(parses("spice://h:1?" + std::string(32, 'a') + "=1"));
    g_assert_true(parses("spice://" + std::string(100'000, 'h') + ":1"));
}

// What is said about a URI never shows what is in it.
void test_no_secrets() {
    for (const std::string text : {"spice://h:1?password=secret", "spice://h:1?password=secret&password=x",
                                   "spice://secret%zz@h:1", "spice://h:1?password=a&secret=b"}) {
        std::vector<std::string> said;
        const auto uri = parse_uri(text, said);
        if (!uri) said.push_back(uri.error().what);
        g_assert_false(said.empty());
        for (const auto &line : said) g_assert_true(line.find("secret") == line.npos);
    }
}

void test_format() {
    g_assert_false(format_uri(to("h", {})).has_value());
    g_assert_true(format_uri({"/p", "h", "1", "2", {}, {}}) == "spice+unix:///p");
    g_assert_true(format_uri({{}, {}, "1", {}, {}, {}}) == "spice://:1");
    g_assert_true(format_uri(to("h", "1", {}, "user", "password")) == "spice://h:1");
}

void test_percent() {
    g_assert_true(percent_decode("a%41%7a") == "aAz");
    g_assert_true(percent_decode("%c3%A4") == "\xc3\xa4");
    for (const auto *text : {"%", "%4", "a%4", "%zz", "%4g", "% 4", "%-1", "%00", "%0x"})
        g_assert_false(percent_decode(text).has_value());
}

struct ProxyCase {
    const char *text;
    ProxyUri uri;
    const char *again;
};

const ProxyCase good_proxies[] = {
    {"proxy", {"http", "proxy", 3128, {}, {}}, "http://proxy:3128"},
    {"http://proxy", {"http", "proxy", 3128, {}, {}}, "http://proxy:3128"},
    {"https://proxy", {"https", "proxy", 3129, {}, {}}, "https://proxy:3129"},
    {"HTTP://Proxy:80", {"HTTP", "Proxy", 80, {}, {}}, "HTTP://Proxy:80"},
    {"http://u:p@h:1", {"http", "h", 1, "u", "p"}, "http://u:p@h:1"},
    {"http://u@h:1", {"http", "h", 1, "u", {}}, "http://u@h:1"},
    {"http://u:@h:1", {"http", "h", 1, "u", {}}, "http://u@h:1"},
    {"[::1]", {"http", "::1", 3128, {}, {}}, "http://::1:3128"},
    {"[::1]:80", {"http", "::1", 80, {}, {}}, "http://::1:80"},
    {"http://u:p@[::1]:80/", {"http", "::1", 80, "u", "p"}, "http://u:p@::1:80"},
    {"proxy/", {"http", "proxy", 3128, {}, {}}, "http://proxy:3128"},
    {"proxy///", {"http", "proxy", 3128, {}, {}}, "http://proxy:3128"},
    {"http://proxy:65535", {"http", "proxy", 65535, {}, {}}, "http://proxy:65535"},
    {"http://us%41er:p%41@h", {"http", "h", 3128, "us%41er", "p%41"}, "http://us%41er:p%41@h:3128"},
    // 0.42 refuses a port without a scheme and cuts a password at its first colon
    {"proxy:8080", {"http", "proxy", 8080, {}, {}}, "http://proxy:8080"},
    {"u:p@h", {"http", "h", 3128, "u", "p"}, "http://u:p@h:3128"},
    {"http://u:pa:ss@h", {"http", "h", 3128, "u", "pa:ss"}, "http://u:pa:ss@h:3128"},
    {"http://u:p@ss@h", {"http", "h", 3128, "u", "p@ss"}, "http://u:p@ss@h:3128"},
};

const char *const bad_proxies[] = {
    "", "http://", "http:///", "://h", "ftp://p", "socks://h", "http://proxy:0", "http://proxy:65536",
    "http://proxy:abc", "http://proxy:", "http://h:80x", "http://h: 80", "http://h:+80", "http://h:-1", "[::1", "[::1]x",
    "[]:1", "http://u:p@", "::1", "a:b:c", "proxy/path", "http://proxy:80/x",
};

void test_proxy() {
    for (const auto &row : good_proxies) {
        const auto uri = parse_proxy_uri(row.text);
        if (!uri) g_error("%s: %s", row.text, uri.error().what.c_str());
        if (!(*uri == row.uri)) g_error("%s: wrong parts", row.text);
        g_assert_true(format_proxy_uri(*uri) == row.again);
    }
    for (const auto *text : bad_proxies)
        if (parse_proxy_uri(text)) g_error("'%s' is taken for a proxy", text);
    g_assert_false(format_proxy_uri({}).has_value());
    g_assert_false(format_proxy_uri({"http", {}, 1, {}, {}}).has_value());
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/uri/good", test_good);
    g_test_add_func("/uri/bad", test_bad);
    g_test_add_func("/uri/limits", test_limits);
    g_test_add_func("/uri/no-secrets", test_no_secrets);
    g_test_add_func("/uri/format", test_format);
    g_test_add_func("/uri/percent", test_percent);
    g_test_add_func("/uri/proxy", test_proxy);
    return g_test_run();
}
