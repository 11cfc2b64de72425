// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// Former names of functions; each is the same call.
#include "spice-client.h"

/**
 * spice_display_change_preferred_compression: (method)
 * @channel: (type SpiceDisplayChannel): a #SpiceDisplayChannel
 * @compression: a value of SpiceImageCompression
 *
 * The former name of spice_display_channel_change_preferred_compression().
 *
 * Deprecated: 0.35: use spice_display_channel_change_preferred_compression()
 */
void spice_display_change_preferred_compression(SpiceChannel *channel, gint compression) {
    spice_display_channel_change_preferred_compression(channel, compression);
}

/**
 * spice_display_change_preferred_video_codec_type: (method)
 * @channel: (type SpiceDisplayChannel): a #SpiceDisplayChannel
 * @codec_type: a value of SpiceVideoCodecType
 *
 * The former name of spice_display_channel_change_preferred_video_codec_type().
 *
 * Deprecated: 0.35: use spice_display_channel_change_preferred_video_codec_type()
 */
void spice_display_change_preferred_video_codec_type(SpiceChannel *channel, gint codec_type) {
    spice_display_channel_change_preferred_video_codec_type(channel, codec_type);
}

/**
 * spice_display_get_gl_scanout:
 * @channel: a #SpiceDisplayChannel
 *
 * The former name of spice_display_channel_get_gl_scanout().
 *
 * Returns: (transfer none): the scanout, or %NULL when there is none
 *
 * Deprecated: 0.35: use spice_display_channel_get_gl_scanout()
 */
const SpiceGlScanout *spice_display_get_gl_scanout(SpiceDisplayChannel *channel) {
    return spice_display_channel_get_gl_scanout(channel);
}

/**
 * spice_display_get_primary: (method)
 * @channel: (type SpiceDisplayChannel): a #SpiceDisplayChannel
 * @surface_id: the number of a surface
 * @primary: where to put the description
 *
 * The former name of spice_display_channel_get_primary().
 *
 * Returns: %FALSE when there is no such surface
 *
 * Deprecated: 0.35: use spice_display_channel_get_primary()
 */
gboolean spice_display_get_primary(SpiceChannel *channel, guint32 surface_id, SpiceDisplayPrimary *primary) {
    return spice_display_channel_get_primary(channel, surface_id, primary);
}

/**
 * spice_display_gl_draw_done:
 * @channel: a #SpiceDisplayChannel
 *
 * The former name of spice_display_channel_gl_draw_done().
 *
 * Deprecated: 0.35: use spice_display_channel_gl_draw_done()
 */
void spice_display_gl_draw_done(SpiceDisplayChannel *channel) { spice_display_channel_gl_draw_done(channel); }

/**
 * spice_inputs_motion:
 * @channel: a #SpiceInputsChannel
 * @dx: steps to the right
 * @dy: steps down
 * @button_state: the buttons that are down, as a mask
 *
 * The former name of spice_inputs_channel_motion().
 *
 * Deprecated: 0.35: use spice_inputs_channel_motion()
 */
void spice_inputs_motion(SpiceInputsChannel *channel, gint dx, gint dy, gint button_state) {
    spice_inputs_channel_motion(channel, dx, dy, button_state);
}

/**
 * spice_inputs_position:
 * @channel: a #SpiceInputsChannel
 * @x: horizontal position
 * @y: vertical position
 * @display: the number of the display channel
 * @button_state: the buttons that are down, as a mask
 *
 * The former name of spice_inputs_channel_position().
 *
 * Deprecated: 0.35: use spice_inputs_channel_position()
 */
void spice_inputs_position(SpiceInputsChannel *channel, gint x, gint y, gint display, gint button_state) {
    spice_inputs_channel_position(channel, x, y, display, button_state);
}

/**
 * spice_inputs_button_press:
 * @channel: a #SpiceInputsChannel
 * @button: the button
 * @button_state: the buttons that are down, as a mask
 *
 * The former name of spice_inputs_channel_button_press().
 *
 * Deprecated: 0.35: use spice_inputs_channel_button_press()
 */
void spice_inputs_button_press(SpiceInputsChannel *channel, gint button, gint button_state) {
    spice_inputs_channel_button_press(channel, button, button_state);
}

/**
 * spice_inputs_button_release:
 * @channel: a #SpiceInputsChannel
 * @button: the button
 * @button_state: the buttons that are down, as a mask
 *
 * The former name of spice_inputs_channel_button_release().
 *
 * Deprecated: 0.35: use spice_inputs_channel_button_release()
 */
void spice_inputs_button_release(SpiceInputsChannel *channel, gint button, gint button_state) {
    spice_inputs_channel_button_release(channel, button, button_state);
}

/**
 * spice_inputs_key_press:
 * @channel: a #SpiceInputsChannel
 * @scancode: a PC scan code of set 1, plus 0x100 for one with the prefix E0
 *
 * The former name of spice_inputs_channel_key_press().
 *
 * Deprecated: 0.35: use spice_inputs_channel_key_press()
 */
void spice_inputs_key_press(SpiceInputsChannel *channel, guint scancode) {
    spice_inputs_channel_key_press(channel, scancode);
}

/**
 * spice_inputs_key_release:
 * @channel: a #SpiceInputsChannel
 * @scancode: a PC scan code of set 1, plus 0x100 for one with the prefix E0
 *
 * The former name of spice_inputs_channel_key_release().
 *
 * Deprecated: 0.35: use spice_inputs_channel_key_release()
 */
void spice_inputs_key_release(SpiceInputsChannel *channel, guint scancode) {
    spice_inputs_channel_key_release(channel, scancode);
}

/**
 * spice_inputs_key_press_and_release:
 * @channel: a #SpiceInputsChannel
 * @scancode: a PC scan code of set 1, plus 0x100 for one with the prefix E0
 *
 * The former name of spice_inputs_channel_key_press_and_release().
 *
 * Deprecated: 0.35: use spice_inputs_channel_key_press_and_release()
 */
void spice_inputs_key_press_and_release(SpiceInputsChannel *channel, guint scancode) {
    spice_inputs_channel_key_press_and_release(channel, scancode);
}

/**
 * spice_inputs_set_key_locks:
 * @channel: a #SpiceInputsChannel
 * @locks: the lock keys to be on, as #SpiceInputsLock
 *
 * The former name of spice_inputs_channel_set_key_locks().
 *
 * Deprecated: 0.35: use spice_inputs_channel_set_key_locks()
 */
void spice_inputs_set_key_locks(SpiceInputsChannel *channel, guint locks) {
    spice_inputs_channel_set_key_locks(channel, locks);
}
