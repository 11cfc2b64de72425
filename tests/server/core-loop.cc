// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "core-loop.hh"

#include <glib-unix.h>
#include <glib.h>

#include <utility>

// The server knows these two only by name; what is in them is the core's business.
struct SpiceTimer {
    SpiceTimerFunc func = nullptr;
    void *opaque = nullptr;
    guint source = 0;
};

struct SpiceWatch {
    int fd = -1;
    int mask = 0;
    SpiceWatchFunc func = nullptr;
    void *opaque = nullptr;
    guint source = 0;
};

namespace spice::testserver {
namespace {

ChannelEventHook &hook_slot() {
    static ChannelEventHook hook;
    return hook;
}

void drop_source(guint &id) {
    if (id) g_source_remove(std::exchange(id, 0u));
}

gboolean timer_fired(gpointer data) noexcept {
    auto *timer = static_cast<SpiceTimer *>(data);
    timer->source = 0;
    timer->func(timer->opaque); // may free the timer
    return G_SOURCE_REMOVE;
}

SpiceTimer *timer_add(SpiceTimerFunc func, void *opaque) { return new SpiceTimer{func, opaque, 0}; }

void timer_cancel(SpiceTimer *timer) { drop_source(timer->source); }

void timer_start(SpiceTimer *timer, uint32_t ms) {
    timer_cancel(timer);
    timer->source = g_timeout_add(ms, timer_fired, timer);
}

void timer_remove(SpiceTimer *timer) {
    timer_cancel(timer);
    delete timer;
}

gboolean fd_ready(gint fd, GIOCondition cond, gpointer data) noexcept {
    auto *watch = static_cast<SpiceWatch *>(data);
    int event = 0;
    if (cond & (G_IO_IN | G_IO_HUP | G_IO_ERR)) event |= SPICE_WATCH_EVENT_READ;
    if (cond & G_IO_OUT) event |= SPICE_WATCH_EVENT_WRITE;
    event &= watch->mask;
    watch->func(fd, event ? event : watch->mask, watch->opaque); // may free the watch
    return G_SOURCE_CONTINUE;
}

void watch_update_mask(SpiceWatch *watch, int mask) {
    drop_source(watch->source);
    watch->mask = mask;
    if (!mask) return;
    unsigned cond = 0;
    if (mask & SPICE_WATCH_EVENT_READ) cond |= G_IO_IN;
    if (mask & SPICE_WATCH_EVENT_WRITE) cond |= G_IO_OUT;
    watch->source = g_unix_fd_add(watch->fd, static_cast<GIOCondition>(cond), fd_ready, watch);
}

SpiceWatch *watch_add(int fd, int mask, SpiceWatchFunc func, void *opaque) {
    auto *watch = new SpiceWatch{fd, 0, func, opaque, 0};
    watch_update_mask(watch, mask);
    return watch;
}

void watch_remove(SpiceWatch *watch) {
    drop_source(watch->source);
    delete watch;
}

void channel_event(int event, SpiceChannelEventInfo *info) {
    if (hook_slot()) hook_slot()(event, *info);
}

SpiceCoreInterface make_table() {
    SpiceCoreInterface core{};
    core.base.type = SPICE_INTERFACE_CORE;
    core.base.description = "GLib main loop";
    core.base.major_version = SPICE_INTERFACE_CORE_MAJOR;
    core.base.minor_version = SPICE_INTERFACE_CORE_MINOR;
    core.timer_add = timer_add;
    core.timer_start = timer_start;
    core.timer_cancel = timer_cancel;
    core.timer_remove = timer_remove;
    core.watch_add = watch_add;
    core.watch_update_mask = watch_update_mask;
    core.watch_remove = watch_remove;
    core.channel_event = channel_event;
    return core;
}

}

SpiceCoreInterface *core_interface(ChannelEventHook hook) {
    static SpiceCoreInterface table = make_table();
    hook_slot() = std::move(hook);
    return &table;
}

}
