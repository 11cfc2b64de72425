// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/outbox.hh"
#include "channel/cursor-engine.hh"
#include "channel/model.hh"

namespace spice::channel {

// The guest's cursor. Bound to the main context.
class CursorModel final : public Model, private Outbox<CursorEvent>::Sink {
public:
    struct Observer : Model::Observer {
        // New shape: property `cursor` changed, then signal cursor-set. shape() answers it.
        virtual void on_cursor_set() = 0;
        virtual void on_cursor_move(int x, int y) = 0;
        virtual void on_cursor_hide() = 0;
        virtual void on_cursor_reset() = 0;

    protected:
        ~Observer() = default;
    };

    CursorModel(Observer &observer, Host *host, GMainContext *context, uint8_t id);
    ~CursorModel() override;

    // Null before the first shape. Pixels are R,G,B,A bytes with straight alpha.
    const std::shared_ptr<const CursorShape> &shape() const noexcept { return shape_; }

private:
    std::shared_ptr<Engine> make_engine(AttemptParams params) override;
    bool allowed_read_only(uint16_t) const override { return true; }
    void drop_outbox() override;

    bool deliver(CursorEvent &event) override;
    std::shared_ptr<void> begin_turn() override { return observer_.keep_alive(); }
    void end_turn() override {}

    Observer &observer_;
    std::shared_ptr<Outbox<CursorEvent>> outbox_;
    std::shared_ptr<const CursorShape> shape_;
};

}
