// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "agent-device.hh"
#include "control.hh"
#include "desktop.hh"
#include "inputs.hh"
#include "listener.hh"
#include "options.hh"
#include "port-device.hh"
#include "qxl-device.hh"
#include "sound.hh"
#include "video.hh"

#include <glib.h>

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace spice::testserver {

struct Screen {
    Screen(SpiceServer *server, int id, const Options &options);
    QxlDevice device;
    Desktop desktop;
    std::string cursor;       // shape last shown
    std::vector<Rect> wanted; // monitors a client asked for, newest
};

// The virtual machine: libspice-server with its devices, the desktop on them, listeners and timers. Thread-bound to
// the main thread.
class Server {
public:
    explicit Server(Options options);
    ~Server();
    Server(const Server &) = delete;
    Server &operator=(const Server &) = delete;

    std::string start(); // empty: listening; otherwise what failed
    std::string ready_line() const;
    void on_quit(std::function<void()> quit) { quit_ = std::move(quit); }
    void execute(std::string_view line, Reply reply);

private:
    friend struct Commands;
    struct Waiter {
        std::function<bool()> done;
        Reply reply;
        guint timeout = 0;
    };
    std::string configure();
    std::string listen();
    void channel_event(int event, const SpiceChannelEventInfo &info);
    void inputs_changed();
    void show_cursor();
    void tick();
    void tick_clock();
    void set_animated(bool on);
    int channels(int type) const;
    void wait(std::function<bool()> done, unsigned ms, Reply reply);
    void check_waiters();
    Screen *screen(std::size_t index) { return index < screens_.size() ? screens_[index].get() : nullptr; }

    Options options_;
    SpiceServer *spice_ = nullptr;
    std::vector<std::unique_ptr<Screen>> screens_;
    std::unique_ptr<Inputs> inputs_;
    std::vector<std::unique_ptr<PortDevice>> ports_;
    std::unique_ptr<Sound> sound_;
    std::unique_ptr<Listener> tcp_, unix_;
    std::unique_ptr<AgentDevice> agent_;
    std::map<int, int> channels_; // channel type: how many are up
    std::list<Waiter> waiters_;
    std::unique_ptr<Video> video_;
    std::function<void()> quit_;
    guint frame_timer_ = 0, clock_timer_ = 0;
    bool input_dirty_ = false;
};

}
