// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// Five hundred sessions after each other in one process: what they take they give back.
#include "port-peer.hh"
#include "server-process.hh"
#include "webdav-guest.hh"

#include "base/glib/glib-ptr.hh"

#include <spice-client.h>

#include <cstdlib>
#include <dirent.h>
#include <fstream>
#include <memory>
#include <string>
#include <unistd.h>

namespace {

using spice::Ref;
using spice::test::PortPeer;
using spice::test::ServerProcess;

constexpr int sessions = 500, first_ones = 50;
constexpr unsigned channels_wanted = 8; // main, display, inputs, cursor, playback, record, port, webdav

struct Use {
    int descriptors = 0, threads = 0;
    long resident_kib = 0;
};

int entries(const char *folder) {
    int count = 0;
    DIR *dir = opendir(folder);
    while (dir && readdir(dir)) ++count;
    if (dir) closedir(dir);
    return count;
}

Use in_use() {
    std::ifstream file{"/proc/self/statm"};
    long all = 0, pages = 0;
    file >> all >> pages;
    return {entries("/proc/self/fd"), entries("/proc/self/task"), pages * (sysconf(_SC_PAGESIZE) / 1024)};
}

struct Session {
    Ref<SpiceSession> session = Ref<SpiceSession>::take(spice_session_new());
    GMainLoop *loop = g_main_loop_new(nullptr, FALSE);
    unsigned opened = 0, pictures = 0;
    bool webdav = false, failed = false;

    explicit Session(const std::string &uri, const std::string &folder) {
        g_object_set(session.get(), "uri", uri.c_str(), "shared-dir", folder.c_str(), nullptr);
        g_signal_connect_swapped(session.get(), "channel-new", G_CALLBACK(channel_new), this);
        g_signal_connect_swapped(session.get(), "disconnected", G_CALLBACK(g_main_loop_quit), loop);
    }
    ~Session() {
        g_signal_handlers_disconnect_by_data(session.get(), this);
        g_signal_handlers_disconnect_by_data(session.get(), loop);
        g_main_loop_unref(loop);
    }
    static void channel_new(Session *self, SpiceChannel *channel) {
        g_signal_connect_swapped(channel, "channel-event", G_CALLBACK(event), self);
        if (SPICE_IS_DISPLAY_CHANNEL(channel)) g_signal_connect_swapped(channel, "display-mark", G_CALLBACK(picture), self);
        if (SPICE_IS_WEBDAV_CHANNEL(channel)) g_signal_connect_swapped(channel, "notify::port-opened", G_CALLBACK(guest), self);
        if (!SPICE_IS_MAIN_CHANNEL(channel)) spice_channel_connect(channel);
    }
    static void picture(Session *self) {
        ++self->pictures;
        self->look();
    }
    static void guest(Session *self) {
        self->webdav = true;
        self->look();
    }
    static void event(Session *self, SpiceChannelEvent event) {
        if (event == SPICE_CHANNEL_OPENED) ++self->opened;
        if (event > SPICE_CHANNEL_CLOSED) self->failed = true;
        self->look();
    }
    void look() {
        if (failed || (opened >= channels_wanted && pictures > 0 && webdav)) g_main_loop_quit(loop);
    }
    bool connect() {
        spice_session_connect(session.get());
        g_main_loop_run(loop);
        return !failed;
    }
    void disconnect() {
        spice_session_disconnect(session.get());
        g_main_loop_run(loop);
    }
};

// One session that sees a picture, and whose guest reads a file.
bool cycle(ServerProcess &server, PortPeer &peer) {
    bool good = false;
    {
        Session session{server.uri(), server.folder()};
        good = session.connect();
        if (good) {
            spice::test::WebdavGuest guest{peer};
            good = guest.request(1, "GET", "/shared").body == "text";
        }
        session.disconnect();
    }
    return good;
}

bool settled(const Use &before) {
    const auto until = g_get_monotonic_time() + 10 * G_TIME_SPAN_SECOND;
    while (g_get_monotonic_time() < until) {
        const auto now = in_use();
        if (now.descriptors <= before.descriptors && now.threads <= before.threads) return true;
        g_main_context_iteration(nullptr, FALSE);
        g_thread_yield();
    }
    return false;
}

void test_sessions() {
    ServerProcess server;
    g_assert_true(server.start({"--size", "320x240", "--still", "--sound", "--ports", "org.spice-space.webdav.0,org.example.line.0"}));
    PortPeer peer;
    g_assert_true(peer.listen(server.folder() + "/dav"));
    g_assert_true(server.ok("port 0 connect " + peer.path()));
    g_assert_true(peer.accept());
    const auto file = server.folder() + "/shared";
    g_assert_true(g_file_set_contents(file.c_str(), "text", -1, nullptr));
    Use before;
    int good = 0, refused = 0;
    while (good < sessions && refused < sessions) {
        // The server needs a moment to let go of the client before, and refuses the next one until then.
        if (cycle(server, peer)) ++good;
        else ++refused;
        if (good == first_ones && before.descriptors == 0) before = in_use();
    }
    g_assert_cmpint(good, ==, sessions);
    g_assert_true(settled(before));
    const auto after = in_use();
    g_test_message("%d sessions, %d refused; descriptors %d -> %d, threads %d -> %d, memory %ld -> %ld KiB", good, refused,
                   before.descriptors, after.descriptors, before.threads, after.threads, before.resident_kib, after.resident_kib);
    g_assert_cmpint(after.resident_kib, <, before.resident_kib + (8 << 10));
    unlink(file.c_str());
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    if (!ServerProcess::available()) {
        g_print("1..0 # SKIP the test server is not built\n");
        return 77;
    }
    g_test_add_func("/many-sessions/flat", test_sessions);
    return g_test_run();
}
