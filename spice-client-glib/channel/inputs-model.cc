// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/inputs-model.hh"

#include "wire/writer.hh"

#include <algorithm>
#include <limits>
#include <spice/enums.h>
#include <spice/protocol.h>

namespace spice::channel {

namespace {

// One acknowledgement stands for four motions or positions; two of them may be outstanding (spec/channels.md §2.4).
constexpr int motions_per_ack = SPICE_INPUT_MOTION_ACK_BUNCH;
constexpr int max_in_flight = 2 * motions_per_ack;

// The mask bit of a button. The wheel has none: a notch is no state.
int mask_of(int button) noexcept {
    switch (button) {
    case SPICE_MOUSE_BUTTON_LEFT: return SPICE_MOUSE_BUTTON_MASK_LEFT;
    case SPICE_MOUSE_BUTTON_MIDDLE: return SPICE_MOUSE_BUTTON_MASK_MIDDLE;
    case SPICE_MOUSE_BUTTON_RIGHT: return SPICE_MOUSE_BUTTON_MASK_RIGHT;
    case SPICE_MOUSE_BUTTON_SIDE: return SPICE_MOUSE_BUTTON_MASK_SIDE;
    case SPICE_MOUSE_BUTTON_EXTRA: return SPICE_MOUSE_BUTTON_MASK_EXTRA;
    default: return 0;
    }
}

uint16_t mask16(int state) noexcept { return static_cast<uint16_t>(state); }

int32_t clamp32(int64_t v) noexcept {
    return static_cast<int32_t>(std::clamp<int64_t>(v, std::numeric_limits<int32_t>::min(),
                                                    std::numeric_limits<int32_t>::max()));
}

}

InputsModel::InputsModel(Observer &observer, Host *host, GMainContext *context, uint8_t id)
    : Model{observer, host, context, Type::inputs, id}, observer_{observer} {}

InputsModel::~InputsModel() { drop_outbox(); }

void InputsModel::drop_outbox() {
    if (outbox_) outbox_->close();
    outbox_.reset();
}

std::shared_ptr<Engine> InputsModel::make_engine(AttemptParams params) {
    auto engine = std::make_shared<InputsEngine>(engine_setup(std::move(params)));
    outbox_ = make_outbox(*engine, context(), static_cast<Outbox<InputsEvent>::Sink &>(*this));
    return engine;
}

void InputsModel::on_up() {
    send(wire::ClientKeyModifiers::message_id, wire::serialize(wire::ClientKeyModifiers{{static_cast<uint16_t>(locks_)}}));
}

void InputsModel::on_reset() {
    in_flight_ = 0;
    dx_ = dy_ = 0;
    position_.reset();
}

bool InputsModel::can_send() const { return state() == State::ready && host() && !host()->read_only(); }

bool InputsModel::deliver(InputsEvent &event) {
    if (auto *lifecycle = std::get_if<Lifecycle>(&event.body)) {
        Model::deliver(*lifecycle);
        return true;
    }
    auto &payload = std::get<InputsPayload>(event.body);
    if (auto *init = std::get_if<wire::InputsInit>(&payload)) {
        modifiers_ = init->modifiers;
        observer_.on_modifiers();
    } else if (auto *modifiers = std::get_if<wire::KeyModifiers>(&payload)) {
        modifiers_ = modifiers->modifiers;
        observer_.on_modifiers();
    } else {
        in_flight_ = std::max(0, in_flight_ - motions_per_ack);
        send_motion();
        send_position();
    }
    return true;
}

void InputsModel::send_motion() {
    if (!can_send() || in_flight_ >= max_in_flight || (dx_ == 0 && dy_ == 0)) return;
    send(wire::MouseMotion::message_id,
         wire::serialize(wire::MouseMotion{clamp32(dx_), clamp32(dy_), mask16(motion_state_)}));
    ++in_flight_;
    dx_ = dy_ = 0;
}

void InputsModel::send_position() {
    if (!can_send() || in_flight_ >= max_in_flight || !position_) return;
    const auto p = *std::exchange(position_, std::nullopt);
    send(wire::MousePosition::message_id,
         wire::serialize(wire::MousePosition{static_cast<uint32_t>(p.x), static_cast<uint32_t>(p.y), mask16(p.state),
                                             static_cast<uint8_t>(p.display)}));
    ++in_flight_;
}

void InputsModel::flush_pointer() {
    const int window = std::exchange(in_flight_, 0); // a button must find the pointer where it was pressed
    send_motion();
    send_position();
    in_flight_ += window;
}

void InputsModel::motion(int dx, int dy, int button_state) {
    if (!can_send()) return;
    dx_ += dx;
    dy_ += dy;
    motion_state_ = button_state;
    send_motion();
}

void InputsModel::position(int x, int y, int display, int button_state) {
    if (!can_send()) return;
    position_ = Position{x, y, display, button_state};
    send_position();
}

void InputsModel::button_press(int button, int button_state) {
    if (!can_send()) return;
    flush_pointer();
    send(wire::MousePress::message_id,
         wire::serialize(wire::MousePress{{static_cast<uint8_t>(button), mask16(button_state | mask_of(button))}}));
}

void InputsModel::button_release(int button, int button_state) {
    if (!can_send()) return;
    flush_pointer();
    send(wire::MouseRelease::message_id,
         wire::serialize(wire::MouseRelease{{static_cast<uint8_t>(button), mask16(button_state & ~mask_of(button))}}));
}

void InputsModel::key_press(unsigned scancode) {
    if (!can_send()) return;
    send(wire::KeyDown::message_id, wire::serialize(wire::KeyDown{{wire::key_code(scancode, false)}}));
}

void InputsModel::key_release(unsigned scancode) {
    if (!can_send()) return;
    send(wire::KeyUp::message_id, wire::serialize(wire::KeyUp{{wire::key_code(scancode, true)}}));
}

void InputsModel::key_press_and_release(unsigned scancode) {
    if (!can_send()) return;
    if (!test_capability(SPICE_INPUTS_CAP_KEY_SCANCODE)) {
        key_press(scancode);
        key_release(scancode);
        return;
    }
    std::vector<std::byte> codes;
    wire::append_scancode(codes, scancode, false);
    wire::append_scancode(codes, scancode, true);
    send(wire::KeyScancode::message_id, std::move(codes));
}

void InputsModel::set_key_locks(unsigned locks) {
    locks_ = locks;
    if (!can_send()) return;
    send(wire::ClientKeyModifiers::message_id, wire::serialize(wire::ClientKeyModifiers{{static_cast<uint16_t>(locks)}}));
}

}
