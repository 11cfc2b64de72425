// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/outgoing.hh"

#include "link/stream.hh"

namespace spice::channel {

namespace {

constexpr std::size_t chunk_bytes = 64u << 10;

template <class T> void put_little(std::vector<std::byte> &out, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

}

// Messages without a body take memory as well.
std::size_t Outgoing::cost(const std::vector<std::byte> &body) noexcept { return sizeof(Item) + body.size(); }

void Outgoing::append(uint16_t type, std::vector<std::byte> body) {
    std::lock_guard lock{mutex_};
    bytes_ += cost(body);
    if (bytes_ > max_bytes) {
        overflow_ = true;
        return;
    }
    items_.push_back({false, type, 0, std::move(body)});
}

void Outgoing::mark(uint64_t token) {
    std::lock_guard lock{mutex_};
    items_.push_back({true, 0, token, {}});
}

bool Outgoing::empty() const {
    if (written_ < chunk_.size() || !chunk_marks_.empty()) return false;
    if (held_) return true;
    std::lock_guard lock{mutex_};
    return items_.empty();
}

std::size_t Outgoing::queued_bytes() const {
    std::lock_guard lock{mutex_};
    return bytes_;
}

void Outgoing::frame(uint16_t type, const std::vector<std::byte> &body) {
    ++serial_;
    if (!mini_) put_little<uint64_t>(chunk_, serial_);
    put_little<uint16_t>(chunk_, type);
    put_little<uint32_t>(chunk_, static_cast<uint32_t>(body.size()));
    if (!mini_) put_little<uint32_t>(chunk_, 0);
    chunk_.insert(chunk_.end(), body.begin(), body.end());
}

void Outgoing::hold(std::optional<uint16_t> last) {
    if (last) frame(*last, {});
    held_ = true;
}

void Outgoing::release(const std::optional<First> &first) {
    held_ = false;
    chunk_.clear();
    written_ = 0;
    if (first) frame(first->type, first->body);
}

// Frames what is queued into one piece, up to a mark or a sensible size.
void Outgoing::refill() {
    chunk_.clear();
    written_ = 0;
    std::lock_guard lock{mutex_};
    while (!items_.empty() && chunk_.size() < chunk_bytes) {
        auto &item = items_.front();
        if (item.is_mark) {
            chunk_marks_.push_back(item.token);
        } else {
            frame(item.type, item.body);
            bytes_ -= cost(item.body);
        }
        items_.pop_front();
        if (!chunk_marks_.empty()) break;
    }
}

Status Outgoing::write(link::Transport &transport, std::vector<uint64_t> &tokens) {
    {
        std::lock_guard lock{mutex_};
        if (overflow_) return Error{Error::Kind::io, "the server does not read what is sent to it"};
    }
    while (true) {
        if (written_ == chunk_.size()) {
            tokens.insert(tokens.end(), chunk_marks_.begin(), chunk_marks_.end());
            chunk_marks_.clear();
            if (held_) return success();
            refill();
            if (chunk_.empty() && chunk_marks_.empty()) return success();
            continue;
        }
        const auto io = transport.write(std::span{chunk_}.subspan(written_));
        switch (io.kind) {
        case link::Io::Kind::done: written_ += io.bytes; break;
        case link::Io::Kind::again: return success();
        case link::Io::Kind::closed: return Error{Error::Kind::io, "the server closed the connection"};
        case link::Io::Kind::failed: return link::io_error("cannot write to the server", io.error);
        }
    }
}

}
