// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
// The API of SpiceMainChannel against a scripted agent behind libspice-server.
#include "agent-peer.hh"
#include "api-client.hh"
#include "server-process.hh"

#include <spice/vd_agent.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <optional>

using namespace spice::test;

namespace {

constexpr uint32_t can_all = 0x38de7 & ~(1u << VD_AGENT_CAP_SPARSE_MONITORS_CONFIG);

ByteVector random_bytes(std::size_t size) {
    ByteVector out(size);
    uint32_t state = static_cast<uint32_t>(size) * 2 + 1;
    for (auto &b : out) b = static_cast<std::byte>((state = state * 1664525 + 1013904223) >> 24);
    return out;
}

// A client of a server whose agent the test plays.
struct Setup {
    ServerProcess server;
    ApiClient client;
    std::unique_ptr<AgentPeer> agent;
    std::string folder;
    std::vector<std::string> told; // signals of the main channel
    std::map<guint, ByteVector> got; // content by selection
    ByteVector offer;              // what is answered to requests

    explicit Setup(std::vector<std::string> options = {}) {
        g_autofree gchar *made = g_dir_make_tmp("spice-agent-XXXXXX", nullptr);
        folder = made;
        options.insert(options.end(), {"--still", "--agent", socket()});
        g_assert_true(server.start(options));
        client.set_uri(server.uri());
        agent = std::make_unique<AgentPeer>(socket());
    }
    ~Setup() {
        client.disconnect();
        agent.reset();
        if (auto *dir = g_dir_open(folder.c_str(), 0, nullptr)) {
            while (const char *name = g_dir_read_name(dir)) g_assert_cmpint(std::remove((folder + "/" + name).c_str()), ==, 0);
            g_dir_close(dir);
        }
        std::remove(folder.c_str());
    }
    std::string socket() const { return folder + "/agent"; }
    SpiceMainChannel *main() const { return SPICE_MAIN_CHANNEL(client.channel(SPICE_CHANNEL_MAIN)); }
    bool flag(const char *name) const {
        gboolean value = FALSE;
        g_object_get(main(), name, &value, nullptr);
        return value != FALSE;
    }
    void open(uint32_t caps = can_all) {
        g_assert_true(client.connect());
        connect_signals();
        g_assert_true(client.wait_for([&] { return flag("agent-connected"); }));
        introduce(caps);
    }
    void introduce(uint32_t caps = can_all) {
        AgentPeer::Said said;
        g_assert_true(client.wait_for([&] { return agent->take(VD_AGENT_ANNOUNCE_CAPABILITIES, said); }));
        g_assert_cmpuint(said.u(0, 4), ==, 1);
        g_assert_cmphex(said.u(4, 4), ==, 0x35077);
        agent->announce(caps);
        g_assert_true(client.wait_for([&] { return spice_main_channel_agent_test_capability(main(), 2) != FALSE; }));
    }
    bool wait_told(const std::string &line) {
        return client.wait_for([&] { return std::find(told.begin(), told.end(), line) != told.end(); });
    }
    bool wait_said(uint32_t type, AgentPeer::Said &said) {
        return client.wait_for([&] { return agent->take(type, said); });
    }
    void connect_signals() {
        g_signal_connect(main(), "main-clipboard-selection-grab", G_CALLBACK(on_grab), this);
        g_signal_connect(main(), "main-clipboard-selection-request", G_CALLBACK(on_request), this);
        g_signal_connect(main(), "main-clipboard-selection", G_CALLBACK(on_data), this);
        g_signal_connect(main(), "main-clipboard-selection-release", G_CALLBACK(on_release), this);
        g_signal_connect(main(), "main-clipboard-grab", G_CALLBACK(on_old_grab), this);
        g_signal_connect(main(), "new-file-transfer", G_CALLBACK(on_transfer), this);
    }
    static gboolean on_grab(SpiceMainChannel *, guint selection, const guint32 *types, guint n, Setup *self) {
        auto line = "grab " + std::to_string(selection);
        for (guint i = 0; i < n; ++i) line += " " + std::to_string(types[i]);
        return self->told.push_back(line), TRUE;
    }
    static gboolean on_old_grab(SpiceMainChannel *, const guint32 *, guint n, Setup *self) {
        return self->told.push_back("old grab of " + std::to_string(n)), TRUE;
    }
    static gboolean on_request(SpiceMainChannel *main, guint selection, guint type, Setup *self) {
        self->told.push_back("request " + std::to_string(selection) + " " + std::to_string(type));
        spice_main_channel_clipboard_selection_notify(main, selection, type,
                                                      reinterpret_cast<const guchar *>(self->offer.data()), self->offer.size());
        return TRUE;
    }
    static void on_data(SpiceMainChannel *, guint selection, guint, gpointer data, guint size, Setup *self) {
        const auto *bytes = static_cast<const std::byte *>(data);
        self->got[selection] = {bytes, bytes + size};
    }
    static void on_release(SpiceMainChannel *, guint selection, Setup *self) {
        self->told.push_back("release " + std::to_string(selection));
    }
    static void on_transfer(SpiceMainChannel *, SpiceFileTransferTask *task, Setup *self) {
        self->told.push_back("new-file-transfer");
        self->tasks.push_back(spice::Ref<SpiceFileTransferTask>::share(task));
        g_signal_connect(task, "finished", G_CALLBACK(on_finished), self);
    }
    static void on_finished(SpiceFileTransferTask *, const GError *error, Setup *self) {
        self->told.push_back(error ? std::string{"failed "} + g_quark_to_string(error->domain) + " " + std::to_string(error->code)
                                   : "arrived");
    }
    // --- files
    std::vector<spice::Ref<SpiceFileTransferTask>> tasks;
    std::optional<std::string> copied;
    goffset progress = 0;
    std::map<uint64_t, ByteVector> saved; // by id
    std::map<uint64_t, uint64_t> sizes;

    std::string make_file(const std::string &name, std::size_t size) const {
        const auto path = folder + "/" + name;
        const auto bytes = random_bytes(size);
        g_assert_true(g_file_set_contents(path.c_str(), reinterpret_cast<const char *>(bytes.data()),
                                          static_cast<gssize>(size), nullptr));
        return path;
    }
    void copy(const std::vector<std::string> &paths) {
        copied.reset();
        std::vector<spice::Ref<GFile>> files;
        std::vector<GFile *> raw;
        for (const auto &path : paths) {
            files.push_back(spice::Ref<GFile>::take(g_file_new_for_path(path.c_str())));
            raw.push_back(files.back().get());
        }
        raw.push_back(nullptr);
        spice_main_channel_file_copy_async(main(), raw.data(), G_FILE_COPY_NONE, nullptr, on_progress, this, on_copied, this);
    }
    static void on_progress(goffset sent, goffset, gpointer self) { static_cast<Setup *>(self)->progress = sent; }
    static void on_copied(GObject *source, GAsyncResult *result, gpointer data) {
        GError *raw = nullptr;
        const bool good = spice_main_channel_file_copy_finish(SPICE_MAIN_CHANNEL(source), result, &raw) != FALSE;
        const spice::GErrorPtr error{raw};
        static_cast<Setup *>(data)->copied =
            good ? "done" : std::string{g_quark_to_string(error->domain)} + " " + std::to_string(error->code);
    }
    // What a guest does with what has come so far.
    void take_files() {
        AgentPeer::Said said;
        while (agent->take(VD_AGENT_FILE_XFER_START, said)) {
            const std::string text{reinterpret_cast<const char *>(said.body.data()) + 4, said.body.size() - 4};
            sizes[said.u(0, 4)] = std::strtoull(text.c_str() + text.find("size=") + 5, nullptr, 10);
            saved[said.u(0, 4)];
            agent->say(VD_AGENT_FILE_XFER_STATUS, Bytes().u32(said.u(0, 4)).u32(VD_AGENT_FILE_XFER_STATUS_CAN_SEND_DATA));
        }
        while (agent->take(VD_AGENT_FILE_XFER_DATA, said)) {
            const auto id = said.u(0, 4);
            g_assert_cmpuint(said.u(4, 8), ==, said.body.size() - 12);
            auto &file = saved[id];
            file.insert(file.end(), said.body.begin() + 12, said.body.end());
            if (file.size() == sizes[id])
                agent->say(VD_AGENT_FILE_XFER_STATUS, Bytes().u32(id).u32(VD_AGENT_FILE_XFER_STATUS_SUCCESS));
        }
    }
    bool wait_copied() {
        return client.wait_for([&] { return take_files(), copied.has_value(); });
    }
};

void test_start() {
    Setup s;
    s.open();
    AgentPeer::Said said;
    g_assert_true(s.wait_said(VD_AGENT_MAX_CLIPBOARD, said));
    g_assert_cmpuint(said.u(0, 4), ==, 100u << 20);
    int caps = 0;
    g_object_get(s.main(), "agent-caps-0", &caps, nullptr);
    g_assert_cmphex(static_cast<guint>(caps), ==, can_all);
}

// Both ways, in sizes around those of the pieces, for two selections.
void test_clipboard() {
    Setup s;
    s.open();
    AgentPeer::Said said;
    guint32 types[] = {VD_AGENT_CLIPBOARD_UTF8_TEXT, VD_AGENT_CLIPBOARD_IMAGE_PNG};
    uint32_t serial[2] = {0, 0};
    for (const std::size_t size : {std::size_t{1}, std::size_t{2020}, std::size_t{2021}, std::size_t{65536},
                                   (std::size_t{1} << 20) + 3, std::size_t{16} << 20}) {
        for (const guint selection : {0u, 1u}) {
            const auto content = random_bytes(size);
            const auto type = types[size % 2];
            s.told.clear();
            s.agent->say(VD_AGENT_CLIPBOARD_GRAB, Bytes().u32(selection).u32(serial[selection]++).u32(type));
            g_assert_true(s.wait_told("grab " + std::to_string(selection) + " " + std::to_string(type)));
            g_assert_cmpint(static_cast<int>(std::count(s.told.begin(), s.told.end(), "old grab of 1")), ==, selection == 0);
            spice_main_channel_clipboard_selection_request(s.main(), selection, type);
            g_assert_true(s.wait_said(VD_AGENT_CLIPBOARD_REQUEST, said));
            g_assert_true(said.u(0, 4) == selection && said.u(4, 4) == type);
            s.got.clear();
            s.agent->say(VD_AGENT_CLIPBOARD, Bytes().u32(selection).u32(type).raw(content));
            g_assert_true(s.client.wait_for([&] { return s.got.count(selection) == 1; }));
            g_assert_true(s.got[selection] == content);

            spice_main_channel_clipboard_selection_grab(s.main(), selection, types, 2);
            g_assert_true(s.wait_said(VD_AGENT_CLIPBOARD_GRAB, said));
            g_assert_cmpuint(said.u(4, 4), ==, serial[selection]++);
            s.offer = content;
            s.agent->say(VD_AGENT_CLIPBOARD_REQUEST, Bytes().u32(selection).u32(type));
            g_assert_true(s.wait_said(VD_AGENT_CLIPBOARD, said));
            g_assert_true(said.u(0, 4) == selection && said.u(4, 4) == type && said.body.size() == content.size() + 8);
            g_assert_true(std::equal(content.begin(), content.end(), said.body.begin() + 8));
        }
    }
}

void test_race_and_limit() {
    Setup s;
    s.open();
    AgentPeer::Said said;
    guint32 types[] = {VD_AGENT_CLIPBOARD_UTF8_TEXT};
    spice_main_channel_clipboard_selection_grab(s.main(), 0, types, 1);
    s.agent->say(VD_AGENT_CLIPBOARD_GRAB, Bytes().u32(0).u32(0).u32(2)); // at the same time: it loses
    s.agent->say(VD_AGENT_CLIPBOARD_GRAB, Bytes().u32(1).u32(0).u32(2));
    g_assert_true(s.wait_told("grab 1 2"));
    g_assert_cmpuint(s.told.size(), ==, 1);
    g_object_set(s.main(), "max-clipboard", 1000, nullptr);
    g_assert_true(s.client.wait_for([&] { return s.agent->count(VD_AGENT_MAX_CLIPBOARD) == 2; }));
    s.offer = random_bytes(1000);
    g_test_expect_message("GSpice", G_LOG_LEVEL_WARNING, "*max-clipboard*"); // what the user sees of it
    s.agent->say(VD_AGENT_CLIPBOARD_REQUEST, Bytes().u32(0).u32(1));
    g_assert_true(s.wait_said(VD_AGENT_CLIPBOARD, said)); // not the content, but an answer
    g_test_assert_expected_messages();
    g_assert_true(said.u(4, 4) == VD_AGENT_CLIPBOARD_NONE && said.body.size() == 8);
    s.offer = random_bytes(999);
    s.agent->say(VD_AGENT_CLIPBOARD_REQUEST, Bytes().u32(0).u32(1));
    g_assert_true(s.wait_said(VD_AGENT_CLIPBOARD, said));
    g_assert_cmpuint(said.body.size(), ==, 1007);
}

void test_many_files() {
    Setup s;
    s.open();
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < 50; ++i) paths.push_back(s.make_file("file " + std::to_string(i), i * i * 401));
    s.copy(paths);
    g_assert_cmpuint(s.tasks.size(), ==, 50); // announced inside the call
    g_assert_true(s.wait_copied());
    spice::StrPtr name{spice_file_transfer_task_get_filename(s.tasks[7].get())};
    g_assert_cmpstr(name.get(), ==, "file 7");
    g_assert_cmpstr(s.copied->c_str(), ==, "done");
    goffset sum = 0;
    for (std::size_t i = 0; i < 50; ++i) {
        guint id = 0;
        g_object_get(s.tasks[i].get(), "id", &id, nullptr);
        g_assert_true(s.saved.at(id) == random_bytes(i * i * 401));
        g_assert_cmpuint(spice_file_transfer_task_get_transferred_bytes(s.tasks[i].get()), ==, i * i * 401);
        sum += static_cast<goffset>(i * i * 401);
    }
    g_assert_cmpint(s.progress, ==, sum);
    g_assert_cmpint(static_cast<int>(std::count(s.told.begin(), s.told.end(), "arrived")), ==, 50);
}

void test_cancel() {
    Setup s;
    s.open();
    s.copy({s.make_file("large", 8u << 20), s.make_file("small", 1000)});
    auto *task = s.tasks[0].get();
    g_assert_true(s.client.wait_for([&] { return s.take_files(), spice_file_transfer_task_get_progress(task) > 0.2; }));
    spice_file_transfer_task_cancel(task);
    g_assert_true(s.wait_told("failed g-io-error-quark 19"));
    g_assert_true(s.wait_copied());
    g_assert_cmpstr(s.copied->c_str(), ==, "done"); // one has arrived
    AgentPeer::Said said;
    g_assert_true(s.wait_said(VD_AGENT_FILE_XFER_STATUS, said));
    g_assert_cmpuint(said.u(4, 4), ==, VD_AGENT_FILE_XFER_STATUS_CANCELLED);
}

// The agent dies in the middle of everything and comes back.
void test_agent_dies() {
    Setup s;
    s.open();
    s.agent->say(VD_AGENT_CLIPBOARD_GRAB, Bytes().u32(0).u32(0).u32(1));
    g_assert_true(s.wait_told("grab 0 1"));
    s.copy({s.make_file("large", 8u << 20)});
    auto *task = s.tasks[0].get();
    g_assert_true(s.client.wait_for([&] { return s.take_files(), spice_file_transfer_task_get_progress(task) > 0.2; }));
    s.agent.reset();
    g_assert_true(s.client.wait_for([&] { return s.copied.has_value(); }));
    g_assert_cmpstr(s.copied->c_str(), ==, "spice-client-error-quark 0");
    g_assert_true(s.wait_told("release 0"));
    g_assert_false(s.flag("agent-connected"));
    s.copy({s.folder + "/large"}); // nobody is there: each file fails inside the call
    g_assert_cmpstr(s.told.back().c_str(), ==, "failed spice-client-error-quark 0");
    g_assert_true(s.client.wait_for([&] { return s.copied.has_value(); }));
    s.agent = std::make_unique<AgentPeer>(s.socket());
    g_assert_true(s.client.wait_for([&] { return s.flag("agent-connected"); }));
    s.introduce();
    s.saved.clear();
    s.copy({s.folder + "/large"});
    g_assert_true(s.wait_copied());
    g_assert_cmpstr(s.copied->c_str(), ==, "done");
    g_assert_true(s.saved.begin()->second == random_bytes(8u << 20));
}

// What the agent does not read holds up nothing else of the channel.
void test_slow_guest() {
    Setup s;
    s.open();
    s.agent->pause(true);
    guint32 types[] = {VD_AGENT_CLIPBOARD_UTF8_TEXT};
    spice_main_channel_clipboard_selection_grab(s.main(), 0, types, 1);
    const auto content = random_bytes(8u << 20);
    spice_main_channel_clipboard_selection_notify(s.main(), 0, 1, reinterpret_cast<const guchar *>(content.data()), content.size());
    int mode = 0;
    const auto in_mode = [&](int wanted) {
        spice_main_channel_request_mouse_mode(s.main(), wanted);
        return s.client.wait_for([&] { return g_object_get(s.main(), "mouse-mode", &mode, nullptr), mode == wanted; });
    };
    g_assert_true(in_mode(1) && in_mode(2));
    g_assert_cmpuint(s.agent->received(), <, 4u << 20);
    s.agent->pause(false);
    AgentPeer::Said said;
    g_assert_true(s.wait_said(VD_AGENT_CLIPBOARD, said));
    g_assert_true(std::equal(content.begin(), content.end(), said.body.begin() + 8));
}

void test_malformed() {
    Setup s;
    const auto fatal = g_log_set_always_fatal(static_cast<GLogLevelFlags>(G_LOG_FATAL_MASK)); // it warns
    s.open();
    for (const uint32_t type : {3u, 4u, 6u, 7u, 8u, 9u, 11u, 12u, 99u})
        for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{3}, std::size_t{5}, std::size_t{4000}})
            s.agent->say(type, ByteVector(size, std::byte{0xee}));
    s.agent->announce(can_all); // one of those was an announcement too
    s.told.clear();
    s.agent->say(VD_AGENT_CLIPBOARD_GRAB, Bytes().u32(2).u32(0).u32(1));
    g_assert_true(s.wait_told("grab 2 1"));
    g_assert_cmpuint(s.client.count("main-0 closed"), ==, 0);
    g_log_set_always_fatal(fatal);
}

void test_monitors() {
    Setup s{{"--agent-monitors"}};
    s.open();
    spice_main_channel_update_display(s.main(), 0, 0, 0, 800, 600, FALSE);
    spice_main_channel_update_display_enabled(s.main(), 0, TRUE, TRUE);
    AgentPeer::Said said;
    g_assert_true(s.wait_said(VD_AGENT_MONITORS_CONFIG, said));
    g_assert_cmpuint(said.body.size(), ==, 28);
    g_assert_true(said.u(0, 4) == 1 && said.u(4, 4) == 1 && said.u(8, 4) == 600 && said.u(12, 4) == 800);
    s.agent->say(VD_AGENT_REPLY, Bytes().u32(VD_AGENT_MONITORS_CONFIG).u32(VD_AGENT_SUCCESS));
    Setup device; // where the graphics card follows the client by itself
    device.open();
    spice_main_channel_update_display(device.main(), 0, 0, 0, 640, 480, FALSE);
    spice_main_channel_update_display_enabled(device.main(), 0, TRUE, FALSE);
    g_assert_true(spice_main_channel_send_monitor_config(device.main()));
    g_assert_true(device.client.wait_for([&] { return device.server.command("size") == "640 480"; }));
}

// One message for each direction, in any order.
void expect_volumes(Setup &s, uint64_t mute, uint64_t left, uint64_t right) {
    std::vector<ByteVector> got(2), wanted;
    AgentPeer::Said said;
    for (auto &body : got) {
        g_assert_true(s.wait_said(VD_AGENT_AUDIO_VOLUME_SYNC, said));
        body = said.body;
    }
    std::sort(got.begin(), got.end());
    for (const uint64_t playback : {0, 1}) wanted.push_back(Bytes().u8(playback).u8(mute).u8(2).u16(left).u16(right));
    g_assert_true(got == wanted);
}

// Of a guest that is quiet nothing is known; what is known later is told later, and once.
void test_volume() {
    constexpr uint32_t can_volume = 1u << VD_AGENT_CAP_AUDIO_VOLUME_SYNC | 1u << VD_AGENT_CAP_REPLY;
    for (const bool with_audio : {false, true}) {
        Setup s{{"--sound"}};
        if (with_audio && !spice_audio_get(s.client.session(), nullptr)) continue; // no GStreamer
        s.client.connect_channels = !with_audio; // that is what it is for
        s.open(can_volume);
        g_assert_true(s.client.wait("playback-0 opened") && s.client.wait("record-0 opened"));
        g_assert_cmpuint(s.agent->count(VD_AGENT_AUDIO_VOLUME_SYNC), ==, 0);
        g_assert_true(s.server.ok("sound volume 4660 43981 1")); // 0x1234, 0xabcd
        expect_volumes(s, 1, 0x1234, 0xabcd);
        g_assert_true(s.server.ok("sound volume 1 2 0"));
        guint16 *volume = nullptr;
        auto *playback = s.client.channel(SPICE_CHANNEL_PLAYBACK);
        g_assert_true(s.client.wait_for([&] {
            g_object_get(playback, "volume", &volume, nullptr);
            return volume && volume[0] == 1;
        }));
        s.agent.reset();
        g_assert_true(s.client.wait_for([&] { return !s.flag("agent-connected"); }));
        g_assert_cmpuint(s.client.count("main-0 closed"), ==, 0);
        s.agent = std::make_unique<AgentPeer>(s.socket());
        g_assert_true(s.client.wait_for([&] { return s.flag("agent-connected"); }));
        s.introduce(can_volume); // another agent: it is told what is known by now
        expect_volumes(s, 0, 1, 2);
    }
}

// An agent that came while the session was read-only is greeted as soon as it is not.
void test_read_only() {
    Setup s;
    g_object_set(s.client.session(), "read-only", TRUE, nullptr);
    g_assert_true(s.client.connect());
    g_assert_true(s.client.wait_for([&] { return s.flag("agent-connected"); }));
    g_assert_true(s.client.wait("inputs-0 opened"));
    g_assert_cmpuint(s.agent->received(), ==, 0);
    g_object_set(s.client.session(), "read-only", FALSE, nullptr);
    s.introduce();
    g_object_set(s.client.session(), "read-only", TRUE, nullptr);
    const auto before = s.agent->received();
    guint32 types[] = {VD_AGENT_CLIPBOARD_UTF8_TEXT};
    spice_main_channel_clipboard_selection_grab(s.main(), 0, types, 1);
    s.copy({s.make_file("file", 1000)});
    g_assert_true(s.wait_copied());
    g_assert_cmpstr(s.copied->c_str(), ==, "spice-client-error-quark 0");
    g_object_set(s.client.session(), "read-only", FALSE, nullptr);
    spice_main_channel_clipboard_selection_grab(s.main(), 1, types, 1);
    AgentPeer::Said said;
    g_assert_true(s.wait_said(VD_AGENT_CLIPBOARD_GRAB, said));
    g_assert_cmpuint(said.u(0, 4), ==, 1); // the first one since
    g_assert_cmpuint(s.agent->received() - before, <, 200);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    if (!ServerProcess::available()) return 77;
    g_test_add_func("/agent-device/start", test_start);
    g_test_add_func("/agent-device/clipboard", test_clipboard);
    g_test_add_func("/agent-device/race-and-limit", test_race_and_limit);
    g_test_add_func("/agent-device/many-files", test_many_files);
    g_test_add_func("/agent-device/cancel", test_cancel);
    g_test_add_func("/agent-device/agent-dies", test_agent_dies);
    g_test_add_func("/agent-device/slow-guest", test_slow_guest);
    g_test_add_func("/agent-device/malformed", test_malformed);
    g_test_add_func("/agent-device/monitors", test_monitors);
    g_test_add_func("/agent-device/volume", test_volume);
    g_test_add_func("/agent-device/read-only", test_read_only);
    return g_test_run();
}
