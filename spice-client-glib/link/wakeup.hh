// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <atomic>

namespace spice::link {

// Wakes one thread out of poll() and carries the order to stop. wake() and cancel() are for any thread, the rest for
// the thread that polls.
class Wakeup {
public:
    Wakeup();
    ~Wakeup();
    Wakeup(const Wakeup &) = delete;
    Wakeup &operator=(const Wakeup &) = delete;

    void wake() noexcept;
    void cancel() noexcept; // for good
    bool cancelled() const noexcept { return cancelled_.load(std::memory_order_acquire); }

    int fd() const noexcept { return fd_; }
    void clear() noexcept; // after poll() reported fd(); before looking for the reason

private:
    int fd_;
    std::atomic<bool> cancelled_{false};
};

}
