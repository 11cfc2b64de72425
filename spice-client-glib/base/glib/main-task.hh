// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <glib.h>

#include <functional>

namespace spice {

// A one-shot callback from the loop that cannot outlive its owner: a member object, cancelled by its destructor.
// Thread-bound to the main context.
class MainTask {
public:
    MainTask() = default;
    MainTask(const MainTask &) = delete;
    MainTask &operator=(const MainTask &) = delete;
    ~MainTask() { cancel(); }

    // Runs `call` once after `delay_ms`; what was scheduled before is forgotten.
    void schedule(GMainContext *context, unsigned delay_ms, std::function<void()> call) {
        cancel();
        call_ = std::move(call);
        source_ = delay_ms == 0 ? g_idle_source_new() : g_timeout_source_new(delay_ms);
        g_source_set_priority(source_, G_PRIORITY_DEFAULT);
        g_source_set_callback(source_, &MainTask::fire, this, nullptr);
        g_source_attach(source_, context);
    }
    void cancel() noexcept {
        if (!source_) return;
        g_source_destroy(source_);
        g_source_unref(source_);
        source_ = nullptr;
        call_ = nullptr;
    }
    bool pending() const noexcept { return source_ != nullptr; }

private:
    static gboolean fire(gpointer data) noexcept {
        auto *self = static_cast<MainTask *>(data);
        auto call = std::move(self->call_); // the callback may schedule again or destroy the owner
        g_source_unref(self->source_);
        self->source_ = nullptr;
        self->call_ = nullptr;
        call();
        return G_SOURCE_REMOVE;
    }

    GSource *source_ = nullptr;
    std::function<void()> call_;
};

}
