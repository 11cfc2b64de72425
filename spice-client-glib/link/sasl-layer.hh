// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "link/sasl-session.hh"

#include <vector>

namespace spice::link {

// Encodes what goes out and decodes what comes in. Bound to the thread of the attempt.
class CyrusLayer final : public SaslLayer {
public:
    CyrusLayer(std::unique_ptr<SaslSession> session, Transport &lower);

    void adopt(std::unique_ptr<Transport> lower) override { owned_ = std::move(lower); }
    Io read(std::span<std::byte> into) override;
    Io write(std::span<const std::byte> from) override;
    bool pending() const noexcept override { return !dry_; }
    short events_to_read() const noexcept override { return lower_.events_to_read(); }
    short events_to_write() const noexcept override { return lower_.events_to_write(); }
    int fd() const noexcept override { return lower_.fd(); }
    bool is_unix() const noexcept override { return lower_.is_unix(); }
    unsigned cipher_bits() const noexcept override { return strength_; }

private:
    std::unique_ptr<Transport> owned_;
    Transport &lower_;
    std::unique_ptr<SaslSession> session_;
    unsigned strength_;
    std::size_t max_piece_;
    std::vector<std::byte> raw_, decoded_, encoded_;
    std::size_t decoded_taken_ = 0, encoded_sent_ = 0;
    std::size_t held_ = 0; // bytes of the caller that `encoded_` stands for
    bool dry_ = true;      // nothing to be had without the socket
};

}
