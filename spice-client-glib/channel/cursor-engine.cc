// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/cursor-engine.hh"

#include "base/log.hh"
#include "channel/parse-event.hh"

namespace spice::channel {

namespace {

enum Fault : uint32_t { fault_shape, fault_cache };

}

Status CursorEngine::handle(const Message &message) {
    switch (message.type) {
    case wire::CursorInit::message_id:
        return with_message<wire::CursorInit>(message.body, [this](const auto &m) {
            forget_all();
            set(m.cursor, m.visible != 0);
        });
    case wire::CursorSet::message_id:
        return with_message<wire::CursorSet>(message.body, [this](const auto &m) { set(m.cursor, true); });
    case wire::CursorMove::message_id:
        return with_message<wire::CursorMove>(
            message.body, [this](const auto &m) { emit(CursorMoved{m.position.x, m.position.y}); });
    case wire::CursorReset::message_id:
        forget_all();
        emit(CursorForgotten{});
        return success();
    case wire::CursorHide::message_id: emit(CursorHidden{}); return success();
    case wire::CursorInvalOne::message_id:
        return with_message<wire::CursorInvalOne>(message.body, [this](const auto &m) { forget(m.unique); });
    case wire::CursorInvalAll::message_id: forget_all(); return success();
    default: SPICE_LOG_DEBUG("cursor: message %u ignored", message.type); return success();
    }
}

// Null: there is no shape to show. A shape that cannot be had leaves the current one (spec/channels.md §3.3).
std::shared_ptr<const CursorShape> CursorEngine::resolve(const wire::Cursor &cursor) {
    if (cursor.flags & SPICE_CURSOR_FLAGS_FROM_CACHE) {
        const auto found = cache_.find(cursor.header.unique);
        if (found != cache_.end()) return found->second;
        warn_once(fault_cache, "a cursor shape is not in the cache");
        return nullptr;
    }
    auto shape = convert_cursor(cursor.header, cursor.data);
    if (!shape) {
        warn_once(fault_shape, shape.error().what.c_str());
        return nullptr;
    }
    auto shared = std::make_shared<const CursorShape>(std::move(*shape));
    if ((cursor.flags & SPICE_CURSOR_FLAGS_CACHE_ME) && cursor.header.unique != 0) cache(cursor.header.unique, shared);
    return shared;
}

void CursorEngine::cache(uint64_t unique, std::shared_ptr<const CursorShape> shape) {
    forget(unique);
    if (cache_.size() >= max_cached || cached_bytes_ + shape->rgba.size() > max_cached_bytes) return;
    cached_bytes_ += shape->rgba.size();
    cache_.emplace(unique, std::move(shape));
}

void CursorEngine::forget(uint64_t unique) {
    const auto found = cache_.find(unique);
    if (found == cache_.end()) return;
    cached_bytes_ -= found->second->rgba.size();
    cache_.erase(found);
}

void CursorEngine::forget_all() {
    cache_.clear();
    cached_bytes_ = 0;
}

void CursorEngine::set(const wire::Cursor &cursor, bool visible) {
    const bool empty = !cursor.has_shape() ||
                       (!(cursor.flags & SPICE_CURSOR_FLAGS_FROM_CACHE) && (cursor.header.width == 0 || cursor.header.height == 0));
    if (!empty) {
        auto shape = resolve(cursor);
        if (shape) {
            const auto bytes = shape->rgba.size();
            emit(CursorShown{std::move(shape)}, bytes);
        }
    }
    if (empty || !visible) emit(CursorHidden{});
}

}
