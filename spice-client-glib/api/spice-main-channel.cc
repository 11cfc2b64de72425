// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/main-channel-private.hh"
#include "api/session-private.hh"

#include <algorithm>

/**
 * SECTION:channel-main
 * @title: SpiceMainChannel
 * @short_description: mouse modes, the agent and everything that belongs to no other channel
 */

/**
 * SpiceMainChannel:
 *
 * The first channel of a session. It tells which other channels there are, which mouse mode is in use and whether the
 * guest runs an agent. The agent shares the clipboard, takes files and follows the size of the client's monitors.
 */

/**
 * SpiceMainChannelClass:
 * @parent_class: the class of channels
 * @mouse_update: default handler of #SpiceMainChannel::main-mouse-update
 * @agent_update: default handler of #SpiceMainChannel::main-agent-update
 *
 * The class of main channels.
 */

using spice::channel::MainModel;

G_DEFINE_TYPE(SpiceMainChannel, spice_main_channel, SPICE_TYPE_CHANNEL)

namespace {

constexpr guint color_depth = 32;

enum Prop : guint {
    PROP_MOUSE_MODE = 1,
    PROP_AGENT_CONNECTED,
    PROP_AGENT_CAPS_0,
    PROP_DISABLE_WALLPAPER,
    PROP_DISABLE_FONT_SMOOTH,
    PROP_DISABLE_ANIMATION,
    PROP_DISABLE_DISPLAY_POSITION,
    PROP_DISABLE_DISPLAY_ALIGN,
    PROP_COLOR_DEPTH,
    PROP_MAX_CLIPBOARD,
    N_PROPS
};
GParamSpec *props[N_PROPS];
guint signals[spice::api::N_MAIN_SIGNALS];

void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec) noexcept {
    const auto &priv = *SPICE_MAIN_CHANNEL(object)->priv;
    switch (id) {
    case PROP_MOUSE_MODE: g_value_set_int(value, priv.model->mouse_mode()); break;
    case PROP_AGENT_CONNECTED: g_value_set_boolean(value, priv.model->agent().connected()); break;
    case PROP_AGENT_CAPS_0: g_value_set_int(value, static_cast<int>(priv.model->agent().first_caps())); break;
    case PROP_DISABLE_WALLPAPER: g_value_set_boolean(value, priv.wishes.disable_wallpaper); break;
    case PROP_DISABLE_FONT_SMOOTH: g_value_set_boolean(value, priv.wishes.disable_font_smooth); break;
    case PROP_DISABLE_ANIMATION: g_value_set_boolean(value, priv.wishes.disable_animation); break;
    case PROP_DISABLE_DISPLAY_POSITION: g_value_set_boolean(value, priv.wishes.disable_display_position); break;
    case PROP_DISABLE_DISPLAY_ALIGN: g_value_set_boolean(value, priv.wishes.disable_display_align); break;
    case PROP_COLOR_DEPTH: g_value_set_uint(value, color_depth); break;
    case PROP_MAX_CLIPBOARD: g_value_set_int(value, priv.preferences().max_clipboard); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

void set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec) noexcept {
    auto &priv = *SPICE_MAIN_CHANNEL(object)->priv;
    switch (id) {
    case PROP_DISABLE_WALLPAPER: priv.wishes.disable_wallpaper = g_value_get_boolean(value); break;
    case PROP_DISABLE_FONT_SMOOTH: priv.wishes.disable_font_smooth = g_value_get_boolean(value); break;
    case PROP_DISABLE_ANIMATION: priv.wishes.disable_animation = g_value_get_boolean(value); break;
    case PROP_DISABLE_DISPLAY_POSITION: priv.wishes.disable_display_position = g_value_get_boolean(value); break;
    case PROP_DISABLE_DISPLAY_ALIGN: priv.wishes.disable_display_align = g_value_get_boolean(value); break;
    case PROP_COLOR_DEPTH: break; // always 32
    case PROP_MAX_CLIPBOARD:
        priv.wishes.max_clipboard = g_value_get_int(value);
        if (priv.model) priv.model->max_clipboard_changed(); // not while it is constructed
        break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

// SpiceSession:disable-effects decides once, when the channel is made.
void take_session_effects(SpiceMainChannel *self) {
    const auto *session = SPICE_CHANNEL(self)->priv->session;
    if (!session) return;
    const auto &effects = session->priv->core.options.disable_effects;
    const auto listed = [&](const char *name) {
        return std::any_of(effects.begin(), effects.end(),
                           [&](const std::string &effect) { return effect == name || effect == "all"; });
    };
    auto &priv = *self->priv;
    priv.wishes.disable_wallpaper |= listed("wallpaper");
    priv.wishes.disable_font_smooth |= listed("font-smooth");
    priv.wishes.disable_animation |= listed("animation");
}

void constructed(GObject *object) noexcept {
    auto *self = SPICE_MAIN_CHANNEL(object);
    take_session_effects(self);
    spice::api::make_model<MainModel>(SPICE_CHANNEL(object), self->priv);
    self->priv->model->agent().set_volume_source(self->priv);
    G_OBJECT_CLASS(spice_main_channel_parent_class)->constructed(object);
}

void finalize(GObject *object) noexcept {
    auto *priv = SPICE_MAIN_CHANNEL(object)->priv;
    G_OBJECT_CLASS(spice_main_channel_parent_class)->finalize(object);
    delete priv; // after the model, which knows it as its observer
}

constexpr auto readable = static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
constexpr auto construct = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);

void make_state_properties() {
    /**
     * SpiceMainChannel:mouse-mode:
     *
     * Who moves the pointer: 1 the server, 2 the client; 0 before the server has said it.
     */
    props[PROP_MOUSE_MODE] = g_param_spec_int("mouse-mode", nullptr, nullptr, 0, G_MAXINT, 0, readable);
    /**
     * SpiceMainChannel:agent-connected:
     *
     * Whether the guest runs an agent.
     */
    props[PROP_AGENT_CONNECTED] = g_param_spec_boolean("agent-connected", nullptr, nullptr, FALSE, readable);
    /**
     * SpiceMainChannel:agent-caps-0:
     *
     * The first 32 capabilities of the agent as bits; 0 before they were known. An agent that has gone leaves them.
     */
    props[PROP_AGENT_CAPS_0] = g_param_spec_int("agent-caps-0", nullptr, nullptr, 0, G_MAXINT, 0, readable);
}

void make_wish_properties() {
    /**
     * SpiceMainChannel:disable-wallpaper:
     *
     * Ask the guest to do without a wallpaper.
     */
    props[PROP_DISABLE_WALLPAPER] = g_param_spec_boolean("disable-wallpaper", nullptr, nullptr, FALSE, construct);
    /**
     * SpiceMainChannel:disable-font-smooth:
     *
     * Ask the guest to do without smooth fonts.
     */
    props[PROP_DISABLE_FONT_SMOOTH] = g_param_spec_boolean("disable-font-smooth", nullptr, nullptr, FALSE, construct);
    /**
     * SpiceMainChannel:disable-animation:
     *
     * Ask the guest to do without animations.
     */
    props[PROP_DISABLE_ANIMATION] = g_param_spec_boolean("disable-animation", nullptr, nullptr, FALSE, construct);
    /**
     * SpiceMainChannel:disable-display-position:
     *
     * Leave the arrangement of the monitors to the guest.
     */
    props[PROP_DISABLE_DISPLAY_POSITION] =
        g_param_spec_boolean("disable-display-position", nullptr, nullptr, TRUE, construct);
    /**
     * SpiceMainChannel:disable-display-align:
     *
     * Keep the positions of the monitors as they are given, instead of placing them side by side.
     */
    props[PROP_DISABLE_DISPLAY_ALIGN] =
        g_param_spec_boolean("disable-display-align", nullptr, nullptr, FALSE, construct);
    /**
     * SpiceMainChannel:color-depth:
     *
     * Always 32.
     *
     * Deprecated: 0.37: it cannot be chosen any more
     */
    props[PROP_COLOR_DEPTH] = g_param_spec_uint("color-depth", nullptr, nullptr, 0, 32, 0,
                                                static_cast<GParamFlags>(construct | G_PARAM_DEPRECATED));
    /**
     * SpiceMainChannel:max-clipboard:
     *
     * Clipboard content of so many bytes, or more, is not sent to the guest, which then gets none; -1 for any size. The
     * agent is told of it, too. The environment variable SPICE_MAX_CLIPBOARD has precedence.
     */
    props[PROP_MAX_CLIPBOARD] =
        g_param_spec_int("max-clipboard", nullptr, nullptr, -1, G_MAXINT,
                         spice::agent::Preferences{}.max_clipboard, construct);
}

}

void _SpiceMainChannelPrivate::on_mouse_mode() {
    auto keep = keep_alive();
    g_signal_emit(channel(), signals[spice::api::SIGNAL_MOUSE_UPDATE], 0);
    g_object_notify_by_pspec(G_OBJECT(channel()), props[PROP_MOUSE_MODE]);
}

void _SpiceMainChannelPrivate::on_agent_update() {
    auto keep = keep_alive();
    if (agent_shown != model->agent().connected()) {
        agent_shown = !agent_shown;
        g_object_notify_by_pspec(G_OBJECT(channel()), props[PROP_AGENT_CONNECTED]);
    }
    g_signal_emit(channel(), signals[spice::api::SIGNAL_AGENT_UPDATE], 0);
}

void _SpiceMainChannelPrivate::on_agent_caps() {
    auto keep = keep_alive();
    g_signal_emit(channel(), signals[spice::api::SIGNAL_AGENT_UPDATE], 0);
}

spice::agent::Preferences _SpiceMainChannelPrivate::preferences() const {
    auto result = wishes;
    const char *text = g_getenv("SPICE_MAX_CLIPBOARD");
    gint64 value = 0;
    if (text && g_ascii_string_to_signed(text, 10, -1, G_MAXINT, &value, nullptr)) result.max_clipboard = static_cast<int>(value);
    return result;
}

guint spice::api::main_signal(MainSignal signal) { return signals[signal]; }

static void spice_main_channel_init(SpiceMainChannel *self) { self->priv = new SpiceMainChannelPrivate{self}; }

static void spice_main_channel_class_init(SpiceMainChannelClass *klass) {
    auto *object_class = G_OBJECT_CLASS(klass);
    object_class->get_property = get_property;
    object_class->set_property = set_property;
    object_class->constructed = constructed;
    object_class->finalize = finalize;
    make_state_properties();
    make_wish_properties();
    g_object_class_install_properties(object_class, N_PROPS, props);
    spice::api::install_main_signals(signals);
}

/**
 * spice_main_channel_request_mouse_mode:
 * @channel: a #SpiceMainChannel
 * @mode: 1 for server, 2 for client mouse mode
 *
 * Asks for a mouse mode. #SpiceMainChannel::main-mouse-update tells when it is in use.
 */
void spice_main_channel_request_mouse_mode(SpiceMainChannel *channel, int mode) {
    g_return_if_fail(SPICE_IS_MAIN_CHANNEL(channel));
    channel->priv->model->request_mouse_mode(mode);
}
