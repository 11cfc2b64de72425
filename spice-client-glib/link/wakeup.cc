// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/wakeup.hh"

#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>

namespace spice::link {

// Without a descriptor (none left in the process) wait() polls in short steps instead.
Wakeup::Wakeup() : fd_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {}

Wakeup::~Wakeup() {
    if (fd_ >= 0) close(fd_);
}

void Wakeup::wake() noexcept {
    const uint64_t one = 1;
    // Full means that a wake-up is pending already.
    if (fd_ >= 0) [[maybe_unused]]
        auto n = write(fd_, &one, sizeof one);
}

void Wakeup::cancel() noexcept {
    cancelled_.store(true, std::memory_order_release);
    wake();
}

void Wakeup::clear() noexcept {
    uint64_t count = 0;
    if (fd_ >= 0) [[maybe_unused]]
        auto n = read(fd_, &count, sizeof count);
}

}
