// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/dump.hh"
#include "wire/messages-common.hh"
#include "wire/messages-cursor.hh"
#include "wire/messages-display.hh"
#include "wire/messages-inputs.hh"
#include "wire/messages-main.hh"
#include "wire/reader.hh"
#include "wire/writer.hh"

// Every message that is parsed by itself, for tests that treat all alike. The fuzz corpus names messages by their place
// in this list: append, do not reorder.
namespace spice::wire {

using AllMessages = std::tuple<
    // base
    Migrate, MigrateData, SetAck, Ping, WaitForChannels, Disconnecting, Notify, AckSync, Ack, Pong, MigrateFlushMark,
    ClientMigrateData, ClientDisconnecting,
    // main
    MigrateBegin, MigrateSwitchHost, MigrateBeginSeamless, MigrateCancel, MigrateEnd, MigrateDstSeamlessAck,
    MigrateDstSeamlessNack, MainInit, ChannelsList, MouseMode, MultiMediaTime, AgentConnected, AgentConnectedTokens,
    AgentDisconnected, AgentData, AgentToken, MainName, MainUuid, MigrateConnected, MigrateConnectError,
    MigrateConnectedSeamless, AttachChannels, ClientMigrateEnd, MigrateDstDoSeamless, MouseModeRequest, AgentStart,
    ClientAgentData, ClientAgentToken, ClientInfo,
    // inputs
    InputsInit, KeyModifiers, MouseMotionAck, KeyDown, KeyUp, ClientKeyModifiers, KeyScancode, MouseMotion,
    MousePosition, MousePress, MouseRelease,
    // cursor
    CursorInit, CursorReset, CursorSet, CursorMove, CursorHide, CursorTrail, CursorInvalOne, CursorInvalAll,
    // display
    DisplayMode, DisplayMark, DisplayReset, InvalList, InvalAllPixmaps, InvalPalette, InvalAllPalettes, SurfaceCreate,
    SurfaceDestroy, MonitorsConfig, StreamCreate, StreamData, StreamDataSized, StreamClip, StreamDestroy,
    StreamDestroyAll, StreamActivateReport, GlScanoutUnix, GlDraw, GlScanout2Unix, QualityIndicator, DisplayInit,
    StreamReport, PreferredCompression, GlDrawDone, PreferredVideoCodecType,
    // drawings
    CopyBits, DrawFill, DrawOpaque, DrawCopy, DrawBlend, DrawBlackness, DrawWhiteness, DrawInvers, DrawRop3, DrawStroke,
    DrawText, DrawTransparent, DrawAlphaBlend, DrawComposite>;

inline constexpr std::size_t message_count = std::tuple_size_v<AllMessages>;

// Calls `f` with a fresh message of each type and its index.
template <class F> void for_each_message(F f) {
    [&]<std::size_t... I>(std::index_sequence<I...>) { (f(std::tuple_element_t<I, AllMessages>{}, I), ...); }
    (std::make_index_sequence<message_count>{});
}

// Whether a message may be cut and still be whole, because its last field takes whatever is there.
template <class M> constexpr bool takes_rest();
template <class E> inline constexpr bool entry_takes_rest = false;
template <class M> inline constexpr bool entry_takes_rest<Rest<M>> = true;
template <class M, class E> inline constexpr bool entry_takes_rest<When<M, E>> = entry_takes_rest<E>;
template <class M, class T> inline constexpr bool entry_takes_rest<Field<M, T>> = takes_rest<T>();
template <class M> constexpr bool takes_rest() {
    if constexpr (requires { M::fields; }) {
        return []<class... E>(const std::tuple<E...> &) { return (false || ... || entry_takes_rest<E>); }(M::fields);
    } else {
        return false;
    }
}

}
