// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/log.hh"

#include <cstdio>

namespace spice::log {

namespace {

void to_stderr(Level, const char *line) { std::fprintf(stderr, "spice-client: %s\n", line); }

std::atomic<Sink> current_sink{to_stderr};

void vwrite(Level level, const char *format, std::va_list args) noexcept {
    char line[1024]; // longer lines are cut: nothing a server sends may make the log grow
    std::vsnprintf(line, sizeof line, format, args);
    current_sink.load(std::memory_order_acquire)(level, line);
}

}

std::atomic<bool> debug_enabled{false};

void set_sink(Sink sink) noexcept { current_sink.store(sink ? sink : to_stderr, std::memory_order_release); }

void write(Level level, const char *format, ...) noexcept {
    std::va_list args;
    va_start(args, format);
    vwrite(level, format, args);
    va_end(args);
}

void warn(const char *format, ...) noexcept {
    std::va_list args;
    va_start(args, format);
    vwrite(Level::warning, format, args);
    va_end(args);
}

}
