// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "behaviour.hh"

#include <spice/vd_agent.h>

#include <cstring>

namespace spice::test {

namespace {

constexpr uint32_t clipboard_caps = 1u << VD_AGENT_CAP_CLIPBOARD_BY_DEMAND | 1u << VD_AGENT_CAP_CLIPBOARD_SELECTION;

// A main channel with an agent, which says whatever a rule wants.
struct Agent : Stage {
    explicit Agent(uint32_t caps = clipboard_caps, bool silent = false) {
        server.main().init({.agent_connected = 1});
        if (!silent) say(VD_AGENT_ANNOUNCE_CAPABILITIES, Bytes().u32(0).u32(caps));
    }
    void say(uint32_t type, const ByteVector &body) {
        server.main().agent_data(Bytes().u32(1).u32(type).u64(0).u32(body.size()).raw(body));
    }
    SpiceMainChannel *main() const { return SPICE_MAIN_CHANNEL(channel(SPICE_CHANNEL_MAIN)); }
    bool ready() {
        const bool good = open() && wait("main-0 main-agent-update", 2) && spice_main_channel_agent_test_capability(main(), 5);
        settle(50);
        forget();
        return good;
    }
};

std::string mouse_mode_before_its_notify() {
    Stage s;
    s.server.main().init();
    int seen = -1;
    s.on_line = [&](const std::string &line, GObject *object) {
        if (line == "main-0 main-mouse-update") seen = number_of(object, "mouse-mode");
    };
    holds(s.open() && s.wait("main-0 notify mouse-mode"));
    holds(seen == 2);
    holds(s.index("main-0 main-mouse-update") + 1 == s.index("main-0 notify mouse-mode"));
    return {};
}

std::string same_mouse_mode_is_no_news() {
    Stage s;
    s.server.main().init();
    holds(s.open() && s.wait("main-0 notify mouse-mode"));
    s.server.main().send(SPICE_MSG_MAIN_MOUSE_MODE, Bytes().u16(3).u16(2)).send(SPICE_MSG_MAIN_MOUSE_MODE, Bytes().u16(3).u16(1));
    holds(s.until([&] { return number_of(s.channel(SPICE_CHANNEL_MAIN), "mouse-mode") == 1; }));
    s.settle(50);
    holds(s.count("main-0 main-mouse-update") == 2);
    return {};
}

std::string agent_notify_then_update() {
    Agent s{clipboard_caps, true};
    holds(s.open() && s.wait("main-0 main-agent-update"));
    holds(s.index("main-0 notify agent-connected") + 1 == s.index("main-0 main-agent-update"));
    holds(flag_of(s.main(), "agent-connected") && !spice_main_channel_agent_test_capability(s.main(), 5));
    s.forget();
    s.say(VD_AGENT_ANNOUNCE_CAPABILITIES, Bytes().u32(0).u32(clipboard_caps));
    holds(s.wait("main-0 main-agent-update"));
    holds(s.of("main-0 notify agent-connected").empty());
    holds(spice_main_channel_agent_test_capability(s.main(), 5));
    return {};
}

std::string agent_ends_before_closed() {
    Agent s;
    holds(s.ready());
    s.server.disconnect_all();
    holds(s.wait("main-0 channel-event closed"));
    const auto notify = s.index("main-0 notify agent-connected"), update = s.index("main-0 main-agent-update");
    holds(notify >= 0 && notify < update && update < s.index("main-0 channel-event closed"));
    return {};
}

std::string nothing_of_the_agent_inside_disconnect() {
    Agent s;
    holds(s.ready());
    s.call([&] { spice_channel_disconnect(s.channel(SPICE_CHANNEL_MAIN), SPICE_CHANNEL_ERROR_IO); });
    same_lines(s.in_calls, {"main-0 channel-event error-io"});
    holds(s.wait("main-0 channel-event closed"));
    holds(s.index("main-0 main-agent-update") > 0);
    return {};
}

std::string update_also_without_an_agent() {
    Stage s;
    s.server.main().init();
    holds(s.open());
    s.settle(50);
    s.server.disconnect_all();
    holds(s.wait("main-0 channel-event closed"));
    holds(s.count("main-0 main-agent-update") == 1 && s.index("main-0 notify agent-connected") < 0);
    return {};
}

std::string caps_outlive_the_agent() {
    Agent s;
    holds(s.ready());
    s.server.main().send(SPICE_MSG_MAIN_AGENT_DISCONNECTED, Bytes().u32(0));
    holds(s.wait("main-0 main-agent-update"));
    holds(!flag_of(s.main(), "agent-connected") && number_of(s.main(), "agent-caps-0") == static_cast<int>(clipboard_caps));
    holds(!spice_main_channel_agent_test_capability(s.main(), 5));
    return {};
}

std::string twins_of_the_first_selection() {
    Agent s;
    holds(s.ready());
    for (const uint32_t selection : {0u, 1u}) {
        s.say(VD_AGENT_CLIPBOARD_GRAB, Bytes().u32(selection).u32(1).u32(2));
        s.say(VD_AGENT_CLIPBOARD, Bytes().u32(selection).u32(1).text("abc"));
        s.say(VD_AGENT_CLIPBOARD_REQUEST, Bytes().u32(selection).u32(1));
    }
    holds(s.wait("main-0 main-clipboard-selection-request 1 1"));
    same_lines(s.lines,
               {"main-0 main-clipboard-selection-grab 0 set 2", "main-0 main-clipboard-grab set 2",
                "main-0 main-clipboard-selection 0 1 set 3", "main-0 main-clipboard 1 set 3",
                "main-0 main-clipboard-selection-request 0 1", "main-0 main-clipboard-request 1",
                "main-0 main-clipboard-selection-grab 1 set 2", "main-0 main-clipboard-selection 1 1 set 3",
                "main-0 main-clipboard-selection-request 1 1"});
    return {};
}

std::string release_waits_for_a_grab() {
    Agent s;
    holds(s.ready());
    s.say(VD_AGENT_CLIPBOARD_GRAB, Bytes().u32(0).u32(1));
    holds(s.wait("main-0 main-clipboard-selection-grab 0 set 1"));
    s.say(VD_AGENT_CLIPBOARD_RELEASE, Bytes().u32(0));
    s.settle(200);
    holds(s.of("main-0 main-clipboard-selection-release").empty());
    holds(s.wait("main-0 main-clipboard-selection-release 0"));
    return {};
}

struct Copy {
    bool done = false;
    int code = -1;
    static void ended(GObject *source, GAsyncResult *result, gpointer data) {
        auto *self = static_cast<Copy *>(data);
        GError *error = nullptr;
        spice_main_channel_file_copy_finish(SPICE_MAIN_CHANNEL(source), result, &error);
        self->code = error ? error->code : 100;
        g_clear_error(&error);
        self->done = true;
    }
    void start(SpiceMainChannel *main, GCancellable *cancellable = nullptr) {
        auto *file = g_file_new_for_path("/etc/passwd");
        GFile *files[] = {file, nullptr};
        spice_main_channel_file_copy_async(main, files, G_FILE_COPY_NONE, cancellable, nullptr, nullptr, ended, this);
        g_object_unref(file);
    }
};

std::string copy_without_an_agent() {
    Stage s;
    s.server.main().init();
    holds(s.open());
    Copy copy;
    bool finished = false;
    s.on_line = [&](const std::string &line, GObject *) { finished = finished || line == "task finished set"; };
    auto *main = SPICE_MAIN_CHANNEL(s.channel(SPICE_CHANNEL_MAIN));
    const auto watch = +[](SpiceMainChannel *, GObject *task, Stage *stage) { stage->watch(task, "task"); };
    g_signal_connect(main, "new-file-transfer", G_CALLBACK(watch), &s);
    s.call([&] { copy.start(main); });
    holds(!s.in_calls.empty() && s.in_calls.front() == "main-0 new-file-transfer SpiceFileTransferTask");
    holds(finished); // inside the call
    holds(!copy.done);
    holds(s.until([&] { return copy.done; }));
    holds(copy.code == SPICE_CLIENT_ERROR_FAILED);
    return {};
}

std::string copy_is_announced_inside() {
    Agent s;
    holds(s.ready());
    Copy copy;
    s.call([&] { copy.start(s.main()); });
    same_lines(s.in_calls, {"main-0 new-file-transfer SpiceFileTransferTask"});
    s.server.disconnect_all();
    holds(s.until([&] { return copy.done; }));
    holds(copy.code == SPICE_CLIENT_ERROR_FAILED);
    return {};
}

std::string cancelled_copy_ends() {
    Agent s;
    holds(s.ready());
    auto *cancellable = g_cancellable_new();
    g_cancellable_cancel(cancellable);
    Copy copy;
    s.call([&] { copy.start(s.main(), cancellable); });
    g_object_unref(cancellable);
    holds(!copy.done);
    holds(s.until([&] { return copy.done; }, 2000));
    holds(copy.code == G_IO_ERROR_CANCELLED);
    return {};
}

std::string monitors_wait_for_the_last_change() {
    Agent s;
    holds(s.ready());
    for (const int width : {640, 800}) {
        spice_main_channel_update_display(s.main(), 0, 0, 0, width, 600, TRUE);
        spice_main_channel_update_display_enabled(s.main(), 0, TRUE, TRUE);
    }
    const auto before = s.server.main().received(SPICE_MSGC_MAIN_AGENT_DATA).size();
    s.settle(700);
    holds(s.server.main().received(SPICE_MSGC_MAIN_AGENT_DATA).size() == before);
    holds(s.until([&] { return s.server.main().received(SPICE_MSGC_MAIN_AGENT_DATA).size() == before + 1; }, 1500));
    holds(s.server.main().received(SPICE_MSGC_MAIN_AGENT_DATA).back().u(20 + 12, 4) == 800);
    spice_main_channel_update_display(s.main(), 0, 0, 0, 800, 600, TRUE); // no change
    s.settle(1300);
    holds(s.server.main().received(SPICE_MSGC_MAIN_AGENT_DATA).size() == before + 1);
    return {};
}

std::string migration_state_is_quiet() {
    Stage s;
    s.server.main().init();
    holds(s.open());
    s.settle(50);
    holds(s.of("session notify migration").empty() && number_of(s.channel(SPICE_CHANNEL_MAIN), "channel-id") == 0);
    return {};
}

constexpr Rule rules[] = {
    {"main-mouse-update, then its notify, and the value is there", mouse_mode_before_its_notify},
    {"a mouse mode that stays is no news", same_mouse_mode_is_no_news},
    {"notify of agent-connected, then main-agent-update; once more with capabilities", agent_notify_then_update},
    {"the agent ends before main's closed", agent_ends_before_closed},
    {"nothing of the agent comes inside disconnect", nothing_of_the_agent_inside_disconnect},
    {"main-agent-update comes at the end also without an agent", update_also_without_an_agent},
    {"agent-caps-0 outlives the agent", caps_outlive_the_agent},
    {"deprecated twins follow for the first selection only", twins_of_the_first_selection},
    {"an old agent's release waits for a grab", release_waits_for_a_grab, "it comes at once"},
    {"a copy without an agent ends: tasks inside, the call from the loop", copy_without_an_agent},
    {"new-file-transfer comes inside file_copy_async", copy_is_announced_inside},
    {"a cancelled copy ends", cancelled_copy_ends, "the callback never comes"},
    {"monitors are sent a second after the last change", monitors_wait_for_the_last_change},
    {"no migration, no notify of it", migration_state_is_quiet},
};

}

std::span<const Rule> main_rules() { return rules; }

}
