// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "spice-client.h"

#include "scripted-server.hh"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What programs rely on: which signal comes when, and what is true inside it. The same program runs on this library and,
// with --reference, on the distribution's.
namespace spice::test {

struct Rule {
    const char *name;
    std::string (*run)();            // empty: as the name says; else what happens instead
    const char *reference = nullptr; // what the distribution's library does instead
};

std::span<const Rule> session_rules();
std::span<const Rule> channel_rules();
std::span<const Rule> main_rules();
std::span<const Rule> content_rules();

using Lines = std::vector<std::string>;

// Ends a rule that does not hold.
#define holds(condition_)                                                                                              \
    if (!(condition_)) return std::string{"not so: " #condition_}
#define same_lines(lines_, ...)                                                                                        \
    if (const auto difference_ = spice::test::difference(lines_, __VA_ARGS__); !difference_.empty()) return difference_

std::string difference(const Lines &got, const Lines &wanted);

// A session at a scripted server that writes down every signal of it and of its channels, with arguments:
//     "session channel-new main-0", "main-0 channel-event opened", "display-0 notify monitors", ...
// It connects the channels, and holds no reference to them.
struct Stage {
    ScriptedServer server;
    SpiceSession *session = nullptr;
    Lines lines;
    bool in_call = false;  // set by the rule around a call
    Lines in_calls;        // what came meanwhile
    std::vector<bool> from_loop;   // for each line: a source of the main context was being dispatched
    bool connect_channels = true;  // all but main
    std::function<void(const std::string &line, GObject *object)> on_line;

    Stage();
    ~Stage();
    Stage(const Stage &) = delete;
    Stage &operator=(const Stage &) = delete;

    void start(); // the server, whose address the session gets
    bool connect() { return spice_session_connect(session) != FALSE; }
    bool open(); // start(), connect(), and main is open
    bool until(const std::function<bool()> &done, unsigned limit_ms = 5000);
    bool wait(const std::string &line, std::size_t times = 1);
    void settle(unsigned ms = 150); // for what must not come
    void forget() { lines.clear(), in_calls.clear(), from_loop.clear(); }
    std::size_t count(std::string_view line) const;
    std::ptrdiff_t index(std::string_view line) const; // of the first; -1
    Lines of(std::string_view prefix) const;           // with that beginning
    Lines events() const;                              // channel-event of any channel, destroy and new, disconnected
    SpiceChannel *channel(int type, int id = 0) const;
    void watch(GObject *object, const std::string &name);
    template <class Call> void call(Call function) {
        in_call = true;
        function();
        in_call = false;
    }

private:
    void write(const std::string &line, GObject *object);
    friend void on_signal(GClosure *, GValue *, guint, const GValue *, gpointer, gpointer);
};

std::string name_of(SpiceChannel *channel); // "display-0"
bool flag_of(gpointer object, const char *property);
int number_of(gpointer object, const char *property);
// The main channel's, a display's, ... with all the rest that a script needs.
ByteVector vm_name(std::string_view name);
ByteVector vm_uuid();

}
