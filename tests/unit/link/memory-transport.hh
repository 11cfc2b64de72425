// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "link/transport.hh"

#include <algorithm>
#include <vector>

namespace spice::test {

// A server that says all it has to say at once and then leaves; what it is told is kept. For tests and fuzz targets of
// code that reads from a LinkStream: it never waits.
class MemoryTransport final : public link::Transport {
public:
    explicit MemoryTransport(std::vector<std::byte> says, unsigned bits = 0) : says_{std::move(says)}, bits_{bits} {}

    link::Io read(std::span<std::byte> into) override {
        const auto n = std::min(into.size(), says_.size() - taken_);
        if (n == 0) return {link::Io::Kind::closed, 0, 0};
        std::copy_n(says_.begin() + static_cast<std::ptrdiff_t>(taken_), n, into.begin());
        taken_ += n;
        return {link::Io::Kind::done, n, 0};
    }
    link::Io write(std::span<const std::byte> from) override {
        told_.insert(told_.end(), from.begin(), from.end());
        return {link::Io::Kind::done, from.size(), 0};
    }
    bool pending() const noexcept override { return true; }
    short events_to_read() const noexcept override { return 0; }
    short events_to_write() const noexcept override { return 0; }
    int fd() const noexcept override { return -1; }
    bool is_unix() const noexcept override { return false; }
    unsigned cipher_bits() const noexcept override { return bits_; }

    const std::vector<std::byte> &told() const noexcept { return told_; }

private:
    std::vector<std::byte> says_, told_;
    std::size_t taken_ = 0;
    unsigned bits_;
};

}
