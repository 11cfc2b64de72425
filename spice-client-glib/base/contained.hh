// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/log.hh"

#include <exception>
#include <utility>

namespace spice {

// Runs `call` where nobody above could catch what escapes from it: at the root of a thread or a job, in a callback from
// C, in a destructor. It is logged; false says that it happened.
template <class Call> bool contained(const char *where, Call &&call) noexcept {
    try {
        std::forward<Call>(call)();
        return true;
    } catch (const std::exception &e) {
        log::warn("%s: ended by an internal error: %s", where, e.what());
    } catch (...) {
        log::warn("%s: ended by an internal error", where);
    }
    return false;
}

}
