// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "wire/reader.hh"

#include <utility>

namespace spice::channel {

// Parses one message and hands it on; the error is the frame fault that closes the channel.
template <class M, class F> Status with_message(wire::Bytes body, F &&use) {
    auto message = wire::parse<M>(body);
    if (!message) return std::move(message.error());
    std::forward<F>(use)(std::move(*message));
    return success();
}

}
