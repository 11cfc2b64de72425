// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/channel-private.hh"
#include "api/display-scanout.hh"
#include "api/display-signals.hh"

#include "channel/display-model.hh"

#include <algorithm>
#include <vector>

/**
 * SECTION:channel-display
 * @title: SpiceDisplayChannel
 * @short_description: the picture of a display
 */

/**
 * SpiceDisplayChannel:
 *
 * Keeps the picture of one of the guest's displays. #SpiceDisplayChannel::display-primary-create tells where the pixels
 * are, #SpiceDisplayChannel::display-invalidate which of them have changed.
 */

/**
 * SpiceDisplayChannelClass:
 * @parent_class: the class of channels
 * @display_primary_create: default handler of #SpiceDisplayChannel::display-primary-create
 * @display_primary_destroy: default handler of #SpiceDisplayChannel::display-primary-destroy
 * @display_invalidate: default handler of #SpiceDisplayChannel::display-invalidate
 * @display_mark: default handler of #SpiceDisplayChannel::display-mark
 *
 * The class of display channels.
 */

using spice::channel::DisplayModel;

struct _SpiceDisplayChannelPrivate final : spice::api::ChannelObserver<DisplayModel::Observer> {
    explicit _SpiceDisplayChannelPrivate(SpiceDisplayChannel *self) : ChannelObserver{SPICE_CHANNEL(self)} {}
    void on_primary_create() override;
    void on_primary_destroy() override;
    void on_invalidate(int x, int y, int width, int height) override;
    void on_mark(bool marked) override;
    void on_monitors() override;
    void on_gl_scanout() override;
    bool on_gl_draw(uint32_t x, uint32_t y, uint32_t width, uint32_t height) override;
    bool on_video_overlay(GstPipeline *pipeline) override;
    bool wants_video_overlay() const override;

    spice::api::ScanoutView scanout;
    DisplayModel *model = nullptr; // owned by the base part
    uint32_t shown_monitors_max = 1;
};

G_DEFINE_TYPE(SpiceDisplayChannel, spice_display_channel, SPICE_TYPE_CHANNEL)

namespace {

enum Prop : guint { PROP_WIDTH = 1, PROP_HEIGHT, PROP_MONITORS, PROP_MONITORS_MAX, PROP_GL_SCANOUT, N_PROPS };
GParamSpec *props[N_PROPS];
guint signals[spice::api::N_DISPLAY_SIGNALS];

DisplayModel &model_of(SpiceChannel *channel) { return *SPICE_DISPLAY_CHANNEL(channel)->priv->model; }

template <class Monitor> SpiceDisplayMonitorConfig config_of(const Monitor &monitor) {
    return {monitor.id, monitor.surface_id, monitor.x, monitor.y, monitor.width, monitor.height};
}

GArray *monitors_array(const DisplayModel &model) {
    auto *array = g_array_new(FALSE, TRUE, sizeof(SpiceDisplayMonitorConfig));
    for (const auto &monitor : model.monitors()) {
        const auto config = config_of(monitor);
        g_array_append_val(array, config);
    }
    return array;
}

void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec) noexcept {
    const auto &model = model_of(SPICE_CHANNEL(object));
    const auto *primary = model.primary();
    switch (id) {
    case PROP_WIDTH: g_value_set_uint(value, primary ? primary->width : 0); break;
    case PROP_HEIGHT: g_value_set_uint(value, primary ? primary->height : 0); break;
    case PROP_MONITORS: g_value_take_boxed(value, monitors_array(model)); break;
    case PROP_MONITORS_MAX: g_value_set_uint(value, model.monitors_max()); break;
    case PROP_GL_SCANOUT: g_value_set_static_boxed(value, SPICE_DISPLAY_CHANNEL(object)->priv->scanout.single()); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

void constructed(GObject *object) noexcept {
    auto *self = SPICE_DISPLAY_CHANNEL(object);
    spice::api::make_model<DisplayModel>(SPICE_CHANNEL(object), self->priv);
    G_OBJECT_CLASS(spice_display_channel_parent_class)->constructed(object);
}

void finalize(GObject *object) noexcept {
    auto *priv = SPICE_DISPLAY_CHANNEL(object)->priv;
    G_OBJECT_CLASS(spice_display_channel_parent_class)->finalize(object);
    delete priv; // after the model, which knows it as its observer
}

void install_properties(GObjectClass *object_class) {
    constexpr auto readable = static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
    /**
     * SpiceDisplayChannel:width:
     *
     * Width of the picture; 0 without one. There is no notification of changes.
     */
    props[PROP_WIDTH] = g_param_spec_uint("width", nullptr, nullptr, 0, G_MAXUINT, 0, readable);
    /**
     * SpiceDisplayChannel:height:
     *
     * Height of the picture; 0 without one. There is no notification of changes.
     */
    props[PROP_HEIGHT] = g_param_spec_uint("height", nullptr, nullptr, 0, G_MAXUINT, 0, readable);
    /**
     * SpiceDisplayChannel:monitors: (type GArray(SpiceDisplayMonitorConfig)) (transfer none)
     *
     * The guest's monitors on this display.
     */
    props[PROP_MONITORS] = g_param_spec_boxed("monitors", nullptr, nullptr, G_TYPE_ARRAY, readable);
    /**
     * SpiceDisplayChannel:monitors-max:
     *
     * How many monitors the display can have.
     */
    props[PROP_MONITORS_MAX] = g_param_spec_uint("monitors-max", nullptr, nullptr, 1, 256, 1, readable);
    /**
     * SpiceDisplayChannel:gl-scanout: (getter get_gl_scanout)
     *
     * The picture that the server shares as a DMA buffer; %NULL when it does not.
     */
    props[PROP_GL_SCANOUT] = g_param_spec_boxed("gl-scanout", nullptr, nullptr, SPICE_TYPE_GL_SCANOUT, readable);
    g_object_class_install_properties(object_class, N_PROPS, props);
}

}

void _SpiceDisplayChannelPrivate::on_primary_create() {
    auto keep = keep_alive();
    const auto *primary = model->primary();
    if (!primary) return;
    g_signal_emit(channel(), signals[spice::api::SIGNAL_PRIMARY_CREATE], 0, static_cast<int>(primary->format),
                  static_cast<int>(primary->width), static_cast<int>(primary->height),
                  static_cast<int>(primary->stride), -1, static_cast<gpointer>(primary->data()));
}

void _SpiceDisplayChannelPrivate::on_primary_destroy() {
    auto keep = keep_alive();
    g_signal_emit(channel(), signals[spice::api::SIGNAL_PRIMARY_DESTROY], 0);
}

void _SpiceDisplayChannelPrivate::on_invalidate(int x, int y, int width, int height) {
    auto keep = keep_alive();
    g_signal_emit(channel(), signals[spice::api::SIGNAL_INVALIDATE], 0, x, y, width, height);
}

void _SpiceDisplayChannelPrivate::on_mark(bool marked) {
    auto keep = keep_alive();
    g_signal_emit(channel(), signals[spice::api::SIGNAL_MARK], 0, static_cast<int>(marked));
}

void _SpiceDisplayChannelPrivate::on_monitors() {
    auto keep = keep_alive();
    if (std::exchange(shown_monitors_max, model->monitors_max()) != model->monitors_max())
        g_object_notify_by_pspec(G_OBJECT(channel()), props[PROP_MONITORS_MAX]);
    g_object_notify_by_pspec(G_OBJECT(channel()), props[PROP_MONITORS]);
}

void _SpiceDisplayChannelPrivate::on_gl_scanout() {
    auto keep = keep_alive();
    scanout.set(model->gl_scanout());
    g_object_notify_by_pspec(G_OBJECT(channel()), props[PROP_GL_SCANOUT]);
}

bool _SpiceDisplayChannelPrivate::on_gl_draw(uint32_t x, uint32_t y, uint32_t width, uint32_t height) {
    auto keep = keep_alive();
    const auto signal = signals[spice::api::SIGNAL_GL_DRAW];
    if (!g_signal_has_handler_pending(channel(), signal, 0, FALSE)) return false;
    g_signal_emit(channel(), signal, 0, x, y, width, height);
    return true;
}

bool _SpiceDisplayChannelPrivate::on_video_overlay(GstPipeline *pipeline) {
    gboolean taken = FALSE;
    g_signal_emit(channel(), signals[spice::api::SIGNAL_VIDEO_OVERLAY], 0, pipeline, &taken);
    return taken;
}

bool _SpiceDisplayChannelPrivate::wants_video_overlay() const {
    return g_signal_has_handler_pending(channel(), signals[spice::api::SIGNAL_VIDEO_OVERLAY], 0, FALSE);
}

static void spice_display_channel_init(SpiceDisplayChannel *self) { self->priv = new SpiceDisplayChannelPrivate{self}; }

static void spice_display_channel_class_init(SpiceDisplayChannelClass *klass) {
    auto *object_class = G_OBJECT_CLASS(klass);
    object_class->get_property = get_property;
    object_class->constructed = constructed;
    object_class->finalize = finalize;
    install_properties(object_class);
    spice::api::install_display_signals(signals);
}

/**
 * spice_display_channel_get_primary: (method)
 * @channel: (type SpiceDisplayChannel): a #SpiceDisplayChannel
 * @surface_id: the number of a surface, 0 for the picture of the display
 * @primary: where to put the description
 *
 * Describes a surface. The pixels belong to the channel.
 *
 * Returns: %FALSE when there is no such surface
 */
gboolean spice_display_channel_get_primary(SpiceChannel *channel, guint32 surface_id, SpiceDisplayPrimary *primary) {
    g_return_val_if_fail(SPICE_IS_DISPLAY_CHANNEL(channel), FALSE);
    g_return_val_if_fail(primary != nullptr, FALSE);
    const auto &model = model_of(channel);
    const auto *surface = model.surface(surface_id);
    if (!surface) return FALSE;
    primary->format = static_cast<SpiceSurfaceFmt>(surface->format);
    primary->width = static_cast<gint>(surface->width);
    primary->height = static_cast<gint>(surface->height);
    primary->stride = static_cast<gint>(surface->stride);
    primary->shmid = -1;
    primary->data = surface->data();
    primary->marked = model.marked();
    return TRUE;
}

/**
 * spice_display_channel_change_preferred_compression: (method)
 * @channel: (type SpiceDisplayChannel): a #SpiceDisplayChannel
 * @compression: a value of SpiceImageCompression
 *
 * Asks the server to prefer a compression for images. Nothing happens when the server cannot do this.
 */
void spice_display_channel_change_preferred_compression(SpiceChannel *channel, gint compression) {
    g_return_if_fail(SPICE_IS_DISPLAY_CHANNEL(channel));
    g_return_if_fail(compression > SPICE_IMAGE_COMPRESSION_INVALID && compression < SPICE_IMAGE_COMPRESSION_ENUM_END);
    model_of(channel).change_preferred_compression(compression);
}

/**
 * spice_display_channel_change_preferred_video_codec_type: (method)
 * @channel: (type SpiceDisplayChannel): a #SpiceDisplayChannel
 * @codec_type: a value of SpiceVideoCodecType
 *
 * Asks the server to prefer a video codec. Nothing happens when the server cannot do this.
 *
 * Deprecated: 0.38: use spice_display_channel_change_preferred_video_codec_types()
 */
void spice_display_channel_change_preferred_video_codec_type(SpiceChannel *channel, gint codec_type) {
    g_return_if_fail(SPICE_IS_DISPLAY_CHANNEL(channel));
    g_return_if_fail(codec_type >= SPICE_VIDEO_CODEC_TYPE_MJPEG && codec_type < SPICE_VIDEO_CODEC_TYPE_ENUM_END);
    const auto codec = static_cast<uint8_t>(codec_type);
    model_of(channel).change_preferred_video_codecs({&codec, 1});
}

/**
 * spice_display_channel_change_preferred_video_codec_types: (method)
 * @channel: (type SpiceDisplayChannel): a #SpiceDisplayChannel
 * @codecs: (array length=ncodecs): values of SpiceVideoCodecType, best first
 * @ncodecs: how many there are
 * @err: where to put an error, or %NULL
 *
 * Asks the server to use the video codecs in an order of preference.
 *
 * Returns: %FALSE when a codec is unknown or the server cannot do this
 */
gboolean spice_display_channel_change_preferred_video_codec_types(SpiceChannel *channel, const gint *codecs,
                                                                  gsize ncodecs, GError **err) {
    g_return_val_if_fail(SPICE_IS_DISPLAY_CHANNEL(channel), FALSE);
    g_return_val_if_fail(codecs != nullptr && ncodecs > 0, FALSE);
    g_return_val_if_fail(err == nullptr || *err == nullptr, FALSE);
    const std::span wanted{codecs, ncodecs};
    std::vector<uint8_t> types;
    for (const auto codec : wanted) {
        const auto known = codec >= SPICE_VIDEO_CODEC_TYPE_MJPEG && codec < SPICE_VIDEO_CODEC_TYPE_ENUM_END;
        const auto type = static_cast<uint8_t>(codec);
        if (!known) {
            g_set_error(err, SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED, "There is no video codec %d", codec);
            return FALSE;
        }
        if (std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
    }
    if (model_of(channel).change_preferred_video_codecs(types)) return TRUE;
    g_set_error_literal(err, SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED,
                        "The server does not let the client choose the video codec");
    return FALSE;
}

/**
 * spice_display_channel_list_monitors:
 * @channel: a #SpiceDisplayChannel
 *
 * The same as #SpiceDisplayChannel:monitors, for languages whose bindings cannot read that property: PyGObject finds
 * no elements in such an array.
 *
 * Returns: (element-type SpiceDisplayMonitorConfig) (transfer full): the guest's monitors on this display, to be freed
 * with g_list_free_full() and g_free()
 *
 * Since: 0.42.1
 */
GList *spice_display_channel_list_monitors(SpiceDisplayChannel *channel) {
    g_return_val_if_fail(SPICE_IS_DISPLAY_CHANNEL(channel), nullptr);
    GList *list = nullptr;
    for (const auto &monitor : channel->priv->model->monitors()) {
        const auto config = config_of(monitor);
        list = g_list_prepend(list, g_memdup2(&config, sizeof config));
    }
    return g_list_reverse(list);
}

/**
 * spice_display_channel_get_gl_scanout:
 * @channel: a #SpiceDisplayChannel
 *
 * The picture that the server shares as a DMA buffer. It belongs to the channel, and its descriptor stays open until
 * the handlers of the next notification of #SpiceDisplayChannel:gl-scanout have returned.
 *
 * Returns: (transfer none): the scanout, or %NULL when there is none, or none that one buffer describes
 */
const SpiceGlScanout *spice_display_channel_get_gl_scanout(SpiceDisplayChannel *channel) {
    g_return_val_if_fail(SPICE_IS_DISPLAY_CHANNEL(channel), nullptr);
    return channel->priv->scanout.single();
}

/**
 * spice_display_channel_get_gl_scanout2:
 * @channel: a #SpiceDisplayChannel
 *
 * The picture that the server shares as DMA buffers, with all its planes and their modifier; also one that
 * spice_display_channel_get_gl_scanout() describes. #SpiceDisplayChannel:gl-scanout is notified when it changes.
 * It belongs to the channel, and its descriptors stay open until the handlers of the next notification have returned.
 *
 * Returns: (transfer none) (nullable): the scanout, or %NULL when there is none
 *
 * Since: 0.42.1
 */
const SpiceGlScanout2 *spice_display_channel_get_gl_scanout2(SpiceDisplayChannel *channel) {
    g_return_val_if_fail(SPICE_IS_DISPLAY_CHANNEL(channel), nullptr);
    return channel->priv->scanout.planes();
}

/**
 * spice_display_channel_accept_gl_scanout2:
 * @channel: a #SpiceDisplayChannel
 *
 * Tells servers that this program shows scanouts of several planes or with a modifier, which
 * spice_display_channel_get_gl_scanout2() describes. To be called before the channel connects, for example in a handler
 * of #SpiceSession::channel-new.
 *
 * Since: 0.42.1
 */
void spice_display_channel_accept_gl_scanout2(SpiceDisplayChannel *channel) {
    g_return_if_fail(SPICE_IS_DISPLAY_CHANNEL(channel));
    channel->priv->model->want_gl_scanout2();
}

/**
 * spice_display_channel_gl_draw_done:
 * @channel: a #SpiceDisplayChannel
 *
 * Tells the server that what #SpiceDisplayChannel::gl-draw asked for has been shown. To be called once for each of
 * these signals; the guest waits for it.
 */
void spice_display_channel_gl_draw_done(SpiceDisplayChannel *channel) {
    g_return_if_fail(SPICE_IS_DISPLAY_CHANNEL(channel));
    channel->priv->model->gl_draw_done();
}
