// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "agent/peer.hh"

#include <array>
#include <cstdint>

namespace spice::agent {

// Which monitors the application wants the guest to have. A slot is the number of a display channel, or the number of
// a monitor when one channel has several. Plain values.
class Monitors {
public:
    static constexpr unsigned slots = 16;

    // Each: true when something has changed.
    bool place(unsigned slot, int x, int y, int width, int height);
    bool measure(unsigned slot, int width_mm, int height_mm);
    bool enable(unsigned slot, bool enabled);

    bool any_size() const noexcept;
    // Whether one of the first `displays` has neither been enabled nor disabled yet.
    bool undecided(uint32_t displays) const noexcept;
    // `sparse`: the agent knows holes, so that every slot is sent. `sizes`: with those in millimetres, if one is known.
    wire::AgentMonitorsConfig config(const Preferences &wishes, bool sparse, bool sizes) const;

private:
    enum class State : uint8_t { undecided, disabled, enabled };
    struct Slot {
        int x = 0, y = 0, width = 0, height = 0, width_mm = 0, height_mm = 0;
        State state = State::undecided;
    };
    std::array<Slot, slots> slots_;
};

}
