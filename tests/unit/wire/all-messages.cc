// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "all-messages.hh"

#include "filler.hh"
#include "wire/dump.hh"
#include "wire/messages-audio.hh"
#include "wire/messages-cursor.hh"
#include "wire/messages-display.hh"
#include "wire/messages-inputs.hh"
#include "wire/messages-main.hh"
#include "wire/messages-port.hh"
#include "wire/messages-smartcard.hh"
#include "wire/messages-vmc.hh"
#include "wire/reader.hh"
#include "wire/writer.hh"

namespace spice::wire {

namespace {

// Append, do not reorder: the fuzz corpus counts on it.
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
    DrawText, DrawTransparent, DrawAlphaBlend, DrawComposite,
    // byte streams of devices
    VmcData, VmcCompressedData, ClientVmcData, ClientVmcCompressedData,
    // ports
    PortInit, PortEvent, ClientPortEvent,
    // smartcards
    VscMessage, ClientVscMessage,
    // sound
    PlaybackData, PlaybackMode, PlaybackStart, PlaybackStop, PlaybackVolume, PlaybackMute, PlaybackLatency, RecordStart,
    RecordStop, RecordVolume, RecordMute, ClientRecordData, ClientRecordMode, ClientRecordStartMark>;

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

template <class M> bool read(Bytes body, std::string &text, std::vector<std::byte> &written) {
    M m;
    Reader reader{body};
    if (!parse_into(reader, m)) {
        text = reader.fault();
        return false;
    }
    text = dump(m);
    written = serialize(m);
    return true;
}

template <class M> std::vector<std::byte> sample(unsigned seed, std::string &text) {
    Filler filler{seed};
    M m;
    filler.message(m);
    text = dump(m);
    return serialize(m);
}

template <class... M> constexpr std::array<MessageOps, sizeof...(M)> make_table(std::tuple<M...> *) {
    return {MessageOps{M::message_name, M::message_id, takes_rest<M>(), read<M>, sample<M>}...};
}
constexpr auto table = make_table(static_cast<AllMessages *>(nullptr));

}

std::span<const MessageOps> all_messages() { return table; }

}
