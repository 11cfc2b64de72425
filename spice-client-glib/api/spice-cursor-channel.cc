// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/channel-private.hh"

#include "channel/cursor-model.hh"

/**
 * SECTION:channel-cursor
 * @title: SpiceCursorChannel
 * @short_description: shape and place of the guest's pointer
 */

/**
 * SpiceCursorShape:
 * @type: (type gint): the kind of shape that the server sent
 * @width: width in pixels
 * @height: height in pixels
 * @hot_spot_x: column of the pixel that points
 * @hot_spot_y: row of the pixel that points
 * @data: the pixels: bytes red, green, blue, alpha, row by row without gaps
 *
 * The picture of the pointer.
 */

/**
 * SpiceCursorChannel:
 *
 * Tells how the guest's pointer looks and, in server mouse mode, where it is.
 */

/**
 * SpiceCursorChannelClass:
 * @parent_class: the class of channels
 * @cursor_set: default handler of #SpiceCursorChannel::cursor-set
 * @cursor_move: default handler of #SpiceCursorChannel::cursor-move
 * @cursor_hide: default handler of #SpiceCursorChannel::cursor-hide
 * @cursor_reset: default handler of #SpiceCursorChannel::cursor-reset
 *
 * The class of cursor channels.
 */

using spice::channel::CursorModel;

struct _SpiceCursorChannelPrivate final : spice::api::ChannelObserver<CursorModel::Observer> {
    explicit _SpiceCursorChannelPrivate(SpiceCursorChannel *self) : ChannelObserver{SPICE_CHANNEL(self)} {}
    void on_cursor_set() override;
    void on_cursor_move(int x, int y) override;
    void on_cursor_hide() override;
    void on_cursor_reset() override;

    CursorModel *model = nullptr; // owned by the base part
    // What the property shows; `pixels` keeps its data alive.
    std::shared_ptr<const spice::channel::CursorShape> pixels;
    SpiceCursorShape shape{};
};

static SpiceCursorShape *copy_shape(SpiceCursorShape *shape) noexcept {
    auto *copy = g_new(SpiceCursorShape, 1);
    *copy = *shape;
    copy->data = g_memdup2(shape->data, gsize{4} * shape->width * shape->height);
    return copy;
}

static void free_shape(SpiceCursorShape *shape) noexcept {
    g_free(shape->data);
    g_free(shape);
}

G_DEFINE_BOXED_TYPE(SpiceCursorShape, spice_cursor_shape, copy_shape, free_shape)

G_DEFINE_TYPE(SpiceCursorChannel, spice_cursor_channel, SPICE_TYPE_CHANNEL)

namespace {

enum Prop : guint { PROP_CURSOR = 1, N_PROPS };
GParamSpec *props[N_PROPS];
enum Signal : guint { SIGNAL_SET, SIGNAL_MOVE, SIGNAL_HIDE, SIGNAL_RESET, N_SIGNALS };
guint signals[N_SIGNALS];

void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec) noexcept {
    auto *priv = SPICE_CURSOR_CHANNEL(object)->priv;
    switch (id) {
    case PROP_CURSOR: g_value_set_static_boxed(value, priv->pixels ? &priv->shape : nullptr); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

void constructed(GObject *object) noexcept {
    auto *self = SPICE_CURSOR_CHANNEL(object);
    spice::api::make_model<CursorModel>(SPICE_CHANNEL(object), self->priv);
    G_OBJECT_CLASS(spice_cursor_channel_parent_class)->constructed(object);
}

void finalize(GObject *object) noexcept {
    auto *priv = SPICE_CURSOR_CHANNEL(object)->priv;
    G_OBJECT_CLASS(spice_cursor_channel_parent_class)->finalize(object);
    delete priv; // after the model, which knows it as its observer
}

void install_signals() {
    const GType type = SPICE_TYPE_CURSOR_CHANNEL;
    /**
     * SpiceCursorChannel::cursor-set:
     * @channel: the channel
     * @width: width of the shape
     * @height: height of the shape
     * @hot_x: column of the pixel that points
     * @hot_y: row of the pixel that points
     * @rgba: the pixels, or %NULL for the default pointer
     *
     * The pointer has a new shape.
     *
     * Deprecated: 0.34: use notify::cursor, and #SpiceCursorChannel:cursor for the shape
     */
    signals[SIGNAL_SET] = g_signal_new(
        "cursor-set", type, static_cast<GSignalFlags>(G_SIGNAL_RUN_FIRST | G_SIGNAL_DEPRECATED),
        G_STRUCT_OFFSET(SpiceCursorChannelClass, cursor_set), nullptr, nullptr, nullptr, G_TYPE_NONE, 5, G_TYPE_INT,
        G_TYPE_INT, G_TYPE_INT, G_TYPE_INT, G_TYPE_POINTER);
    /**
     * SpiceCursorChannel::cursor-move:
     * @channel: the channel
     * @x: new column
     * @y: new row
     *
     * The guest has moved the pointer (in server mouse mode only).
     */
    signals[SIGNAL_MOVE] = g_signal_new("cursor-move", type, G_SIGNAL_RUN_FIRST,
                                        G_STRUCT_OFFSET(SpiceCursorChannelClass, cursor_move), nullptr, nullptr,
                                        nullptr, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
    /**
     * SpiceCursorChannel::cursor-hide:
     * @channel: the channel
     *
     * The guest has hidden the pointer.
     */
    signals[SIGNAL_HIDE] =
        g_signal_new("cursor-hide", type, G_SIGNAL_RUN_FIRST, G_STRUCT_OFFSET(SpiceCursorChannelClass, cursor_hide),
                     nullptr, nullptr, nullptr, G_TYPE_NONE, 0);
    /**
     * SpiceCursorChannel::cursor-reset:
     * @channel: the channel
     *
     * The server has forgotten the pointer: show the default one.
     */
    signals[SIGNAL_RESET] =
        g_signal_new("cursor-reset", type, G_SIGNAL_RUN_FIRST, G_STRUCT_OFFSET(SpiceCursorChannelClass, cursor_reset),
                     nullptr, nullptr, nullptr, G_TYPE_NONE, 0);
}

}

void _SpiceCursorChannelPrivate::on_cursor_set() {
    auto keep = keep_alive();
    pixels = model->shape();
    shape = {};
    if (pixels) {
        shape.type = static_cast<SpiceCursorType>(pixels->type);
        shape.width = pixels->width;
        shape.height = pixels->height;
        shape.hot_spot_x = pixels->hot_x;
        shape.hot_spot_y = pixels->hot_y;
        shape.data = pixels->rgba.empty() ? nullptr : const_cast<uint8_t *>(pixels->rgba.data());
    }
    const auto emitted = pixels; // a handler may cause the next shape
    const auto values = shape;
    g_object_notify_by_pspec(G_OBJECT(channel()), props[PROP_CURSOR]);
    g_signal_emit(channel(), signals[SIGNAL_SET], 0, int{values.width}, int{values.height}, int{values.hot_spot_x},
                  int{values.hot_spot_y}, values.data);
}

void _SpiceCursorChannelPrivate::on_cursor_move(int x, int y) {
    auto keep = keep_alive();
    g_signal_emit(channel(), signals[SIGNAL_MOVE], 0, x, y);
}

void _SpiceCursorChannelPrivate::on_cursor_hide() {
    auto keep = keep_alive();
    g_signal_emit(channel(), signals[SIGNAL_HIDE], 0);
}

void _SpiceCursorChannelPrivate::on_cursor_reset() {
    auto keep = keep_alive();
    g_signal_emit(channel(), signals[SIGNAL_RESET], 0);
}

static void spice_cursor_channel_init(SpiceCursorChannel *self) { self->priv = new SpiceCursorChannelPrivate{self}; }

static void spice_cursor_channel_class_init(SpiceCursorChannelClass *klass) {
    auto *object_class = G_OBJECT_CLASS(klass);
    object_class->get_property = get_property;
    object_class->constructed = constructed;
    object_class->finalize = finalize;
    /**
     * SpiceCursorChannel:cursor:
     *
     * The shape of the pointer; %NULL before the server has sent one.
     */
    props[PROP_CURSOR] = g_param_spec_boxed("cursor", nullptr, nullptr, SPICE_TYPE_CURSOR_SHAPE,
                                            static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
    g_object_class_install_properties(object_class, N_PROPS, props);
    install_signals();
}
