// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/main-signals.hh"

#include "spice-client.h"

namespace spice::api {

namespace {

template <class... Types> guint signal_new(const char *name, GSignalFlags flags, GType answer, Types... types) {
    return g_signal_new(name, SPICE_TYPE_MAIN_CHANNEL, flags, 0, nullptr, nullptr, nullptr, answer, sizeof...(types),
                        types...);
}
constexpr auto last = G_SIGNAL_RUN_LAST;
constexpr auto deprecated = static_cast<GSignalFlags>(G_SIGNAL_RUN_LAST | G_SIGNAL_DEPRECATED);

void install_selection_signals(guint (&signals)[N_MAIN_SIGNALS]) {
    /**
     * SpiceMainChannel::main-clipboard-selection:
     * @main: the channel
     * @selection: which clipboard, as VD_AGENT_CLIPBOARD_SELECTION_*
     * @type: what kind of content, as VD_AGENT_CLIPBOARD_*; 0 when the guest has none
     * @data: (array length=size) (element-type guint8): the content, during the emission
     * @size: how many bytes
     *
     * The guest has answered spice_main_channel_clipboard_selection_request().
     *
     * Since: 0.6
     */
    signals[SIGNAL_SELECTION] = signal_new("main-clipboard-selection", last, G_TYPE_NONE, G_TYPE_UINT, G_TYPE_UINT,
                                           G_TYPE_POINTER, G_TYPE_UINT);
    /**
     * SpiceMainChannel::main-clipboard-selection-grab:
     * @main: the channel
     * @selection: which clipboard, as VD_AGENT_CLIPBOARD_SELECTION_*
     * @types: (array length=ntypes) (element-type guint32): what kinds of content are offered, during the emission
     * @ntypes: how many
     *
     * A program of the guest offers content for the clipboard. It is asked for by
     * spice_main_channel_clipboard_selection_request().
     *
     * Returns: ignored
     *
     * Since: 0.6
     */
    signals[SIGNAL_SELECTION_GRAB] = signal_new("main-clipboard-selection-grab", last, G_TYPE_BOOLEAN, G_TYPE_UINT,
                                                G_TYPE_POINTER, G_TYPE_UINT);
    /**
     * SpiceMainChannel::main-clipboard-selection-request:
     * @main: the channel
     * @selection: which clipboard, as VD_AGENT_CLIPBOARD_SELECTION_*
     * @types: what kind of content
     *
     * A program of the guest wants what the client offers. The answer is
     * spice_main_channel_clipboard_selection_notify(), now or later; that program waits for it.
     *
     * Returns: ignored
     *
     * Since: 0.6
     */
    signals[SIGNAL_SELECTION_REQUEST] =
        signal_new("main-clipboard-selection-request", last, G_TYPE_BOOLEAN, G_TYPE_UINT, G_TYPE_UINT);
    /**
     * SpiceMainChannel::main-clipboard-selection-release:
     * @main: the channel
     * @selection: which clipboard, as VD_AGENT_CLIPBOARD_SELECTION_*
     *
     * The guest offers no content any more.
     *
     * Since: 0.6
     */
    signals[SIGNAL_SELECTION_RELEASE] = signal_new("main-clipboard-selection-release", last, G_TYPE_NONE, G_TYPE_UINT);
}

void install_clipboard_signals(guint (&signals)[N_MAIN_SIGNALS]) {
    /**
     * SpiceMainChannel::main-clipboard:
     * @main: the channel
     * @type: what kind of content, as VD_AGENT_CLIPBOARD_*
     * @data: (array length=size) (element-type guint8): the content, during the emission
     * @size: how many bytes
     *
     * The guest has answered a request for the first clipboard.
     *
     * Deprecated: 0.6: use #SpiceMainChannel::main-clipboard-selection
     */
    signals[SIGNAL_CLIPBOARD] =
        signal_new("main-clipboard", deprecated, G_TYPE_NONE, G_TYPE_UINT, G_TYPE_POINTER, G_TYPE_UINT);
    /**
     * SpiceMainChannel::main-clipboard-grab:
     * @main: the channel
     * @types: (array length=ntypes) (element-type guint32): what kinds of content are offered, during the emission
     * @ntypes: how many
     *
     * A program of the guest offers content for the first clipboard.
     *
     * Returns: ignored
     *
     * Deprecated: 0.6: use #SpiceMainChannel::main-clipboard-selection-grab
     */
    signals[SIGNAL_CLIPBOARD_GRAB] =
        signal_new("main-clipboard-grab", deprecated, G_TYPE_BOOLEAN, G_TYPE_POINTER, G_TYPE_UINT);
    /**
     * SpiceMainChannel::main-clipboard-request:
     * @main: the channel
     * @types: what kind of content
     *
     * A program of the guest wants what the client offers in the first clipboard.
     *
     * Returns: ignored
     *
     * Deprecated: 0.6: use #SpiceMainChannel::main-clipboard-selection-request
     */
    signals[SIGNAL_CLIPBOARD_REQUEST] = signal_new("main-clipboard-request", deprecated, G_TYPE_BOOLEAN, G_TYPE_UINT);
    /**
     * SpiceMainChannel::main-clipboard-release:
     * @main: the channel
     *
     * The guest offers no content any more for the first clipboard.
     *
     * Deprecated: 0.6: use #SpiceMainChannel::main-clipboard-selection-release
     */
    signals[SIGNAL_CLIPBOARD_RELEASE] = signal_new("main-clipboard-release", deprecated, G_TYPE_NONE);
}

}

void install_main_signals(guint (&signals)[N_MAIN_SIGNALS]) {
    /**
     * SpiceMainChannel::main-mouse-update:
     * @main: the channel
     *
     * #SpiceMainChannel:mouse-mode has changed.
     */
    signals[SIGNAL_MOUSE_UPDATE] = g_signal_new("main-mouse-update", SPICE_TYPE_MAIN_CHANNEL, G_SIGNAL_RUN_FIRST,
                                                G_STRUCT_OFFSET(SpiceMainChannelClass, mouse_update), nullptr, nullptr,
                                                nullptr, G_TYPE_NONE, 0);
    /**
     * SpiceMainChannel::main-agent-update:
     * @main: the channel
     *
     * The agent of the guest has come or gone, or its capabilities have become known.
     */
    signals[SIGNAL_AGENT_UPDATE] = g_signal_new("main-agent-update", SPICE_TYPE_MAIN_CHANNEL, G_SIGNAL_RUN_FIRST,
                                                G_STRUCT_OFFSET(SpiceMainChannelClass, agent_update), nullptr, nullptr,
                                                nullptr, G_TYPE_NONE, 0);
    install_selection_signals(signals);
    install_clipboard_signals(signals);
    /**
     * SpiceMainChannel::new-file-transfer:
     * @main: the channel
     * @task: the transfer of one file, a #SpiceFileTransferTask
     *
     * A file is going to be sent to the guest. Emitted inside spice_main_channel_file_copy_async(), once for each file.
     *
     * Since: 0.31
     */
    signals[SIGNAL_NEW_FILE_TRANSFER] = signal_new("new-file-transfer", last, G_TYPE_NONE, G_TYPE_OBJECT);
    /**
     * SpiceMainChannel::migration-started:
     * @main: the channel
     * @session: a session that lasts as long as the migration
     *
     * The virtual machine is moving to another host, and the session is about to go there without an interruption. Its
     * channels stay the same objects: there is nothing to be done. The properties of @session say where the target is;
     * its #SpiceSession:migration-state is %SPICE_SESSION_MIGRATION_CONNECTING. It has no channels of its own. Calling
     * spice_session_disconnect() on it, before the session's own state is %SPICE_SESSION_MIGRATION_MIGRATING, leaves
     * the session where it is.
     */
    signals[SIGNAL_MIGRATION_STARTED] = signal_new("migration-started", last, G_TYPE_NONE, G_TYPE_OBJECT);
}

}
