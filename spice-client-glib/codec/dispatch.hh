// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"
#include "codec/glz.hh"
#include "codec/raw.hh"
#include "wire/messages-image.hh"

#include <optional>
#include <span>

namespace spice::codec {

// What decode() may assume about the use of an image.
struct DecodeTarget {
    Layout surface = Layout::bgrx; // of the surface that it is drawn to
    bool mask = false;
    bool cached = false; // goes into the image cache, which keeps images in their own format
};

// Decodes an image that brings its pixels, apart from GLZ. `palette` is the one the image refers to or carries.
// HIGH_BITS_SET is applied. Cached images and surfaces are the caller's: Error::Kind::argument.
Result<Bitmap> decode(const wire::Image &image, std::span<const uint32_t> palette, DecodeTarget target,
                      const Limits &limits);

// The pixels of an uncompressed image where they lie, when decode() would only copy them.
std::optional<BitmapView> view(const wire::Image &image, const Limits &limits) noexcept;

bool is_glz(const wire::Image &image) noexcept;
// A decoder for a GLZ or ZLIB_GLZ image. The message has to live as long as the decoder. `max_pixels` is the size of
// the announced window: no server compresses larger images this way.
Result<GlzDecoder> make_glz(const wire::Image &image, uint64_t max_pixels, const Limits &limits);

}
