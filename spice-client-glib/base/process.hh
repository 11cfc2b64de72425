// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <atomic>
#include <functional>

// Threads of this library and the end of the process. Thread-safe.
//
// Threads are detached and never joined in the main context. Third-party libraries free themselves in atexit handlers
// while our threads may still be inside them, so the first thread registers one handler of ours (registered last, it
// runs first): it raises the stop flag, wakes every thread and waits a bounded time until each has left, with all
// thread-specific data that libraries keep for it.
namespace spice::process {

// True once the process is exiting: loops end, nothing new is started.
bool stopping() noexcept;

// Starts a detached thread of 1 MiB stack that blocks all signals, named `name` (15 characters are kept), with the
// given nice increment. `wake` is called from another thread when the process exits and must make `body` return soon.
// False when the system refuses another thread or the process is exiting.
// `failed` is called on the thread when an exception escaped from `body`.
bool start_thread(const char *name, int nice_increment, std::function<void()> body, std::function<void()> wake,
                  std::function<void()> failed = {});

// Whether the calling thread was started here: it may do what takes long, and takes part in the end of the process.
bool on_own_thread() noexcept;

// Number of threads started and not ended. For tests that wait until a session has really gone.
int thread_count() noexcept;

// Runs before the first thread is started; link/ initialises OpenSSL through it so that OpenSSL's own exit handler is
// registered before ours.
void set_before_first_thread(void (*hook)()) noexcept;

}
