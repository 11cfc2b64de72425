// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/main-context.hh"

#include "spice-client.h"

#include <atomic>

namespace {

std::atomic<GMainContext *> chosen{nullptr}; // a reference is held until the process ends

}

namespace spice::api {

GMainContext *new_session_context() {
    if (auto *context = chosen.load()) return context;
    return g_main_context_get_thread_default();
}

}

/**
 * spice_util_set_main_context:
 * @main_context: (nullable): a context, or %NULL to choose none
 *
 * Chooses the main context in which the sessions made from now on live: their properties change and their signals are
 * emitted there, whichever thread creates them. Without a choice it is the thread-default context of the thread that
 * creates the session, or the default one. Sessions that exist stay where they are.
 *
 * May be called from any thread. The context stays referenced for the rest of the process.
 */
void spice_util_set_main_context(GMainContext *main_context) {
    if (main_context) g_main_context_ref(main_context);
    // What was chosen before is not dropped: another thread may be about to use it.
    chosen.store(main_context);
}
