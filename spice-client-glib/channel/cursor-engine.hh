// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/cursor-shape.hh"
#include "channel/outbox-engine.hh"

#include <memory>
#include <unordered_map>

namespace spice::channel {

struct CursorShown {
    std::shared_ptr<const CursorShape> shape;
};
struct CursorMoved {
    int x, y;
};
struct CursorHidden {};
struct CursorForgotten {}; // back to no state at all

using CursorPayload = std::variant<CursorShown, CursorMoved, CursorHidden, CursorForgotten>;
using CursorEvent = ChannelEvent<CursorPayload>;

// The cursor channel on its thread: converts shapes and keeps the channel's cache of them.
class CursorEngine final : public OutboxEngine<CursorPayload> {
public:
    using OutboxEngine::OutboxEngine;

private:
    // Servers keep 256 shapes, of 64x64 pixels as a rule.
    static constexpr std::size_t max_cached = 1024, max_cached_bytes = 16u << 20;

    Status handle(const Message &message) override;
    void set(const wire::Cursor &cursor, bool visible);
    std::shared_ptr<const CursorShape> resolve(const wire::Cursor &cursor);

    void cache(uint64_t unique, std::shared_ptr<const CursorShape> shape);
    void forget(uint64_t unique);
    void forget_all();

    std::unordered_map<uint64_t, std::shared_ptr<const CursorShape>> cache_;
    std::size_t cached_bytes_ = 0;
};

}
