// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/scanout.hh"

#include <fcntl.h>
#include <linux/dma-buf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <utility>

namespace spice::gtk {

namespace {
constexpr uint32_t fourcc(char a, char b, char c, char d) noexcept {
    return static_cast<uint32_t>(a) | static_cast<uint32_t>(b) << 8 | static_cast<uint32_t>(c) << 16 |
           static_cast<uint32_t>(d) << 24;
}
constexpr uint32_t max_side = 32768;

// Other memory than a dma-buf refuses the request; reading it needs no preparation.
void sync(int fd, uint64_t flags) noexcept {
    dma_buf_sync request{};
    request.flags = flags | DMA_BUF_SYNC_READ;
    ioctl(fd, DMA_BUF_IOCTL_SYNC, &request);
}
}

bool Scanout::open(const SpiceGlScanout &s) {
    close();
    const bool rgb = s.format == fourcc('X', 'R', '2', '4') || s.format == fourcc('A', 'R', '2', '4');
    swap_red_blue_ = s.format == fourcc('X', 'B', '2', '4') || s.format == fourcc('A', 'B', '2', '4');
    if (s.fd < 0 || (!rgb && !swap_red_blue_) || s.width == 0 || s.height == 0) return false;
    if (s.width > max_side || s.height > max_side || s.stride / 4 < s.width || s.stride > max_side * 16) return false;
    const auto size = static_cast<std::size_t>(s.stride) * s.height;
    const int fd = fcntl(s.fd, F_DUPFD_CLOEXEC, 3);
    if (fd < 0) return false;
    // A buffer that is shorter than it claims would fault while it is read.
    const off_t end = lseek(fd, 0, SEEK_END);
    void *map = end >= 0 && static_cast<uint64_t>(end) >= size ? mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
    if (map == MAP_FAILED) {
        ::close(fd);
        return false;
    }
    fd_ = fd, map_ = static_cast<const uint8_t *>(map), size_ = size, stride_ = s.stride;
    width_ = static_cast<int>(s.width), height_ = static_cast<int>(s.height);
    bottom_up_ = s.y0top; // the name misleads: set when the first row in memory is the lowest one
    copy_.resize(static_cast<std::size_t>(s.width) * s.height);
    refresh({0, 0, width_, height_});
    return true;
}

void Scanout::close() {
    if (map_) munmap(const_cast<uint8_t *>(std::exchange(map_, nullptr)), size_);
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    width_ = height_ = 0;
    copy_.clear();
}

void Scanout::refresh(const Rect &changed) {
    const Rect whole{0, 0, width_, height_};
    const Rect r = bottom_up_ ? whole : intersect(changed, whole);
    if (!map_ || r.empty()) return;
    sync(fd_, DMA_BUF_SYNC_START);
    for (int y = r.y; y < r.y + r.h; ++y) {
        const int memory_row = bottom_up_ ? height_ - 1 - y : y;
        const auto *src = map_ + static_cast<std::size_t>(memory_row) * stride_ + static_cast<std::size_t>(r.x) * 4;
        auto *dst = copy_.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + r.x;
        std::memcpy(dst, src, static_cast<std::size_t>(r.w) * 4);
        if (!swap_red_blue_) continue;
        for (int i = 0; i < r.w; ++i) dst[i] = (dst[i] & 0xff00ff00u) | (dst[i] & 0xff) << 16 | (dst[i] >> 16 & 0xff);
    }
    sync(fd_, DMA_BUF_SYNC_END);
}

}
