// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// Sound of a real server, both ways, through the C API. Plain samples arrive as they were sent; Opus changes them.
#include "server-process.hh"

#include "base/glib/glib-ptr.hh"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <spice-client.h>
#include <string>
#include <vector>

namespace {

using spice::Ref;
using spice::test::ServerProcess;

bool turn_until(const std::function<bool()> &done) {
    bool late = false;
    const guint timer = g_timeout_add(
        20'000, [](gpointer flag) -> gboolean { return *static_cast<bool *>(flag) = true, G_SOURCE_CONTINUE; }, &late);
    const guint tick = g_timeout_add(5, [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr);
    while (!done() && !late) g_main_context_iteration(nullptr, TRUE);
    g_source_remove(timer);
    g_source_remove(tick);
    return done();
}

struct Client {
    ServerProcess server;
    Ref<SpiceSession> session;
    SpicePlaybackChannel *playback = nullptr; // borrowed, as the next
    SpiceRecordChannel *record = nullptr;
    std::string playback_lines;
    std::vector<int16_t> samples;
    int frequency = 0;
    int delays = 0;
    bool gone = false, record_on = false;

    explicit Client(bool only_main = false) : only_main_{only_main} {
        g_assert_true(server.start({"--size", "320x240", "--still", "--sound"}));
        session = Ref<SpiceSession>::take(spice_session_new());
        g_object_set(session.get(), "uri", server.uri().c_str(), nullptr);
        g_signal_connect_swapped(session.get(), "channel-new", G_CALLBACK(+[](Client *self, SpiceChannel *channel) { self->adopt(channel); }), this);
        g_signal_connect_swapped(session.get(), "disconnected", G_CALLBACK(+[](Client *self) { self->gone = true; }), this);
        g_assert_true(spice_session_connect(session.get()));
        if (only_main) wait_for_list();
        else g_assert_true(turn_until([this] { return server.ok("wait playback 1 0") && server.ok("wait record 1 0"); }));
    }
    ~Client() {
        spice_session_disconnect(session.get());
        g_assert_true(turn_until([this] { return gone; }));
        g_signal_handlers_disconnect_by_data(session.get(), this);
    }
    void wait_for_list() {
        g_assert_true(turn_until([this] { return spice_session_has_channel_type(session.get(), SPICE_CHANNEL_PLAYBACK) != FALSE; }));
    }
    bool only_main_;
    void adopt(SpiceChannel *channel) {
        if (only_main_) return;
        if (SPICE_IS_PLAYBACK_CHANNEL(channel)) {
            playback = SPICE_PLAYBACK_CHANNEL(channel);
            g_signal_connect_swapped(channel, "playback-start", G_CALLBACK(+[](Client *self, int format, int channels, int freq) {
                                         self->playback_lines += "start ";
                                         g_assert_true(format == 1 && channels == 2);
                                         self->frequency = freq;
                                     }), this);
            g_signal_connect_swapped(channel, "playback-data", G_CALLBACK(+[](Client *self, const int16_t *data, int size) {
                                         self->samples.insert(self->samples.end(), data, data + size / 2);
                                     }), this);
            g_signal_connect_swapped(channel, "playback-stop", G_CALLBACK(+[](Client *self) { self->playback_lines += "stop "; }), this);
            g_signal_connect_swapped(channel, "playback-get-delay", G_CALLBACK(+[](Client *self) {
                                         ++self->delays;
                                         spice_playback_channel_set_delay(self->playback, 50);
                                     }), this);
        } else if (SPICE_IS_RECORD_CHANNEL(channel)) {
            record = SPICE_RECORD_CHANNEL(channel);
            g_signal_connect_swapped(channel, "record-start", G_CALLBACK(+[](Client *self, int format, int channels, int freq) {
                                         g_assert_true(format == 1 && channels == 2 && freq > 0);
                                         self->record_on = true;
                                     }), this);
            g_signal_connect_swapped(channel, "record-stop", G_CALLBACK(+[](Client *self) { self->record_on = false; }), this);
        } else {
            return;
        }
        g_assert_true(spice_channel_connect(channel));
    }
};

void test_raw_playback() {
    g_setenv("SPICE_DISABLE_OPUS", "1", TRUE);
    Client client;
    g_assert_true(client.server.ok("sound play 500"));
    g_assert_true(turn_until([&] { return client.playback_lines == "start stop "; }));
    g_assert_cmpint(client.frequency, ==, 48000);
    g_assert_cmpuint(client.samples.size(), >=, 2 * 24'000);
    for (std::size_t i = 0; i < 24'000; ++i) { // the sequence 0, 1, 2... in both channels
        g_assert_cmpint(static_cast<uint16_t>(client.samples[2 * i]), ==, i & 0xffff);
        g_assert_cmpint(client.samples[2 * i + 1], ==, client.samples[2 * i]);
    }
    g_assert_cmpint(client.delays, ==, 1); // fifty packets of ten ms
    g_unsetenv("SPICE_DISABLE_OPUS");
}

void test_opus_playback() {
    Client client;
    g_assert_true(client.server.ok("sound play 1200"));
    g_assert_true(turn_until([&] { return client.playback_lines == "start stop "; }));
    g_assert_cmpuint(client.samples.size(), >=, 2 * 57'600);
    g_assert_cmpint(client.delays, ==, 2);
    int largest = 0;
    for (const auto v : client.samples) largest = std::max(largest, std::abs(int{v}));
    g_assert_cmpint(largest, >, 8000);
}

// What SpiceAudio gives to its sink is what the server plays.
void test_gstreamer() {
    g_setenv("SPICE_DISABLE_OPUS", "1", TRUE);
    Client client{true};
    const auto path = client.server.folder() + "/played";
    g_setenv("SPICE_GST_AUDIOSINK", ("appsrc name=appsrc ! filesink name=audiosink buffer-mode=unbuffered location=" + path).c_str(), TRUE);
    auto *audio = spice_audio_get(client.session.get(), nullptr);
    g_assert_true(SPICE_IS_AUDIO(audio) && audio == spice_audio_get(client.session.get(), nullptr));
    g_assert_cmpstr(G_OBJECT_TYPE_NAME(audio), ==, "SpiceGstaudio");
    g_assert_true(turn_until([&] { return client.server.ok("wait playback 1 0") && client.server.ok("wait record 1 0"); }));
    g_assert_true(client.server.ok("sound play 2000"));
    std::vector<uint16_t> played;
    g_assert_true(turn_until([&] {
        char *data = nullptr;
        gsize size = 0;
        if (!g_file_get_contents(path.c_str(), &data, &size, nullptr)) return false;
        played.resize(size / 2);
        if (!played.empty()) std::memcpy(played.data(), data, played.size() * 2);
        g_free(data);
        return played.size() >= 2 * 24'000;
    }));
    for (std::size_t i = 0; i < 24'000; ++i)
        g_assert_true(played[2 * i] == (i & 0xffff) && played[2 * i + 1] == played[2 * i]);
    g_unsetenv("SPICE_GST_AUDIOSINK");
    g_unsetenv("SPICE_DISABLE_OPUS");
}

void test_volume() {
    Client client;
    g_assert_true(client.server.ok("sound volume 65535 1000 1"));
    gboolean mute = FALSE;
    g_assert_true(turn_until([&] { return g_object_get(client.playback, "mute", &mute, nullptr), mute != FALSE; }));
    guint channels = 0;
    const uint16_t *volume = nullptr;
    g_object_get(client.playback, "nchannels", &channels, "volume", &volume, nullptr);
    g_assert_true(channels == 2 && volume && volume[0] == 65535 && volume[1] == 1000);
    mute = FALSE;
    g_assert_true(turn_until([&] { return g_object_get(client.record, "mute", &mute, nullptr), mute != FALSE; }));
    volume = nullptr;
    g_object_get(client.record, "volume", &volume, nullptr);
    g_assert_true(volume && volume[1] == 1000);
}

void test_record() {
    g_setenv("SPICE_DISABLE_OPUS", "1", TRUE);
    Client client;
    g_assert_true(client.server.ok("sound record on"));
    g_assert_true(turn_until([&] { return client.record_on; }));
    uint32_t next = 1;
    std::string result;
    // The server hands out nothing until it has 4096 frames. Where its ring of 8192 begins anew it repeats some (0.15.1).
    g_assert_true(turn_until([&] {
        std::vector<int16_t> block;
        for (int i = 0; i < 240 && next <= 8160; ++i, ++next) {
            block.push_back(static_cast<int16_t>(next));
            block.push_back(static_cast<int16_t>(-static_cast<int32_t>(next)));
        }
        spice_record_channel_send_data(client.record, block.data(), block.size() * 2, next / 48);
        result = client.server.command("sound recorded");
        return std::atoi(result.c_str()) > 4000;
    }));
    g_test_message("%s", result.c_str());
    g_assert_true(result.ends_with("in sequence"));
    g_assert_true(client.server.ok("sound record off"));
    g_assert_true(turn_until([&] { return !client.record_on; }));
    g_unsetenv("SPICE_DISABLE_OPUS");
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    if (!ServerProcess::available()) return std::puts("1..0 # SKIP no test server") < 0;
    g_test_add_func("/sound/raw-playback", test_raw_playback);
    g_test_add_func("/sound/opus-playback", test_opus_playback);
    g_test_add_func("/sound/gstreamer", test_gstreamer);
    g_test_add_func("/sound/volume", test_volume);
    g_test_add_func("/sound/record", test_record);
    return g_test_run();
}
