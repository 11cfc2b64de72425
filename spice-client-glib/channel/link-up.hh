// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/shared.hh"
#include "channel/types.hh"
#include "link/framer.hh"
#include "link/transport.hh"
#include "wire/messages-link.hh"

#include <atomic>
#include <cstdint>
#include <memory>

namespace spice::channel {

// What a connection needs to know of its channel.
struct EngineSetup {
    AttemptParams params;
    Type type = Type::main;
    uint8_t id = 0;
    wire::Capabilities common_caps, channel_caps; // announced
    std::shared_ptr<Shared> shared;
    std::shared_ptr<std::atomic<uint64_t>> read_bytes;
};

// A connection that the server has let in: messages can flow. Bound to one thread at a time.
struct Linked {
    std::unique_ptr<link::Transport> transport;
    std::unique_ptr<link::Framer> framer;
    bool mini_header = false;
    wire::Capabilities common_caps, channel_caps; // the server's
};

// How far an attempt came, also when it failed.
struct LinkProgress {
    bool connected = false; // the link phase has begun
    bool needs_tls = false; // the server wants TLS, on another socket of the application
};

constexpr auto link_silence_limit = std::chrono::seconds(10);

// Connects and links. NEED_SECURED sends a channel to the TLS port, once (spec/link.md §9); the setup says then that it
// is secured. Blocks its thread but for `wakeup` and `lookup_cancel`; errors as open_transport() and perform_link().
Result<Linked> link_up(EngineSetup &setup, link::Wakeup &wakeup, GCancellable *lookup_cancel, LinkProgress &progress);

const char *type_name(Type type) noexcept;

}
