// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"

#include <memory>
#include <span>

namespace spice::codec {

// Images want exact pixels, video frames want speed.
enum class JpegQuality : uint8_t { exact, fast };

// Decodes one JPEG after the other and keeps what the decoder needs between them. Bound to one thread at a time.
class JpegReader {
public:
    JpegReader();
    ~JpegReader();
    JpegReader(const JpegReader &) = delete;
    JpegReader &operator=(const JpegReader &) = delete;

    // The size in the header; frames of a stream may differ from the stream's nominal size. `in` must stay valid until
    // read() has returned.
    Result<Size> open(std::span<const std::byte> in);
    // Decodes what was opened, once, to bgrx with X = 0.
    Status read(const PixelRows &out, JpegQuality quality);

private:
    struct State;
    const std::unique_ptr<State> state_;
    bool open_ = false;
};

Result<Size> jpeg_size(std::span<const std::byte> in);

// Decodes a JPEG to bgrx with X = 0 (spec/codecs.md §7, §8). Truncated data are an error.
Result<Bitmap> decode_jpeg(std::span<const std::byte> in, Size expected, const Limits &limits,
                           JpegQuality quality = JpegQuality::exact);
// The same into bgrx rows of the caller.
Status decode_jpeg_into(std::span<const std::byte> in, const PixelRows &out, JpegQuality quality = JpegQuality::exact);

// A JPEG of `jpeg_bytes` bytes followed by an LZ alpha plane whose row order is `top_down`, to bgra.
Result<Bitmap> decode_jpeg_alpha(std::span<const std::byte> in, uint32_t jpeg_bytes, bool top_down, Size expected,
                                 const Limits &limits);
// The same into bgra rows of the caller.
Status decode_jpeg_alpha_into(std::span<const std::byte> in, uint32_t jpeg_bytes, bool top_down, const PixelRows &out);

}
