// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/quic.hh"

#include "codec/convert.hh"
#include "codec/quic-model.hh"
#include "codec/scratch.hh"
#include "codec/simd.hh"

namespace spice::codec {
namespace {

using quic::Bits;
using quic::Group;

enum class Type : uint32_t { gray = 1, rgb16, rgb24, rgb32, rgba };
constexpr std::size_t header_size = 20;
constexpr uint32_t magic = 0x43495551;

// The words of the stream as one string of bits, most significant first, with room to look ahead.
void make_bit_string(std::byte *out, std::span<const std::byte> in) noexcept {
    const std::size_t bytes = in.size() / 4 * 4;
    // The first byte is that of the first bits: not so in the stream's words, whatever the byte order here.
    swap_words(out, in.data(), bytes / 4);
    std::memset(out + bytes, 0, Bits::tail_bytes);
}

// What the decoders need beside the image: symbols of two groups of planes, or of one and two rows.
struct Work {
    uint32_t *symbols; // width + 1 of them, zero at first
    uint32_t *more;    // the rest: width * 2 + 1
    static std::size_t bytes(uint32_t width) noexcept { return (std::size_t{width} * 3 + 2) * 4; }
};

template <Simd kind> [[gnu::always_inline]] inline bool decode_rgb(Bits &bits, const PixelRows &out, const Work &work) {
    Group<3, 8, kind> rgb{out.width, work.symbols};
    for (uint32_t y = 0; y < out.height; ++y)
        if (!rgb.decode_row(bits, u32(out.row(y)), y ? u32(out.row(y - 1)) : nullptr)) return false;
    return true;
}

template <Simd kind>
[[gnu::always_inline]] inline bool decode_rgba(Bits &bits, const PixelRows &out, const Work &work) {
    Group<3, 8, kind> rgb{out.width, work.symbols};
    Group<1, 8, kind> alpha{out.width, work.more};
    for (uint32_t y = 0; y < out.height; ++y) {
        const auto *above = y ? u32(out.row(y - 1)) : nullptr;
        if (!rgb.decode_row(bits, u32(out.row(y)), above)) return false;
        if (!alpha.decode_row(bits, u32(out.row(y)), above)) return false;
    }
    return true;
}

// Five bits per channel, each in a byte of its own, to what was asked for.
[[gnu::always_inline]] inline void store_5bit_row(const PixelRows &out, uint32_t y, const uint32_t *row) noexcept {
    if (out.layout == Layout::rgb555) {
        uint16_t *dst = u16(out.row(y));
        for (uint32_t x = 0; x < out.width; ++x)
            dst[x] = static_cast<uint16_t>((row[x] >> 6 & 0x7c00) | (row[x] >> 3 & 0x3e0) | (row[x] & 0x1f));
    } else {
        uint32_t *dst = u32(out.row(y));
        for (uint32_t x = 0; x < out.width; ++x)
            dst[x] = row[x] << 3 | (row[x] >> 2 & 0x00070707u);
    }
}

[[gnu::always_inline]] inline void store_gray_row(const PixelRows &out, uint32_t y, const uint32_t *row) noexcept {
    uint8_t *dst = u8(out.row(y));
    for (uint32_t x = 0; x < out.width; ++x)
        dst[x] = static_cast<uint8_t>(row[x] >> 24);
}

// For types whose result is not 32-bit pixels of 8 bits: two working rows, stored one by one.
template <class Planes>
[[gnu::always_inline]] inline bool decode_by_row(Bits &bits, const PixelRows &out, const Work &work,
                                                 void (*store)(const PixelRows &, uint32_t, const uint32_t *)) {
    Planes planes{out.width, work.symbols};
    uint32_t *cur = work.more;
    uint32_t *other = cur + out.width;
    for (uint32_t y = 0; y < out.height; ++y) {
        if (!planes.decode_row(bits, cur, y ? other : nullptr)) return false;
        store(out, y, cur);
        std::swap(cur, other);
    }
    return true;
}

Layout layout_of(Type type, bool native555) noexcept {
    switch (type) {
    case Type::gray:
        return Layout::gray8;
    case Type::rgb16:
        return native555 ? Layout::rgb555 : Layout::bgrx;
    case Type::rgba:
        return Layout::bgra;
    case Type::rgb24:
    case Type::rgb32:
        break;
    }
    return Layout::bgrx;
}

template <Simd kind>
[[gnu::always_inline]] inline bool decode_planes(Type type, Bits &bits, const PixelRows &out, const Work &work) {
    switch (type) {
    case Type::gray:
        return decode_by_row<Group<1, 8, kind>>(bits, out, work, store_gray_row);
    case Type::rgb16:
        return decode_by_row<Group<3, 5, kind>>(bits, out, work, store_5bit_row);
    case Type::rgba:
        return decode_rgba<kind>(bits, out, work);
    case Type::rgb24:
    case Type::rgb32:
        break;
    }
    return decode_rgb<kind>(bits, out, work);
}

bool decode_planes_scalar(Type type, Bits &bits, const PixelRows &out, const Work &work) {
    return decode_planes<Simd::scalar>(type, bits, out, work);
}
#ifdef SPICE_HAVE_AVX2
[[SPICE_TARGET_AVX2]] bool decode_planes_avx2(Type type, Bits &bits, const PixelRows &out, const Work &work) {
    return decode_planes<Simd::avx2>(type, bits, out, work);
}
#endif

bool decode_with_best(Type type, Bits &bits, const PixelRows &out, const Work &work) {
#ifdef SPICE_HAVE_AVX2
    if (simd() == Simd::avx2) return decode_planes_avx2(type, bits, out, work);
#endif
    return decode_planes_scalar(type, bits, out, work);
}

struct Header {
    Type type = Type::rgb32;
    Size size;
};

Result<Header> read_header(std::span<const std::byte> in) {
    if (in.size() < header_size) return codec_error("quic: no header");
    const uint8_t *header = u8(in.data());
    const uint32_t type = load_le32(header + 8);
    if (load_le32(header) != magic || load_le32(header + 4) != 0) return codec_error("quic: wrong magic or version");
    if (type < 1 || type > 5) return codec_error("quic: unknown type");
    return Header{Type{type}, {load_le32(header + 12), load_le32(header + 16)}};
}

Status decode_payload(std::span<const std::byte> in, Type type, const PixelRows &out) {
    const auto payload = in.subspan(header_size);
    const std::size_t bytes = payload.size() / 4 * 4;
    Scratch string{bytes + Bits::tail_bytes}, memory{Work::bytes(out.width)};
    if (!string || !memory) return Error{Error::Kind::internal, "no memory for an image"};
    make_bit_string(string.data(), payload);
    std::memset(memory.data(), 0, Work::bytes(out.width));
    const Work work{u32(memory.data()), u32(memory.data()) + out.width + 1};
    Bits bits{u8(string.data()), bytes};
    if (!decode_with_best(type, bits, out, work)) return codec_error("quic: damaged data");
    return success();
}

}

Result<Bitmap> decode_quic(std::span<const std::byte> in, Size expected, const Limits &limits, bool native555) {
    const auto header = read_header(in);
    if (!header) return header.error();
    if (header->size != expected) return codec_error("quic: unexpected size");
    auto out = make_bitmap(expected, layout_of(header->type, native555), limits);
    if (!out) return out;
    if (auto ok = decode_payload(in, header->type, out->rows()); !ok) return ok.error();
    return out;
}

}
