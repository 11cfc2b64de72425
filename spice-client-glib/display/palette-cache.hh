// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/messages-image.hh"

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace spice::display {

using PalettePtr = std::shared_ptr<const std::vector<uint32_t>>;

// The palettes of one display channel (spec/display.md §7.2). Thread-bound to the engine; the palettes are immutable
// and may be used by decode jobs after they left the cache.
class PaletteCache {
public:
    // The palette of an indexed image: inline (stored when the image's `flags` say so) or from the cache. Null when
    // there is none.
    PalettePtr resolve(uint8_t flags, uint64_t palette_id, const std::optional<wire::Palette> &inline_palette);
    PalettePtr resolve(const wire::BitmapImage &image) { return resolve(image.flags, image.palette_id, image.palette); }
    PalettePtr resolve(const wire::LzPaletteImage &image) {
        return resolve(image.flags, image.palette_id, image.palette);
    }

    PalettePtr find(uint64_t unique) const;
    void remove(uint64_t unique) { palettes_.erase(unique); }
    void clear() { palettes_.clear(); }
    std::size_t size() const noexcept { return palettes_.size(); }

private:
    void put(uint64_t unique, PalettePtr palette);
    std::unordered_map<uint64_t, PalettePtr> palettes_;
};

}
