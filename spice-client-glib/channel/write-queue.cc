// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/write-queue.hh"

#include <algorithm>
#include <utility>

namespace spice::channel {

bool WriteQueue::push(Item item, std::optional<uint64_t> token) {
    std::lock_guard lock{mutex_};
    if (closed_) return false;
    items_.push_back(std::move(item));
    if (token) items_.push_back(Mark{*token});
    return true;
}

bool WriteQueue::write(std::span<const std::byte> data, uint64_t token) {
    return data.empty() ? mark(token) : push(Borrowed{data}, token);
}

bool WriteQueue::write(std::vector<std::byte> data, uint64_t token) { return push(std::move(data), token); }

bool WriteQueue::message(uint16_t type, std::vector<std::byte> body) {
    return push(Message{type, std::move(body)}, std::nullopt);
}

bool WriteQueue::mark(uint64_t token) { return push(Mark{token}, std::nullopt); }

void WriteQueue::close() {
    std::lock_guard lock{mutex_};
    closed_ = true;
    items_.clear();
}

bool WriteQueue::empty() const {
    std::lock_guard lock{mutex_};
    return items_.empty();
}

// A piece of somebody else's bytes is copied under the lock: after close() nobody looks at them any more.
std::optional<WriteQueue::Piece> WriteQueue::next() {
    std::lock_guard lock{mutex_};
    if (items_.empty()) return std::nullopt;
    auto &item = items_.front();
    if (auto *borrowed = std::get_if<Borrowed>(&item)) {
        const auto piece = borrowed->left.first(std::min(piece_bytes, borrowed->left.size()));
        Data copy{piece.begin(), piece.end()};
        borrowed->left = borrowed->left.subspan(piece.size());
        if (borrowed->left.empty()) items_.pop_front();
        return copy;
    }
    std::optional<Piece> piece;
    if (auto *data = std::get_if<Data>(&item)) piece = std::move(*data);
    else if (auto *message = std::get_if<Message>(&item)) piece = std::move(*message);
    else piece = std::get<Mark>(item);
    items_.pop_front();
    return piece;
}

}
