// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/outbox.hh"
#include "channel/model.hh"
#include "channel/smartcard-engine.hh"

namespace spice::channel {

// The smartcard channel; what it does is done by its engine. Bound to the main context.
class SmartcardModel final : public Model, private Outbox<SmartcardEvent>::Sink {
public:
    struct Observer : Model::Observer {
        virtual device::CardSetup card_setup() = 0; // what the session says

    protected:
        ~Observer() = default;
    };

    SmartcardModel(Observer &observer, Host *host, GMainContext *context, uint8_t id);
    ~SmartcardModel() override;

    void read_only_changed() override;

private:
    std::shared_ptr<Engine> make_engine(AttemptParams params) override;
    void drop_outbox() override;

    bool deliver(SmartcardEvent &event) override;
    std::shared_ptr<void> begin_turn() override { return observer_.keep_alive(); }
    void end_turn() override {}

    Observer &observer_;
    std::shared_ptr<Outbox<SmartcardEvent>> outbox_;
};

}
