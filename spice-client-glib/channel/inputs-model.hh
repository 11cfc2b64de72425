// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/outbox.hh"
#include "channel/inputs-engine.hh"
#include "channel/model.hh"

namespace spice::channel {

// Keyboard and pointer towards the guest, with the motion window of spec/channels.md §2.4. Bound to the main context.
// Calls while not ready or in a read-only session do nothing.
class InputsModel final : public Model, private Outbox<InputsEvent>::Sink {
public:
    struct Observer : Model::Observer {
        virtual void on_modifiers() = 0; // signal inputs-modifiers

    protected:
        ~Observer() = default;
    };

    InputsModel(Observer &observer, Host *host, GMainContext *context, uint8_t id);
    ~InputsModel() override;

    int key_modifiers() const noexcept { return modifiers_; }
    void motion(int dx, int dy, int button_state);
    void position(int x, int y, int display, int button_state);
    void button_press(int button, int button_state);
    void button_release(int button, int button_state);
    void key_press(unsigned scancode);
    void key_release(unsigned scancode);
    void key_press_and_release(unsigned scancode);
    void set_key_locks(unsigned locks);

private:
    struct Position {
        int x, y, display, state;
    };
    std::shared_ptr<Engine> make_engine(AttemptParams params) override;
    bool allowed_read_only(uint16_t message_type) const override { return message_type < 100; }
    void on_up() override;
    void on_reset() override;
    void drop_outbox() override;

    bool deliver(InputsEvent &event) override;
    std::shared_ptr<void> begin_turn() override { return observer_.keep_alive(); }
    void end_turn() override {}

    bool can_send() const;
    void send_motion();
    void send_position();
    void flush_pointer(); // before a button: whatever the window says

    Observer &observer_;
    std::shared_ptr<Outbox<InputsEvent>> outbox_;
    int modifiers_ = 0;
    unsigned locks_ = 0;
    int in_flight_ = 0;
    int64_t dx_ = 0, dy_ = 0;
    int motion_state_ = 0;
    std::optional<Position> position_;
};

}
