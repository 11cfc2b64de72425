// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <dirent.h>
#include <fstream>
#include <glib.h>
#include <string>
#include <string_view>
#include <vector>

namespace spice::test {

// Threads of channels in this process, by number, name and what they wait for. Those of the decode pool stay, and one
// that the caller names.
inline std::vector<std::string> channel_threads(std::string_view stays) {
    std::vector<std::string> found;
    DIR *tasks = opendir("/proc/self/task");
    while (const dirent *task = tasks ? readdir(tasks) : nullptr) {
        const std::string number = task->d_name, folder = "/proc/self/task/" + number;
        std::string name, waits;
        std::getline(std::ifstream{folder + "/comm"}, name);
        if (!name.starts_with("spice-") || name.starts_with("spice-worker") || name == stays) continue;
        std::getline(std::ifstream{folder + "/wchan"}, waits);
        found.push_back(number + " " + name + ": " + waits);
    }
    if (tasks) closedir(tasks);
    return found;
}

// Idle ones of videos, sound and the shared folder stay for two to four seconds.
inline void assert_channel_threads_end(std::string_view stays = {}) {
    const auto until = g_get_monotonic_time() + G_TIME_SPAN_SECOND * 5;
    const auto tick = g_timeout_add(
        5, [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr);
    auto left = channel_threads(stays);
    for (; !left.empty() && g_get_monotonic_time() < until; left = channel_threads(stays))
        g_main_context_iteration(nullptr, TRUE);
    g_source_remove(tick);
    for (const auto &thread : left)
        g_test_message("still there: %s", thread.c_str());
    g_assert_true(left.empty());
}

}
