// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/zlib-glz.hh"

#include "codec/bytes.hh"

#include <climits>
#include <optional>

#include <zlib.h>

namespace spice::codec {
namespace {

// The inflate state of a thread, used for one image after the other. What an image left in it is not looked at.
class Inflater {
public:
    Inflater() noexcept : usable_{inflateInit(&stream_) == Z_OK} {}
    Inflater(const Inflater &) = delete;
    Inflater &operator=(const Inflater &) = delete;
    ~Inflater() {
        if (usable_) inflateEnd(&stream_);
    }
    // Null when there is no memory.
    z_stream *start() noexcept { return usable_ && inflateReset(&stream_) == Z_OK ? &stream_ : nullptr; }

private:
    z_stream stream_{};
    bool usable_;
};
thread_local std::optional<Inflater> inflater;

}

Result<PixelBuffer> inflate_glz(std::span<const std::byte> in, uint32_t glz_size, Size size, const Limits &limits) {
    if (auto ok = check_size(size, limits); !ok) return ok.error();
    const uint64_t cap = 33 + 16 * size.pixels();
    if (glz_size == 0 || glz_size > cap || in.size() > UINT_MAX) return codec_error("zlib: implausible size");
    auto out = PixelBuffer::allocate(glz_size);
    if (!out) return Error{Error::Kind::internal, "no memory for an image"};
    if (!inflater) inflater.emplace();
    auto *stream = inflater->start();
    if (!stream) {
        inflater.reset(); // perhaps there is memory for the next image
        return Error{Error::Kind::internal, "zlib: cannot start"};
    }
    stream->next_in = const_cast<Bytef *>(u8(in.data())); // zlib does not write to it
    stream->avail_in = static_cast<uInt>(in.size());
    stream->next_out = u8(out.data());
    stream->avail_out = glz_size;
    if (inflate(stream, Z_FINISH) != Z_STREAM_END || stream->avail_out != 0) return codec_error("zlib: damaged data");
    return out;
}

}
