// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "glue.hh"
#include "input/context.hh"
#include "input/grab-combination.hh"
#include "input/shortcut-inhibitor.hh"
#include "input/windowing/window-system.hh"

#include <memory>

namespace spice::gtk {

// Decides when a display holds the keyboard and the pointer, and does so. The keyboard grab is logical: it is
// reported although the window system may refuse its shortcuts; shortcuts_inhibited() tells what it granted.
// Main thread.
class Grabs final : PointerLockSink {
public:
    struct MotionSink {
        virtual void relative_motion(double dx, double dy) = 0;

    protected:
        ~MotionSink() = default;
    };
    Grabs(InputContext &context, MotionSink &sink) : context_{context}, motion_{sink} {}
    ~Grabs();

    bool keyboard() const noexcept { return keyboard_; }
    bool mouse() const noexcept { return mouse_; }
    bool locked() const noexcept { return lock_ != nullptr; }
    bool focused() const noexcept { return focus_; }
    bool shortcuts_inhibited() const noexcept { return inhibited_; }

    void focus_in();
    void focus_out();
    void pointer_entered();
    void pointer_left();
    void pointer_moved(); // by the user, inside the display
    void combination(GrabCombination::Event event);
    GrabCombination &keys() noexcept { return keys_; }
    void mode_changed(bool button_down);
    void options_changed(); // options or the session's wish to keep grabs away
    void unmapped();

    bool try_mouse(GdkEvent *event);
    void try_keyboard(GdkEvent *event);
    void request(GdkEvent *event); // a menu item: whatever was released before
    void ungrab_keyboard();
    void ungrab_mouse();

private:
    void lock_motion(double dx, double dy) override { motion_.relative_motion(dx, dy); }
    void lock_lost() override { ungrab_mouse(); }
    bool may_grab() const;
    void drop_inhibitor();
    void inhibit(GdkEvent *event);
    void inhibited_changed(GParamSpec *);

    InputContext &context_;
    MotionSink &motion_;
    GrabCombination keys_;
    std::unique_ptr<ShortcutInhibitor> inhibitor_;
    std::unique_ptr<PointerLock> lock_;
    Connection on_inhibited_;
    bool keyboard_ = false, mouse_ = false, focus_ = false, inside_ = false;
    bool released_by_user_ = false, combination_held_ = false, inhibited_ = false;
};

}
