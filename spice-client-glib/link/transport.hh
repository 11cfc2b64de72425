// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/unique-fd.hh"

#include <cstddef>
#include <span>
#include <vector>

namespace spice::link {

// Outcome of one non-blocking read or write.
struct Io {
    enum class Kind { done, again, closed, failed };
    Kind kind = Kind::again;
    std::size_t bytes = 0; // with done
    int error = 0;         // errno, with failed
};

// One layer of a connection: the socket, or what is stacked upon it (TLS, a security layer of SASL). Bound to the thread of the
// connection attempt; never blocks.
class Transport {
public:
    virtual ~Transport() = default;

    virtual Io read(std::span<std::byte> into) = 0;
    virtual Io write(std::span<const std::byte> from) = 0;

    // Bytes are decoded already and readable although the descriptor is not.
    virtual bool pending() const noexcept = 0;
    // poll() events to wait for when the next step is to read, or to write.
    virtual short events_to_read() const noexcept = 0;
    virtual short events_to_write() const noexcept = 0;

    virtual int fd() const noexcept = 0;
    virtual bool is_unix() const noexcept = 0;
    // Strength of the encryption by this layer and those below it, all the way to the server; 0 without any.
    virtual unsigned cipher_bits() const noexcept { return 0; }

    // File descriptors can come along: only on a bare UNIX socket.
    virtual bool passes_descriptors() const noexcept { return false; }
    // Those that came with the last byte of the last read(); the next read() closes what nobody took.
    virtual std::vector<UniqueFd> take_descriptors() { return {}; }
};

}
