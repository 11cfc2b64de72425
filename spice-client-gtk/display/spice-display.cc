// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/view.hh"

#include "i18n.hh"
#include "input/grab-sequence.hh"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string_view>

/**
 * SpiceDisplay:
 *
 * A widget that shows one display of a #SpiceSession, or one monitor of it, and sends keyboard and mouse to the guest.
 *
 * It finds its channels by itself, also those that appear after it was made, and connects them.
 */
struct SpiceDisplayPrivate final : spice::gtk::View::Observer {
    explicit SpiceDisplayPrivate(SpiceDisplay *o) : owner{o} {}
    ~SpiceDisplayPrivate() {
        delete view;
        spice_grab_sequence_free(grab_keys);
    }
    void view_notify(const char *property) override {
        g_object_notify(G_OBJECT(owner), property);
        if (std::string_view{property} != "shortcuts-inhibited") describe();
    }
    void view_keyboard_grab(bool on) override;
    void view_mouse_grab(bool on) override;
    void view_grab_keys_pressed() override;
    void view_delay_changed(unsigned ms) override;
    void describe();
    void changed() {
        if (view) view->set_options(options);
    }

    SpiceDisplay *owner;
    spice::gtk::Ref<SpiceSession> session;
    spice::gtk::DisplayOptions options;
    spice::gtk::View *view = nullptr; // null without a session, or before construction ended
    SpiceGrabSequence *grab_keys = nullptr;
};

struct _SpiceDisplay {
    GtkWidget parent;
    SpiceDisplayPrivate *priv;
};
struct _SpiceDisplayClass {
    GtkWidgetClass parent_class;
};

static void spice_display_init(GTypeInstance *instance, gpointer) noexcept;
static void spice_display_class_init(gpointer klass, gpointer) noexcept;

namespace {
enum Prop : guint {
    PROP_SESSION = 1, PROP_CHANNEL_ID, PROP_MONITOR_ID, PROP_GRAB_KEYBOARD, PROP_GRAB_MOUSE, PROP_RESIZE_GUEST,
    PROP_SCALING, PROP_ONLY_DOWNSCALE, PROP_DISABLE_INPUTS, PROP_ZOOM_LEVEL, PROP_KEYPRESS_DELAY, PROP_READY,
    PROP_KEYBOARD_GRABBED, PROP_MOUSE_GRABBED, PROP_SHORTCUTS_INHIBITED, PROP_GUEST_WIDTH, PROP_GUEST_HEIGHT,
    PROP_SCALING_FILTER, N_PROPS
};
GParamSpec *props[N_PROPS];
enum Signal : guint { SIGNAL_MOUSE_GRAB, SIGNAL_KEYBOARD_GRAB, SIGNAL_GRAB_KEYS_PRESSED, N_SIGNALS };
guint signals[N_SIGNALS];
GtkWidgetClass *parent_widget_class;

SpiceDisplayPrivate &priv_of(gpointer obj) { return *SPICE_DISPLAY(obj)->priv; }
spice::gtk::View *view_of(gpointer obj) { return priv_of(obj).view; }

unsigned delay_or_environment(unsigned ms) {
    const char *env = g_getenv("SPICE_KEYPRESS_DELAY");
    unsigned value = 0;
    if (env && std::from_chars(env, env + std::strlen(env), value).ec == std::errc{}) return value;
    return ms;
}
}

// Not the macro: a clear word when the GTK 3 library, which has the same type names, is in the process.
GType spice_display_get_type(void) {
    static gsize once = 0;
    if (g_once_init_enter(&once)) {
        if (g_type_from_name("SpiceDisplay"))
            g_error("The GTK 3 SPICE widget is loaded already; one process cannot use both");
        const GType type = g_type_register_static_simple(
            GTK_TYPE_WIDGET, g_intern_static_string("SpiceDisplay"), sizeof(SpiceDisplayClass),
            spice_display_class_init, sizeof(SpiceDisplay), spice_display_init, G_TYPE_FLAG_FINAL);
        g_once_init_leave(&once, type);
    }
    return once;
}

void SpiceDisplayPrivate::view_keyboard_grab(bool on) {
    const auto keep = spice::gtk::Ref<SpiceDisplay>::share(owner);
    g_object_notify_by_pspec(G_OBJECT(owner), props[PROP_KEYBOARD_GRABBED]);
    g_signal_emit(owner, signals[SIGNAL_KEYBOARD_GRAB], 0, on ? 1 : 0);
}

void SpiceDisplayPrivate::view_mouse_grab(bool on) {
    const auto keep = spice::gtk::Ref<SpiceDisplay>::share(owner);
    g_object_notify_by_pspec(G_OBJECT(owner), props[PROP_MOUSE_GRABBED]);
    g_signal_emit(owner, signals[SIGNAL_MOUSE_GRAB], 0, on ? 1 : 0);
}

void SpiceDisplayPrivate::view_grab_keys_pressed() { g_signal_emit(owner, signals[SIGNAL_GRAB_KEYS_PRESSED], 0); }

void SpiceDisplayPrivate::view_delay_changed(unsigned ms) {
    options.input.keypress_delay = delay_or_environment(ms);
    changed();
    g_object_notify_by_pspec(G_OBJECT(owner), props[PROP_KEYPRESS_DELAY]);
}

// What assistive technology says about the display.
void SpiceDisplayPrivate::describe() {
    if (!view) return;
    const auto &area = view->screen().area();
    const spice::gtk::StrPtr keys{spice_grab_sequence_as_string(grab_keys)};
    // Translators: a size in pixels, then the names of keys
    const spice::gtk::StrPtr text{g_strdup_printf(_("%d×%d, press %s to release"), area.w, area.h, keys.get())};
    const spice::gtk::StrPtr label{options.monitor_id > 0 ? g_strdup_printf(_("Remote display %d"), options.monitor_id + 1)
                                                          : g_strdup(_("Remote display"))};
    gtk_accessible_update_property(GTK_ACCESSIBLE(owner), GTK_ACCESSIBLE_PROPERTY_LABEL, label.get(),
                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text.get(), -1);
    gtk_accessible_update_state(GTK_ACCESSIBLE(owner), GTK_ACCESSIBLE_STATE_BUSY, !view->screen().ready(), -1);
}

static void spice_display_get_property(GObject *obj, guint id, GValue *v, GParamSpec *spec) noexcept {
    auto &p = priv_of(obj);
    const auto &o = p.options;
    switch (id) {
    case PROP_SESSION: g_value_set_object(v, p.session.get()); break;
    case PROP_CHANNEL_ID: g_value_set_int(v, o.channel_id); break;
    case PROP_MONITOR_ID: g_value_set_int(v, o.monitor_id); break;
    case PROP_GRAB_KEYBOARD: g_value_set_boolean(v, o.input.grab_keyboard); break;
    case PROP_GRAB_MOUSE: g_value_set_boolean(v, o.input.grab_mouse); break;
    case PROP_RESIZE_GUEST: g_value_set_boolean(v, o.resize_guest); break;
    case PROP_SCALING: g_value_set_boolean(v, o.scaling.scaling); break;
    case PROP_ONLY_DOWNSCALE: g_value_set_boolean(v, o.scaling.only_downscale); break;
    case PROP_DISABLE_INPUTS: g_value_set_boolean(v, o.input.disable_inputs); break;
    case PROP_ZOOM_LEVEL: g_value_set_int(v, o.zoom); break;
    case PROP_KEYPRESS_DELAY: g_value_set_uint(v, o.input.keypress_delay); break;
    case PROP_READY: g_value_set_boolean(v, p.view && p.view->screen().ready()); break;
    case PROP_KEYBOARD_GRABBED: g_value_set_boolean(v, p.view && p.view->grabs().keyboard()); break;
    case PROP_MOUSE_GRABBED: g_value_set_boolean(v, p.view && p.view->grabs().mouse()); break;
    case PROP_SHORTCUTS_INHIBITED: g_value_set_boolean(v, p.view && p.view->grabs().shortcuts_inhibited()); break;
    case PROP_GUEST_WIDTH: g_value_set_int(v, p.view ? p.view->screen().area().w : 0); break;
    case PROP_GUEST_HEIGHT: g_value_set_int(v, p.view ? p.view->screen().area().h : 0); break;
    case PROP_SCALING_FILTER: g_value_set_enum(v, static_cast<int>(o.filter)); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(obj, id, spec);
    }
}

static void spice_display_set_property(GObject *obj, guint id, const GValue *v, GParamSpec *spec) noexcept {
    auto &p = priv_of(obj);
    auto &o = p.options;
    switch (id) {
    case PROP_SESSION: p.session = spice::gtk::Ref<SpiceSession>::take(SPICE_SESSION(g_value_dup_object(v))); break;
    case PROP_CHANNEL_ID: o.channel_id = g_value_get_int(v); break;
    case PROP_MONITOR_ID: o.monitor_id = g_value_get_int(v); break;
    case PROP_GRAB_KEYBOARD: o.input.grab_keyboard = g_value_get_boolean(v); break;
    case PROP_GRAB_MOUSE: o.input.grab_mouse = g_value_get_boolean(v); break;
    case PROP_RESIZE_GUEST: o.resize_guest = g_value_get_boolean(v); break;
    case PROP_SCALING: o.scaling.scaling = g_value_get_boolean(v); break;
    case PROP_ONLY_DOWNSCALE: o.scaling.only_downscale = g_value_get_boolean(v); break;
    case PROP_DISABLE_INPUTS:
        o.input.disable_inputs = g_value_get_boolean(v);
        gtk_widget_set_focusable(GTK_WIDGET(obj), !o.input.disable_inputs);
        break;
    case PROP_ZOOM_LEVEL: o.zoom = g_value_get_int(v); break;
    case PROP_KEYPRESS_DELAY:
        o.delay_is_chosen = p.view != nullptr || g_value_get_uint(v) != 100; // the default comes from GObject
        o.input.keypress_delay = delay_or_environment(g_value_get_uint(v));
        break;
    case PROP_SCALING_FILTER: o.filter = static_cast<spice::gtk::Filter>(g_value_get_enum(v)); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(obj, id, spec);
    }
    p.changed();
}

static void spice_display_constructed(GObject *obj) noexcept {
    G_OBJECT_CLASS(parent_widget_class)->constructed(obj);
    auto &p = priv_of(obj);
    if (!p.session) {
        g_critical("A SpiceDisplay needs a SpiceSession");
        return;
    }
    p.view = new spice::gtk::View{GTK_WIDGET(obj), p.session.get(), p.options, p};
    spice_display_set_grab_keys(SPICE_DISPLAY(obj), nullptr);
}

static void spice_display_dispose(GObject *obj) noexcept {
    if (auto *view = view_of(obj)) view->shut_down();
    G_OBJECT_CLASS(parent_widget_class)->dispose(obj);
}

static void spice_display_finalize(GObject *obj) noexcept {
    delete SPICE_DISPLAY(obj)->priv;
    G_OBJECT_CLASS(parent_widget_class)->finalize(obj);
}

static void spice_display_measure(GtkWidget *widget, GtkOrientation orientation, int, int *minimum, int *natural, int *,
                                  int *) noexcept {
    const auto &p = priv_of(widget);
    const bool across = orientation == GTK_ORIENTATION_HORIZONTAL;
    const bool fits_itself = p.options.resize_guest || p.options.scaling.scaling;
    const auto area = p.view ? p.view->screen().area() : spice::gtk::Rect{};
    const int wanted = fits_itself || area.empty() ? (across ? 640 : 480) : (across ? area.w : area.h);
    *natural = wanted / std::max(1, gtk_widget_get_scale_factor(widget));
    *minimum = fits_itself ? 0 : *natural;
}

static GtkSizeRequestMode spice_display_get_request_mode(GtkWidget *) noexcept { return GTK_SIZE_REQUEST_CONSTANT_SIZE; }

static void spice_display_size_allocate(GtkWidget *widget, int width, int height, int) noexcept {
    if (auto *view = view_of(widget)) view->screen().allocate(width, height);
}

static void spice_display_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) noexcept {
    if (auto *view = view_of(widget)) view->snapshot(snapshot);
}

static void spice_display_realize(GtkWidget *widget) noexcept {
    parent_widget_class->realize(widget);
    if (auto *view = view_of(widget)) view->screen().realize();
}

static void spice_display_unrealize(GtkWidget *widget) noexcept {
    if (auto *view = view_of(widget)) view->screen().unrealize();
    parent_widget_class->unrealize(widget);
}

static void spice_display_map(GtkWidget *widget) noexcept {
    parent_widget_class->map(widget);
    if (auto *view = view_of(widget)) view->mapped();
}

static void spice_display_unmap(GtkWidget *widget) noexcept {
    if (auto *view = view_of(widget)) view->unmapped();
    parent_widget_class->unmap(widget);
}

static void spice_display_init(GTypeInstance *instance, gpointer) noexcept {
    auto *self = reinterpret_cast<SpiceDisplay *>(instance);
    self->priv = new SpiceDisplayPrivate{self};
    gtk_widget_set_focusable(GTK_WIDGET(self), TRUE);
    gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
}

namespace {
constexpr auto construct_flags = GParamFlags(G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);
constexpr auto once_flags = GParamFlags(G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
constexpr auto read_flags = GParamFlags(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

GParamSpec *boolean(const char *name, bool value) {
    return g_param_spec_boolean(name, nullptr, nullptr, value, construct_flags);
}

void install_source_properties() {
    /**
     * SpiceDisplay:session:
     *
     * The session of this display.
     */
    props[PROP_SESSION] = g_param_spec_object("session", nullptr, nullptr, SPICE_TYPE_SESSION, once_flags);
    /**
     * SpiceDisplay:channel-id:
     *
     * The id of the display channel, and of the cursor channel, that is shown.
     */
    props[PROP_CHANNEL_ID] = g_param_spec_int("channel-id", nullptr, nullptr, 0, 255, 0, once_flags);
    /**
     * SpiceDisplay:monitor-id:
     *
     * The monitor of the channel that is shown; -1 for the whole surface.
     */
    props[PROP_MONITOR_ID] = g_param_spec_int("monitor-id", nullptr, nullptr, -1, G_MAXINT, 0, construct_flags);
    /**
     * SpiceDisplay:ready:
     *
     * Whether there is a picture to show.
     */
    props[PROP_READY] = g_param_spec_boolean("ready", nullptr, nullptr, FALSE, read_flags);
    /**
     * SpiceDisplay:guest-width:
     *
     * The width of the shown area in pixels of the guest; 0 when there is none.
     */
    props[PROP_GUEST_WIDTH] = g_param_spec_int("guest-width", nullptr, nullptr, 0, G_MAXINT, 0, read_flags);
    /**
     * SpiceDisplay:guest-height:
     *
     * The height of the shown area in pixels of the guest; 0 when there is none.
     */
    props[PROP_GUEST_HEIGHT] = g_param_spec_int("guest-height", nullptr, nullptr, 0, G_MAXINT, 0, read_flags);
}

void install_drawing_properties() {
    /**
     * SpiceDisplay:resize-guest:
     *
     * Whether the guest is asked to take the size of the widget.
     */
    props[PROP_RESIZE_GUEST] = boolean("resize-guest", false);
    /**
     * SpiceDisplay:scaling:
     *
     * Whether the picture is scaled to the size of the widget. Its aspect ratio is kept.
     */
    props[PROP_SCALING] = boolean("scaling", true);
    /**
     * SpiceDisplay:only-downscale:
     *
     * Whether #SpiceDisplay:scaling never enlarges.
     */
    props[PROP_ONLY_DOWNSCALE] = boolean("only-downscale", false);
    /**
     * SpiceDisplay:zoom-level:
     *
     * By how many percent the picture of a guest that follows the size of the widget is enlarged.
     */
    props[PROP_ZOOM_LEVEL] = g_param_spec_int("zoom-level", nullptr, nullptr, 10, 400, 100, construct_flags);
    /**
     * SpiceDisplay:scaling-filter:
     *
     * How pixels are scaled.
     */
    props[PROP_SCALING_FILTER] = g_param_spec_enum("scaling-filter", nullptr, nullptr, SPICE_TYPE_DISPLAY_SCALING_FILTER,
                                                   SPICE_DISPLAY_SCALING_FILTER_AUTO, construct_flags);
}

void install_input_properties() {
    /**
     * SpiceDisplay:grab-keyboard:
     *
     * Whether the display takes the shortcuts of the desktop while it has focus and pointer.
     */
    props[PROP_GRAB_KEYBOARD] = boolean("grab-keyboard", true);
    /**
     * SpiceDisplay:grab-mouse:
     *
     * Whether a click takes the pointer when the guest wants relative motion.
     */
    props[PROP_GRAB_MOUSE] = boolean("grab-mouse", true);
    /**
     * SpiceDisplay:disable-inputs:
     *
     * Whether keyboard and mouse are not sent to the guest.
     */
    props[PROP_DISABLE_INPUTS] = boolean("disable-inputs", false);
    /**
     * SpiceDisplay:keypress-delay:
     *
     * For how many milliseconds a key press is held back, so that a short one goes out together with its release. Over
     * a slow connection this avoids repeated characters. The environment variable `SPICE_KEYPRESS_DELAY` wins.
     */
    props[PROP_KEYPRESS_DELAY] = g_param_spec_uint("keypress-delay", nullptr, nullptr, 0, G_MAXUINT, 100, construct_flags);
    /**
     * SpiceDisplay:keyboard-grabbed:
     *
     * Whether the display holds the keyboard.
     */
    props[PROP_KEYBOARD_GRABBED] = g_param_spec_boolean("keyboard-grabbed", nullptr, nullptr, FALSE, read_flags);
    /**
     * SpiceDisplay:mouse-grabbed:
     *
     * Whether the display holds the pointer.
     */
    props[PROP_MOUSE_GRABBED] = g_param_spec_boolean("mouse-grabbed", nullptr, nullptr, FALSE, read_flags);
    /**
     * SpiceDisplay:shortcuts-inhibited:
     *
     * Whether the window system really gives its shortcuts to this window.
     */
    props[PROP_SHORTCUTS_INHIBITED] = g_param_spec_boolean("shortcuts-inhibited", nullptr, nullptr, FALSE, read_flags);
}

void install_signals() {
    /**
     * SpiceDisplay::mouse-grab:
     * @display: the display
     * @status: 1 when the pointer was taken, 0 when it was given back
     *
     * Tells that the display took the pointer or gave it back.
     */
    signals[SIGNAL_MOUSE_GRAB] = g_signal_new("mouse-grab", SPICE_TYPE_DISPLAY, G_SIGNAL_RUN_FIRST, 0, nullptr, nullptr,
                                              nullptr, G_TYPE_NONE, 1, G_TYPE_INT);
    /**
     * SpiceDisplay::keyboard-grab:
     * @display: the display
     * @status: 1 when the keyboard was taken, 0 when it was given back
     *
     * Tells that the display took the keyboard or gave it back. An application disables its own accelerators meanwhile.
     */
    signals[SIGNAL_KEYBOARD_GRAB] = g_signal_new("keyboard-grab", SPICE_TYPE_DISPLAY, G_SIGNAL_RUN_FIRST, 0, nullptr,
                                                 nullptr, nullptr, G_TYPE_NONE, 1, G_TYPE_INT);
    /**
     * SpiceDisplay::grab-keys-pressed:
     * @display: the display
     *
     * Tells that the whole combination of spice_display_set_grab_keys() is down.
     */
    signals[SIGNAL_GRAB_KEYS_PRESSED] = g_signal_new("grab-keys-pressed", SPICE_TYPE_DISPLAY, G_SIGNAL_RUN_FIRST, 0,
                                                     nullptr, nullptr, nullptr, G_TYPE_NONE, 0);
}
}

static void spice_display_class_init(gpointer klass, gpointer) noexcept {
    parent_widget_class = GTK_WIDGET_CLASS(g_type_class_peek_parent(klass));
    auto *oc = G_OBJECT_CLASS(klass);
    oc->get_property = spice_display_get_property, oc->set_property = spice_display_set_property;
    oc->constructed = spice_display_constructed, oc->dispose = spice_display_dispose;
    oc->finalize = spice_display_finalize;
    auto *wc = GTK_WIDGET_CLASS(klass);
    wc->measure = spice_display_measure, wc->get_request_mode = spice_display_get_request_mode;
    wc->size_allocate = spice_display_size_allocate, wc->snapshot = spice_display_snapshot;
    wc->realize = spice_display_realize, wc->unrealize = spice_display_unrealize;
    wc->map = spice_display_map, wc->unmap = spice_display_unmap;
    gtk_widget_class_set_css_name(wc, "spicedisplay");
    gtk_widget_class_set_accessible_role(wc, GTK_ACCESSIBLE_ROLE_IMG);
    install_source_properties();
    install_drawing_properties();
    install_input_properties();
    g_object_class_install_properties(oc, N_PROPS, props);
    install_signals();
}

/**
 * spice_display_new: (constructor)
 * @session: a #SpiceSession
 * @channel_id: the id of the display channel
 *
 * Makes a widget for a display channel.
 *
 * Returns: (transfer floating): a new #SpiceDisplay
 */
SpiceDisplay *spice_display_new(SpiceSession *session, int channel_id) {
    return spice_display_new_with_monitor(session, channel_id, 0);
}

/**
 * spice_display_new_with_monitor: (constructor)
 * @session: a #SpiceSession
 * @channel_id: the id of the display channel
 * @monitor_id: the monitor of that channel, -1 for the whole surface
 *
 * Makes a widget for one monitor of a display channel.
 *
 * Returns: (transfer floating): a new #SpiceDisplay
 */
SpiceDisplay *spice_display_new_with_monitor(SpiceSession *session, gint channel_id, gint monitor_id) {
    return SPICE_DISPLAY(g_object_new(SPICE_TYPE_DISPLAY, "session", session, "channel-id", channel_id, "monitor-id",
                                      monitor_id, nullptr));
}

/**
 * spice_display_mouse_ungrab:
 * @display: a #SpiceDisplay
 *
 * Gives the pointer back if the display holds it.
 */
void spice_display_mouse_ungrab(SpiceDisplay *display) {
    g_return_if_fail(SPICE_IS_DISPLAY(display));
    if (auto *view = view_of(display)) view->grabs().ungrab_mouse();
}

/**
 * spice_display_keyboard_ungrab:
 * @display: a #SpiceDisplay
 *
 * Gives the keyboard back if the display holds it. It may be taken again when the pointer or the focus returns.
 */
void spice_display_keyboard_ungrab(SpiceDisplay *display) {
    g_return_if_fail(SPICE_IS_DISPLAY(display));
    if (auto *view = view_of(display)) view->grabs().ungrab_keyboard();
}

/**
 * spice_display_request_grab:
 * @display: a #SpiceDisplay
 * @event: (nullable): the event that the user asked with
 *
 * Takes the keyboard, and the pointer when the guest wants relative motion, even if the user released them before.
 */
void spice_display_request_grab(SpiceDisplay *display, GdkEvent *event) {
    g_return_if_fail(SPICE_IS_DISPLAY(display));
    if (auto *view = view_of(display)) view->grabs().request(event);
}

/**
 * spice_display_set_grab_keys:
 * @display: a #SpiceDisplay
 * @seq: (nullable): the keys, %NULL for the default Control_L+Alt_L; a sequence without keys for no combination
 *
 * Sets the key combination that takes and releases the grab.
 */
void spice_display_set_grab_keys(SpiceDisplay *display, SpiceGrabSequence *seq) {
    g_return_if_fail(SPICE_IS_DISPLAY(display));
    auto &p = priv_of(display);
    auto *copy = seq ? spice_grab_sequence_copy(seq) : spice_grab_sequence_new_from_string("Control_L+Alt_L");
    spice_grab_sequence_free(std::exchange(p.grab_keys, copy));
    if (!p.view) return;
    p.view->grabs().keys().set_keys(copy->keys);
    p.describe();
}

/**
 * spice_display_get_grab_keys:
 * @display: a #SpiceDisplay
 *
 * Gets the key combination that takes and releases the grab.
 *
 * Returns: (transfer none): the keys
 */
SpiceGrabSequence *spice_display_get_grab_keys(SpiceDisplay *display) {
    g_return_val_if_fail(SPICE_IS_DISPLAY(display), nullptr);
    auto &p = priv_of(display);
    if (!p.grab_keys) spice_display_set_grab_keys(display, nullptr);
    return p.grab_keys;
}

/**
 * spice_display_send_keys:
 * @display: a #SpiceDisplay
 * @keyvals: (array length=nkeyvals): the keys, as of gdk_keyval_from_name()
 * @nkeyvals: their number
 * @kind: whether they are pressed, released or both
 *
 * Sends keys to the guest. They are pressed in the given order and released in the reverse order.
 */
void spice_display_send_keys(SpiceDisplay *display, const guint *keyvals, int nkeyvals, SpiceDisplayKeyEvent kind) {
    g_return_if_fail(SPICE_IS_DISPLAY(display));
    g_return_if_fail(nkeyvals >= 0 && (keyvals != nullptr || nkeyvals == 0));
    if (auto *view = view_of(display)) view->keyboard().send_keys({keyvals, static_cast<std::size_t>(nkeyvals)}, kind);
}

/**
 * spice_display_get_guest_position:
 * @display: a #SpiceDisplay
 * @x: horizontal position in the widget
 * @y: vertical position in the widget
 * @guest_x: (out) (optional): the guest's pixel there
 * @guest_y: (out) (optional): the guest's pixel there
 *
 * Finds the pixel of the guest that is drawn at a position of the widget.
 *
 * Returns: whether there is one
 */
gboolean spice_display_get_guest_position(SpiceDisplay *display, double x, double y, int *guest_x, int *guest_y) {
    g_return_val_if_fail(SPICE_IS_DISPLAY(display), FALSE);
    auto *view = view_of(display);
    const auto p = view ? spice::gtk::to_guest(view->screen().layout(), x, y) : spice::gtk::GuestPoint{};
    if (guest_x) *guest_x = p.x;
    if (guest_y) *guest_y = p.y;
    return p.inside;
}

/**
 * spice_display_get_texture:
 * @display: a #SpiceDisplay
 *
 * Takes a copy of the shown area in the guest's resolution, without the pointer.
 *
 * Returns: (transfer full) (nullable): an opaque texture, %NULL when there is no picture
 */
GdkTexture *spice_display_get_texture(SpiceDisplay *display) {
    g_return_val_if_fail(SPICE_IS_DISPLAY(display), nullptr);
    auto *view = view_of(display);
    return view ? view->screen().texture().release() : nullptr;
}

/**
 * spice_display_get_pixbuf:
 * @display: a #SpiceDisplay
 *
 * Takes a copy of the shown area in the guest's resolution, without the pointer and without alpha.
 *
 * Returns: (transfer full) (nullable): a pixbuf, %NULL when there is no picture
 */
GdkPixbuf *spice_display_get_pixbuf(SpiceDisplay *display) {
    g_return_val_if_fail(SPICE_IS_DISPLAY(display), nullptr);
    auto *view = view_of(display);
    return view ? spice::gtk::to_pixbuf(view->screen().frame()).release() : nullptr;
}
