// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/display-signals.hh"

#include "spice-client.h"

#include <gst/gst.h>

namespace spice::api {
namespace {

void install_picture_signals(guint (&signals)[N_DISPLAY_SIGNALS], GType type) {
    /**
     * SpiceDisplayChannel::display-primary-create:
     * @display: the channel
     * @format: the pixel format, a value of SpiceSurfaceFmt
     * @width: width in pixels
     * @height: height in pixels
     * @stride: bytes from one row to the next
     * @shmid: always -1
     * @imgdata: the pixels
     *
     * The display has a picture. @imgdata stays valid until the handlers of
     * #SpiceDisplayChannel::display-primary-destroy have returned.
     */
    signals[SIGNAL_PRIMARY_CREATE] =
        g_signal_new("display-primary-create", type, G_SIGNAL_RUN_FIRST,
                     G_STRUCT_OFFSET(SpiceDisplayChannelClass, display_primary_create), nullptr, nullptr, nullptr,
                     G_TYPE_NONE, 6, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT, G_TYPE_POINTER);
    /**
     * SpiceDisplayChannel::display-primary-destroy:
     * @display: the channel
     *
     * The picture goes away; its pixels may not be used after the handler.
     */
    signals[SIGNAL_PRIMARY_DESTROY] =
        g_signal_new("display-primary-destroy", type, G_SIGNAL_RUN_FIRST,
                     G_STRUCT_OFFSET(SpiceDisplayChannelClass, display_primary_destroy), nullptr, nullptr, nullptr,
                     G_TYPE_NONE, 0);
    /**
     * SpiceDisplayChannel::display-invalidate:
     * @display: the channel
     * @x: first column
     * @y: first row
     * @width: number of columns
     * @height: number of rows
     *
     * Pixels have changed.
     */
    signals[SIGNAL_INVALIDATE] =
        g_signal_new("display-invalidate", type, G_SIGNAL_RUN_FIRST,
                     G_STRUCT_OFFSET(SpiceDisplayChannelClass, display_invalidate), nullptr, nullptr, nullptr,
                     G_TYPE_NONE, 4, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT);
    /**
     * SpiceDisplayChannel::display-mark:
     * @display: the channel
     * @mark: whether the picture is ready
     *
     * The picture is ready to be shown, or, with 0, the display is off.
     */
    signals[SIGNAL_MARK] = g_signal_new("display-mark", type, G_SIGNAL_RUN_FIRST,
                                        G_STRUCT_OFFSET(SpiceDisplayChannelClass, display_mark), nullptr, nullptr,
                                        nullptr, G_TYPE_NONE, 1, G_TYPE_INT);
}

void install_stream_signals(guint (&signals)[N_DISPLAY_SIGNALS], GType type) {
    constexpr auto no_flags = static_cast<GSignalFlags>(0);
    /**
     * SpiceDisplayChannel::gl-draw:
     * @display: the channel
     * @x: first column
     * @y: first row
     * @width: number of columns
     * @height: number of rows
     *
     * A part of the scanout is to be shown. Call spice_display_channel_gl_draw_done() once it is: the server waits
     * for it.
     */
    signals[SIGNAL_GL_DRAW] = g_signal_new("gl-draw", type, no_flags, 0, nullptr, nullptr, nullptr, G_TYPE_NONE, 4,
                                           G_TYPE_UINT, G_TYPE_UINT, G_TYPE_UINT, G_TYPE_UINT);
    /**
     * SpiceDisplayChannel::streaming-mode:
     * @display: the channel
     * @streaming_mode: not used
     *
     * Never emitted.
     *
     * Deprecated: 0.37: use #SpiceDisplayChannel::gst-video-overlay
     *
     * Returns: (nullable) (transfer none): nothing
     */
    signals[SIGNAL_STREAMING_MODE] = g_signal_new("streaming-mode", type, G_SIGNAL_DEPRECATED, 0, nullptr, nullptr,
                                                  nullptr, G_TYPE_POINTER, 1, G_TYPE_BOOLEAN);
    /**
     * SpiceDisplayChannel::gst-video-overlay:
     * @display: the channel
     * @pipeline: (type Gst.Pipeline): the pipeline that decodes the video
     *
     * A video fills the whole display. The application may let @pipeline draw into a window of its own.
     *
     * Returns: %TRUE if the application has set up the overlay
     */
    signals[SIGNAL_VIDEO_OVERLAY] = g_signal_new("gst-video-overlay", type, no_flags, 0, nullptr, nullptr, nullptr,
                                                 G_TYPE_BOOLEAN, 1, GST_TYPE_PIPELINE);
}

}

void install_display_signals(guint (&signals)[N_DISPLAY_SIGNALS]) {
    install_picture_signals(signals, SPICE_TYPE_DISPLAY_CHANNEL);
    install_stream_signals(signals, SPICE_TYPE_DISPLAY_CHANNEL);
}

}
