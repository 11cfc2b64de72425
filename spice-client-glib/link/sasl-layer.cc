// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/sasl-layer.hh"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace spice::link {

namespace {

constexpr std::size_t read_piece = 16u << 10;
constexpr std::size_t largest_piece = 8u << 10; // what servers take

}

CyrusLayer::CyrusLayer(std::unique_ptr<SaslSession> session, Transport &lower)
    : lower_{lower}, session_{std::move(session)}, strength_{session_->strength()},
      max_piece_{std::clamp<std::size_t>(session_->max_output(), 1, largest_piece)}, raw_(read_piece) {}

Io CyrusLayer::read(std::span<std::byte> into) {
    if (decoded_taken_ == decoded_.size()) {
        const auto io = lower_.read(raw_);
        dry_ = io.kind == Io::Kind::again;
        if (io.kind != Io::Kind::done) return io;
        const char *plain = nullptr;
        unsigned size = 0;
        if (sasl_decode(session_->connection(), reinterpret_cast<const char *>(raw_.data()), static_cast<unsigned>(io.bytes),
                        &plain, &size) != SASL_OK)
            return {Io::Kind::failed, 0, EPROTO};
        const auto *bytes = reinterpret_cast<const std::byte *>(plain);
        decoded_.assign(bytes, bytes + size);
        decoded_taken_ = 0;
        if (decoded_.empty()) return {}; // there may be more, but the caller may also want to stop
    }
    const auto n = std::min(into.size(), decoded_.size() - decoded_taken_);
    std::memcpy(into.data(), decoded_.data() + decoded_taken_, n);
    decoded_taken_ += n;
    return {Io::Kind::done, n, 0};
}

// What was encoded once must go out as it is: until then the caller is told to come back with the same bytes.
Io CyrusLayer::write(std::span<const std::byte> from) {
    if (held_ == 0) {
        const auto piece = from.first(std::min(from.size(), max_piece_));
        const char *cipher = nullptr;
        unsigned size = 0;
        if (sasl_encode(session_->connection(), reinterpret_cast<const char *>(piece.data()),
                        static_cast<unsigned>(piece.size()), &cipher, &size) != SASL_OK)
            return {Io::Kind::failed, 0, EPROTO};
        const auto *bytes = reinterpret_cast<const std::byte *>(cipher);
        encoded_.assign(bytes, bytes + size);
        encoded_sent_ = 0;
        held_ = piece.size();
    }
    while (encoded_sent_ < encoded_.size()) {
        const auto io = lower_.write(std::span{encoded_}.subspan(encoded_sent_));
        if (io.kind != Io::Kind::done) return io;
        encoded_sent_ += io.bytes;
    }
    return {Io::Kind::done, std::exchange(held_, 0), 0};
}

}
