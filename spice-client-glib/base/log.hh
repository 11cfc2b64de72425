// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <atomic>
#include <cstdarg>

// One log domain for the library. Thread-safe. Secrets (tickets, SASL data) must never be passed in.
namespace spice::log {

// message: what a user should see that is nobody's fault here, such as a lost connection.
enum class Level { debug, info, message, warning, critical };

// Where lines go: GLib's log once base/glib/log-glib is installed, standard error before.
using Sink = void (*)(Level, const char *line);
void set_sink(Sink sink) noexcept;

// Debug lines cost one relaxed load when they are off.
extern std::atomic<bool> debug_enabled;

[[gnu::format(printf, 2, 3)]] void write(Level level, const char *format, ...) noexcept;

[[gnu::format(printf, 1, 2)]] void warn(const char *format, ...) noexcept;

}

// A macro so that the arguments of a disabled debug line are not evaluated.
#define SPICE_LOG_DEBUG(...)                                                                                           \
    do {                                                                                                               \
        if (spice::log::debug_enabled.load(std::memory_order_relaxed))                                                 \
            spice::log::write(spice::log::Level::debug, __VA_ARGS__);                                                  \
    } while (false)
