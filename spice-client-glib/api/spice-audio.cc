// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/spice-gstaudio.hh"

#include "base/glib/glib-ptr.hh"
#include "media/audio-player.hh"

/**
 * SECTION:spice-audio
 * @title: SpiceAudio
 * @short_description: plays and captures sound for a session
 */

/**
 * SpiceAudio:
 *
 * Connects the sound channels of a session as they appear, plays what the guest plays and captures what it records,
 * through GStreamer. Belongs to the session's main context.
 */

/**
 * SpiceAudioClass:
 * @parent_class: the class of objects
 *
 * The class of what plays and captures sound.
 */

struct _SpiceAudioPrivate {
    SpiceSession *session = nullptr; // weak
    GMainContext *context = nullptr;
};

G_DEFINE_ABSTRACT_TYPE(SpiceAudio, spice_audio, G_TYPE_OBJECT)

namespace {

enum Prop : guint { PROP_SESSION = 1, PROP_MAIN_CONTEXT, N_PROPS };
GParamSpec *props[N_PROPS];

void channel_new(SpiceAudio *self, SpiceChannel *channel) noexcept {
    auto *klass = SPICE_AUDIO_GET_CLASS(self);
    if (klass->connect_channel && klass->connect_channel(self, channel)) spice_channel_connect(channel);
}

void look_for_channels(SpiceAudio *self) noexcept {
    if (!self->priv->session) return;
    auto *list = spice_session_get_channels(self->priv->session);
    for (auto *item = list; item; item = item->next) channel_new(self, SPICE_CHANNEL(item->data));
    g_list_free(list);
}

void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec) noexcept {
    auto &priv = *SPICE_AUDIO(object)->priv;
    switch (id) {
    case PROP_SESSION: g_value_set_object(value, priv.session); break;
    case PROP_MAIN_CONTEXT: g_value_set_boxed(value, priv.context); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

void set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec) noexcept {
    auto &priv = *SPICE_AUDIO(object)->priv;
    switch (id) {
    case PROP_SESSION: g_set_weak_pointer(&priv.session, static_cast<SpiceSession *>(g_value_get_object(value))); break;
    case PROP_MAIN_CONTEXT: priv.context = static_cast<GMainContext *>(g_value_dup_boxed(value)); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

void constructed(GObject *object) noexcept {
    G_OBJECT_CLASS(spice_audio_parent_class)->constructed(object);
    auto *self = SPICE_AUDIO(object);
    if (!self->priv->session) return;
    g_signal_connect_object(self->priv->session, "channel-new", G_CALLBACK(channel_new), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->priv->session, "notify::enable-audio", G_CALLBACK(look_for_channels), self, G_CONNECT_SWAPPED);
    look_for_channels(self);
}

void finalize(GObject *object) noexcept {
    auto *priv = SPICE_AUDIO(object)->priv;
    g_clear_weak_pointer(&priv->session);
    if (priv->context) g_main_context_unref(priv->context);
    delete priv;
    G_OBJECT_CLASS(spice_audio_parent_class)->finalize(object);
}

GQuark audio_key() {
    static const GQuark key = g_quark_from_static_string("spice-client-audio");
    return key;
}

SpiceAudio *make_audio(SpiceSession *session, GMainContext *context) {
    if (!spice::media::start_gstreamer()) return nullptr;
    return SPICE_AUDIO(g_object_new(spice_gstaudio_get_type(), "session", session, "main-context", context, nullptr));
}

}

SpiceAudio *spice::api::audio_of(SpiceSession *session) {
    return static_cast<SpiceAudio *>(g_object_get_qdata(G_OBJECT(session), audio_key()));
}

static void spice_audio_init(SpiceAudio *self) { self->priv = new SpiceAudioPrivate; }

static void spice_audio_class_init(SpiceAudioClass *klass) {
    auto *object_class = G_OBJECT_CLASS(klass);
    object_class->get_property = get_property;
    object_class->set_property = set_property;
    object_class->constructed = constructed;
    object_class->finalize = finalize;
    constexpr auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
    /**
     * SpiceAudio:session:
     *
     * The session whose sound it is; %NULL when it is gone.
     */
    props[PROP_SESSION] = g_param_spec_object("session", nullptr, nullptr, SPICE_TYPE_SESSION, flags);
    /**
     * SpiceAudio:main-context:
     *
     * The main context that it was made for.
     */
    props[PROP_MAIN_CONTEXT] = g_param_spec_boxed("main-context", nullptr, nullptr, G_TYPE_MAIN_CONTEXT, flags);
    g_object_class_install_properties(object_class, N_PROPS, props);
}

/**
 * spice_audio_get:
 * @session: the session whose sound it is
 * @context: (nullable): not used; sound belongs to the session's main context
 *
 * What plays and captures the sound of a session. The first call makes it; it lives as long as the session.
 *
 * Returns: (transfer none): the object; %NULL when GStreamer cannot be used
 */
SpiceAudio *spice_audio_get(SpiceSession *session, GMainContext *context) {
    g_return_val_if_fail(SPICE_IS_SESSION(session), nullptr);
    auto *audio = spice::api::audio_of(session);
    if (audio) return audio;
    audio = make_audio(session, context);
    if (audio) g_object_set_qdata_full(G_OBJECT(session), audio_key(), audio, g_object_unref);
    return audio;
}

/**
 * spice_audio_new: (constructor)
 * @session: the session whose sound it is
 * @context: (nullable): not used
 * @name: (nullable): not used
 *
 * Makes another object for the sound of a session.
 *
 * Returns: (transfer full): the object; %NULL when GStreamer cannot be used
 *
 * Deprecated: 0.8: use spice_audio_get()
 */
SpiceAudio *spice_audio_new(SpiceSession *session, GMainContext *context, [[maybe_unused]] const char *name) {
    g_return_val_if_fail(SPICE_IS_SESSION(session), nullptr);
    return make_audio(session, context);
}
