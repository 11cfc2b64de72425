// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "device/webdav-request.hh"

#include <glib.h>

using namespace spice::device;

namespace {

void test_path() {
    for (const char *path : {"/", "/a", "/a/", "/a/b", "/100%.txt", "/%2e%2e/a", "/...", "/a..", "/..a/.b"})
        g_assert_true(is_plain_path(path));
    for (const char *path : {"", "a", "//", "/a//b", "/..", "/../a", "/a/../b", "/a/..", "/.", "/./a", "..", "*"})
        g_assert_false(is_plain_path(path));
}

void test_uri() {
    g_assert_true(plain_uri("http://h/a%20b?q#f") == "http://h/a%20b?q#f");
    g_assert_true(plain_uri("/a") == "http://localhost/a");
    g_assert_true(plain_uri("http://h/%252e%252e/a")); // a name with a '%'
    g_assert_true(plain_uri("http://h"));
    g_assert_true(plain_uri("http://h/%2e%2e/a")); // whoever takes it apart makes "/a" of it
    for (const char *text : {"", "a", "x:", "x:a", "//h/a", "http://h//a", "http://h/%2e%2e%2fa", "http://h/a%2f..",
                             "http://h/a%00", "http://h/%", "http://h/%zz", "/%2e%2e%2f"}) {
        g_test_message("%s", text);
        g_assert_false(plain_uri(text));
    }
}

void test_condition() {
    for (const char *text :
         {"(<a>)", "( <a> )", "(Not <a>)", "(Not<a>)", "(<a> [\"b\"])", "([\"\"])", "(<a>)(<b>) (Not [\"c\"])",
          "<http://h/a> (<b>)", "<http://h/a>(<b>)(<c>) <http://h/d> (<e>)", "(<DAV:no-lock>)"}) {
        g_test_message("%s", text);
        g_assert_true(is_condition(text));
    }
    for (const char *text : {"",
                             " ",
                             "x",
                             "(",
                             "()",
                             "( )",
                             "(<",
                             "(<a",
                             "(<a>",
                             "(<>)",
                             "(<a>]",
                             "(<a>))",
                             "(<a>) x",
                             "(<a>) <http://h/a> (<b>)",
                             "(Not)",
                             "(Not Not <a>)",
                             "(not <a>)",
                             "([a])",
                             "([\"a\")",
                             "([\"a])",
                             "([\"a",
                             "([W/\"a\"])",
                             "([\"a\\\"])",
                             "([\"a\\",
                             "<a>",
                             "<http://h/a>",
                             "<http://h/a> x",
                             "</a> (<b>)",
                             "<x:> ([\"a\"])",
                             "<http://h//s> ([\"a\"])",
                             "<http://h/%2e%2e%2fs> ([\"a\"])",
                             "<http://h/a (<b>)",
                             "(<a>), (<b>)",
                             "((<a>))"}) {
        g_test_message("%s", text);
        g_assert_false(is_condition(text));
    }
    std::string many;
    while (many.size() < 4000)
        many += "(<a>)";
    g_assert_true(is_condition(many));
    g_assert_false(is_condition(many + many));
}

void test_bodies() {
    const auto propfind = [](const std::string &inside) {
        return "<D:propfind xmlns:D=\"DAV:\">" + inside + "</D:propfind>";
    };
    const auto lockinfo = [](const std::string &inside) {
        return "<a:lockinfo xmlns:a=\"DAV:\">" + inside + "</a:lockinfo>";
    };
    const std::string scope = "<a:lockscope><a:exclusive/></a:lockscope>",
                      type = "<a:locktype>\n<a:write/></a:locktype>";
    for (const auto &inside :
         {"<D:prop><a/></D:prop>", "<D:allprop/>", "<D:propname/>", "<!-- - --><D:prop> <a/><b>x</b> </D:prop>"})
        g_assert_true(is_propfind(propfind(inside)));
    g_assert_true(
        is_propfind("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<propfind xmlns=\"DAV:\"><allprop/></propfind>\n"));
    g_assert_true(is_propfind("<?xml version=\"1.0\"?><propfind xmlns=\"DAV:\"><allprop/></propfind>"));
    for (const auto &inside : {"", "x", "<D:prop/>", "<D:prop>x</D:prop>", "<D:prop><a/></D:prop><D:prop/>", "<D:x/>",
                               "<D:prop><a></D:prop>", "<D:prop><![CDATA[<a/>]]></D:prop>", "<D:prop><?a?></D:prop>"})
        g_assert_false(is_propfind(propfind(inside)));
    for (const auto *body : {"", "x", "<propfind/>", "<lockinfo><allprop/></lockinfo>",
                             "<?xml version=\"1.0\" encoding=\"utf-7\"?><propfind><allprop/></propfind>",
                             "<!DOCTYPE a [<!ENTITY b \"c\">]><propfind><allprop/></propfind>"})
        g_assert_false(is_propfind(body));
    std::string many;
    for (int i = 0; i < 62; ++i)
        many += "<a b='c'/>";
    g_assert_true(is_propfind(propfind("<D:prop>" + many + "<a/></D:prop>")));
    g_assert_false(is_propfind(propfind("<D:prop>" + many + "<a b='c'/></D:prop>")));
    g_assert_true(is_lockinfo(lockinfo(scope + type)));
    g_assert_true(is_lockinfo(lockinfo(type + "<a:owner><a:href>me</a:href></a:owner>" + scope)));
    for (const auto &inside : {std::string{}, scope, type, scope + scope + type, scope + type + "<a:owner/><a:owner/>",
                               scope + "<a:locktype/>", scope + "<a:locktype><a:x/><a:write/></a:locktype>",
                               type + "<a:lockscope><a:x/></a:lockscope>", scope + type + "<a:lockscope/>"})
        g_assert_false(is_lockinfo(lockinfo(inside)));
    g_assert_false(is_lockinfo("<propfind>" + scope + type + "</propfind>"));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/webdav-request/path", test_path);
    g_test_add_func("/webdav-request/uri", test_uri);
    g_test_add_func("/webdav-request/condition", test_condition);
    g_test_add_func("/webdav-request/bodies", test_bodies);
    return g_test_run();
}
