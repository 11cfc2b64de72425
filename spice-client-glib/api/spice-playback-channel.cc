// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/audio-properties.hh"
#include "api/channel-private.hh"

#include "channel/playback-model.hh"

/**
 * SECTION:channel-playback
 * @title: SpicePlaybackChannel
 * @short_description: sound of the guest
 */

/**
 * SpicePlaybackChannel:
 *
 * The sound that the guest plays, as samples of 16 bits: #SpicePlaybackChannel::playback-start tells how many channels
 * and how fast, #SpicePlaybackChannel::playback-data brings them. All functions are to be called from the session's
 * main context.
 */

/**
 * SpicePlaybackChannelClass:
 * @parent_class: the class of channels
 * @playback_start: default handler of #SpicePlaybackChannel::playback-start
 * @playback_data: default handler of #SpicePlaybackChannel::playback-data
 * @playback_stop: default handler of #SpicePlaybackChannel::playback-stop
 *
 * The class of playback channels.
 */

using spice::channel::PlaybackModel;

struct _SpicePlaybackChannelPrivate final : spice::api::ChannelObserver<PlaybackModel::Observer> {
    explicit _SpicePlaybackChannelPrivate(SpicePlaybackChannel *self) : ChannelObserver{SPICE_CHANNEL(self)} {}
    void on_start(int format, int channels, int frequency) override;
    void on_samples(std::span<const std::byte> samples) override;
    void on_get_delay() override;
    void on_stop() override;
    void on_volume() override;
    void on_mute() override;
    void on_min_latency() override;
    void notify(guint prop);
    PlaybackModel *model = nullptr; // owned by the base part
};

G_DEFINE_TYPE(SpicePlaybackChannel, spice_playback_channel, SPICE_TYPE_CHANNEL)

namespace {

using namespace spice::api;

enum Prop : guint { PROP_MIN_LATENCY = N_AUDIO_PROPS, N_PROPS };
GParamSpec *props[N_PROPS];
enum Signal : guint { SIGNAL_START, SIGNAL_DATA, SIGNAL_STOP, SIGNAL_GET_DELAY, N_SIGNALS };
guint signals[N_SIGNALS];

PlaybackModel &model_of(gpointer channel) { return *SPICE_PLAYBACK_CHANNEL(channel)->priv->model; }

void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec) noexcept {
    const auto &model = model_of(object);
    switch (id) {
    case PROP_NCHANNELS: get_nchannels(model.volume(), value); break;
    case PROP_VOLUME: get_volume(model.volume(), value); break;
    case PROP_MUTE: g_value_set_boolean(value, model.mute()); break;
    case PROP_MIN_LATENCY: g_value_set_uint(value, model.min_latency()); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

void set_property(GObject *, guint, const GValue *, GParamSpec *spec) noexcept { ignore_audio_property(spec); }

void constructed(GObject *object) noexcept {
    auto *self = SPICE_PLAYBACK_CHANNEL(object);
    make_model<PlaybackModel>(SPICE_CHANNEL(object), self->priv);
    G_OBJECT_CLASS(spice_playback_channel_parent_class)->constructed(object);
}

void finalize(GObject *object) noexcept {
    auto *priv = SPICE_PLAYBACK_CHANNEL(object)->priv;
    G_OBJECT_CLASS(spice_playback_channel_parent_class)->finalize(object);
    delete priv; // after the model, which knows it as its observer
}

void install_properties(GObjectClass *object_class) {
    /**
     * SpicePlaybackChannel:nchannels:
     *
     * How many numbers #SpicePlaybackChannel:volume has. What programs set is ignored.
     */
    props[PROP_NCHANNELS] = g_param_spec_uint("nchannels", nullptr, nullptr, 0, G_MAXUINT8, 2, audio_flags);
    /**
     * SpicePlaybackChannel:volume:
     *
     * The volume that the guest has chosen: a #guint16 for each channel, 0 to 65535, which stays the channel's; %NULL
     * until the server has said it. What programs set is ignored.
     */
    props[PROP_VOLUME] = g_param_spec_pointer("volume", nullptr, nullptr, audio_flags);
    /**
     * SpicePlaybackChannel:mute:
     *
     * Whether the guest wants silence. What programs set is ignored.
     */
    props[PROP_MUTE] = g_param_spec_boolean("mute", nullptr, nullptr, FALSE, audio_flags);
    /**
     * SpicePlaybackChannel:min-latency:
     *
     * How much sound is to be held back, at least, in ms: video keeps its pace by it. What programs set is ignored.
     */
    props[PROP_MIN_LATENCY] = g_param_spec_uint("min-latency", nullptr, nullptr, 0, G_MAXUINT,
                                                PlaybackModel::default_latency_ms, audio_flags);
    g_object_class_install_properties(object_class, N_PROPS, props);
}

}

void _SpicePlaybackChannelPrivate::on_start(int format, int channels, int frequency) {
    auto keep = keep_alive();
    g_signal_emit(channel(), signals[SIGNAL_START], 0, format, channels, frequency);
}
void _SpicePlaybackChannelPrivate::on_samples(std::span<const std::byte> samples) {
    auto keep = keep_alive();
    g_signal_emit(channel(), signals[SIGNAL_DATA], 0, samples.data(), static_cast<gint>(samples.size()));
}
void _SpicePlaybackChannelPrivate::on_get_delay() {
    auto keep = keep_alive();
    g_signal_emit(channel(), signals[SIGNAL_GET_DELAY], 0);
}
void _SpicePlaybackChannelPrivate::on_stop() {
    auto keep = keep_alive();
    g_signal_emit(channel(), signals[SIGNAL_STOP], 0);
}
void _SpicePlaybackChannelPrivate::notify(guint prop) {
    auto keep = keep_alive();
    g_object_notify_by_pspec(G_OBJECT(channel()), props[prop]);
}
void _SpicePlaybackChannelPrivate::on_volume() {
    spice::api::volume_has_come(SPICE_CHANNEL(channel()));
    notify(PROP_VOLUME);
}
void _SpicePlaybackChannelPrivate::on_mute() { notify(PROP_MUTE); }
void _SpicePlaybackChannelPrivate::on_min_latency() { notify(PROP_MIN_LATENCY); }

static void spice_playback_channel_init(SpicePlaybackChannel *self) { self->priv = new SpicePlaybackChannelPrivate{self}; }

static void spice_playback_channel_class_init(SpicePlaybackChannelClass *klass) {
    auto *object_class = G_OBJECT_CLASS(klass);
    object_class->get_property = get_property;
    object_class->set_property = set_property;
    object_class->constructed = constructed;
    object_class->finalize = finalize;
    install_properties(object_class);
    const GType type = SPICE_TYPE_PLAYBACK_CHANNEL;
    /**
     * SpicePlaybackChannel::playback-start:
     * @channel: the channel
     * @format: 1 for samples of 16 bits with a sign
     * @channels: how many channels, whose samples take turns
     * @rate: how many samples of a channel make a second
     *
     * The guest begins to play.
     */
    signals[SIGNAL_START] = g_signal_new("playback-start", type, G_SIGNAL_RUN_FIRST,
                                         G_STRUCT_OFFSET(SpicePlaybackChannelClass, playback_start), nullptr, nullptr,
                                         nullptr, G_TYPE_NONE, 3, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT);
    /**
     * SpicePlaybackChannel::playback-data:
     * @channel: the channel
     * @data: (array length=data_size) (element-type guint8) (nullable): the samples, valid while the handlers run
     * @data_size: how many bytes
     *
     * Sound to be played.
     */
    signals[SIGNAL_DATA] = g_signal_new("playback-data", type, G_SIGNAL_RUN_FIRST,
                                        G_STRUCT_OFFSET(SpicePlaybackChannelClass, playback_data), nullptr, nullptr,
                                        nullptr, G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_INT);
    /**
     * SpicePlaybackChannel::playback-stop:
     * @channel: the channel
     *
     * The guest has stopped playing, or the connection is gone.
     */
    signals[SIGNAL_STOP] = g_signal_new("playback-stop", type, G_SIGNAL_RUN_FIRST,
                                        G_STRUCT_OFFSET(SpicePlaybackChannelClass, playback_stop), nullptr, nullptr,
                                        nullptr, G_TYPE_NONE, 0);
    /**
     * SpicePlaybackChannel::playback-get-delay:
     * @channel: the channel
     *
     * Asks how long it takes until what came last is heard. Answer with spice_playback_channel_set_delay().
     */
    signals[SIGNAL_GET_DELAY] = g_signal_new("playback-get-delay", type, G_SIGNAL_RUN_FIRST, 0, nullptr, nullptr,
                                             nullptr, G_TYPE_NONE, 0);
}

/**
 * spice_playback_channel_set_delay:
 * @channel: a #SpicePlaybackChannel
 * @delay_ms: the delay in ms
 *
 * Tells how long it takes until what came last is heard: video is shown accordingly. To be called by handlers of
 * #SpicePlaybackChannel::playback-get-delay.
 */
void spice_playback_channel_set_delay(SpicePlaybackChannel *channel, guint32 delay_ms) {
    g_return_if_fail(SPICE_IS_PLAYBACK_CHANNEL(channel));
    model_of(channel).set_delay(delay_ms);
}
