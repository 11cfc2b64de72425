// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/framer.hh"

#include "base/recycler.hh"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>

namespace spice::link {

namespace {

// The pixels of an uncompressed picture begin 93 bytes into a DRAW_COPY, with or without clip rectangles: behind either
// header they are then aligned and can be drawn from where they lie.
constexpr std::size_t picture_offset = 1;
constexpr std::size_t min_space = 4u << 10;
constexpr unsigned patience = 64; // small reads in a row before the block shrinks

template <class T> T little(const std::byte *p) noexcept {
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>(value | (static_cast<T>(p[i]) << (8 * i)));
    return value;
}

// Large ones are recycled: while pictures wait for their drawing a block often is still in use when the next is needed.
Framer::Block new_block(std::size_t size) {
    if (size < Recycler::min_block) return std::make_shared_for_overwrite<std::byte[]>(size);
    const auto block = Recycler::allocate(size);
    if (!block.data) throw std::bad_alloc{};
    return {block.data, [capacity = block.capacity](std::byte *data) { Recycler::release({data, capacity}); }};
}

}

// No message lies in the block any more, and what others read there is read.
bool Framer::only_ours() const noexcept {
    if (!block_ || block_.use_count() != 1) return false;
    std::atomic_thread_fence(std::memory_order_acquire); // use_count() orders nothing
    return true;
}

void Framer::move_to_block(std::size_t capacity, std::size_t offset) {
    const auto kept = buffered();
    // One that a large message or a flood needed is not kept for what comes after it.
    if (only_ours() && capacity_ >= capacity && capacity_ / 2 < capacity) {
        if (kept > 0) std::memmove(block_.get() + offset, block_.get() + begin_, kept);
    } else {
        auto fresh = new_block(capacity);
        if (kept > 0) std::memcpy(fresh.get() + offset, block_.get() + begin_, kept);
        block_ = std::move(fresh);
        capacity_ = capacity;
    }
    begin_ = offset;
    end_ = offset + kept;
}

std::span<std::byte> Framer::space() {
    if (wanted_ > target_) {
        // A message larger than a block gets one of its own, and nothing else is read into it.
        if (capacity_ - begin_ < wanted_) move_to_block(wanted_ + picture_offset, picture_offset);
        return {block_.get() + end_, begin_ + wanted_ - end_};
    }
    const auto needed = std::max(min_space, wanted_ > buffered() ? wanted_ - buffered() : 0);
    if (capacity_ - end_ < needed || (buffered() == 0 && begin_ > 0 && only_ours()))
        move_to_block(std::max(target_, buffered() + needed));
    return {block_.get() + end_, capacity_ - end_};
}

void Framer::filled(std::size_t n) {
    end_ += n;
    if (end_ == capacity_ && wanted_ <= target_) {
        target_ = std::min(target_ * 2, max_block);
        small_reads_ = 0;
    } else if (n < target_ / 8) {
        if (++small_reads_ == patience) {
            target_ = std::max(target_ / 2, min_block);
            small_reads_ = 0;
        }
    } else {
        small_reads_ = 0;
    }
}

Framer::Header Framer::decode_header() const noexcept {
    const auto *p = block_.get() + begin_;
    if (mini_) return {little<uint16_t>(p), little<uint32_t>(p + 2), 0, 0};
    return {little<uint16_t>(p + 8), little<uint32_t>(p + 10), little<uint32_t>(p + 14), little<uint64_t>(p)};
}

Result<std::optional<Framer::Message>> Framer::next() {
    const auto head = header_size();
    if (buffered() < head) {
        wanted_ = 0;
        return std::optional<Message>{};
    }
    const auto header = decode_header();
    if (header.size > max_body_)
        return Error{Error::Kind::protocol, "a message of " + std::to_string(header.size) + " bytes is too large"};
    wanted_ = head + header.size;
    if (buffered() < wanted_) return std::optional<Message>{};
    ++count_;
    Message message{header.type, mini_ ? count_ : header.serial, header.sub_list,
                    {block_.get() + begin_ + head, header.size}, block_};
    pass(wanted_);
    wanted_ = 0;
    return std::optional<Message>{std::move(message)};
}

// Goes on behind n bytes; what was sent with one of them has no taker.
void Framer::pass(std::size_t n) {
    begin_ += n;
    position_ += n;
    while (!carried_.empty() && carried_.front().position < position_) carried_.pop_front();
}

Status Framer::attach(std::vector<UniqueFd> fds) {
    if (carried_.size() + fds.size() > max_descriptors)
        return Error{Error::Kind::protocol, "the server sends more file descriptors than anything needs"};
    for (auto &fd : fds) carried_.push_back({position_ + buffered() - 1, std::move(fd)});
    return success();
}

std::optional<Framer::Extra> Framer::take_extra() {
    if (buffered() == 0) return std::nullopt;
    Extra extra{block_[static_cast<std::ptrdiff_t>(begin_)], {}};
    for (; !carried_.empty() && carried_.front().position == position_; carried_.pop_front())
        extra.fds.push_back(std::move(carried_.front().fd));
    pass(1);
    return extra;
}

}
