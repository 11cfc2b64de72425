// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/lz.hh"

#include "codec/palette.hh"
#include "codec/scratch.hh"
#include "codec/simd.hh"
#include "codec/units.hh"

namespace spice::codec {
namespace {

constexpr std::size_t header_size = 28;
constexpr uint32_t magic = 0x20205a4c;
constexpr uint32_t version = 0x00010001;
constexpr std::size_t near_distances = 8191;

uint64_t required_stride(LzType type, uint32_t width) noexcept {
    switch (type) {
    case LzType::plt1_le:
    case LzType::plt1_be:
        return (uint64_t{width} + 7) / 8;
    case LzType::plt4_le:
    case LzType::plt4_be:
        return (uint64_t{width} + 1) / 2;
    case LzType::plt8:
    case LzType::a8:
        return width;
    case LzType::rgb16:
        return uint64_t{width} * 2;
    case LzType::rgb24:
        return uint64_t{width} * 3;
    case LzType::rgb32:
    case LzType::rgba:
    case LzType::xxxa:
        break;
    }
    return uint64_t{width} * 4;
}

struct Match {
    std::size_t distance = 0;
    std::size_t length = 0;
};

// The rest of a match token whose first byte was `c`. False: the input ends inside it, or no image is that long.
template <class Units>
[[gnu::always_inline]] inline bool read_match(Input &in, unsigned c, std::size_t room, Match &match) noexcept {
    std::size_t length = (c >> 5) - 1;
    std::size_t distance = std::size_t{c & 31} << 8;
    if (length == 6) {
        for (unsigned e = 255; e == 255; length += e) {
            if (in.p == in.end || length > room) return false;
            e = *in.p++;
        }
    }
    if (in.p == in.end) return false;
    const unsigned low = *in.p++;
    distance += low;
    if (distance == near_distances) {
        if (in.left() < 2) return false;
        distance = load_be16(in.p) + near_distances;
        in.p += 2;
    }
    match = {distance + 1, length + 1 + Units::bias};
    return true;
}

// As many tokens as can be done without looking at the ends of input and image more than once per token.
template <class Units> [[gnu::always_inline]] inline bool decode_middle(Input &cur, Units &units, std::size_t &done,
                                                                        std::size_t total) noexcept {
    std::size_t pos = done;
    const uint8_t *p = cur.p;
    const uint8_t *const end = cur.end;
    while (static_cast<std::size_t>(end - p) >= 1 + wild_input && total - pos >= max_literals + wild_units) {
        const unsigned c = *p;
        if (c < 32) {
            units.wild_literals(pos, p + 1, c + 1);
            p += 1 + (c + 1) * Units::literal_bytes;
            pos += c + 1;
            continue;
        }
        Input in;
        in.p = p + 1;
        in.end = end;
        Match match;
        if (!read_match<Units>(in, c, total - pos, match)) return false;
        if (match.distance > pos) return false;
        if (match.length + wild_units > total - pos) break;
        if constexpr (requires { units.out; })
            wild_match(units.out + pos, match.distance, match.length);
        else
            units.wild_match(pos, match.distance, match.length);
        p = in.p;
        pos += match.length;
    }
    cur.p = p;
    done = pos;
    return true;
}

// Fills `total` units; every token makes progress in both input and output. False: damaged data.
template <class Units>
[[gnu::always_inline]] inline bool decode_tokens(Input &in, Units units, std::size_t total) noexcept {
    Input cur = in;
    std::size_t pos = 0;
    if (!decode_middle(cur, units, pos, total)) return false;
    while (pos < total) {
        if (cur.p == cur.end) return false;
        const unsigned c = *cur.p++;
        if (c < 32) {
            const std::size_t n = c + 1;
            if (n > total - pos || cur.left() < n * Units::literal_bytes) return false;
            units.literals(pos, cur.p, n, cur.left());
            cur.p += n * Units::literal_bytes;
            pos += n;
        } else {
            Match match;
            if (!read_match<Units>(cur, c, total - pos, match)) return false;
            if (match.distance > pos || match.length > total - pos) return false;
            units.match(pos, match.distance, match.length);
            pos += match.length;
        }
    }
    in = cur;
    return true;
}

#ifdef SPICE_HAVE_AVX2
template <class Units>
[[SPICE_TARGET_AVX2]] bool decode_tokens_avx2(Input &in, Units units, std::size_t total) noexcept {
    return decode_tokens(in, units, total);
}
#endif

template <class Units> bool decode_units(Input &in, Units units, std::size_t total) noexcept {
#ifdef SPICE_HAVE_AVX2
    if (simd() == Simd::avx2) return decode_tokens_avx2(in, units, total);
#endif
    return decode_tokens(in, units, total);
}

Error damaged() { return codec_error("lz: damaged data"); }

// Palette types: the packed rows are decoded first and then looked up.
Status decode_palette_type(Input in, const LzHeader &header, std::span<const uint32_t> palette, const PixelRows &out) {
    if (palette.empty()) return codec_error("lz: palette image without a palette");
    const auto stride = static_cast<std::size_t>(required_stride(header.type, header.size.width));
    const std::size_t size = stride * header.size.height;
    Scratch packed{size};
    if (!packed) return Error{Error::Kind::internal, "no memory for an image"};
    if (!decode_units(in, ByteUnits{u8(packed.data())}, size)) return damaged();
    IndexFormat format = IndexFormat::eight;
    if (header.type == LzType::plt1_le) format = IndexFormat::one_le;
    if (header.type == LzType::plt1_be) format = IndexFormat::one_be;
    if (header.type == LzType::plt4_le) format = IndexFormat::four_le;
    if (header.type == LzType::plt4_be) format = IndexFormat::four_be;
    const PaletteTable<uint32_t> table{format, palette, BeyondPalette::wrap_nibbles};
    for (uint32_t y = 0; y < out.height; ++y)
        table.expand_row(u32(out.row(y)), u8(packed.data()) + stride * y, out.width);
    return success();
}

// 32 bits per pixel; `rows` begin with the first row of the stream.
template <class Units> bool decode_rows(Input &in, const PixelRows &rows) noexcept {
    const auto total = static_cast<std::size_t>(rows.size().pixels());
    if (is_packed(rows)) return decode_units(in, Units{u32(rows.data)}, total);
    return decode_units(in, RowUnits<Units>{rows}, total);
}

// The alpha of all pixels: a plane of bytes, put into the pixels when it is complete.
Status decode_alpha(Input &in, const PixelRows &rows) {
    const auto size = static_cast<std::size_t>(rows.size().pixels());
    Scratch plane{size};
    if (!plane) return Error{Error::Kind::internal, "no memory for an image"};
    if (!decode_units(in, ByteUnits{u8(plane.data())}, size)) return damaged();
    for (uint32_t y = 0; y < rows.height; ++y)
        merge_alpha(u32(rows.row(y)), u8(plane.data()) + std::size_t{rows.width} * y, rows.width);
    return success();
}

Status decode_32bit(Input in, LzType type, const PixelRows &rows) {
    if (type == LzType::rgb16) return decode_rows<Rgb16To32Units>(in, rows) ? success() : damaged();
    if (!decode_rows<Bgr32Units>(in, rows)) return damaged();
    return type == LzType::rgba ? decode_alpha(in, rows) : success();
}

// Images of fewer bits, whose rows in a bitmap may be padded.
bool decode_narrow(Input in, const LzHeader &header, Bitmap &out) noexcept {
    const auto total = static_cast<std::size_t>(out.size().pixels());
    const bool ok = out.layout == Layout::a8 ? decode_units(in, ByteUnits{u8(out.data.data())}, total)
                                             : decode_units(in, Rgb16Units{u16(out.data.data())}, total);
    if (!ok) return false;
    spread_packed_rows(out);
    if (!header.top_down) flip_rows(out.rows());
    return true;
}

Status decode_wide(std::span<const std::byte> in, const LzHeader &header, std::span<const uint32_t> palette,
                   const PixelRows &out) {
    const Input payload{in.subspan(header_size)};
    const auto rows = header.top_down ? out : flipped(out);
    if (is_palette_type(header.type)) return decode_palette_type(payload, header, palette, rows);
    return decode_32bit(payload, header.type, rows);
}

Layout layout_of(LzType type, bool native555) noexcept {
    if (type == LzType::rgba) return Layout::bgra;
    if (type == LzType::a8) return Layout::a8;
    if (type == LzType::rgb16 && native555) return Layout::rgb555;
    return Layout::bgrx;
}

}

bool is_palette_type(LzType type) noexcept { return type <= LzType::plt8; }

Result<LzHeader> read_lz_header(std::span<const std::byte> in, const Limits &limits) {
    if (in.size() < header_size) return codec_error("lz: no header");
    const uint8_t *p = u8(in.data());
    if (load_be32(p) != magic || load_be32(p + 4) != version) return codec_error("lz: wrong magic or version");
    const uint32_t type = load_be32(p + 8);
    if (type < 1 || type > 11) return codec_error("lz: unknown type");
    const LzHeader header{LzType{type}, {load_be32(p + 12), load_be32(p + 16)}, load_be32(p + 24) != 0};
    if (auto ok = check_size(header.size, limits); !ok) return ok.error();
    if (load_be32(p + 20) != required_stride(header.type, header.size.width)) return codec_error("lz: wrong stride");
    return header;
}

Result<Bitmap> decode_lz(std::span<const std::byte> in, Size expected, std::span<const uint32_t> palette,
                         const Limits &limits, bool native555) {
    const auto header = read_lz_header(in, limits);
    if (!header) return header.error();
    if (header->size != expected) return codec_error("lz: unexpected size");
    if (header->type == LzType::xxxa) return codec_error("lz: alpha without an image");
    auto out = make_bitmap(expected, layout_of(header->type, native555), limits);
    if (!out) return out;
    if (bits_per_pixel(out->layout) == 32) {
        if (auto ok = decode_wide(in, *header, palette, out->rows()); !ok) return ok.error();
    } else if (!decode_narrow(Input{in.subspan(header_size)}, *header, *out)) {
        return damaged();
    }
    return out;
}

Status decode_lz_alpha(std::span<const std::byte> in, bool top_down, const PixelRows &out) {
    const auto header = read_lz_header(in, Limits{UINT32_MAX, out.size().pixels()});
    if (!header) return header.error();
    if (header->type != LzType::xxxa || header->size != out.size() || header->top_down != top_down ||
        bits_per_pixel(out.layout) != 32)
        return codec_error("lz: alpha does not fit the image");
    Input payload{in.subspan(header_size)};
    return decode_alpha(payload, top_down ? out : flipped(out));
}

}
