// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "scripted-connection.hh"
#include "scripted-message.hh"

#include <spice/enums.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spice::test {

struct ScriptedCore; // shared by the server's threads
struct ScriptedRun;  // one connection while its script runs

struct Box {
    int32_t left = 0, top = 0, right = 0, bottom = 0;
};

struct MainInit {
    uint32_t session_id = 1, display_channels_hint = 1, supported_mouse_modes = 3, current_mouse_mode = 2;
    uint32_t agent_connected = 0, agent_tokens = 10, multi_media_time = 1000, ram_hint = 0;
};

inline constexpr Milliseconds patience{5000}; // of expect() and finished()

// What the server says on one channel; see ScriptedServer. Owned by it, thread-safe.
class ChannelScript {
public:
    ChannelScript(const ChannelScript &) = delete;
    ChannelScript &operator=(const ChannelScript &) = delete;

    // Steps for any channel.
    ChannelScript &send(uint16_t type, ByteVector body = {}, uint32_t sub_list = 0);
    ChannelScript &send_raw(ByteVector bytes); // outside any header
    // Bytes outside any header with descriptors (SCM_RIGHTS), which stay the caller's; UNIX sockets only.
    ChannelScript &send_fds(std::vector<int> fds, ByteVector bytes = {std::byte{'@'}});
    ChannelScript &send_header(uint16_t type, uint32_t size,
                               ByteVector body = {}); // a size that lies; mini headers only
    ChannelScript &expect(uint16_t type,
                          Milliseconds timeout = patience); // the next message of that type, others are passed over
    ChannelScript &expect_next(uint16_t type, Milliseconds timeout = patience); // the very next message
    ChannelScript &ping(uint32_t id, std::size_t padding = 0);
    ChannelScript &expect_pong(uint32_t id, Milliseconds timeout = patience);
    ChannelScript &set_ack(uint32_t generation, uint32_t window);
    ChannelScript &notify(std::string_view text, uint32_t severity = 0, uint32_t visibility = 2);
    ChannelScript &wait_for(std::vector<std::pair<ChannelKey, uint64_t>> serials); // WAIT_FOR_CHANNELS
    ChannelScript &close();
    ChannelScript &reset();                              // close by RST
    ChannelScript &stall();                              // neither send nor receive until release() or the end
    ChannelScript &gate();                               // go on receiving, next steps after open_gate()
    ChannelScript &call(std::function<void()> function); // on the connection's thread
    ChannelScript &next_connection();

    // Steps of particular channels; the constants' meaning is in the specification.
    ChannelScript &init(const MainInit &init = {});
    ChannelScript &channels(std::vector<ChannelKey> list); // expects ATTACH_CHANNELS first
    ChannelScript &agent_data(ByteVector chunk);
    ChannelScript &surface_create(uint32_t id, uint32_t width, uint32_t height,
                                  uint32_t format = SPICE_SURFACE_FMT_32_xRGB,
                                  uint32_t flags = SPICE_SURFACE_FLAGS_PRIMARY);
    ChannelScript &surface_destroy(uint32_t id);
    ChannelScript &mark();
    ChannelScript &monitors(std::vector<std::array<uint32_t, 4>> heads); // x y width height
    ChannelScript &fill(uint32_t surface, Box box, uint32_t rgb);
    ChannelScript &copy_raw(uint32_t surface, Box box, const std::vector<uint32_t> &pixels); // xRGB, top down
    ChannelScript &inputs_init(uint16_t modifiers = 0);
    ChannelScript &cursor_init(int16_t x = 0, int16_t y = 0); // without a shape

    // What happened; all wait at most the time given and may be called from any thread but the connections'.
    bool finished(Milliseconds timeout = patience) const; // a connection has run the newest script to its end
    bool connected(int connections = 1, Milliseconds timeout = patience) const; // that many were linked, ever
    bool closed(Milliseconds timeout = patience) const;                         // no connection is open (and one was)
    std::vector<Message> received() const;
    std::vector<Message> received(uint16_t type) const;
    std::optional<Message> wait_received(uint16_t type, std::size_t count = 1,
                                         Milliseconds timeout = patience) const; // the count-th
    std::vector<LinkRecord> links() const;
    void release();   // ends stall()
    void open_gate(); // lets one gate() pass, now or when it is reached

    // How the next connections of this channel are linked; without one the server's default applies.
    ChannelScript &link_plan(LinkPlan plan);

private:
    friend class ScriptedServer;
    using Step = std::function<bool(ScriptedRun &)>; // false: the connection ends
    ChannelScript(ScriptedCore &core, ChannelKey key) : core_{core}, key_{key} {}
    using Check = std::function<bool(const Message &)>;
    ChannelScript &add(Step step);
    ChannelScript &expect_message(uint16_t type, Check check, Milliseconds timeout, bool next);
    ScriptedCore &core_;
    ChannelKey key_;
};

// A SPICE server that says exactly the bytes a test wants, on own threads, for in-process tests:
//
//     ScriptedServer s;
//     s.main().init({.session_id = 7}).channels({{SPICE_CHANNEL_DISPLAY, 0}});
//     s.display(0).expect(SPICE_MSGC_DISPLAY_INIT).surface_create(0, 64, 48).fill(0, {0, 0, 64, 48}, 0xff0000)
//         .mark().ping(1).expect_pong(1);
//     g_assert_true(s.start());                       // TCP on 127.0.0.1, s.port(); start(path): UNIX socket
//     ... connect the client under test to s.uri() ...
//     g_assert_true(s.display(0).finished(5s));       // the whole script ran
//     g_assert_true(s.failures().empty());            // no expect() timed out, no client left in one
//
// Each channel has a script. A script's steps run in order on every connection of the channel; then the server goes
// on receiving. Steps may be added at any time, also while connected. next_connection() begins another script, for the
// connection after; the last script serves all that follow. Linking is correct unless link_plan() says otherwise.
// Nothing is answered by itself: a PING of the client's side does not exist, ACKs are only recorded.
//
// Thread-safe. The destructor closes all connections and joins.
class ScriptedServer {
public:
    ScriptedServer();
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer &) = delete;
    ScriptedServer &operator=(const ScriptedServer &) = delete;

    bool start(); // 127.0.0.1, any free port
    bool start(const std::string &unix_path);
    void stop(); // idempotent
    uint16_t port() const noexcept { return port_; }
    std::string uri() const; // spice://127.0.0.1:PORT or spice+unix://PATH

    ChannelScript &channel(uint8_t type, uint8_t id = 0);
    ChannelScript &main() { return channel(SPICE_CHANNEL_MAIN); }
    ChannelScript &display(uint8_t id = 0) { return channel(SPICE_CHANNEL_DISPLAY, id); }
    ChannelScript &inputs() { return channel(SPICE_CHANNEL_INPUTS); }
    ChannelScript &cursor(uint8_t id = 0) { return channel(SPICE_CHANNEL_CURSOR, id); }

    void link_plan(LinkPlan plan);         // for channels without a plan of their own
    std::vector<LinkRecord> links() const; // of all channels in order
    std::string failures() const;          // one line each
    void disconnect_all();                 // closes what is open; listening goes on

private:
    bool run_on(int fd);
    std::unique_ptr<ScriptedCore> core_;
    std::string path_;
    uint16_t port_ = 0;
};

}
