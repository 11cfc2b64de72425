// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "spice-client.h"

#include <fcntl.h>
#include <unistd.h>

/**
 * SpiceGlScanout:
 * @fd: a DMA buffer, or -1
 * @width: width in pixels
 * @height: height in pixels
 * @stride: bytes from one row to the next
 * @format: the pixel format as a DRM FourCC
 * @y0top: whether row 0 is the top one
 *
 * A picture that the server shares as a DMA buffer.
 */

/**
 * SpiceDisplayMonitorConfig:
 * @id: number of the monitor
 * @surface_id: the surface that it shows
 * @x: first column of its area on the surface
 * @y: first row of its area on the surface
 * @width: width of its area
 * @height: height of its area
 *
 * The part of a surface that is one of the guest's monitors.
 */

/**
 * SpiceDisplayPrimary:
 * @format: the pixel format
 * @width: width in pixels
 * @height: height in pixels
 * @stride: bytes from one row to the next
 * @shmid: always -1
 * @data: the pixels, owned by the channel
 * @marked: whether the picture is ready to be shown
 *
 * The picture of a display. The pixels change only between callbacks of the application and stay mapped until the
 * handlers of #SpiceDisplayChannel::display-primary-destroy have returned.
 */

static SpiceGlScanout *copy_scanout(SpiceGlScanout *scanout) noexcept {
    auto *copy = g_new(SpiceGlScanout, 1);
    *copy = *scanout;
    if (scanout->fd >= 0) copy->fd = fcntl(scanout->fd, F_DUPFD_CLOEXEC, 0);
    return copy;
}

G_DEFINE_BOXED_TYPE(SpiceGlScanout, spice_gl_scanout, copy_scanout, spice_gl_scanout_free)

/**
 * spice_gl_scanout_free:
 * @scanout: a #SpiceGlScanout that was copied
 *
 * Frees a copy and closes its buffer.
 */
void spice_gl_scanout_free(SpiceGlScanout *scanout) {
    g_return_if_fail(scanout != nullptr);
    if (scanout->fd >= 0) close(scanout->fd);
    g_free(scanout);
}
