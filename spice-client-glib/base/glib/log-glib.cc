// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/glib/log-glib.hh"

#include "base/glib/glib-ptr.hh"
#include "base/log.hh"

#include <mutex>

namespace spice::log {

namespace {

constexpr const char *domain = "GSpice";

void to_glib(Level level, const char *line) {
    switch (level) {
    case Level::debug: g_log(domain, G_LOG_LEVEL_DEBUG, "%s", line); break;
    case Level::info: g_log(domain, G_LOG_LEVEL_INFO, "%s", line); break;
    case Level::message: g_log(domain, G_LOG_LEVEL_MESSAGE, "%s", line); break;
    case Level::warning: g_log(domain, G_LOG_LEVEL_WARNING, "%s", line); break;
    case Level::critical: g_log(domain, G_LOG_LEVEL_CRITICAL, "%s", line); break;
    }
}

// g_setenv is not thread-safe, hence only from the main context and only when it changes anything.
void ask_glib_for_debug() {
    const char *now = g_getenv("G_MESSAGES_DEBUG");
    if (!now || !*now) {
        g_setenv("G_MESSAGES_DEBUG", domain, TRUE);
    } else if (!g_str_equal(now, "all") && !g_strstr_len(now, -1, domain)) {
        StrPtr both{g_strconcat(now, " ", domain, nullptr)};
        g_setenv("G_MESSAGES_DEBUG", both.get(), TRUE);
    }
}

}

void set_debug(bool enabled) noexcept {
    if (enabled) ask_glib_for_debug();
    debug_enabled.store(enabled, std::memory_order_relaxed);
}

void install_glib_sink() noexcept {
    static std::once_flag once;
    std::call_once(once, [] {
        set_sink(to_glib);
        if (g_getenv("SPICE_DEBUG")) set_debug(true);
    });
}

}
