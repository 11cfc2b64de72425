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
 * @y0top: the flag of that name in the protocol. When it is set, the first row in memory is the lowest of the picture
 *
 * A picture that the server shares as a DMA buffer.
 */

/**
 * SpiceGlScanout2:
 * @width: width in pixels
 * @height: height in pixels
 * @format: the pixel format as a DRM FourCC
 * @y0top: as in #SpiceGlScanout
 * @modifier: how the pixels lie in the buffers, as a DRM format modifier; 0x00ffffffffffffff leaves it to the driver
 * @num_planes: how many planes there are, 1 to 4
 * @fds: a DMA buffer for each plane
 * @offsets: where each plane begins in its buffer
 * @strides: bytes from one row of each plane to the next
 *
 * A picture that the server shares as DMA buffers.
 *
 * Since: 0.42.1
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
 * @format: (type gint): the pixel format, a value of SpiceSurfaceFmt
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

static SpiceGlScanout2 *copy_scanout2(SpiceGlScanout2 *scanout) noexcept {
    auto *copy = g_new(SpiceGlScanout2, 1);
    *copy = *scanout;
    for (auto &fd : copy->fds)
        if (fd >= 0) fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return copy;
}

G_DEFINE_BOXED_TYPE(SpiceGlScanout2, spice_gl_scanout2, copy_scanout2, spice_gl_scanout2_free)

/**
 * spice_gl_scanout2_free:
 * @scanout: a #SpiceGlScanout2 that was copied
 *
 * Frees a copy and closes its buffers.
 *
 * Since: 0.42.1
 */
void spice_gl_scanout2_free(SpiceGlScanout2 *scanout) {
    g_return_if_fail(scanout != nullptr);
    for (const auto fd : scanout->fds)
        if (fd >= 0) close(fd);
    g_free(scanout);
}
