// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "base/unique-fd.hh"
#include "wire/messages-display.hh"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace spice::channel {

inline constexpr uint32_t cap_gl_scanout2 = 15; // newer than protocol 0.14.3's names

// A picture that the server shares as dma-bufs. Immutable once made; closes its descriptors.
struct GlScanout {
    struct Plane {
        UniqueFd fd;
        uint32_t offset = 0, stride = 0;
    };
    static constexpr std::size_t max_planes = 4;
    static constexpr uint64_t implicit_modifier = 0x00ff'ffff'ffff'ffff;

    uint32_t width = 0, height = 0;
    uint32_t format = 0; // DRM FourCC
    bool y0top = false;
    uint64_t modifier = implicit_modifier;
    std::vector<Plane> planes; // one at least
};

// Null: the server shows no scanout any more.
struct ScanoutChanged {
    std::unique_ptr<GlScanout> scanout;
};
struct GlDrawn {
    uint32_t x, y, width, height;
};

// The engine's part: turns a scanout message and the descriptors behind it into one event. Bound to the engine's thread.
class ScanoutReader {
public:
    // How many descriptors follow the message: 0 when the scanout ends.
    Result<std::size_t> begin(uint16_t message_type, wire::Bytes body);
    ScanoutChanged finish(std::vector<UniqueFd> fds);

    // What a scanout counts in the queue to the main context. Descriptors are scarcer than memory: one is enough to make
    // the server wait for a slow application, and 16 when another display waits for an image behind them.
    static constexpr std::size_t cost = 16u << 20;

private:
    std::unique_ptr<GlScanout> scanout_;
};

// The model's part: the scanout that is shown and the draws that the server waits for. Bound to the main context.
class ScanoutState {
public:
    const GlScanout *current() const noexcept { return scanout_.get(); }
    // The answer is the old one, to be dropped once the change was told.
    [[nodiscard]] std::unique_ptr<GlScanout> change(std::unique_ptr<GlScanout> scanout) noexcept;

    void draw_begun() noexcept { ++draws_; }
    // True: one draw was still open, the server is to be told. Further answers would make it hang up.
    bool answer() noexcept;
    void forget_draws() noexcept { draws_ = 0; } // the connection is gone

private:
    std::unique_ptr<GlScanout> scanout_;
    unsigned draws_ = 0;
};

}
