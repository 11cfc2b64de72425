// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "device/http-head.hh"

#include <glib.h>

#include <string>
#include <string_view>

using spice::device::HttpHead;

namespace {

bool feed(HttpHead &head, std::string_view text) { return head.feed(std::as_bytes(std::span{text})); }

const std::string much(1u << 20, 'x');

void test_ends() {
    for (const char *end : {"\r\n\r\n", "\n\n", "\r\n\n", "\n\r\n"})
        for (const std::size_t step : {std::size_t{1}, std::size_t{1000}}) {
            HttpHead head;
            const auto text = "GET / HTTP/1.1\r\nHost: a" + std::string{end};
            for (std::size_t at = 0; at < text.size(); at += step) g_assert_true(feed(head, text.substr(at, step)));
            g_assert_true(feed(head, much)); // the body may be as long as it likes
        }
}

void test_too_long() {
    for (const char *begin : {"", "GET / HTTP/1.1\r\n", "\r\n\r\n\n\nGET", "GET / HTTP/1.1\r\nA: b\r\n", "\r\r\r", " \n"}) {
        HttpHead head;
        g_assert_true(feed(head, begin));
        g_assert_false(feed(head, much));
    }
    HttpHead exact;
    g_assert_true(feed(exact, std::string_view{much}.substr(0, HttpHead::max_bytes)));
    g_assert_false(feed(exact, "x"));
    HttpHead empty_lines;
    g_assert_false(feed(empty_lines, std::string(HttpHead::max_bytes + 1, '\n')));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/http-head/ends", test_ends);
    g_test_add_func("/http-head/too-long", test_too_long);
    return g_test_run();
}
