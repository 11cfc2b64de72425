// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// What SpiceMainChannel does with the guest's agent: clipboard and monitors.
#include "api/main-channel-private.hh"

using spice::agent::Monitors;

namespace {

bool can(const SpiceMainChannel *channel, unsigned cap) { return channel->priv->model->agent().has(cap); }
spice::agent::Agent &agent_of(SpiceMainChannel *channel) { return channel->priv->model->agent(); }

}

void _SpiceMainChannelPrivate::on_clipboard_grab(unsigned selection, std::span<const uint32_t> types) {
    auto keep = keep_alive();
    const auto count = static_cast<guint>(types.size());
    gboolean ignored = FALSE;
    g_signal_emit(channel(), spice::api::main_signal(spice::api::SIGNAL_SELECTION_GRAB), 0, selection, types.data(), count,
                  &ignored);
    if (selection == 0)
        g_signal_emit(channel(), spice::api::main_signal(spice::api::SIGNAL_CLIPBOARD_GRAB), 0, types.data(), count,
                      &ignored);
}

void _SpiceMainChannelPrivate::on_clipboard_request(unsigned selection, uint32_t type) {
    auto keep = keep_alive();
    gboolean ignored = FALSE;
    g_signal_emit(channel(), spice::api::main_signal(spice::api::SIGNAL_SELECTION_REQUEST), 0, selection, type, &ignored);
    if (selection == 0)
        g_signal_emit(channel(), spice::api::main_signal(spice::api::SIGNAL_CLIPBOARD_REQUEST), 0, type, &ignored);
}

void _SpiceMainChannelPrivate::on_clipboard_data(unsigned selection, uint32_t type, spice::wire::Bytes data) {
    auto keep = keep_alive();
    const void *bytes = data.empty() ? "" : static_cast<const void *>(data.data());
    const auto size = static_cast<guint>(data.size());
    g_signal_emit(channel(), spice::api::main_signal(spice::api::SIGNAL_SELECTION), 0, selection, type, bytes, size);
    if (selection == 0)
        g_signal_emit(channel(), spice::api::main_signal(spice::api::SIGNAL_CLIPBOARD), 0, type, bytes, size);
}

void _SpiceMainChannelPrivate::on_clipboard_release(unsigned selection) {
    auto keep = keep_alive();
    g_signal_emit(channel(), spice::api::main_signal(spice::api::SIGNAL_SELECTION_RELEASE), 0, selection);
    if (selection == 0) g_signal_emit(channel(), spice::api::main_signal(spice::api::SIGNAL_CLIPBOARD_RELEASE), 0);
}

/**
 * spice_main_channel_agent_test_capability:
 * @channel: a #SpiceMainChannel
 * @cap: the number of a capability, VD_AGENT_CAP_*
 *
 * Tells whether the guest's agent has a capability. #SpiceMainChannel::main-agent-update tells when they become known.
 *
 * Returns: %FALSE also while there is no agent
 *
 * Since: 0.35
 */
gboolean spice_main_channel_agent_test_capability(SpiceMainChannel *channel, guint32 cap) {
    g_return_val_if_fail(SPICE_IS_MAIN_CHANNEL(channel), FALSE);
    return can(channel, cap);
}

/**
 * spice_main_channel_clipboard_selection_grab:
 * @channel: a #SpiceMainChannel
 * @selection: which clipboard, as VD_AGENT_CLIPBOARD_SELECTION_*
 * @types: (array length=ntypes): what kinds of content there are, as VD_AGENT_CLIPBOARD_*
 * @ntypes: how many
 *
 * Offers the guest content for a clipboard. When it wants some, #SpiceMainChannel::main-clipboard-selection-request is
 * emitted. Does nothing without an agent, and for a clipboard that the agent does not know.
 *
 * Since: 0.35
 */
void spice_main_channel_clipboard_selection_grab(SpiceMainChannel *channel, guint selection, guint32 *types, int ntypes) {
    g_return_if_fail(SPICE_IS_MAIN_CHANNEL(channel));
    g_return_if_fail(ntypes >= 0 && (types || ntypes == 0));
    agent_of(channel).clipboard().grab(selection, {types, static_cast<std::size_t>(ntypes)});
}

/**
 * spice_main_channel_clipboard_selection_release:
 * @channel: a #SpiceMainChannel
 * @selection: which clipboard, as VD_AGENT_CLIPBOARD_SELECTION_*
 *
 * Takes back what spice_main_channel_clipboard_selection_grab() has offered. Does nothing without an agent.
 *
 * Since: 0.35
 */
void spice_main_channel_clipboard_selection_release(SpiceMainChannel *channel, guint selection) {
    g_return_if_fail(SPICE_IS_MAIN_CHANNEL(channel));
    agent_of(channel).clipboard().release(selection);
}

/**
 * spice_main_channel_clipboard_selection_notify:
 * @channel: a #SpiceMainChannel
 * @selection: which clipboard, as VD_AGENT_CLIPBOARD_SELECTION_*
 * @type: what kind of content, as VD_AGENT_CLIPBOARD_*; 0 when there is none
 * @data: (array length=size): the content, which is copied
 * @size: how many bytes
 *
 * Answers #SpiceMainChannel::main-clipboard-selection-request. There must be an agent with shared clipboards. Content
 * that reaches #SpiceMainChannel:max-clipboard, or comes while too much of what was sent before has not been taken, is
 * replaced by none, with a warning.
 *
 * Since: 0.35
 */
void spice_main_channel_clipboard_selection_notify(SpiceMainChannel *channel, guint selection, guint32 type,
                                                   const guchar *data, size_t size) {
    g_return_if_fail(SPICE_IS_MAIN_CHANNEL(channel));
    g_return_if_fail(data || size == 0);
    g_return_if_fail(can(channel, VD_AGENT_CAP_CLIPBOARD_BY_DEMAND));
    agent_of(channel).clipboard().data(selection, type, std::as_bytes(std::span{data, size}));
}

/**
 * spice_main_channel_clipboard_selection_request:
 * @channel: a #SpiceMainChannel
 * @selection: which clipboard, as VD_AGENT_CLIPBOARD_SELECTION_*
 * @type: what kind of content, one of those that the guest has offered
 *
 * Asks the guest for the content of a clipboard. The answer is #SpiceMainChannel::main-clipboard-selection. There must
 * be an agent with shared clipboards.
 *
 * Since: 0.35
 */
void spice_main_channel_clipboard_selection_request(SpiceMainChannel *channel, guint selection, guint32 type) {
    g_return_if_fail(SPICE_IS_MAIN_CHANNEL(channel));
    g_return_if_fail(can(channel, VD_AGENT_CAP_CLIPBOARD_BY_DEMAND));
    agent_of(channel).clipboard().request(selection, type);
}

/**
 * spice_main_channel_update_display:
 * @channel: a #SpiceMainChannel
 * @id: the number of the display channel, or of the monitor where one channel has several; below 16
 * @x: horizontal position in pixels
 * @y: vertical position in pixels
 * @width: in pixels
 * @height: in pixels
 * @update: whether the guest is told, once no more changes come for a second
 *
 * Says where a monitor should be, and how large. The guest is told only of monitors that are enabled, see
 * spice_main_channel_update_display_enabled().
 *
 * Since: 0.35
 */
void spice_main_channel_update_display(SpiceMainChannel *channel, int id, int x, int y, int width, int height,
                                       gboolean update) {
    g_return_if_fail(SPICE_IS_MAIN_CHANNEL(channel));
    g_return_if_fail(x >= 0 && y >= 0 && width >= 0 && height >= 0);
    g_return_if_fail(id >= 0 && static_cast<unsigned>(id) < Monitors::slots);
    agent_of(channel).place_monitor(static_cast<unsigned>(id), x, y, width, height, update != FALSE);
}

/**
 * spice_main_channel_update_display_mm:
 * @channel: a #SpiceMainChannel
 * @id: the number of the display channel, or of the monitor where one channel has several; below 16
 * @width_mm: in millimetres, 0 when it is not known
 * @height_mm: in millimetres, 0 when it is not known
 * @update: whether the guest is told, once no more changes come for a second
 *
 * Says how large a monitor is. An agent that does not take such sizes (up to version 0.22.1 of spice-vdagent) is told of
 * the monitors without them, after a second without its answer.
 *
 * Since: 0.39
 */
void spice_main_channel_update_display_mm(SpiceMainChannel *channel, int id, int width_mm, int height_mm,
                                          gboolean update) {
    g_return_if_fail(SPICE_IS_MAIN_CHANNEL(channel));
    g_return_if_fail(width_mm >= 0 && height_mm >= 0);
    g_return_if_fail(id >= 0 && static_cast<unsigned>(id) < Monitors::slots);
    agent_of(channel).measure_monitor(static_cast<unsigned>(id), width_mm, height_mm, update != FALSE);
}

/**
 * spice_main_channel_update_display_enabled:
 * @channel: a #SpiceMainChannel
 * @id: the number of the display channel, or of the monitor where one channel has several; -1 for all
 * @enabled: whether there should be such a monitor
 * @update: whether the guest is told, once no more changes come for a second
 *
 * Switches a monitor on or off.
 *
 * Since: 0.35
 */
void spice_main_channel_update_display_enabled(SpiceMainChannel *channel, int id, gboolean enabled, gboolean update) {
    g_return_if_fail(SPICE_IS_MAIN_CHANNEL(channel));
    g_return_if_fail(id >= -1 && id < static_cast<int>(Monitors::slots));
    agent_of(channel).enable_monitor(id, enabled != FALSE, update != FALSE);
}

/**
 * spice_main_channel_send_monitor_config:
 * @channel: a #SpiceMainChannel
 *
 * Tells the guest at once which monitors there should be. There must be an agent.
 *
 * Returns: whether it was told
 *
 * Since: 0.35
 */
gboolean spice_main_channel_send_monitor_config(SpiceMainChannel *channel) {
    g_return_val_if_fail(SPICE_IS_MAIN_CHANNEL(channel), FALSE);
    g_return_val_if_fail(channel->priv->model->agent().connected(), FALSE);
    return agent_of(channel).send_monitors();
}
