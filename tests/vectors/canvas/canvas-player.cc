// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "canvas-player.hh"

#include "codec/dispatch.hh"
#include "wire/messages-display.hh"
#include "wire/reader.hh"

namespace canvas_vectors {

using namespace spice;
using display::Picture;

namespace {

constexpr codec::Limits limits;

codec::Layout layout_of(display::SurfaceFormat format) {
    switch (format) {
    case display::SurfaceFormat::a1:
        return codec::Layout::a1;
    case display::SurfaceFormat::a8:
        return codec::Layout::a8;
    case display::SurfaceFormat::rgb555:
        return codec::Layout::rgb555;
    case display::SurfaceFormat::rgb565:
        return codec::Layout::rgb565;
    case display::SurfaceFormat::xrgb:
        return codec::Layout::bgrx;
    case display::SurfaceFormat::argb:
        return codec::Layout::bgra;
    }
    return codec::Layout::bgrx;
}

bool lossy(const wire::Image &image) {
    return image.type == wire::ImageType::jpeg || image.type == wire::ImageType::jpeg_alpha;
}

}

template <class M, class F> bool Player::handle_if(uint16_t type, std::span<const std::byte> body, F &&handle) {
    if (type != M::message_id) return false;
    auto message = wire::parse<M>(body);
    if (message)
        handle(*message);
    else
        fault(message.error().what);
    return true;
}

template <class M> bool Player::draw_if(uint16_t type, std::span<const std::byte> body) {
    return handle_if<M>(type, body, [this](M &m) {
        display::DrawOp op;
        const uint32_t id = m.base.surface_id;
        if constexpr (requires { m.src; }) resolve(m.src, id, op.images.source);
        if constexpr (requires { m.brush; }) resolve(m.brush, id, op.images.brush);
        if constexpr (requires { m.mask.flags; }) {
            if (m.mask.image) op.images.mask = resolve(*m.mask.image, id, true);
        } else if constexpr (requires { m.mask; }) {
            resolve(m.mask, id, op.images.mask);
        }
        if constexpr (requires { m.fore; }) {
            resolve(m.fore, id, op.images.brush);
            resolve(m.back, id, op.images.back);
        }
        op.message = std::move(m);
        draw(op);
    });
}

void Player::draw(const display::DrawOp &op) {
    std::optional<display::FaultKind> found;
    if (slice_rows_ == 0 || canvas_.must_be_whole(op)) {
        found = canvas_.draw(op).fault;
    } else {
        // From the bottom, to show that the order of bands does not matter.
        const auto box = canvas_.extents(op);
        for (int32_t last = box.y2; last > box.y1 && !found; last -= slice_rows_)
            found = canvas_.draw(op, {last - slice_rows_, last}).fault;
    }
    if (found) fault(display::describe(*found));
}

void Player::play(uint16_t type, std::span<const std::byte> body) {
    const bool known = draw_if<wire::DrawFill>(type, body) || draw_if<wire::DrawCopy>(type, body) ||
                       draw_if<wire::CopyBits>(type, body) || draw_if<wire::DrawOpaque>(type, body) ||
                       draw_if<wire::DrawBlend>(type, body) || draw_if<wire::DrawBlackness>(type, body) ||
                       draw_if<wire::DrawWhiteness>(type, body) || draw_if<wire::DrawInvers>(type, body) ||
                       draw_if<wire::DrawRop3>(type, body) || draw_if<wire::DrawTransparent>(type, body) ||
                       draw_if<wire::DrawAlphaBlend>(type, body) || draw_if<wire::DrawComposite>(type, body) ||
                       draw_if<wire::DrawText>(type, body) || draw_if<wire::DrawStroke>(type, body) ||
                       control(type, body);
    if (!known) fault("message " + std::to_string(type) + " is not handled");
}

void Player::create(uint32_t id, uint32_t format, uint32_t width, uint32_t height, uint32_t flags) {
    const auto known = display::surface_format(format);
    if (!known) return fault("unknown surface format");
    auto made = surfaces_.create(id, *known, width, height, flags);
    if (!made) fault(made.error().what);
    if ((flags & SPICE_SURFACE_FLAGS_PRIMARY) != 0) primary_ = id;
}

bool Player::control(uint16_t type, std::span<const std::byte> body) {
    switch (type) { // without fields, or with nothing in them for us
    case wire::InvalAllPalettes::message_id:
        palettes_.clear();
        return true;
    case wire::DisplayMark::message_id:
    case wire::StreamDestroyAll::message_id:
    case wire::QualityIndicator::message_id:
        return true;
    default:
        break;
    }
    const auto create_surface = [this](const wire::SurfaceCreate &m) {
        create(m.surface_id, m.format, m.width, m.height, m.flags);
    };
    const auto create_primary = [this](const wire::DisplayMode &m) {
        create(0, m.bits == 32 ? 32 : 16, m.width, m.height, SPICE_SURFACE_FLAGS_PRIMARY);
    };
    return handle_if<wire::SurfaceCreate>(type, body, create_surface) ||
           handle_if<wire::DisplayMode>(type, body, create_primary) ||
           handle_if<wire::SurfaceDestroy>(type, body, [this](auto &m) { surfaces_.take(m.surface_id); }) ||
           handle_if<wire::InvalAllPixmaps>(type, body, [this](auto &) { cache_.clear(); }) ||
           handle_if<wire::InvalPalette>(type, body, [this](auto &m) { palettes_.remove(m.unique); });
}

void Player::resolve(const std::optional<wire::Image> &image, uint32_t surface_id, Picture &out) {
    if (image) out = resolve(*image, surface_id, false);
}

void Player::resolve(const wire::Brush &brush, uint32_t surface_id, Picture &out) {
    if (const auto *tile = std::get_if<wire::PatternBrush>(&brush.data)) out = resolve(tile->image, surface_id, false);
}

Picture Player::resolve(const wire::Image &image, uint32_t surface_id, bool mask) {
    const bool lossless = image.type == wire::ImageType::from_cache_lossless;
    if (lossless || image.type == wire::ImageType::from_cache) {
        const auto found = cache_.find(image.id);
        if (found == cache_.end() || (lossless && found->second.lossy)) return {};
        return found->second.picture;
    }
    if (image.type == wire::ImageType::surface) return {};
    auto picture = codec::is_glz(image) ? decode_glz(image) : decode(image, surface_id, mask);
    if ((image.flags & (SPICE_IMAGE_FLAGS_CACHE_ME | SPICE_IMAGE_FLAGS_CACHE_REPLACE_ME)) != 0)
        cache_[image.id] = {picture, lossy(image)};
    return picture;
}

Picture Player::decode(const wire::Image &image, uint32_t surface_id, bool mask) {
    display::PalettePtr palette;
    if (const auto *bitmap = std::get_if<wire::BitmapImage>(&image.data)) palette = palettes_.resolve(*bitmap);
    if (const auto *lz = std::get_if<wire::LzPaletteImage>(&image.data)) palette = palettes_.resolve(*lz);
    const auto *surface = surfaces_.find(surface_id);
    const codec::DecodeTarget target{surface ? layout_of(surface->format) : codec::Layout::bgrx, mask,
                                     (image.flags & SPICE_IMAGE_FLAGS_CACHE_ME) != 0};
    auto bitmap = codec::decode(image, palette ? std::span<const uint32_t>{*palette} : std::span<const uint32_t>{},
                                target, limits);
    if (!bitmap) return fault(bitmap.error().what), Picture{};
    auto shared = std::make_shared<const codec::Bitmap>(*std::move(bitmap));
    return {shared->view(), shared};
}

Picture Player::decode_glz(const wire::Image &image) {
    auto decoder = codec::make_glz(image, uint64_t{1} << 24, limits);
    if (!decoder) return fault(decoder.error().what), Picture{};
    auto step = decoder->run([this](uint64_t id) { return glz_.find(id); });
    if (!step) return fault(step.error().what), Picture{};
    const auto *done = std::get_if<codec::SharedBitmap32>(&*step);
    if (!done) return fault("glz: missing reference"), Picture{};
    const auto inserted = glz_.insert(decoder->header().id, decoder->header().win_head_dist, *done);
    if (!inserted) fault(inserted.error().what);
    return {(*done)->view(), *done};
}

}
