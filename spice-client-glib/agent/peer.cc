// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "agent/peer.hh"

#include "base/log.hh"

#include <utility>

namespace spice::agent {

namespace {

constexpr unsigned fault_queue = 63;
constexpr unsigned our_caps[] = {
    VD_AGENT_CAP_MOUSE_STATE,
    VD_AGENT_CAP_MONITORS_CONFIG,
    VD_AGENT_CAP_REPLY,
    VD_AGENT_CAP_DISPLAY_CONFIG,
    VD_AGENT_CAP_CLIPBOARD_BY_DEMAND,
    VD_AGENT_CAP_CLIPBOARD_SELECTION,
    VD_AGENT_CAP_MONITORS_CONFIG_POSITION,
    VD_AGENT_CAP_FILE_XFER_DETAILED_ERRORS,
    VD_AGENT_CAP_CLIPBOARD_NO_RELEASE_ON_REGRAB,
    VD_AGENT_CAP_CLIPBOARD_GRAB_SERIAL,
};

}

void Peer::set_connected(bool connected) {
    connected_ = connected;
    caps_known_ = started_ = false;
    warned_ = 0;
    ++life_;
}

void Peer::set_caps(wire::Capabilities caps) {
    caps_ = std::move(caps);
    caps_known_ = true;
}

void Peer::start() {
    if (started_ || !may_send()) return;
    started_ = true;
    port_.start();
    announce_caps(true);
}

void Peer::announce_caps(bool ask) {
    wire::Capabilities caps;
    for (const auto cap : our_caps) caps.set(cap);
    std::vector<std::byte> raw;
    wire::Writer writer{raw};
    for (const auto word : caps.words()) writer.scalar(word);
    wire::AgentAnnounceCapabilities announce;
    announce.request = ask ? 1 : 0;
    announce.caps = raw;
    send(announce);
}

bool Peer::send(std::vector<std::byte> message, uint64_t mark) {
    if (!may_send()) return false;
    start();
    if (port_.post(std::move(message), mark)) return true;
    warn_once(fault_queue, "it does not read what is sent to it: messages are left out");
    return false;
}

void Peer::warn_once(unsigned kind, const char *what) {
    const auto bit = uint64_t{1} << (kind & 63);
    if (warned_ & bit) return;
    warned_ |= bit;
    log::warn("guest agent: %s", what);
}

std::vector<uint32_t> words_of(wire::Bytes raw) {
    wire::Reader reader{raw};
    std::vector<uint32_t> words;
    words.reserve(raw.size() / 4);
    while (reader.remaining() >= 4) words.push_back(reader.scalar<uint32_t>("word"));
    return words;
}

}
