// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <bitset>

namespace spice::gtk {

// Which keys the guest believes to be down, and the press that is still held back by keypress-delay.
// Plain C++, driven by its owner's timer; the sink is the inputs channel.
class KeyState {
public:
    struct Sink {
        virtual void send_press(unsigned scancode) = 0;
        virtual void send_release(unsigned scancode) = 0;
        virtual void send_click(unsigned scancode) = 0;
        virtual void arm_delay(unsigned ms) = 0; // call delay_elapsed() then
        virtual void cancel_delay() = 0;

    protected:
        ~Sink() = default;
    };
    explicit KeyState(Sink &sink) noexcept : sink_{sink} {}

    // delay_ms 0: at once. A repeated press is sent again, guests expect typematic make codes.
    void press(unsigned scancode, unsigned delay_ms);
    void release(unsigned scancode);
    void delay_elapsed();
    void release_all();
    void forget(); // the guest is gone: nothing is down any more and nothing is sent
    bool is_down(unsigned scancode) const noexcept { return scancode < down_.size() && down_[scancode]; }
    bool any_down() const noexcept { return down_.any(); }

private:
    void flush();
    Sink &sink_;
    std::bitset<0x400> down_;
    unsigned pending_ = 0;
};

}
