// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#ifndef __SPICE_CLIENT_CHANNEL_H__
#define __SPICE_CLIENT_CHANNEL_H__

#if !defined(__SPICE_CLIENT_H_INSIDE__) && !defined(SPICE_COMPILATION)
#warning "Only <spice-client.h> can be included directly"
#endif

#include <gio/gio.h>
#include "spice-types.h"
#include "spice-glib-enums.h"
#include "spice-util.h"

G_BEGIN_DECLS

#define SPICE_TYPE_CHANNEL            (spice_channel_get_type())
#define SPICE_CHANNEL(obj)            (G_TYPE_CHECK_INSTANCE_CAST((obj), SPICE_TYPE_CHANNEL, SpiceChannel))
#define SPICE_CHANNEL_CLASS(klass)    (G_TYPE_CHECK_CLASS_CAST((klass), SPICE_TYPE_CHANNEL, SpiceChannelClass))
#define SPICE_IS_CHANNEL(obj)         (G_TYPE_CHECK_INSTANCE_TYPE((obj), SPICE_TYPE_CHANNEL))
#define SPICE_IS_CHANNEL_CLASS(klass) (G_TYPE_CHECK_CLASS_TYPE((klass), SPICE_TYPE_CHANNEL))
#define SPICE_CHANNEL_GET_CLASS(obj)  (G_TYPE_INSTANCE_GET_CLASS((obj), SPICE_TYPE_CHANNEL, SpiceChannelClass))

typedef struct _SpiceMsgIn SpiceMsgIn;
typedef struct _SpiceMsgOut SpiceMsgOut;

typedef enum {
    SPICE_CHANNEL_NONE          = 0,
    SPICE_CHANNEL_OPENED        = 10,
    SPICE_CHANNEL_SWITCHING     = 11,
    SPICE_CHANNEL_CLOSED        = 12,
    SPICE_CHANNEL_ERROR_CONNECT = 20,
    SPICE_CHANNEL_ERROR_TLS     = 21,
    SPICE_CHANNEL_ERROR_LINK    = 22,
    SPICE_CHANNEL_ERROR_AUTH    = 23,
    SPICE_CHANNEL_ERROR_IO      = 24,
} SpiceChannelEvent;

struct _SpiceChannel {
    GObject parent;
    SpiceChannelPrivate *priv;
};

typedef struct _SpiceChannelClassPrivate SpiceChannelClassPrivate;

struct _SpiceChannelClass {
    GObjectClass parent_class;

    void (*channel_event)(SpiceChannel *channel, SpiceChannelEvent event);
    void (*open_fd)(SpiceChannel *channel, int with_tls);

    /* Slots of the former implementation, kept for the layout; nothing calls them. */
    void (*handle_msg)(SpiceChannel *channel, SpiceMsgIn *msg);
    void (*channel_up)(SpiceChannel *channel);
    void (*iterate_write)(SpiceChannel *channel);
    void (*iterate_read)(SpiceChannel *channel);
    /*< private >*/
    gpointer deprecated;
    /*< public >*/
    void (*channel_reset)(SpiceChannel *channel, gboolean migrating);
    /*< private >*/
    gpointer deprecated2;
    /*< public >*/
    void (*channel_send_migration_handshake)(SpiceChannel *channel);
    /*< private >*/
    SpiceChannelClassPrivate *priv;
    gpointer _spice_reserved[8];
};

typedef void (*spice_msg_handler)(SpiceChannel *channel, SpiceMsgIn *in);

GType spice_channel_get_type(void);

SpiceChannel *spice_channel_new(SpiceSession *s, int type, int id);
gboolean spice_channel_connect(SpiceChannel *channel);
gboolean spice_channel_open_fd(SpiceChannel *channel, int fd);
void spice_channel_disconnect(SpiceChannel *channel, SpiceChannelEvent reason);
gboolean spice_channel_test_capability(SpiceChannel *channel, guint32 cap);
gboolean spice_channel_test_common_capability(SpiceChannel *channel, guint32 cap);
void spice_channel_flush_async(SpiceChannel *channel, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
gboolean spice_channel_flush_finish(SpiceChannel *channel, GAsyncResult *result, GError **error);
const GError *spice_channel_get_error(SpiceChannel *channel);

const gchar *spice_channel_type_to_string(gint type);
gint spice_channel_string_to_type(const gchar *str);

#ifndef SPICE_DISABLE_DEPRECATED
G_DEPRECATED
void spice_channel_set_capability(SpiceChannel *channel, guint32 cap);
G_DEPRECATED
void spice_channel_destroy(SpiceChannel *channel);
#endif

G_END_DECLS

#endif
