// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "agent/peer.hh"
#include "base/glib/main-task.hh"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace spice::agent {

// The clipboards that client and guest share: who owns which, and what is offered. Owned by Agent, bound to the main
// context. A selection is 0 for the clipboard, 1 for the primary and 2 for the secondary selection.
class Clipboard {
public:
    // What the guest does; each call may end the connection or send something.
    struct Observer {
        virtual void on_clipboard_grab(unsigned selection, std::span<const uint32_t> types) = 0;
        virtual void on_clipboard_request(unsigned selection, uint32_t type) = 0;
        virtual void on_clipboard_data(unsigned selection, uint32_t type, wire::Bytes data) = 0;
        virtual void on_clipboard_release(unsigned selection) = 0;

    protected:
        ~Observer() = default;
    };
    static constexpr unsigned selections = 3;
    // An agent that releases before each grab means nothing by it: the release counts when no grab follows in time.
    static constexpr unsigned release_delay_ms = 500;

    Clipboard(Peer &peer, Observer &observer, GMainContext *context)
        : peer_{peer}, observer_{observer}, context_{context} {}

    // What the client does. All but data() are forgotten when the agent cannot take them; so is what concerns a
    // selection that the agent does not know.
    void grab(unsigned selection, std::span<const uint32_t> types);
    void release(unsigned selection);
    void request(unsigned selection, uint32_t type);
    // The answer to a request. Content that is too large is answered with nothing, and a warning.
    void data(unsigned selection, uint32_t type, wire::Bytes content);

    void handle(const Incoming &incoming); // CLIPBOARD, _GRAB, _REQUEST, _RELEASE
    bool left(uint64_t mark);              // true: it was content of the clipboard
    void announce_limit();                 // MAX_CLIPBOARD, when the agent knows it
    // The agent has gone, or another one has come: nobody owns anything. Tells of what the guest owned.
    void reset();

private:
    struct Selection {
        bool ours = false, guests = false; // who has grabbed it
        uint32_t serial = 0;               // of the next grab, by either side
        uint64_t answers = 0;              // given so far
        MainTask release;
    };
    bool usable(unsigned selection) const;
    void prepare(wire::AgentSelection &selection, bool &with_selection, unsigned number) const;
    Selection *from_guest(const wire::AgentSelection &selection);
    void handle_grab(const Incoming &incoming);
    void handle_request(const Incoming &incoming);
    void handle_data(const Incoming &incoming);
    void handle_release(const Incoming &incoming);
    void released(unsigned number);
    bool too_large(std::size_t size);
    void refuse(unsigned selection, uint32_t type);

    struct Content {
        uint64_t mark;
        std::size_t bytes;
    };
    Peer &peer_;
    Observer &observer_;
    GMainContext *context_;
    std::array<Selection, selections> all_;
    std::vector<Content> under_way_;
    uint64_t bytes_under_way_ = 0;
    std::size_t last_refused_ = 0; // bytes of what was too large
};

// How large a message of the agent may be: room for everything but the clipboard, and the clipboard's limit.
uint64_t message_limit(int max_clipboard) noexcept;

}
