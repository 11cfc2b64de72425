// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "agent/clipboard.hh"
#include "agent/file-transfers.hh"
#include "agent/monitors.hh"
#include "agent/peer.hh"
#include "base/glib/main-task.hh"

#include <cstdint>
#include <functional>
#include <vector>

namespace spice::agent {

// The volume of a direction of sound, as the client's mixer has it.
struct Volume {
    bool mute = false;
    std::vector<uint16_t> channels; // 0 to 65535; empty: not known
};

// Who knows the client's volume. The guest's mixer is set to it once, when its agent comes. Bound to the main context.
struct VolumeSource {
    using Answer = std::function<void(const Volume &volume)>;
    // Calls `answer` now or later, or never.
    virtual void ask_volume(bool playback, Answer answer) = 0;

protected:
    ~VolumeSource() = default;
};

// The guest's agent as the client sees it: its coming and going, its capabilities, and what is done with it. Owned by
// the model of the main channel, bound to the main context.
class Agent {
public:
    struct Observer : Clipboard::Observer {
        virtual void on_agent_caps() = 0; // they have become known, or others

    protected:
        ~Observer() = default;
    };

    Agent(Port &port, Observer &observer, GMainContext *context);

    bool connected() const noexcept { return peer_.connected(); }
    bool has(unsigned cap) const noexcept { return peer_.has(cap); }
    uint32_t first_caps() const noexcept { return peer_.first_caps(); }

    // From the channel, in wire order.
    void came();
    void gone(); // also when there was none: forgets everything
    void message(const Incoming &incoming);
    void left(uint64_t mark);

    Clipboard &clipboard() noexcept { return clipboard_; }
    FileTransfers &files() noexcept { return files_; }
    void max_clipboard_changed();
    void may_send_changed(); // of the port
    // Null: nobody knows. The source stays until it is replaced.
    void set_volume_source(VolumeSource *source) noexcept { volume_ = source; }

    // Monitors. Changes are sent when they have stopped for a second, if `send`.
    static constexpr unsigned settle_ms = 1000;
    static constexpr unsigned reply_ms = 1000; // after they have left, an agent that takes them has answered
    void set_displays(uint32_t displays) noexcept { displays_ = displays; } // how many the server has
    void place_monitor(unsigned slot, int x, int y, int width, int height, bool send);
    void measure_monitor(unsigned slot, int width_mm, int height_mm, bool send);
    void enable_monitor(int slot, bool enabled, bool send); // -1: all
    bool send_monitors(); // now

private:
    // Whether monitors are told with their size in millimetres, which not every agent takes; see
    // doc/decisions/0008-physical-sizes.md. `with` is also what has not been tried yet.
    enum class Sizes : uint8_t { with, asked_with, asked_without, without, settled_with };

    void handle_caps(const Incoming &incoming);
    void handle_reply(const Incoming &incoming);
    void sizes_unanswered();
    void send_display_config();
    void sync_volume(bool playback);
    void monitors_changed(bool changed, bool send);
    void schedule_monitors(unsigned delay_ms);
    void send_monitors_if_complete();

    Peer peer_;
    Observer &observer_;
    GMainContext *context_;
    Clipboard clipboard_;
    FileTransfers files_;
    Monitors monitors_;
    MainTask monitors_task_, sizes_task_;
    Sizes sizes_ = Sizes::with;
    uint64_t monitors_mark_ = 0;     // of the last configuration
    unsigned plain_unanswered_ = 0;  // configurations without sizes
    VolumeSource *volume_ = nullptr;
    uint32_t displays_ = 0;
    bool greeted_ = false; // what is said once to each agent has been said
};

}
