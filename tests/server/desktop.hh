// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "picture.hh"
#include "qxl-device.hh"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace spice::testserver {

// What the desktop shows of the guest's input devices.
struct InputState {
    int x = -1, y = -1;    // pointer, -1: not seen yet
    uint32_t buttons = 0;  // SPICE_MOUSE_BUTTON_MASK_*
    int wheel = 0;         // notches, up is positive
    bool absolute = true;  // tablet or relative mouse
    std::string last_keys; // newest scancodes as text
};

// Paints the demo desktop on one graphics card: wallpaper, windows, clock, something that moves. Thread-bound to the
// main thread; the device must outlive it.
class Desktop {
public:
    Desktop(QxlDevice &device, int heads, uint32_t seed, std::string title);

    void paint();                       // everything
    void resize(int width, int height); // of one head; heads stand side by side
    void step();                        // one frame of everything that moves
    void show_time(const std::string &time);
    void show_input(const InputState &state);
    void type(const std::string &text); // '\n' new line, '\b' erases
    void set_heads(int heads) { heads_ = heads; }
    int heads() const noexcept { return heads_; }
    const char *cursor_at(int x, int y) const; // name for cursor_shape()

private:
    struct Layout {
        Rect panel, terminal, photo, activity, input, dock;
        bool windows = false; // there is room for them
    };
    Layout lay_out(const Rect &head) const;
    Picture compose_head(const Rect &head, int index) const;
    void compose_window(Picture &dst, const Rect &area, const std::string &title, Color body) const;
    void compose_input(Picture &dst, const Rect &area) const;
    void compose_dock(Picture &dst, const Rect &area) const;
    void compose_activity(Picture &dst, const Rect &area) const;
    Picture clock_picture() const;
    Picture terminal_row(int row) const;
    void scroll_terminal();
    void repaint_row(int row);
    void step_graph();
    Rect video_area() const;
    Rect graph_area() const;
    Rect clock_area() const;
    Rect terminal_area() const;
    int terminal_rows() const;
    int terminal_columns() const;

    QxlDevice &device_;
    int heads_;
    uint32_t seed_;
    std::string title_, time_ = "--:--:--";
    Layout layout_;
    Picture panel_; // empty panel, background of the clock
    InputState input_;
    std::deque<std::string> rows_; // of the terminal; the last one is being typed
    int frame_ = 0;
};

}
