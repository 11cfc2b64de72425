// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "link/transport.hh"

namespace spice::link {

// The lowest layer: a connected stream socket that it owns, non-blocking and close-on-exec.
class SocketTransport final : public Transport {
public:
    explicit SocketTransport(int fd) noexcept;
    ~SocketTransport() override;
    SocketTransport(const SocketTransport &) = delete;
    SocketTransport &operator=(const SocketTransport &) = delete;

    Io read(std::span<std::byte> into) override;
    Io write(std::span<const std::byte> from) override;
    bool pending() const noexcept override { return false; }
    short events_to_read() const noexcept override;
    short events_to_write() const noexcept override;
    int fd() const noexcept override { return fd_; }
    bool is_unix() const noexcept override { return unix_; }
    bool passes_descriptors() const noexcept override { return unix_; }
    std::vector<UniqueFd> take_descriptors() override { return std::exchange(received_, {}); }

private:
    Io read_with_descriptors(std::span<std::byte> into);

    int fd_;
    bool unix_;
    std::vector<UniqueFd> received_;
};

bool is_unix_socket(int fd) noexcept;

// No delay and keep-alive on TCP; silently nothing on other sockets.
void tune_socket(int fd) noexcept;

}
