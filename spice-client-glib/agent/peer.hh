// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "agent/framing.hh"
#include "wire/messages-link.hh"
#include "wire/reader.hh"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace spice::agent {

// What the application wants; asked for each time it matters.
struct Preferences {
    bool disable_wallpaper = false, disable_font_smooth = false, disable_animation = false;
    bool disable_display_position = true, disable_display_align = false;
    int max_clipboard = 100 << 20; // bytes, -1 for any
};

// The way to the guest's agent, implemented by the model of the main channel.
struct Port {
    virtual bool may_send() const = 0; // the channel is open and the session is not read-only
    virtual void start() = 0;          // AGENT_START: the server begins to pass on what the agent says
    // Queues a whole message; `mark` comes back by Agent::left() when it has left. False: too much is waiting.
    virtual bool post(std::vector<std::byte> message, uint64_t mark) = 0;
    virtual Preferences preferences() const = 0;
    // Keeps everything here alive while the token lives.
    virtual std::shared_ptr<void> keep_alive() = 0;

protected:
    ~Port() = default;
};

// What is known of the agent, and how to speak to it; shared by the parts of Agent. Bound to the main context.
class Peer {
public:
    explicit Peer(Port &port) : port_{port} {}

    bool connected() const noexcept { return connected_; }
    bool caps_known() const noexcept { return caps_known_; }
    bool has(unsigned cap) const noexcept { return caps_known_ && caps_.test(cap); }
    // The first word, also of an agent that has gone.
    uint32_t first_caps() const noexcept { return caps_.words().empty() ? 0 : caps_.words()[0]; }
    // Another number whenever the agent has come or gone: handlers of signals may have changed everything.
    uint64_t life() const noexcept { return life_; }
    Preferences preferences() const { return port_.preferences(); }
    std::shared_ptr<void> keep_alive() { return port_.keep_alive(); }
    // Expires with this object: for answers that may come after it.
    std::weak_ptr<void> alive() const noexcept { return alive_; }
    bool may_send() const { return connected_ && port_.may_send(); }
    uint64_t new_mark() noexcept { return ++last_mark_; }

    void set_connected(bool connected);
    void set_caps(wire::Capabilities caps);
    // The agent may speak, and is asked for its capabilities. Late when the session was read-only before.
    void start();
    void announce_caps(bool ask);

    // False: nobody is there, the session is read-only or too much is waiting.
    bool send(std::vector<std::byte> message, uint64_t mark = 0);
    template <class M> bool send(const M &m) { return send(message_of(m)); }
    // One line for each kind of fault of this agent.
    void warn_once(unsigned kind, const char *what);

private:
    Port &port_;
    wire::Capabilities caps_;
    bool connected_ = false, caps_known_ = false, started_ = false;
    uint64_t life_ = 0, last_mark_ = 0;
    uint64_t warned_ = 0;
    std::shared_ptr<void> alive_ = std::make_shared<int>(0);
};

// Reads a message into `m`, which is prepared with what its layout depends on. False, and one warning: it is malformed.
template <class M> bool parse(Peer &peer, const Incoming &incoming, M &m) {
    wire::Reader reader{incoming.body};
    if (wire::parse_into(reader, m)) return true;
    peer.warn_once(incoming.type, wire::parse_error(M::message_name, reader.fault()).what.c_str());
    return false;
}

// The 32-bit numbers that `raw` is made of.
std::vector<uint32_t> words_of(wire::Bytes raw);

}
