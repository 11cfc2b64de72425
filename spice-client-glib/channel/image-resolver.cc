// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/image-resolver.hh"

#include "channel/fault-kinds.hh"
#include "link/framer.hh"

#include <algorithm>

namespace spice::channel {

namespace {

bool is_lossy(const wire::Image &image) noexcept {
    return image.type == wire::ImageType::jpeg || image.type == wire::ImageType::jpeg_alpha;
}

bool wants_cached_palette(const wire::Image &image) noexcept {
    if (const auto *bitmap = std::get_if<wire::BitmapImage>(&image.data)) return bitmap->palette_cached();
    if (const auto *lz = std::get_if<wire::LzPaletteImage>(&image.data)) return lz->palette_cached();
    return false;
}

}

ImageResolver::ImageResolver(std::shared_ptr<DisplayCaches> caches, uint8_t channel, Warn warn)
    : caches_{std::move(caches)}, channel_{channel}, presence_{caches_->decode->join()}, warn_{std::move(warn)} {}

bool ImageResolver::decoded_at_once(const wire::Image &image) noexcept {
    return uint64_t{image.width} * image.height <= small_image_pixels && !codec::is_glz(image);
}

// Kept all the same when the server wants it kept: what refers to it later has nothing to wait for.
ResolvedImage ImageResolver::failed(const wire::Image &image) {
    auto slot = std::make_shared<display::ImageSlot>();
    slot->fail();
    remember(image, slot);
    return {std::move(slot), {}};
}

// Another display channel may still bring what is not there; without one nobody will.
ResolvedImage ImageResolver::from_cache(uint64_t id, bool lossless) {
    auto found = caches_->images.find(id, lossless);
    if (found.awaited) {
        if (caches_->board->others(channel_) && caches_->images.awaited() <= caches_->max_awaited) {
            awaited_.push_back({found.image, link::Clock::now()});
            caches_->board->wake_all();
        } else {
            warn_(fault_cached_image, "a cached image is not there: its drawing is skipped");
            caches_->images.give_up(found.image);
        }
    }
    return {std::move(found.image), {}};
}

void ImageResolver::remember(const wire::Image &image, const display::SlotPtr &slot) {
    const uint64_t pixels = uint64_t{image.width} * image.height;
    bool stored = true;
    if (image.flags & SPICE_IMAGE_FLAGS_CACHE_ME) stored = caches_->images.put(image.id, slot, is_lossy(image), pixels);
    else if (image.flags & SPICE_IMAGE_FLAGS_CACHE_REPLACE_ME) stored = caches_->images.replace(image.id, slot, pixels);
    if (!stored) warn_(fault_cache_full, "the server overfills the image cache");
}

ResolvedImage ImageResolver::resolve(wire::Image image, codec::DecodeTarget target,
                                     const std::shared_ptr<std::byte[]> &keep) {
    switch (image.type) {
    case wire::ImageType::surface: return {};
    case wire::ImageType::from_cache: return from_cache(image.id, false);
    case wire::ImageType::from_cache_lossless: return from_cache(image.id, true);
    default: break;
    }
    display::PalettePtr palette;
    if (const auto *bitmap = std::get_if<wire::BitmapImage>(&image.data)) palette = palettes_.resolve(*bitmap);
    else if (const auto *lz = std::get_if<wire::LzPaletteImage>(&image.data)) palette = palettes_.resolve(*lz);
    if (!palette && wants_cached_palette(image)) {
        warn_(fault_palette, "a cached palette is not there: the image is skipped");
        return failed(image);
    }
    if (std::holds_alternative<wire::UnknownImage>(image.data)) {
        warn_(fault_image_type, "an image of an unknown type is skipped");
        return failed(image);
    }
    if ((image.flags & SPICE_IMAGE_FLAGS_CACHE_REPLACE_ME) && !(image.flags & SPICE_IMAGE_FLAGS_CACHE_ME) &&
        is_lossy(image)) {
        warn_(fault_replace, "a lossy image cannot replace a cached one: it is skipped");
        auto slot = std::make_shared<display::ImageSlot>();
        slot->fail();
        return {std::move(slot), {}};
    }
    auto slot = std::make_shared<display::ImageSlot>();
    remember(image, slot);
    target.cached = (image.flags & (SPICE_IMAGE_FLAGS_CACHE_ME | SPICE_IMAGE_FLAGS_CACHE_REPLACE_ME)) != 0;
    const bool small = decoded_at_once(image);
    // Drawn from the message itself, unless a little would keep a large receive block, or the cache would for long.
    const bool worth_it = uint64_t{image.width} * image.height * 4 >= link::Framer::max_block / 4;
    if (const auto view = codec::view(image, codec::Limits{}); view && worth_it && !target.cached && !target.mask) {
        slot->complete({*view, keep});
        return {std::move(slot), {}};
    }
    DecodeRequest request{std::move(image), std::move(palette), target, keep, channel_, presence_};
    if (small) {
        caches_->decode->decode_now(request, slot);
        return {std::move(slot), {}, true};
    }
    auto lease = caches_->decode->submit(std::move(request), slot);
    return {std::move(slot), std::move(lease)};
}

bool ImageResolver::others_wait() const {
    const auto own = std::count_if(awaited_.begin(), awaited_.end(), [](const Awaited &a) {
        return a.slot->state() == display::ImageSlot::State::pending;
    });
    return caches_->images.awaited() > static_cast<std::size_t>(own) || caches_->decode->others_wait_for_unsent(channel_);
}

void ImageResolver::abandon() {
    for (const auto &a : awaited_) caches_->images.give_up(a.slot);
    awaited_.clear();
    caches_->decode->leave(presence_);
}

// The patience counts from the last sign of life of the other display channels (spec/display.md §7).
void ImageResolver::give_up_overdue() {
    const auto now = link::Clock::now();
    std::erase_if(awaited_, [](const Awaited &a) { return a.slot->state() != display::ImageSlot::State::pending; });
    const bool parked = caches_->decode->waits_for_unsent(channel_);
    if (!parked) parked_since_.reset();
    else if (!parked_since_) parked_since_ = now;
    if (awaited_.empty() && !parked) return;

    const bool alone = !caches_->board->others(channel_);
    // Others are not quiet either while what they sent is still being decoded.
    const auto quiet_since = caches_->decode->decoding() ? now : caches_->board->last_of_others(channel_);
    const auto overdue = [&](link::Clock::time_point since) {
        return alone || now - std::max(since, quiet_since) >= caches_->patience || now - since >= longest_patience;
    };
    std::erase_if(awaited_, [&](const Awaited &a) {
        if (!overdue(a.since)) return false;
        warn_(fault_cached_image, "a cached image never came: its drawing is skipped");
        caches_->images.give_up(a.slot);
        return true;
    });
    if (parked && overdue(*parked_since_)) {
        warn_(fault_glz_reference, "an image of the GLZ dictionary never came: what needs it is skipped");
        caches_->decode->give_up_unsent(channel_);
        parked_since_.reset();
    }
}

}
