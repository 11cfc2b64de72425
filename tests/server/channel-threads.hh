// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <dirent.h>
#include <fstream>
#include <glib.h>
#include <string>

namespace spice::test {

// Threads of channels in this process; those of the decode pool and of libusb stay.
inline int channel_threads() {
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    while (const dirent *task = tasks ? readdir(tasks) : nullptr) {
        std::string name;
        std::getline(std::ifstream{std::string{"/proc/self/task/"} + task->d_name + "/comm"}, name);
        count += name.starts_with("spice-") && !name.starts_with("spice-worker") && name != "spice-usb";
    }
    if (tasks) closedir(tasks);
    return count;
}

inline void assert_channel_threads_end() {
    const auto until = g_get_monotonic_time() + G_TIME_SPAN_SECOND * 5;
    while (channel_threads() > 0 && g_get_monotonic_time() < until) {
        g_main_context_iteration(nullptr, FALSE);
        g_thread_yield();
    }
    g_assert_cmpint(channel_threads(), ==, 0);
}

}
