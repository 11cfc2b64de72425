// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <glib.h>

namespace spice {

// While it lives, `context` is the thread's default: GIO answers there what is asked meanwhile.
class DefaultContext {
public:
    explicit DefaultContext(GMainContext *context) : context_{context} { g_main_context_push_thread_default(context_); }
    ~DefaultContext() { g_main_context_pop_thread_default(context_); }
    DefaultContext(const DefaultContext &) = delete;
    DefaultContext &operator=(const DefaultContext &) = delete;

private:
    GMainContext *context_;
};

}
