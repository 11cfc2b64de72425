// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/channel-private.hh"

#include "channel/inputs-model.hh"

/**
 * SECTION:channel-inputs
 * @title: SpiceInputsChannel
 * @short_description: keyboard and pointer of the guest
 */

/**
 * SpiceInputsChannel:
 *
 * Sends keys and pointer events to the guest. While the channel is not connected, or the session is read-only, its
 * functions do nothing.
 */

/**
 * SpiceInputsChannelClass:
 * @parent_class: the class of channels
 * @inputs_modifiers: default handler of #SpiceInputsChannel::inputs-modifiers
 *
 * The class of inputs channels.
 */

using spice::channel::InputsModel;

struct _SpiceInputsChannelPrivate final : spice::api::ChannelObserver<InputsModel::Observer> {
    explicit _SpiceInputsChannelPrivate(SpiceInputsChannel *self) : ChannelObserver{SPICE_CHANNEL(self)} {}
    void on_modifiers() override;
    InputsModel *model = nullptr; // owned by the base part
};

G_DEFINE_TYPE(SpiceInputsChannel, spice_inputs_channel, SPICE_TYPE_CHANNEL)

namespace {

guint modifiers_signal;

InputsModel &model_of(SpiceInputsChannel *channel) { return *channel->priv->model; }

enum Prop : guint { PROP_KEY_MODIFIERS = 1, N_PROPS };
GParamSpec *props[N_PROPS];

void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec) noexcept {
    switch (id) {
    case PROP_KEY_MODIFIERS: g_value_set_int(value, model_of(SPICE_INPUTS_CHANNEL(object)).key_modifiers()); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

void constructed(GObject *object) noexcept {
    auto *self = SPICE_INPUTS_CHANNEL(object);
    spice::api::make_model<InputsModel>(SPICE_CHANNEL(object), self->priv);
    G_OBJECT_CLASS(spice_inputs_channel_parent_class)->constructed(object);
}

void finalize(GObject *object) noexcept {
    auto *priv = SPICE_INPUTS_CHANNEL(object)->priv;
    G_OBJECT_CLASS(spice_inputs_channel_parent_class)->finalize(object);
    delete priv; // after the model, which knows it as its observer
}

}

void _SpiceInputsChannelPrivate::on_modifiers() {
    auto keep = keep_alive();
    g_signal_emit(channel(), modifiers_signal, 0);
}

static void spice_inputs_channel_init(SpiceInputsChannel *self) { self->priv = new SpiceInputsChannelPrivate{self}; }

static void spice_inputs_channel_class_init(SpiceInputsChannelClass *klass) {
    auto *object_class = G_OBJECT_CLASS(klass);
    object_class->get_property = get_property;
    object_class->constructed = constructed;
    object_class->finalize = finalize;
    /**
     * SpiceInputsChannel:key-modifiers:
     *
     * The lock keys that are on in the guest, as #SpiceInputsLock. #SpiceInputsChannel::inputs-modifiers tells of
     * changes.
     */
    props[PROP_KEY_MODIFIERS] =
        g_param_spec_int("key-modifiers", nullptr, nullptr, 0, G_MAXINT, 0,
                         static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
    g_object_class_install_properties(object_class, N_PROPS, props);
    /**
     * SpiceInputsChannel::inputs-modifiers:
     * @channel: the channel
     *
     * The guest's lock keys have changed; #SpiceInputsChannel:key-modifiers has the new ones.
     */
    modifiers_signal = g_signal_new("inputs-modifiers", SPICE_TYPE_INPUTS_CHANNEL, G_SIGNAL_RUN_FIRST,
                                    G_STRUCT_OFFSET(SpiceInputsChannelClass, inputs_modifiers), nullptr, nullptr,
                                    nullptr, G_TYPE_NONE, 0);
}

/**
 * spice_inputs_channel_motion:
 * @channel: a #SpiceInputsChannel
 * @dx: steps to the right
 * @dy: steps down
 * @button_state: the buttons that are down, as a mask
 *
 * Moves the pointer relative to where it is. To be used in server mouse mode (#SpiceMainChannel:mouse-mode).
 */
void spice_inputs_channel_motion(SpiceInputsChannel *channel, gint dx, gint dy, gint button_state) {
    g_return_if_fail(SPICE_IS_INPUTS_CHANNEL(channel));
    model_of(channel).motion(dx, dy, button_state);
}

/**
 * spice_inputs_channel_position:
 * @channel: a #SpiceInputsChannel
 * @x: horizontal position in pixels of the display
 * @y: vertical position in pixels of the display
 * @display: the number of the display channel
 * @button_state: the buttons that are down, as a mask
 *
 * Moves the pointer to a place. To be used in client mouse mode (#SpiceMainChannel:mouse-mode).
 */
void spice_inputs_channel_position(SpiceInputsChannel *channel, gint x, gint y, gint display, gint button_state) {
    g_return_if_fail(SPICE_IS_INPUTS_CHANNEL(channel));
    model_of(channel).position(x, y, display, button_state);
}

/**
 * spice_inputs_channel_button_press:
 * @channel: a #SpiceInputsChannel
 * @button: 1 left, 2 middle, 3 right, 4 and 5 wheel up and down, 6 and 7 side buttons
 * @button_state: the buttons that are down, as a mask
 *
 * Presses a button of the mouse.
 */
void spice_inputs_channel_button_press(SpiceInputsChannel *channel, gint button, gint button_state) {
    g_return_if_fail(SPICE_IS_INPUTS_CHANNEL(channel));
    model_of(channel).button_press(button, button_state);
}

/**
 * spice_inputs_channel_button_release:
 * @channel: a #SpiceInputsChannel
 * @button: 1 left, 2 middle, 3 right, 4 and 5 wheel up and down, 6 and 7 side buttons
 * @button_state: the buttons that are down, as a mask
 *
 * Releases a button of the mouse.
 */
void spice_inputs_channel_button_release(SpiceInputsChannel *channel, gint button, gint button_state) {
    g_return_if_fail(SPICE_IS_INPUTS_CHANNEL(channel));
    model_of(channel).button_release(button, button_state);
}

/**
 * spice_inputs_channel_key_press:
 * @channel: a #SpiceInputsChannel
 * @scancode: a PC scan code of set 1, plus 0x100 for one with the prefix E0
 *
 * Presses a key.
 */
void spice_inputs_channel_key_press(SpiceInputsChannel *channel, guint scancode) {
    g_return_if_fail(SPICE_IS_INPUTS_CHANNEL(channel));
    model_of(channel).key_press(scancode);
}

/**
 * spice_inputs_channel_key_release:
 * @channel: a #SpiceInputsChannel
 * @scancode: a PC scan code of set 1, plus 0x100 for one with the prefix E0
 *
 * Releases a key.
 */
void spice_inputs_channel_key_release(SpiceInputsChannel *channel, guint scancode) {
    g_return_if_fail(SPICE_IS_INPUTS_CHANNEL(channel));
    model_of(channel).key_release(scancode);
}

/**
 * spice_inputs_channel_key_press_and_release:
 * @channel: a #SpiceInputsChannel
 * @scancode: a PC scan code of set 1, plus 0x100 for one with the prefix E0
 *
 * Presses and releases a key at once, so that a slow network cannot make the guest repeat it.
 */
void spice_inputs_channel_key_press_and_release(SpiceInputsChannel *channel, guint scancode) {
    g_return_if_fail(SPICE_IS_INPUTS_CHANNEL(channel));
    model_of(channel).key_press_and_release(scancode);
}

/**
 * spice_inputs_channel_set_key_locks:
 * @channel: a #SpiceInputsChannel
 * @locks: the lock keys to be on, as #SpiceInputsLock
 *
 * Sets the guest's lock keys; they are set again whenever the channel connects.
 */
void spice_inputs_channel_set_key_locks(SpiceInputsChannel *channel, guint locks) {
    g_return_if_fail(SPICE_IS_INPUTS_CHANNEL(channel));
    model_of(channel).set_key_locks(locks);
}
