// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "clipboard/gtk-session.hh"

#include "input/session-hub.hh"

#include "spice-client-gtk.h"

#include <memory>
#include <mutex>

/**
 * SpiceGtkSession:
 *
 * The part of a session that belongs to the desktop: what all #SpiceDisplay of one #SpiceSession share. There is one per
 * session; get it with spice_gtk_session_get().
 */
struct SpiceGtkSessionPrivate final : spice::gtk::SessionHub::Observer {
    explicit SpiceGtkSessionPrivate(SpiceGtkSession *o) : owner{o} {}
    void hub_notify_pointer_grabbed() override;
    SpiceGtkSession *owner;
    spice::gtk::Weak<SpiceSession> session;
    std::unique_ptr<spice::gtk::SessionHub> hub;
    bool sync_modifiers = true;
};

struct _SpiceGtkSession {
    GObject parent;
    SpiceGtkSessionPrivate *priv;
};
struct _SpiceGtkSessionClass {
    GObjectClass parent_class;
};

G_DEFINE_FINAL_TYPE(SpiceGtkSession, spice_gtk_session, G_TYPE_OBJECT)

namespace {
enum Prop : guint { PROP_SESSION = 1, PROP_SYNC_MODIFIERS, PROP_POINTER_GRABBED, N_PROPS };
GParamSpec *props[N_PROPS];
constexpr char data_key[] = "spice-gtk-session";

SpiceGtkSessionPrivate &priv_of(gpointer obj) { return *SPICE_GTK_SESSION(obj)->priv; }
}

void SpiceGtkSessionPrivate::hub_notify_pointer_grabbed() {
    g_object_notify_by_pspec(G_OBJECT(owner), props[PROP_POINTER_GRABBED]);
}

static void spice_gtk_session_get_property(GObject *obj, guint id, GValue *v, GParamSpec *spec) noexcept {
    auto &p = priv_of(obj);
    switch (id) {
    case PROP_SESSION: g_value_set_object(v, p.session.get()); break;
    case PROP_SYNC_MODIFIERS: g_value_set_boolean(v, p.sync_modifiers); break;
    case PROP_POINTER_GRABBED: g_value_set_boolean(v, p.hub && p.hub->pointer_grabbed()); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(obj, id, spec);
    }
}

static void spice_gtk_session_set_property(GObject *obj, guint id, const GValue *v, GParamSpec *spec) noexcept {
    auto &p = priv_of(obj);
    switch (id) {
    case PROP_SESSION: p.session.set(SPICE_SESSION(g_value_get_object(v))); break;
    case PROP_SYNC_MODIFIERS:
        p.sync_modifiers = g_value_get_boolean(v);
        if (p.hub) p.hub->locks().set_enabled(p.sync_modifiers);
        break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(obj, id, spec);
    }
}

static void spice_gtk_session_constructed(GObject *obj) noexcept {
    G_OBJECT_CLASS(spice_gtk_session_parent_class)->constructed(obj);
    auto &p = priv_of(obj);
    if (!p.session) {
        g_critical("A SpiceGtkSession needs a SpiceSession");
        return;
    }
    p.hub = std::make_unique<spice::gtk::SessionHub>(p.session.get(), p);
    p.hub->locks().set_enabled(p.sync_modifiers);
}

static void spice_gtk_session_finalize(GObject *obj) noexcept {
    delete SPICE_GTK_SESSION(obj)->priv;
    G_OBJECT_CLASS(spice_gtk_session_parent_class)->finalize(obj);
}

static void spice_gtk_session_init(SpiceGtkSession *self) { self->priv = new SpiceGtkSessionPrivate{self}; }

static void spice_gtk_session_class_init(SpiceGtkSessionClass *klass) {
    auto *oc = G_OBJECT_CLASS(klass);
    oc->get_property = spice_gtk_session_get_property, oc->set_property = spice_gtk_session_set_property;
    oc->constructed = spice_gtk_session_constructed, oc->finalize = spice_gtk_session_finalize;
    /**
     * SpiceGtkSession:session:
     *
     * The session that this object belongs to.
     */
    props[PROP_SESSION] =
        g_param_spec_object("session", nullptr, nullptr, SPICE_TYPE_SESSION,
                            GParamFlags(G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));
    /**
     * SpiceGtkSession:sync-modifiers:
     *
     * Whether the guest's Caps Lock, Num Lock and Scroll Lock follow those of the host.
     */
    props[PROP_SYNC_MODIFIERS] =
        g_param_spec_boolean("sync-modifiers", nullptr, nullptr, TRUE,
                             GParamFlags(G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));
    /**
     * SpiceGtkSession:pointer-grabbed:
     *
     * Whether a display of this session holds the pointer.
     */
    props[PROP_POINTER_GRABBED] = g_param_spec_boolean("pointer-grabbed", nullptr, nullptr, FALSE,
                                                       GParamFlags(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
    g_object_class_install_properties(oc, N_PROPS, props);
}

/**
 * spice_gtk_session_get:
 * @session: a #SpiceSession
 *
 * Gets the #SpiceGtkSession of @session, which is created at the first call and lives as long as @session.
 *
 * Returns: (transfer none): the #SpiceGtkSession of @session
 */
SpiceGtkSession *spice_gtk_session_get(SpiceSession *session) {
    g_return_val_if_fail(SPICE_IS_SESSION(session), nullptr);
    static std::mutex mutex;
    const std::lock_guard lock{mutex};
    auto *self = static_cast<SpiceGtkSession *>(g_object_get_data(G_OBJECT(session), data_key));
    if (!self) {
        self = SPICE_GTK_SESSION(g_object_new(SPICE_TYPE_GTK_SESSION, "session", session, nullptr));
        g_object_set_data_full(G_OBJECT(session), data_key, self, g_object_unref);
    }
    return self;
}

spice::gtk::SessionHub &spice::gtk::hub_of(SpiceSession *session) { return *priv_of(spice_gtk_session_get(session)).hub; }
