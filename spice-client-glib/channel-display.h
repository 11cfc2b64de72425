// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#ifndef __SPICE_CLIENT_DISPLAY_CHANNEL_H__
#define __SPICE_CLIENT_DISPLAY_CHANNEL_H__

#if !defined(__SPICE_CLIENT_H_INSIDE__) && !defined(SPICE_COMPILATION)
#warning "Only <spice-client.h> can be included directly"
#endif

#include "spice-client.h"

G_BEGIN_DECLS

#define SPICE_TYPE_DISPLAY_CHANNEL            (spice_display_channel_get_type())
#define SPICE_DISPLAY_CHANNEL(obj)            (G_TYPE_CHECK_INSTANCE_CAST((obj), SPICE_TYPE_DISPLAY_CHANNEL, SpiceDisplayChannel))
#define SPICE_DISPLAY_CHANNEL_CLASS(klass)    (G_TYPE_CHECK_CLASS_CAST((klass), SPICE_TYPE_DISPLAY_CHANNEL, SpiceDisplayChannelClass))
#define SPICE_IS_DISPLAY_CHANNEL(obj)         (G_TYPE_CHECK_INSTANCE_TYPE((obj), SPICE_TYPE_DISPLAY_CHANNEL))
#define SPICE_IS_DISPLAY_CHANNEL_CLASS(klass) (G_TYPE_CHECK_CLASS_TYPE((klass), SPICE_TYPE_DISPLAY_CHANNEL))
#define SPICE_DISPLAY_CHANNEL_GET_CLASS(obj)  (G_TYPE_INSTANCE_GET_CLASS((obj), SPICE_TYPE_DISPLAY_CHANNEL, SpiceDisplayChannelClass))

typedef struct _SpiceDisplayChannel SpiceDisplayChannel;
typedef struct _SpiceDisplayChannelClass SpiceDisplayChannelClass;
typedef struct _SpiceDisplayChannelPrivate SpiceDisplayChannelPrivate;

#define SPICE_TYPE_GL_SCANOUT (spice_gl_scanout_get_type())

#define SPICE_TYPE_GL_SCANOUT2 (spice_gl_scanout2_get_type())

typedef struct _SpiceGlScanout SpiceGlScanout;
typedef struct _SpiceGlScanout2 SpiceGlScanout2;
typedef struct _SpiceDisplayMonitorConfig SpiceDisplayMonitorConfig;
typedef struct _SpiceDisplayPrimary SpiceDisplayPrimary;

struct _SpiceGlScanout {
    gint     fd;
    guint32  width;
    guint32  height;
    guint32  stride;
    guint32  format;
    gboolean y0top;
};

struct _SpiceGlScanout2 {
    guint32  width;
    guint32  height;
    guint32  format;
    gboolean y0top;
    guint64  modifier;
    guint    num_planes;
    gint     fds[4];
    guint32  offsets[4];
    guint32  strides[4];
};

struct _SpiceDisplayMonitorConfig {
    guint id;
    guint surface_id;
    guint x;
    guint y;
    guint width;
    guint height;
};

struct _SpiceDisplayPrimary {
    enum SpiceSurfaceFmt format;
    gint     width;
    gint     height;
    gint     stride;
    gint     shmid;
    guint8  *data;
    gboolean marked;
};

struct _SpiceDisplayChannel {
    SpiceChannel parent;

    /*< private >*/
    SpiceDisplayChannelPrivate *priv;
};

struct _SpiceDisplayChannelClass {
    SpiceChannelClass parent_class;

    void (*display_primary_create)(SpiceChannel *channel, gint format, gint width, gint height,
                                   gint stride, gint shmid, gpointer data);
    void (*display_primary_destroy)(SpiceChannel *channel);
    void (*display_invalidate)(SpiceChannel *channel, gint x, gint y, gint w, gint h);
    void (*display_mark)(SpiceChannel *channel, gboolean mark);
};

GType spice_display_channel_get_type(void);

gboolean spice_display_channel_get_primary(SpiceChannel *channel, guint32 surface_id,
                                           SpiceDisplayPrimary *primary);
void spice_display_channel_change_preferred_compression(SpiceChannel *channel, gint compression);
void spice_display_channel_change_preferred_video_codec_type(SpiceChannel *channel,
                                                             gint codec_type);
gboolean spice_display_channel_change_preferred_video_codec_types(SpiceChannel *channel,
                                                                  const gint *codecs, gsize ncodecs,
                                                                  GError **err);
const SpiceGlScanout *spice_display_channel_get_gl_scanout(SpiceDisplayChannel *channel);
const SpiceGlScanout2 *spice_display_channel_get_gl_scanout2(SpiceDisplayChannel *channel);
GList *spice_display_channel_list_monitors(SpiceDisplayChannel *channel);
void spice_display_channel_accept_gl_scanout2(SpiceDisplayChannel *channel);
void spice_display_channel_gl_draw_done(SpiceDisplayChannel *channel);

GType spice_gl_scanout_get_type(void) G_GNUC_CONST;
void spice_gl_scanout_free(SpiceGlScanout *scanout);
GType spice_gl_scanout2_get_type(void) G_GNUC_CONST;
void spice_gl_scanout2_free(SpiceGlScanout2 *scanout);

#ifndef SPICE_DISABLE_DEPRECATED
G_DEPRECATED_FOR(spice_display_channel_change_preferred_compression)
void spice_display_change_preferred_compression(SpiceChannel *channel, gint compression);
G_DEPRECATED_FOR(spice_display_channel_change_preferred_video_codec_type)
void spice_display_change_preferred_video_codec_type(SpiceChannel *channel, gint codec_type);
G_DEPRECATED_FOR(spice_display_channel_get_gl_scanout)
const SpiceGlScanout *spice_display_get_gl_scanout(SpiceDisplayChannel *channel);
G_DEPRECATED_FOR(spice_display_channel_get_primary)
gboolean spice_display_get_primary(SpiceChannel *channel, guint32 surface_id,
                                   SpiceDisplayPrimary *primary);
G_DEPRECATED_FOR(spice_display_channel_gl_draw_done)
void spice_display_gl_draw_done(SpiceDisplayChannel *channel);
#endif

G_END_DECLS

#endif
