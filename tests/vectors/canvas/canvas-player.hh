// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/glz-window.hh"
#include "display/canvas.hh"
#include "display/palette-cache.hh"
#include "display/surface.hh"

#include <functional>
#include <map>
#include <string>
#include <vector>

// The display channel boiled down to what its pixels depend on: messages are parsed, decoded and drawn in turn.
namespace canvas_vectors {

class Player {
public:
    // `slice_rows` > 0: drawings that may be sliced are drawn in bands of so many rows.
    explicit Player(int32_t slice_rows) : slice_rows_{slice_rows} {}

    void play(uint16_t type, std::span<const std::byte> body);
    const spice::display::Surface *primary() const { return surfaces_.find(primary_); }
    // What went wrong since the last call: parse errors, decoder errors, drawing faults.
    std::vector<std::string> take_faults() { return std::exchange(faults_, {}); }

private:
    struct Cached {
        spice::display::Picture picture;
        bool lossy = false;
    };
    template <class M> bool draw_if(uint16_t type, std::span<const std::byte> body);
    template <class M, class F> bool handle_if(uint16_t type, std::span<const std::byte> body, F &&handle);
    void create(uint32_t id, uint32_t format, uint32_t width, uint32_t height, uint32_t flags);
    bool control(uint16_t type, std::span<const std::byte> body);
    void draw(const spice::display::DrawOp &op);
    spice::display::Picture resolve(const spice::wire::Image &image, uint32_t surface_id, bool mask);
    spice::display::Picture decode(const spice::wire::Image &image, uint32_t surface_id, bool mask);
    spice::display::Picture decode_glz(const spice::wire::Image &image);
    void resolve(const std::optional<spice::wire::Image> &image, uint32_t surface_id, spice::display::Picture &out);
    void resolve(const spice::wire::Brush &brush, uint32_t surface_id, spice::display::Picture &out);
    void fault(std::string what) { faults_.push_back(std::move(what)); }

    int32_t slice_rows_;
    uint32_t primary_ = 0;
    spice::display::SurfaceSet surfaces_;
    spice::display::Canvas canvas_{surfaces_};
    spice::display::PaletteCache palettes_;
    spice::codec::GlzWindow glz_{uint64_t{1} << 24};
    std::map<uint64_t, Cached> cache_;
    std::vector<std::string> faults_;
};

}
