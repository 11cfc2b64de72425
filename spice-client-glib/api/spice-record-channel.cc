// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/audio-properties.hh"
#include "api/channel-private.hh"

#include "channel/record-model.hh"

/**
 * SECTION:channel-record
 * @title: SpiceRecordChannel
 * @short_description: sound for the guest
 */

/**
 * SpiceRecordChannel:
 *
 * The microphone of the guest. Between #SpiceRecordChannel::record-start and #SpiceRecordChannel::record-stop the
 * application sends samples of 16 bits with spice_record_channel_send_data(). All functions are to be called from the
 * session's main context.
 */

/**
 * SpiceRecordChannelClass:
 * @parent_class: the class of channels
 * @record_start: default handler of #SpiceRecordChannel::record-start
 * @record_data: not used
 * @record_stop: default handler of #SpiceRecordChannel::record-stop
 *
 * The class of record channels.
 */

using spice::channel::RecordModel;

struct _SpiceRecordChannelPrivate final : spice::api::ChannelObserver<RecordModel::Observer> {
    explicit _SpiceRecordChannelPrivate(SpiceRecordChannel *self) : ChannelObserver{SPICE_CHANNEL(self)} {}
    void on_start(int format, int channels, int frequency) override;
    void on_stop() override;
    void on_volume() override;
    void on_mute() override;
    void notify(guint prop);
    RecordModel *model = nullptr; // owned by the base part
};

G_DEFINE_TYPE(SpiceRecordChannel, spice_record_channel, SPICE_TYPE_CHANNEL)

namespace {

using namespace spice::api;

GParamSpec *props[N_AUDIO_PROPS];
enum Signal : guint { SIGNAL_START, SIGNAL_STOP, N_SIGNALS };
guint signals[N_SIGNALS];

RecordModel &model_of(gpointer channel) { return *SPICE_RECORD_CHANNEL(channel)->priv->model; }

void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec) noexcept {
    const auto &model = model_of(object);
    switch (id) {
    case PROP_NCHANNELS: get_nchannels(model.volume(), value); break;
    case PROP_VOLUME: get_volume(model.volume(), value); break;
    case PROP_MUTE: g_value_set_boolean(value, model.mute()); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

void set_property(GObject *, guint, const GValue *, GParamSpec *spec) noexcept { ignore_audio_property(spec); }

void constructed(GObject *object) noexcept {
    auto *self = SPICE_RECORD_CHANNEL(object);
    make_model<RecordModel>(SPICE_CHANNEL(object), self->priv);
    G_OBJECT_CLASS(spice_record_channel_parent_class)->constructed(object);
}

void finalize(GObject *object) noexcept {
    auto *priv = SPICE_RECORD_CHANNEL(object)->priv;
    G_OBJECT_CLASS(spice_record_channel_parent_class)->finalize(object);
    delete priv; // after the model, which knows it as its observer
}

void install_properties(GObjectClass *object_class) {
    /**
     * SpiceRecordChannel:nchannels:
     *
     * How many numbers #SpiceRecordChannel:volume has. What programs set is ignored.
     */
    props[PROP_NCHANNELS] = g_param_spec_uint("nchannels", nullptr, nullptr, 0, G_MAXUINT8, 2, audio_flags);
    /**
     * SpiceRecordChannel:volume:
     *
     * The volume that the guest has chosen: a #guint16 for each channel, 0 to 65535, which stays the channel's; %NULL
     * until the server has said it. What programs set is ignored.
     */
    props[PROP_VOLUME] = g_param_spec_pointer("volume", nullptr, nullptr, audio_flags);
    /**
     * SpiceRecordChannel:mute:
     *
     * Whether the guest wants silence. What programs set is ignored.
     */
    props[PROP_MUTE] = g_param_spec_boolean("mute", nullptr, nullptr, FALSE, audio_flags);
    g_object_class_install_properties(object_class, N_AUDIO_PROPS, props);
}

}

void _SpiceRecordChannelPrivate::on_start(int format, int channels, int frequency) {
    auto keep = keep_alive();
    g_signal_emit(channel(), signals[SIGNAL_START], 0, format, channels, frequency);
}
void _SpiceRecordChannelPrivate::on_stop() {
    auto keep = keep_alive();
    g_signal_emit(channel(), signals[SIGNAL_STOP], 0);
}
void _SpiceRecordChannelPrivate::notify(guint prop) {
    auto keep = keep_alive();
    g_object_notify_by_pspec(G_OBJECT(channel()), props[prop]);
}
void _SpiceRecordChannelPrivate::on_volume() {
    spice::api::volume_has_come(SPICE_CHANNEL(channel()));
    notify(PROP_VOLUME);
}
void _SpiceRecordChannelPrivate::on_mute() { notify(PROP_MUTE); }

static void spice_record_channel_init(SpiceRecordChannel *self) { self->priv = new SpiceRecordChannelPrivate{self}; }

static void spice_record_channel_class_init(SpiceRecordChannelClass *klass) {
    auto *object_class = G_OBJECT_CLASS(klass);
    object_class->get_property = get_property;
    object_class->set_property = set_property;
    object_class->constructed = constructed;
    object_class->finalize = finalize;
    install_properties(object_class);
    const GType type = SPICE_TYPE_RECORD_CHANNEL;
    /**
     * SpiceRecordChannel::record-start:
     * @channel: the channel
     * @format: 1 for samples of 16 bits with a sign
     * @channels: how many channels, whose samples take turns
     * @rate: how many samples of a channel make a second
     *
     * The guest begins to record: send samples with spice_record_channel_send_data().
     */
    signals[SIGNAL_START] = g_signal_new("record-start", type, G_SIGNAL_RUN_FIRST,
                                         G_STRUCT_OFFSET(SpiceRecordChannelClass, record_start), nullptr, nullptr,
                                         nullptr, G_TYPE_NONE, 3, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT);
    /**
     * SpiceRecordChannel::record-stop:
     * @channel: the channel
     *
     * The guest has stopped recording, or the connection is gone.
     */
    signals[SIGNAL_STOP] = g_signal_new("record-stop", type, G_SIGNAL_RUN_FIRST,
                                        G_STRUCT_OFFSET(SpiceRecordChannelClass, record_stop), nullptr, nullptr,
                                        nullptr, G_TYPE_NONE, 0);
}

/**
 * spice_record_channel_send_data:
 * @channel: a #SpiceRecordChannel
 * @data: (nullable): samples of the format that #SpiceRecordChannel::record-start told; they are copied
 * @bytes: how many bytes
 * @time: when they were captured, in ms of the session's multimedia clock
 *
 * Sends sound to the guest. What is sent while the guest does not record is thrown away, and so is what a server does
 * not read in time. Must not be called in a read-only session.
 *
 * Since: 0.35
 */
void spice_record_channel_send_data(SpiceRecordChannel *channel, gpointer data, gsize bytes, guint32 time) {
    g_return_if_fail(SPICE_IS_RECORD_CHANNEL(channel));
    g_return_if_fail(data != nullptr || bytes == 0);
    auto &model = model_of(channel);
    g_return_if_fail(!model.read_only());
    model.send_samples({static_cast<const std::byte *>(data), bytes}, time);
}

/**
 * spice_record_send_data:
 * @channel: a #SpiceRecordChannel
 * @data: (nullable): samples
 * @bytes: how many bytes
 * @time: when they were captured, in ms of the session's multimedia clock
 *
 * The former name of spice_record_channel_send_data().
 *
 * Deprecated: 0.35: use spice_record_channel_send_data()
 */
void spice_record_send_data(SpiceRecordChannel *channel, gpointer data, gsize bytes, guint32 time) {
    spice_record_channel_send_data(channel, data, bytes, time);
}
