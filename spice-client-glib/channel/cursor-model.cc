// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/cursor-model.hh"

namespace spice::channel {

CursorModel::CursorModel(Observer &observer, Host *host, GMainContext *context, uint8_t id)
    : Model{observer, host, context, Type::cursor, id}, observer_{observer} {}

CursorModel::~CursorModel() { drop_outbox(); }

void CursorModel::drop_outbox() {
    if (outbox_) outbox_->close();
    outbox_.reset();
}

std::shared_ptr<Engine> CursorModel::make_engine(AttemptParams params) {
    auto engine = std::make_shared<CursorEngine>(engine_setup(std::move(params)));
    outbox_ = make_outbox(*engine, context(), static_cast<Outbox<CursorEvent>::Sink &>(*this));
    return engine;
}

bool CursorModel::deliver(CursorEvent &event) {
    if (auto *lifecycle = std::get_if<Lifecycle>(&event.body)) {
        Model::deliver(*lifecycle);
        return true;
    }
    auto &payload = std::get<CursorPayload>(event.body);
    if (auto *shown = std::get_if<CursorShown>(&payload)) {
        shape_ = std::move(shown->shape);
        observer_.on_cursor_set();
    } else if (auto *moved = std::get_if<CursorMoved>(&payload)) {
        observer_.on_cursor_move(moved->x, moved->y);
    } else if (std::holds_alternative<CursorHidden>(payload)) {
        observer_.on_cursor_hide();
    } else {
        observer_.on_cursor_reset();
    }
    return true;
}

}
