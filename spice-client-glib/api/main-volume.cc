// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// What the guest's agent is told of the volume: once for each direction, as soon as it is known.
#include "api/audio-properties.hh"
#include "api/main-channel-private.hh"
#include "api/session-private.hh"
#include "api/spice-gstaudio.hh"

#include <utility>

namespace {

struct Question {
    std::weak_ptr<void> alive; // with the main channel's part
    _SpiceMainChannelPrivate *asker;
    bool playback;
};

template <class Kind> auto finish_of(const Kind *klass, bool playback) {
    return playback ? klass->get_playback_volume_info_finish : klass->get_record_volume_info_finish;
}

void audio_answered(GObject *source, GAsyncResult *result, gpointer data) noexcept {
    const std::unique_ptr<Question> question{static_cast<Question *>(data)};
    auto *audio = SPICE_AUDIO(source);
    gboolean mute = FALSE;
    guint8 count = 0;
    guint16 *values = nullptr;
    const auto finish = finish_of(SPICE_AUDIO_GET_CLASS(audio), question->playback);
    const bool known = finish(audio, result, &mute, &count, &values, nullptr) && values && count > 0;
    if (known && !question->alive.expired())
        question->asker->volume_known(question->playback, {mute != FALSE, {values, values + count}});
    g_free(values);
}

}

void _SpiceMainChannelPrivate::ask_volume(bool playback, Answer answer) {
    volume_questions[playback ? 1 : 0] = std::move(answer);
    look_for_volume(playback);
}

// An application's or the library's own SpiceAudio has the first word. Without any the channel says what it knows.
void _SpiceMainChannelPrivate::look_for_volume(bool playback) {
    auto *session = channel()->priv->session;
    if (!volume_questions[playback ? 1 : 0] || !session) return;
    if (auto *audio = spice::api::audio_of(session)) {
        const auto *klass = SPICE_AUDIO_GET_CLASS(audio);
        const auto ask = playback ? klass->get_playback_volume_info_async : klass->get_record_volume_info_async;
        if (!ask || !finish_of(klass, playback)) return;
        ask(audio, nullptr, SPICE_MAIN_CHANNEL(channel()), audio_answered, new Question{volume_alive, this, playback});
        return;
    }
    for (const auto &other : session->priv->core.channels()) {
        auto *sound = SPICE_CHANNEL(other.object);
        if (playback ? !SPICE_IS_PLAYBACK_CHANNEL(sound) : !SPICE_IS_RECORD_CHANNEL(sound)) continue;
        const auto volume = spice::api::volume_of(sound);
        if (!volume.channels.empty()) return volume_known(playback, volume);
    }
}

// The server says volume and mute in two messages, one right after the other.
void _SpiceMainChannelPrivate::volume_has_come(bool playback) {
    constexpr unsigned pause_ms = 250; // of a busy server
    if (volume_questions[playback ? 1 : 0])
        volume_tasks[playback ? 1 : 0].schedule(spice::api::channel_context(channel()), pause_ms,
                                                [this, playback] { look_for_volume(playback); });
}

void _SpiceMainChannelPrivate::volume_known(bool playback, const spice::agent::Volume &volume) {
    if (const auto answer = std::exchange(volume_questions[playback ? 1 : 0], nullptr)) answer(volume);
}

namespace spice::api {

agent::Volume volume_of(SpiceChannel *sound) {
    guint count = 0;
    const guint16 *values = nullptr;
    gboolean mute = FALSE;
    g_object_get(sound, "nchannels", &count, "volume", &values, "mute", &mute, nullptr);
    agent::Volume volume{mute != FALSE, {}};
    if (values) volume.channels.assign(values, values + count);
    return volume;
}

void volume_has_come(SpiceChannel *sound) {
    if (!sound->priv->session) return;
    for (const auto &other : sound->priv->session->priv->core.channels())
        if (SPICE_IS_MAIN_CHANNEL(other.object))
            return SPICE_MAIN_CHANNEL(other.object)->priv->volume_has_come(SPICE_IS_PLAYBACK_CHANNEL(sound) != FALSE);
}

}
