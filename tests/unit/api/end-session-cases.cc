// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// Signals of sessions, of main channels and of what they make: files on their way, and sessions for a migration.
#include "end-in-handler.hh"

#include "migration-setup.hh"

#include <spice/vd_agent.h>

namespace spice::test {

namespace {

constexpr uint32_t agent_caps = 1u << VD_AGENT_CAP_CLIPBOARD_BY_DEMAND | 1u << VD_AGENT_CAP_CLIPBOARD_SELECTION |
                                1u << VD_AGENT_CAP_CLIPBOARD_NO_RELEASE_ON_REGRAB;

void plain(Victim &v) { v.server.main().init(); }

// --- the session

void named(Victim &v) {
    plain(v);
    v.server.main().send(SPICE_MSG_MAIN_NAME, Bytes().u32(5).text("name").u8(0));
    v.server.main().send(SPICE_MSG_MAIN_UUID, Bytes().zeros(15).u8(9));
}

void many_channels(Victim &v) {
    v.server.main().init().channels({{SPICE_CHANNEL_DISPLAY, 0}, {SPICE_CHANNEL_INPUTS, 0}, {SPICE_CHANNEL_CURSOR, 0}});
}

void clock_jumps(Victim &v) {
    plain(v);
    v.server.main().send(SPICE_MSG_MAIN_MULTI_MEDIA_TIME, Bytes().u32(5'000'000));
}

void ends_by_itself(Victim &v) {
    many_channels(v);
    v.on_opened = [&v](SpiceChannel *channel) {
        if (SPICE_IS_CURSOR_CHANNEL(channel)) v.later([](Victim &self) { spice_session_disconnect(self.session()); });
    };
}

// The last that comes of a session before it has ended: the session is told to end while it does.
void main_closes(Victim &v) {
    plain(v);
    v.skip(1);
    v.on_opened = [&v](SpiceChannel *) {
        v.later([](Victim &self) { spice_session_disconnect(self.session()); });
    };
}

// --- the machine moves, once everything is open

void see_companion(Victim &v) {
    v.on_channel = [&v](SpiceChannel *channel) {
        if (!SPICE_IS_MAIN_CHANNEL(channel)) return;
        const auto started = +[](SpiceMainChannel *, GObject *session, Victim *self) { self->adopt(session, "target"); };
        g_signal_connect(channel, "migration-started", G_CALLBACK(started), &v);
    };
}

void moves(Victim &v) {
    g_assert_true(v.target.start());
    see_companion(v);
    v.server.main().init({.session_id = 7}).channels({{SPICE_CHANNEL_INPUTS, 0}}).gate();
    v.server.main().send(SPICE_MSG_MAIN_MIGRATE_BEGIN, target_info(v.target.port(), 1, "127.0.0.1", "CN=target"));
    v.server.main().expect(SPICE_MSGC_MAIN_MIGRATE_CONNECTED).send(SPICE_MSG_MAIN_MIGRATE_END);
    v.server.inputs().inputs_init();
    v.target.main().expect(SPICE_MSGC_MAIN_MIGRATE_END).init({.session_id = 7});
    v.target.inputs().inputs_init();
    v.on_opened = [&v](SpiceChannel *channel) {
        if (SPICE_IS_INPUTS_CHANNEL(channel)) v.server.main().open_gate();
    };
}

void switches_host(Victim &v) {
    g_assert_true(v.target.start());
    v.target.main().init();
    plain(v);
    const std::string_view host = "127.0.0.1", subject = "CN=target";
    Bytes info;
    info.u16(v.target.port()).u16(1).u32(host.size() + 1).u32(20).u32(subject.size() + 1).u32(20 + host.size() + 1);
    v.server.main().send(SPICE_MSG_MAIN_MIGRATE_SWITCH_HOST, info.text(host).u8(0).text(subject).u8(0));
}

// --- the agent

void say(Victim &v, uint32_t type, const ByteVector &body) {
    v.server.main().agent_data(Bytes().u32(1).u32(type).u64(0).u32(body.size()).raw(body));
}

void agent(Victim &v) {
    v.server.main().init({.agent_connected = 1});
    say(v, VD_AGENT_ANNOUNCE_CAPABILITIES, Bytes().u32(0).u32(agent_caps));
}

void clipboard(Victim &v) {
    agent(v);
    say(v, VD_AGENT_CLIPBOARD_GRAB, Bytes().u32(0).u32(1).u32(0).u32(2)); // selection, count of grabs, types
    say(v, VD_AGENT_CLIPBOARD, Bytes().u32(0).u32(1).text("abc"));
    say(v, VD_AGENT_CLIPBOARD_REQUEST, Bytes().u32(0).u32(1));
    say(v, VD_AGENT_CLIPBOARD_RELEASE, Bytes().u32(0));
}

// --- files, as soon as the agent has said what it can do

void copy_files(SpiceMainChannel *main, Victim *victim, GFileProgressCallback progress, GAsyncReadyCallback done) {
    auto first = Ref<GFile>::take(g_file_new_for_path("/etc/passwd"));
    auto second = Ref<GFile>::take(g_file_new_for_path("/etc/group"));
    GFile *files[] = {first.get(), second.get(), nullptr};
    spice_main_channel_file_copy_async(main, files, G_FILE_COPY_NONE, nullptr, progress, victim, done, victim);
}

void agent_updated(SpiceMainChannel *main, Victim *self) {
    const bool ready = spice_main_channel_agent_test_capability(main, VD_AGENT_CAP_CLIPBOARD_BY_DEMAND) != FALSE;
    if (!ready || g_object_get_data(G_OBJECT(main), "copies")) return;
    g_object_set_data(G_OBJECT(main), "copies", self);
    self->later([](Victim &v) {
        const auto progress = +[](goffset, goffset, gpointer victim) {
            auto *known = static_cast<Victim *>(victim);
            if (known->chosen("main callback:progress")) known->fire(nullptr);
        };
        const auto done = +[](GObject *source, GAsyncResult *result, gpointer victim) {
            auto *known = static_cast<Victim *>(victim);
            if (known->chosen("main callback:copied")) Victim::answered(source, result, victim);
        };
        copy_files(SPICE_MAIN_CHANNEL(v.channel(SPICE_CHANNEL_MAIN)), &v, progress, done);
    });
}

// The agent takes every file, and says so when it has all of it.
void answer_task(GObject *task, Victim *self, uint32_t status) {
    guint id = 0;
    g_object_get(task, "id", &id, nullptr);
    say(*self, VD_AGENT_FILE_XFER_STATUS, Bytes().u32(id).u32(status));
}

using TaskChanged = void(GObject *task, GParamSpec *, Victim *self);

void task_taken(GObject *task, GParamSpec *, Victim *self) { answer_task(task, self, VD_AGENT_FILE_XFER_STATUS_CAN_SEND_DATA); }
void task_refused(GObject *task, GParamSpec *, Victim *self) { answer_task(task, self, VD_AGENT_FILE_XFER_STATUS_ERROR); }
void task_forsaken(GObject *, GParamSpec *, Victim *self) { self->server.main().open_gate(); }

void task_sent(GObject *task, GParamSpec *, Victim *self) {
    guint64 sent = 0, total = 0;
    g_object_get(task, "transferred-bytes", &sent, "total-bytes", &total, nullptr);
    if (sent == total) answer_task(task, self, VD_AGENT_FILE_XFER_STATUS_SUCCESS);
}

template <TaskChanged sized> void task_made(SpiceMainChannel *, GObject *task, Victim *self) {
    g_signal_connect(task, "notify::total-bytes", G_CALLBACK(sized), self);
    g_signal_connect(task, "notify::transferred-bytes", G_CALLBACK(task_sent), self);
    self->adopt(task, "task");
}

template <TaskChanged sized = task_taken> void files(Victim &v) {
    agent(v);
    v.on_channel = [&v](SpiceChannel *channel) {
        if (!SPICE_IS_MAIN_CHANNEL(channel)) return;
        g_signal_connect(channel, "main-agent-update", G_CALLBACK(agent_updated), &v);
        g_signal_connect(channel, "new-file-transfer", G_CALLBACK(task_made<sized>), &v);
    };
}

// The agent goes when it knows of the files, or the connection does.
void agent_leaves(Victim &v) {
    files<task_forsaken>(v);
    v.server.main().gate().send(SPICE_MSG_MAIN_AGENT_DISCONNECTED, Bytes().u32(0));
}

void copy_breaks(Victim &v) {
    files<task_forsaken>(v);
    v.server.main().gate().close();
}

// Files for a guest without an agent end inside the call.
void files_for_nobody(Victim &v) {
    plain(v);
    v.on_channel = [&v](SpiceChannel *channel) {
        if (SPICE_IS_MAIN_CHANNEL(channel)) g_signal_connect(channel, "new-file-transfer", G_CALLBACK(task_made<task_taken>), &v);
    };
    v.on_opened = [&v](SpiceChannel *channel) { copy_files(SPICE_MAIN_CHANNEL(channel), &v, nullptr, Victim::answered); };
}

void asks_for_sockets(Victim &v) {
    plain(v);
    v.connect = [&v] { return spice_session_open_fd(v.session(), -1) != FALSE; };
}

void refused(Victim &v) {
    v.server.link_plan({.password = "tiger"});
    plain(v);
}

void breaks(Victim &v) { v.server.main().init({.agent_connected = 1}).reset(); }

constexpr EndCase cases[] = {
    {"session channel-new", many_channels},
    {"session channel-destroy", ends_by_itself},
    {"session disconnected", ends_by_itself},
    {"session mm-time-reset", clock_jumps},
    {"session notify::name", named},
    {"session notify::uuid", named},
    {"session notify::migration-state", moves},
    {"session notify::host", moves},
    {"session notify::port", moves},
    {"session notify::tls-port", moves},
    {"session notify::cert-subject", moves},
    {"session notify::verify", moves},
    {"session notify::host", switches_host},
    {"session notify::cert-subject", switches_host},
    {"session notify::migration-state", switches_host},
    {"target notify::migration-state", moves},
    {"main channel-event", plain},
    {"main channel-event", refused},
    {"main channel-event", main_closes},
    {"main open-fd", asks_for_sockets},
    {"main main-mouse-update", plain},
    {"main notify::mouse-mode", plain},
    {"main main-agent-update", agent},
    {"main main-agent-update", breaks},
    {"main notify::agent-connected", agent},
    {"main main-clipboard-selection-grab", clipboard},
    {"main main-clipboard-selection", clipboard},
    {"main main-clipboard-selection-request", clipboard},
    {"main main-clipboard-selection-release", clipboard},
    {"main main-clipboard-grab", clipboard},
    {"main main-clipboard", clipboard},
    {"main main-clipboard-request", clipboard},
    {"main main-clipboard-release", clipboard},
    {"main migration-started", moves},
    {"main new-file-transfer", files<>},
    {"main new-file-transfer", files_for_nobody},
    {"main callback:progress", files<>},
    {"main callback:copied", files<>},
    {"main callback:copied", files<task_refused>},
    {"main callback:copied", agent_leaves},
    {"main callback:copied", copy_breaks},
    {"main callback:not-copied", files_for_nobody},
    {"task notify::total-bytes", files<>},
    {"task notify::progress", files<>},
    {"task notify::transferred-bytes", files<>},
    {"task finished", files<>},
    {"task finished", files<task_refused>},
    {"task finished", agent_leaves},
    {"task finished", copy_breaks},
    {"task finished", files_for_nobody},
};

}

std::span<const EndCase> session_cases() { return cases; }

}
