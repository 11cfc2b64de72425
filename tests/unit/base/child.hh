// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <glib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <functional>

namespace spice::test {

// Runs `body` in a child process that then calls exit(), handlers and all; answers its exit status, -1 for a signal.
// For what can be tried only once a process. The caller has no threads yet.
inline int in_child(const std::function<int()> &body) {
    std::fflush(nullptr); // or the child would write the parent's lines once more
    const pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        alarm(30); // a hang ends by itself
        std::exit(body());
    }
    int status = 0;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}
