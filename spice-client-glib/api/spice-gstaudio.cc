// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/spice-gstaudio.hh"

#include "api/audio-properties.hh"
#include "api/session-private.hh"
#include "media/audio-player.hh"
#include "media/audio-recorder.hh"

#include <algorithm>
#include <memory>

using spice::Ref;

struct SpiceGstaudio {
    SpiceAudio parent;
    struct Private;
    Private *priv;
};
struct SpiceGstaudioClass {
    SpiceAudioClass parent_class;
};

struct SpiceGstaudio::Private {
    SpicePlaybackChannel *playback = nullptr; // weak, as the next
    SpiceRecordChannel *record = nullptr;
    spice::media::AudioPlayer player;
    std::unique_ptr<spice::media::AudioRecorder> recorder;
};

G_DEFINE_TYPE(SpiceGstaudio, spice_gstaudio, SPICE_TYPE_AUDIO)

namespace {

SpiceGstaudio *self_of(gpointer object) {
    return reinterpret_cast<SpiceGstaudio *>(g_type_check_instance_cast(static_cast<GTypeInstance *>(object), spice_gstaudio_get_type()));
}

// The louder channel counts.
double loudest(const std::vector<uint16_t> &channels) {
    return channels.empty() ? 1 : *std::max_element(channels.begin(), channels.end()) / 65535.0;
}

void playback_start(SpiceGstaudio *self, int, int channels, int frequency) noexcept {
    self->priv->player.start(channels, frequency);
}
void playback_data(SpiceGstaudio *self, const std::byte *data, int size) noexcept {
    self->priv->player.play({data, static_cast<std::size_t>(size)});
}
void playback_stop(SpiceGstaudio *self) noexcept { self->priv->player.stop(); }
void playback_get_delay(SpiceGstaudio *self) noexcept {
    spice_playback_channel_set_delay(self->priv->playback, self->priv->player.delay_ms());
}
void playback_volume(SpiceGstaudio *self) noexcept {
    const auto volume = spice::api::volume_of(SPICE_CHANNEL(self->priv->playback));
    self->priv->player.set_volume(loudest(volume.channels), volume.mute);
}
void playback_latency(SpiceGstaudio *self) noexcept {
    guint ms = 0;
    g_object_get(self->priv->playback, "min-latency", &ms, nullptr);
    self->priv->player.set_latency(std::min<guint>(ms, 10'000));
}

void record_start(SpiceGstaudio *self, int, int channels, int frequency) noexcept {
    if (self->priv->recorder) self->priv->recorder->start(channels, frequency);
}
void record_stop(SpiceGstaudio *self) noexcept {
    if (self->priv->recorder) self->priv->recorder->stop();
}

void captured(SpiceGstaudio *self, std::span<const std::byte> samples) {
    auto *channel = self->priv->record;
    Ref<SpiceSession> session;
    if (channel) {
        SpiceSession *of = nullptr;
        g_object_get(channel, "spice-session", &of, nullptr);
        session = Ref<SpiceSession>::take(of);
    }
    if (!session || spice_session_get_read_only(session.get())) return;
    auto keep = Ref<SpiceRecordChannel>::share(channel);
    spice_record_channel_send_data(channel, const_cast<std::byte *>(samples.data()), samples.size(),
                                   session.get()->priv->core.mm_time());
}

// The first channel of each kind.
gboolean connect_channel(SpiceAudio *audio, SpiceChannel *channel) noexcept {
    auto *self = self_of(audio);
    auto &priv = *self->priv;
    const auto on = [&](const char *signal, GCallback handler) {
        g_signal_connect_object(channel, signal, handler, self, G_CONNECT_SWAPPED);
    };
    if (SPICE_IS_PLAYBACK_CHANNEL(channel) && !priv.playback) {
        g_set_weak_pointer(&priv.playback, SPICE_PLAYBACK_CHANNEL(channel));
        on("playback-start", G_CALLBACK(playback_start));
        on("playback-data", G_CALLBACK(playback_data));
        on("playback-stop", G_CALLBACK(playback_stop));
        on("playback-get-delay", G_CALLBACK(playback_get_delay));
        on("notify::volume", G_CALLBACK(playback_volume));
        on("notify::mute", G_CALLBACK(playback_volume));
        on("notify::min-latency", G_CALLBACK(playback_latency));
        return TRUE;
    }
    if (SPICE_IS_RECORD_CHANNEL(channel) && !priv.record) {
        SpiceSession *session = nullptr;
        g_object_get(channel, "spice-session", &session, nullptr);
        if (!session) return FALSE;
        g_set_weak_pointer(&priv.record, SPICE_RECORD_CHANNEL(channel));
        priv.recorder = std::make_unique<spice::media::AudioRecorder>(
            session->priv->core.context(), [self](std::span<const std::byte> samples) { captured(self, samples); });
        g_object_unref(session);
        on("record-start", G_CALLBACK(record_start));
        on("record-stop", G_CALLBACK(record_stop));
        return TRUE;
    }
    return FALSE;
}

// What the channel knows; an error when it does not know it yet.
void return_volume(SpiceAudio *audio, gpointer sound, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data) {
    auto task = Ref<GTask>::take(g_task_new(audio, cancellable, callback, data));
    auto volume = sound ? spice::api::volume_of(SPICE_CHANNEL(sound)) : spice::agent::Volume{};
    if (volume.channels.empty())
        return g_task_return_new_error(task.get(), SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED, "The volume is not known");
    g_task_return_pointer(task.get(), new spice::agent::Volume{std::move(volume)},
                          [](gpointer p) { delete static_cast<spice::agent::Volume *>(p); });
}

void playback_info_async(SpiceAudio *audio, GCancellable *cancellable, SpiceMainChannel *, GAsyncReadyCallback callback,
                         gpointer data) noexcept {
    return_volume(audio, self_of(audio)->priv->playback, cancellable, callback, data);
}

void record_info_async(SpiceAudio *audio, GCancellable *cancellable, SpiceMainChannel *, GAsyncReadyCallback callback,
                       gpointer data) noexcept {
    return_volume(audio, self_of(audio)->priv->record, cancellable, callback, data);
}

gboolean info_finish(SpiceAudio *audio, GAsyncResult *result, gboolean *mute, guint8 *nchannels, guint16 **volume,
                     GError **error) noexcept {
    g_return_val_if_fail(g_task_is_valid(result, audio), FALSE);
    const std::unique_ptr<spice::agent::Volume> info{
        static_cast<spice::agent::Volume *>(g_task_propagate_pointer(G_TASK(result), error))};
    if (!info) return FALSE;
    const auto count = std::min<std::size_t>(info->channels.size(), G_MAXUINT8);
    if (mute) *mute = info->mute;
    if (nchannels) *nchannels = static_cast<guint8>(count);
    if (volume) *volume = static_cast<guint16 *>(g_memdup2(info->channels.data(), count * sizeof(guint16)));
    return TRUE;
}

void dispose(GObject *object) noexcept {
    auto &priv = *self_of(object)->priv;
    priv.recorder.reset();
    g_clear_weak_pointer(&priv.playback);
    g_clear_weak_pointer(&priv.record);
    G_OBJECT_CLASS(spice_gstaudio_parent_class)->dispose(object);
}

void finalize(GObject *object) noexcept {
    delete self_of(object)->priv;
    G_OBJECT_CLASS(spice_gstaudio_parent_class)->finalize(object);
}

}

static void spice_gstaudio_init(SpiceGstaudio *self) { self->priv = new SpiceGstaudio::Private; }

static void spice_gstaudio_class_init(SpiceGstaudioClass *klass) {
    auto *object_class = G_OBJECT_CLASS(klass);
    object_class->dispose = dispose;
    object_class->finalize = finalize;
    auto &audio = klass->parent_class;
    audio.connect_channel = connect_channel;
    audio.get_playback_volume_info_async = playback_info_async;
    audio.get_playback_volume_info_finish = info_finish;
    audio.get_record_volume_info_async = record_info_async;
    audio.get_record_volume_info_finish = info_finish;
}
