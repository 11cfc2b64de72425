// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// test-behaviour [--reference] [NAME]: each rule in a process of its own; with a name only that one, in this process.
// Written as TAP. On the distribution's library a rule must hold unless the table says what happens there instead.
#include "behaviour.hh"

#include <cstdio>
#include <cstring>
#include <memory>
#include <sys/wait.h>
#include <unistd.h>

using namespace spice::test;

namespace {

constexpr unsigned limit_s = 30;

std::vector<Rule> all_rules() {
    std::vector<Rule> all;
    for (const auto rules : {session_rules(), channel_rules(), main_rules(), content_rules()})
        all.insert(all.end(), rules.begin(), rules.end());
    return all;
}

// Which library is in memory: this build's, or the distribution's.
bool on_reference() {
    g_autofree char *maps = nullptr;
    g_assert_true(g_file_get_contents("/proc/self/maps", &maps, nullptr, nullptr));
    const std::string_view all{maps};
    const auto at = all.find("/libspice-client-glib-2.0.so.8");
    g_assert_true(at != all.npos);
    return all.substr(all.rfind(' ', at) + 1).starts_with("/usr/lib/");
}

// In a child, so that a crash or a hang is the fault of this rule only.
std::string run_apart(const Rule &rule) {
    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    std::fflush(nullptr);
    const auto child = fork();
    if (child == 0) {
        close(ends[0]);
        alarm(limit_s);
        const std::string result = rule.run();
        if (write(ends[1], result.data(), result.size()) < 0) _exit(2);
        _exit(0);
    }
    close(ends[1]);
    std::string out(2000, '\0');
    std::size_t size = 0;
    for (ssize_t n; (n = read(ends[0], out.data() + size, out.size() - size)) > 0;) size += static_cast<std::size_t>(n);
    out.resize(size);
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) out = std::string{"ended by "} + strsignal(WTERMSIG(status));
    return out;
}

void print(bool good, std::size_t number, const Rule &rule, const std::string &seen, const char *remark) {
    std::printf("%s %zu %s%s\n", good ? "ok" : "not ok", number, rule.name, remark);
    if (!seen.empty()) std::printf("# %s\n", seen.c_str());
    std::fflush(stdout);
}

}

int main(int argc, char **argv) {
    g_log_set_always_fatal(static_cast<GLogLevelFlags>(G_LOG_FATAL_MASK)); // some rules are about what is criticised
    const bool reference = argc > 1 && std::strcmp(argv[1], "--reference") == 0;
    const char *only = argc > 1 && !reference ? argv[1] : argc > 2 ? argv[2] : nullptr;
    g_type_class_unref(g_type_class_ref(SPICE_TYPE_SESSION));
    if (on_reference() != reference) {
        std::printf("Bail out! this is the wrong library\n");
        return 1;
    }
    const auto rules = all_rules();
    std::size_t number = 0, obeyed = 0, failed = 0;
    for (const auto &rule : rules) {
        if (only && std::strcmp(rule.name, only) != 0) continue;
        const auto seen = run_apart(rule);
        const bool held = seen.empty(), exempt = reference && rule.reference;
        obeyed += held;
        const bool good = exempt ? !held : held;
        failed += !good;
        print(good, ++number, rule, seen, exempt ? (std::string{" (the reference: "} + rule.reference + ")").c_str() : "");
    }
    std::printf("# %zu of %zu rules are obeyed here\n1..%zu\n", obeyed, number, number);
    return failed == 0 ? 0 : 1;
}
