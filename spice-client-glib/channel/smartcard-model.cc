// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/smartcard-model.hh"

namespace spice::channel {

SmartcardModel::SmartcardModel(Observer &observer, Host *host, GMainContext *context, uint8_t id)
    : Model{observer, host, context, Type::smartcard, id}, observer_{observer} {}

SmartcardModel::~SmartcardModel() { drop_outbox(); }

void SmartcardModel::drop_outbox() {
    if (outbox_) outbox_->close();
    outbox_.reset();
}

std::shared_ptr<Engine> SmartcardModel::make_engine(AttemptParams params) {
    auto engine =
        std::make_shared<SmartcardEngine>(engine_setup(std::move(params)), observer_.card_setup(), host()->read_only());
    outbox_ = make_outbox(*engine, context(), static_cast<Outbox<SmartcardEvent>::Sink &>(*this));
    return engine;
}

bool SmartcardModel::deliver(SmartcardEvent &event) {
    if (auto *lifecycle = std::get_if<Lifecycle>(&event.body)) Model::deliver(*lifecycle);
    return true;
}

void SmartcardModel::read_only_changed() {
    if (engine() && host()) static_cast<SmartcardEngine *>(engine().get())->set_silent(host()->read_only());
}

}
