// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/zlib-glz.hh"

#include "codec/bytes.hh"

#include <climits>

#include <zlib.h>

namespace spice::codec {

Result<PixelBuffer> inflate_glz(std::span<const std::byte> in, uint32_t glz_size, Size size, const Limits &limits) {
    if (auto ok = check_size(size, limits); !ok) return ok.error();
    const uint64_t cap = 33 + 16 * size.pixels();
    if (glz_size == 0 || glz_size > cap || in.size() > UINT_MAX) return codec_error("zlib: implausible size");
    auto out = PixelBuffer::allocate(glz_size);
    if (!out) return Error{Error::Kind::internal, "no memory for an image"};
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) return Error{Error::Kind::internal, "zlib: cannot start"};
    stream.next_in = const_cast<Bytef *>(u8(in.data())); // zlib does not write to it
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = u8(out.data());
    stream.avail_out = glz_size;
    const int status = inflate(&stream, Z_FINISH);
    const bool complete = status == Z_STREAM_END && stream.avail_out == 0;
    inflateEnd(&stream);
    if (!complete) return codec_error("zlib: damaged data");
    return out;
}

}
