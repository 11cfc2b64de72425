// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/palette-cache.hh"

#include <algorithm>

namespace spice::display {
namespace {

constexpr std::size_t useful_entries = 256;
// Servers keep 128 and announce what they drop. Beyond that many times over, a server only wants our memory.
constexpr std::size_t max_palettes = 4096;

}

PalettePtr PaletteCache::resolve(uint8_t flags, uint64_t palette_id,
                                 const std::optional<wire::Palette> &inline_palette) {
    if ((flags & SPICE_BITMAP_FLAGS_PAL_FROM_CACHE) != 0) return find(palette_id);
    if (!inline_palette) return nullptr;
    const auto &entries = inline_palette->entries;
    const auto count = static_cast<std::ptrdiff_t>(std::min(entries.size(), useful_entries));
    auto palette = std::make_shared<const std::vector<uint32_t>>(entries.begin(), entries.begin() + count);
    const bool wanted = (flags & SPICE_BITMAP_FLAGS_PAL_CACHE_ME) != 0 && inline_palette->unique != 0;
    if (wanted) put(inline_palette->unique, palette);
    return palette;
}

PalettePtr PaletteCache::find(uint64_t unique) const {
    const auto it = palettes_.find(unique);
    return it == palettes_.end() ? nullptr : it->second;
}

void PaletteCache::put(uint64_t unique, PalettePtr palette) {
    if (palettes_.size() >= max_palettes && !palettes_.contains(unique)) palettes_.erase(palettes_.begin());
    palettes_.insert_or_assign(unique, std::move(palette));
}

}
