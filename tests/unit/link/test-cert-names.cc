// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/cert-host.hh"
#include "link/cert-subject.hh"

#include <glib.h>

#include <string>
#include <vector>

using spice::link::host_pattern_matches;
using spice::link::parse_subject;

namespace {

std::string shown(std::string_view text) {
    const auto parsed = parse_subject(text);
    if (!parsed) return "invalid";
    std::string out;
    for (const auto &entry : *parsed) out += "<" + entry.key + "|" + entry.value + ">";
    return out;
}

void test_subject_grammar() {
    const std::pair<const char *, const char *> cases[] = {
        {"", ""},
        {"   ", ""},
        {"CN=vm", "<CN|vm>"},
        {"  CN=vm", "<CN|vm>"},
        {"CN= vm ", "<CN| vm >"},
        {"CN =vm", "<CN |vm>"},
        {"C=FR,O=Lab", "<C|FR><O|Lab>"},
        {"C=FR,  O=Lab", "<C|FR><O|Lab>"},
        {"C=FR,O=Lab,", "<C|FR><O|Lab>"},
        {"C=FR, ", "<C|FR>"},
        {"O=Lab\\, Inc", "<O|Lab, Inc>"},
        {"O=a\\\\b", "<O|a\\b>"},
        {"O=a\\\\,CN=b", "<O|a\\><CN|b>"},
        {"a\\,b=c", "<a,b|c>"},
        {"CN=a=b", "<CN|a=b>"},
        {"CN=,", "invalid"},
        {"CN=", "invalid"},
        {"CN", "invalid"},
        {"=x", "invalid"},
        {",", "invalid"},
        {"C=FR,,O=x", "invalid"},
        {"C,N=x", "invalid"},
        {"CN=a\\", "invalid"},
        {"CN=a\\n", "invalid"},
        {"C\\N=a", "invalid"},
        {"CN=a,O", "invalid"},
    };
    for (const auto &[text, expected] : cases) g_assert_true(shown(text) == expected);
    g_assert_true(shown(std::string_view{"CN=a\0b", 6}) == "invalid");
    g_assert_true(shown("CN=" + std::string(9000, 'x')) == "invalid");
}

void test_host_patterns() {
    const std::pair<const char *, const char *> good[] = {
        {"vm.test", "vm.test"},     {"VM.TEST", "vm.test"},       {"*.test", "vm.test"}, {"v*.test", "vm.test"},
        {"*m.test", "vm.test"},     {"*.*.test", "a.b.test"},     {"*", "vm"},           {"a*b*c.test", "aXXbYYc.test"},
        {"a*.b*.test", "ax.by.test"}, {"*a*a*.test", "banana.test"}, {"vm*.test", "vm.test"}, {"", ""}};
    for (const auto &[pattern, host] : good) g_assert_true(host_pattern_matches(pattern, host));
    const std::pair<const char *, const char *> bad[] = {
        {"*.test", "a.b.test"}, {"*.test", "test"},   {"*", "a.b"},         {"vm.test", "vm.test."}, {"vm.test", "vm.tes"},
        {"v*.test", "xvm.test"}, {"a*b.test", "ab.c.test"}, {"*b.test", "a.b.test"}, {"", "a"},       {"a", ""}};
    for (const auto &[pattern, host] : bad) g_assert_false(host_pattern_matches(pattern, host));
    using namespace std::string_view_literals;
    g_assert_false(host_pattern_matches("vm.test\0.evil"sv, "vm.test"));
    g_assert_false(host_pattern_matches("vm\0"sv, "vm\0"sv));
}

// Many stars, nothing that fits: the time stays bounded.
void test_pathological() {
    std::string pattern;
    for (int i = 0; i < 5000; ++i) pattern += "*a";
    g_assert_false(host_pattern_matches(pattern + "b", std::string(20'000, 'a')));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/cert-names/subject-grammar", test_subject_grammar);
    g_test_add_func("/cert-names/host-patterns", test_host_patterns);
    g_test_add_func("/cert-names/pathological", test_pathological);
    return g_test_run();
}
