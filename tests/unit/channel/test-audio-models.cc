// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/playback-model.hh"
#include "channel/record-model.hh"
#include "media/opus-codec.hh"
#include "model-setup.hh"

#include <spice/protocol.h>

#include <cmath>
#include <cstring>

using namespace spice::test;
using spice::channel::Event;
using spice::channel::PlaybackModel;
using spice::channel::RecordModel;
using spice::channel::Shared;

namespace {

struct Listener final : Recorder<PlaybackModel::Observer> {
    PlaybackModel *model = nullptr;
    std::string samples;
    std::optional<uint32_t> delay;
    void on_start(int format, int channels, int frequency) override {
        note("start " + std::to_string(format) + " " + std::to_string(channels) + " " + std::to_string(frequency));
    }
    void on_samples(std::span<const std::byte> data) override {
        samples.append(reinterpret_cast<const char *>(data.data()), data.size());
        on_line("samples");
    }
    void on_get_delay() override {
        note("get-delay");
        if (delay) model->set_delay(*delay);
    }
    void on_stop() override { note("stop"); }
    void on_volume() override { note("volume"); }
    void on_mute() override { note(model->mute() ? "mute" : "loud"); }
    void on_min_latency() override { note("latency " + std::to_string(model->min_latency())); }
};

Bytes start_of(uint32_t channels, uint32_t frequency, uint32_t time = 1000) {
    return Bytes().u32(channels).u16(1).u32(frequency).u32(time);
}

struct Playback : ModelSetup<PlaybackModel, Listener> {
    ChannelScript &script{server.channel(SPICE_CHANNEL_PLAYBACK)};
    Playback() { observer.model = &model; }
    void say(uint16_t type, ByteVector body = {}) { script.send(type, std::move(body)); }
    uint32_t latency() const { return host.shared_state->playback_latency; }
};

void test_raw() {
    Playback s;
    s.say(SPICE_MSG_PLAYBACK_MODE, Bytes().u32(0).u16(SPICE_AUDIO_DATA_MODE_RAW));
    s.say(SPICE_MSG_PLAYBACK_START, start_of(2, 48000));
    s.say(SPICE_MSG_PLAYBACK_DATA, Bytes().u32(1000).text("abcdefgh"));
    s.say(SPICE_MSG_PLAYBACK_DATA, Bytes().u32(1010).text("ijklmn")); // half a frame behind a whole one
    s.say(SPICE_MSG_PLAYBACK_STOP);
    s.say(SPICE_MSG_PLAYBACK_DATA, Bytes().u32(1020).text("late"));
    s.say(SPICE_MSG_PLAYBACK_MUTE, Bytes().u8(1));
    s.open();
    g_assert_true(s.wait("mute"));
    assert_lines(s.observer.lines, "opened, start 1 2 48000, get-delay, stop, mute");
    g_assert_true(s.observer.samples == "abcdefghijkl");
}

void test_volume_and_latency() {
    Playback s;
    g_assert_cmpuint(s.model.min_latency(), ==, 200);
    s.say(SPICE_MSG_PLAYBACK_VOLUME, Bytes().u8(0));
    s.say(SPICE_MSG_PLAYBACK_VOLUME, Bytes().u8(2).u16(0xffff).u16(0x1234));
    s.say(SPICE_MSG_PLAYBACK_LATENCY, Bytes().u32(350));
    s.say(SPICE_MSG_PLAYBACK_START, start_of(1, 44100));
    s.say(SPICE_MSG_PLAYBACK_MUTE, Bytes().u8(0));
    s.open();
    g_assert_true(s.wait("loud"));
    assert_lines(s.observer.lines, "opened, volume, latency 350, latency 200, start 1 1 44100, loud");
    g_assert_true((s.model.volume() == std::vector<uint16_t>{0xffff, 0x1234}));
}

// The clock of the session follows what is heard.
void test_delay() {
    Playback s;
    s.observer.delay = 30;
    g_assert_cmpuint(s.latency(), ==, Shared::no_playback);
    s.say(SPICE_MSG_PLAYBACK_START, start_of(2, 48000, 5));
    for (uint32_t i = 0; i < 201; ++i) s.say(SPICE_MSG_PLAYBACK_DATA, Bytes().u32(10 + i * 10).u32(0));
    s.open();
    g_assert_true(s.wait("get-delay", 3));
    assert_lines(s.host.news, "time 4294967276, time 980, time 1980"); // 10 - 30 and so on
    g_assert_cmpuint(s.latency(), ==, 30);
    s.say(SPICE_MSG_PLAYBACK_STOP);
    g_assert_true(s.wait("stop"));
    g_assert_cmpuint(s.latency(), ==, Shared::no_playback);
    s.model.set_delay(5); // nothing is played
    g_assert_cmpuint(s.host.news.size(), ==, 3);
}

void test_reset() {
    Playback s;
    s.say(SPICE_MSG_PLAYBACK_START, start_of(2, 48000));
    s.open();
    g_assert_true(s.wait("start 1 2 48000"));
    s.model.disconnect(Event::none);
    g_assert_true(s.wait("closed"));
    assert_lines(s.observer.lines, "opened, start 1 2 48000, stop, closed");
    g_assert_cmpuint(s.latency(), ==, Shared::no_playback);
}

std::vector<std::byte> tone(std::size_t frames) {
    std::vector<int16_t> samples(frames * 2);
    for (std::size_t i = 0; i < frames; ++i)
        samples[2 * i] = samples[2 * i + 1] = static_cast<int16_t>(12000 * std::sin(static_cast<double>(i) * 0.0576)); // 440 Hz
    const auto raw = std::as_bytes(std::span{samples});
    return {raw.begin(), raw.end()};
}

double loudness(std::string_view samples) {
    double sum = 0;
    for (std::size_t i = 0; i + 1 < samples.size(); i += 2) {
        int16_t v = 0;
        std::memcpy(&v, samples.data() + i, 2);
        sum += double{1} * v * v;
    }
    return samples.empty() ? 0 : std::sqrt(sum / (static_cast<double>(samples.size()) / 2));
}

void test_opus() {
    if (!spice::media::have_opus()) return g_test_skip("built without libopus");
    Playback s;
    auto writer = spice::media::make_opus_writer(48000, 2, 480);
    const auto sound = tone(480 * 20);
    s.say(SPICE_MSG_PLAYBACK_MODE, Bytes().u32(0).u16(SPICE_AUDIO_DATA_MODE_OPUS));
    s.say(SPICE_MSG_PLAYBACK_START, start_of(2, 48000));
    s.say(SPICE_MSG_PLAYBACK_DATA, Bytes().u32(0)); // no packet at all
    s.say(SPICE_MSG_PLAYBACK_DATA, Bytes().u32(0).text("\xff\xff\xff\xff")); // a damaged one
    for (std::size_t i = 0; i < 20; ++i)
        s.say(SPICE_MSG_PLAYBACK_DATA, Bytes().u32(i * 10).raw(writer->encode(std::span{sound}.subspan(i * 1920, 1920))));
    s.say(SPICE_MSG_PLAYBACK_STOP);
    s.open();
    g_assert_true(s.wait("stop"));
    g_assert_cmpuint(s.observer.samples.size(), ==, sound.size());
    const auto heard = loudness(std::string_view{s.observer.samples}.substr(1920 * 4));
    g_assert_true(heard > 7500 && heard < 9500); // 8485 is right
}

void test_malformed() {
    const std::pair<uint16_t, ByteVector> bad[] = {
        {SPICE_MSG_PLAYBACK_START, Bytes().u32(2).u16(1).u32(48000)},
        {SPICE_MSG_PLAYBACK_START, start_of(0, 48000)},
        {SPICE_MSG_PLAYBACK_START, start_of(0xffffffff, 48000)},
        {SPICE_MSG_PLAYBACK_START, start_of(2, 0)},
        {SPICE_MSG_PLAYBACK_START, start_of(2, 0xffffffff)},
        {SPICE_MSG_PLAYBACK_START, Bytes().u32(2).u16(9).u32(48000).u32(0)},
        {SPICE_MSG_PLAYBACK_DATA, Bytes().u16(0)},
        {SPICE_MSG_PLAYBACK_MODE, Bytes().u32(0)},
        {SPICE_MSG_PLAYBACK_VOLUME, Bytes().u8(3).u16(1).u16(2)},
        {SPICE_MSG_PLAYBACK_MUTE, {}},
        {SPICE_MSG_PLAYBACK_LATENCY, Bytes().u16(1)},
    };
    for (const auto &[type, body] : bad) {
        Playback s;
        s.say(type, body);
        g_assert_true(s.model.connect());
        g_assert_true(s.wait("error-io"));
        g_assert_true(s.wait("closed"));
    }
}

struct Microphone final : Recorder<RecordModel::Observer> {
    void on_start(int format, int channels, int frequency) override {
        note("start " + std::to_string(format) + " " + std::to_string(channels) + " " + std::to_string(frequency));
    }
    void on_stop() override { note("stop"); }
    void on_volume() override { note("volume"); }
    void on_mute() override { note("mute"); }
};

struct Record : ModelSetup<RecordModel, Microphone> {
    ChannelScript &script{server.channel(SPICE_CHANNEL_RECORD)};
    explicit Record(bool opus = false) {
        server.link_plan({.channel_caps = {opus ? 1u << SPICE_RECORD_CAP_OPUS : 0u}, .default_channel_caps = false});
    }
    void start(uint32_t frequency = 44100) {
        script.send(SPICE_MSG_RECORD_START, Bytes().u32(2).u16(1).u32(frequency));
        if (model.state() != spice::channel::Model::State::ready) open();
        g_assert_true(wait("start 1 2 " + std::to_string(frequency)));
    }
    // All that was sent, once the `count`-th message of that type has come.
    std::vector<Message> sent(uint16_t type, std::size_t count) {
        g_assert_true(loop.until([&] { return script.received(type).size() >= count; }));
        return script.received();
    }
};

void test_record_raw() {
    Record s;
    const auto sound = tone(1000);
    s.start();
    s.model.send_samples(std::span{sound}.first(1000), 7); // not a whole frame of 1920 bytes
    s.model.send_samples(std::span{sound}.subspan(1000), 8);
    auto all = s.sent(SPICE_MSGC_RECORD_DATA, 2);
    g_assert_cmpuint(all.size(), ==, 4);
    g_assert_cmpuint(all[0].type, ==, SPICE_MSGC_RECORD_MODE);
    g_assert_cmpuint(all[0].u(0, 4), ==, 7);
    g_assert_cmpuint(all[0].u(4, 2), ==, SPICE_AUDIO_DATA_MODE_RAW);
    g_assert_cmpuint(all[0].body.size(), ==, 6);
    g_assert_cmpuint(all[1].type, ==, SPICE_MSGC_RECORD_START_MARK);
    g_assert_cmpuint(all[1].u(0, 4), ==, 7);
    for (std::size_t i = 0; i < 2; ++i) {
        g_assert_cmpuint(all[2 + i].u(0, 4), ==, 8);
        g_assert_cmpuint(all[2 + i].body.size(), ==, 4 + 1920);
        g_assert_true(std::memcmp(all[2 + i].body.data() + 4, sound.data() + i * 1920, 1920) == 0);
    }
    s.script.send(SPICE_MSG_RECORD_STOP);
    g_assert_true(s.wait("stop"));
    s.model.send_samples(sound, 9); // nobody wants it
    s.observer.lines.clear();
    s.start();
    s.model.send_samples(sound, 10);
    all = s.sent(SPICE_MSGC_RECORD_DATA, 4);
    g_assert_cmpuint(all[4].type, ==, SPICE_MSGC_RECORD_MODE); // said again
    g_assert_cmpuint(all[5].type, ==, SPICE_MSGC_RECORD_START_MARK);
    g_assert_cmpuint(all[6].u(0, 4), ==, 10);
    g_assert_true(std::memcmp(all[6].body.data() + 4, sound.data(), 1920) == 0); // and what was left is gone
}

void test_record_opus() {
    if (!spice::media::have_opus()) return g_test_skip("built without libopus");
    Record s{true};
    s.start(48000);
    const auto sound = tone(480 * 20);
    s.model.send_samples(sound, 1);
    const auto all = s.sent(SPICE_MSGC_RECORD_DATA, 20);
    g_assert_cmpuint(all[0].u(4, 2), ==, SPICE_AUDIO_DATA_MODE_OPUS);
    auto reader = spice::media::make_opus_reader(48000, 2);
    std::string heard;
    for (const auto &message : s.script.received(SPICE_MSGC_RECORD_DATA)) {
        g_assert_cmpuint(message.body.size(), <=, 4 + 480);
        auto samples = reader->decode(std::span{message.body}.subspan(4));
        g_assert_true(bool(samples));
        heard.append(reinterpret_cast<const char *>(samples->data()), samples->size());
    }
    g_assert_cmpuint(heard.size(), ==, sound.size());
    const auto level = loudness(std::string_view{heard}.substr(1920 * 4));
    g_assert_true(level > 7500 && level < 9500);
}

// At some rates a frame of the protocol is none of Opus's: the sound goes as it is.
void test_record_no_opus_frame() {
    Record s{true};
    s.start(16000);
    const auto sound = tone(480 * 2);
    s.model.send_samples(sound, 1);
    const auto all = s.sent(SPICE_MSGC_RECORD_DATA, 2);
    g_assert_cmpuint(all[0].u(4, 2), ==, SPICE_AUDIO_DATA_MODE_RAW);
    g_assert_true(std::memcmp(all.back().body.data() + 4, sound.data() + 1920, 1920) == 0);
}

void test_record_read_only() {
    Record s;
    s.host.is_read_only = true;
    s.start();
    g_assert_true(s.model.read_only());
    s.model.send_samples(tone(480), 1);
    s.script.ping(1).expect_pong(1);
    g_assert_true(s.finished(s.script));
    g_assert_true(s.script.received(SPICE_MSGC_RECORD_DATA).empty());
}

// A server that does not read: sound is forgotten, the connection goes on.
void test_record_slow_server() {
    Record s;
    s.start();
    s.script.stall();
    const auto sound = tone(48000);
    for (int i = 0; i < 200; ++i) s.model.send_samples(sound, 1); // 38 MiB
    s.script.release();
    s.script.ping(1).expect_pong(1, Milliseconds{10000});
    g_assert_true(s.finished(s.script));
    g_assert_false(s.observer.has("error-io"));
    g_assert_cmpuint(s.script.received(SPICE_MSGC_RECORD_DATA).size(), <, 20'000);
}

void test_record_malformed() {
    const std::pair<uint16_t, ByteVector> bad[] = {
        {SPICE_MSG_RECORD_START, Bytes().u32(2).u16(1)},
        {SPICE_MSG_RECORD_START, Bytes().u32(0).u16(1).u32(48000)},
        {SPICE_MSG_RECORD_START, Bytes().u32(2).u16(0).u32(48000)},
        {SPICE_MSG_RECORD_START, Bytes().u32(0x40000000).u16(1).u32(48000)},
        {SPICE_MSG_RECORD_VOLUME, {}},
        {SPICE_MSG_RECORD_MUTE, {}},
    };
    for (const auto &[type, body] : bad) {
        Record s;
        s.script.send(type, body);
        g_assert_true(s.model.connect());
        g_assert_true(s.wait("error-io"));
        g_assert_true(s.wait("closed"));
    }
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/playback-model/raw", test_raw);
    g_test_add_func("/playback-model/volume-and-latency", test_volume_and_latency);
    g_test_add_func("/playback-model/delay", test_delay);
    g_test_add_func("/playback-model/reset", test_reset);
    g_test_add_func("/playback-model/opus", test_opus);
    g_test_add_func("/playback-model/malformed", test_malformed);
    g_test_add_func("/record-model/raw", test_record_raw);
    g_test_add_func("/record-model/opus", test_record_opus);
    g_test_add_func("/record-model/no-opus-frame", test_record_no_opus_frame);
    g_test_add_func("/record-model/read-only", test_record_read_only);
    g_test_add_func("/record-model/slow-server", test_record_slow_server);
    g_test_add_func("/record-model/malformed", test_record_malformed);
    return g_test_run();
}
