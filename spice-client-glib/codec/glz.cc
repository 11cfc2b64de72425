// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/glz.hh"

#include "codec/units.hh"

namespace spice::codec {
namespace {

constexpr std::size_t header_size = 33;
constexpr uint32_t magic = 0x20205a4c;
constexpr uint32_t version = 0x00010001;

uint64_t required_stride(LzType type, uint32_t width) noexcept {
    if (type == LzType::rgb16) return uint64_t{width} * 2;
    return uint64_t{width} * (type == LzType::rgb24 ? 3 : 4);
}

}

BitmapView Bitmap32::view() const noexcept {
    const auto stride = static_cast<std::ptrdiff_t>(size.width) * 4;
    const auto last = stride * static_cast<std::ptrdiff_t>(size.height - 1);
    return {data.data() + (top_down ? 0 : last), size.width, size.height, top_down ? stride : -stride, layout};
}

Result<GlzHeader> read_glz_header(std::span<const std::byte> in, const Limits &limits) {
    if (in.size() < header_size) return codec_error("glz: no header");
    const uint8_t *p = u8(in.data());
    if (load_be32(p) != magic || load_be32(p + 4) != version) return codec_error("glz: wrong magic or version");
    const unsigned type = p[8] & 15;
    if (type < 6 || type > 9) return codec_error("glz: unknown type");
    const GlzHeader header{LzType{type}, {load_be32(p + 9), load_be32(p + 13)}, p[8] >> 4 != 0, load_be64(p + 21),
                           load_be32(p + 29)};
    if (auto ok = check_size(header.size, limits); !ok) return ok.error();
    if (load_be32(p + 17) != required_stride(header.type, header.size.width)) return codec_error("glz: wrong stride");
    if (header.win_head_dist > header.id) return codec_error("glz: window starts before the first image");
    return header;
}

// A match token: `distance` counts images back, 0 is this one; `offset` is a position in that image, or, in this one,
// how far back.
struct GlzDecoder::Match {
    uint64_t distance = 0;
    std::size_t offset = 0;
    std::size_t length = 0;
};

Result<GlzDecoder> GlzDecoder::create(std::span<const std::byte> in, Size expected, const Limits &limits) {
    const auto header = read_glz_header(in, limits);
    if (!header) return header.error();
    if (header->size != expected) return codec_error("glz: unexpected size");
    GlzDecoder decoder;
    decoder.header_ = *header;
    decoder.in_ = Input{in.subspan(header_size)};
    decoder.image_ = std::make_shared<Bitmap32>();
    auto &image = *decoder.image_;
    image.size = expected;
    image.top_down = header->top_down;
    image.layout = header->type == LzType::rgba ? Layout::bgra : Layout::bgrx;
    image.data = PixelBuffer::allocate(image.pixels() * 4);
    if (!image.data) return Error{Error::Kind::internal, "no memory for an image"};
    return decoder;
}

Result<GlzDecoder> GlzDecoder::create(PixelBuffer in, Size expected, const Limits &limits) {
    auto decoder = create(std::span<const std::byte>{in.data(), in.size()}, expected, limits);
    if (decoder) decoder->owned_input_ = std::move(in); // moves the ownership, not the bytes
    return decoder;
}

SharedBitmap32 GlzDecoder::blank_image() const {
    auto image = std::make_shared<Bitmap32>();
    image->size = header_.size;
    image->top_down = header_.top_down;
    image->layout = header_.type == LzType::rgba ? Layout::bgra : Layout::bgrx;
    image->data = PixelBuffer::allocate_zeroed(image->pixels() * 4);
    if (!image->data) return nullptr;
    return image;
}

// Reads one match token. False: the input ends inside it, or it is longer than any image.
template <class Units> bool GlzDecoder::read_match(Input &in, Match &match) const noexcept {
    const auto byte = [&in](uint64_t &v, unsigned shift) {
        if (in.p == in.end) return false;
        v += uint64_t{*in.p++} << shift;
        return true;
    };
    const unsigned c = *in.p++;
    std::size_t length = c >> 5;
    if (length == 7) {
        const std::size_t room = image_->pixels() - pos_;
        for (unsigned e = 255; e == 255; length += e) {
            if (in.p == in.end || length > room + 7) return false;
            e = *in.p++;
        }
    }
    if (in.left() < 2) return false;
    uint64_t offset = (c & 15) + (uint64_t{*in.p++} << 4);
    const unsigned k = *in.p++;
    const bool wide = c >> 4 & 1;
    uint64_t distance = wide ? 0 : k & 63;
    for (unsigned i = 0; i < k >> 6; ++i)
        if (!byte(distance, (wide ? 0 : 6) + 8 * i)) return false;
    if (wide) {
        offset += uint64_t{k & 31} << 12;
        if (k & 32 && !byte(offset, 17)) return false; // comes after the distance
    }
    match = {distance, static_cast<std::size_t>(offset), length + Units::bias};
    return true;
}

GlzDecoder::Outcome GlzDecoder::resolve(uint64_t distance, const GlzFind &find, const Bitmap32 *&image) {
    if (distance == last_distance_) {
        image = last_image_;
        return Outcome::done;
    }
    if (distance > header_.win_head_dist) return Outcome::damaged; // hence not before image 0 either
    auto it = references_.find(distance);
    if (it == references_.end()) {
        auto found = find(header_.id - distance);
        needed_ = header_.id - distance;
        if (found.state == GlzLookup::State::waiting) return Outcome::needs;
        if (found.state == GlzLookup::State::absent || !found.image) return Outcome::absent;
        it = references_.emplace(distance, std::move(found.image)).first;
    }
    last_distance_ = distance;
    last_image_ = image = it->second.get();
    return Outcome::done;
}

// One pass over the image from where it stopped. A token whose reference is missing is not consumed.
template <class Units> GlzDecoder::Outcome GlzDecoder::run_pass(Units units, const GlzFind &find) {
    const std::size_t total = image_->pixels();
    while (pos_ < total) {
        Input in = in_;
        if (in.p == in.end) return Outcome::damaged;
        const unsigned c = *in.p;
        if (c < 32) {
            const std::size_t n = c + 1;
            ++in.p;
            if (n > total - pos_ || in.left() < n * Units::literal_bytes) return Outcome::damaged;
            units.literals(pos_, in.p, n, in.left());
            in_.p = in.p + n * Units::literal_bytes;
            pos_ += n;
            continue;
        }
        Match match;
        if (!read_match<Units>(in, match) || match.length > total - pos_) return Outcome::damaged;
        if (match.distance == 0) {
            if (match.offset >= pos_) return Outcome::damaged;
            units.match(pos_, match.offset + 1, match.length);
        } else {
            const Bitmap32 *source = nullptr;
            if (const auto found = resolve(match.distance, find, source); found != Outcome::done) return found;
            if (match.offset + match.length > source->pixels()) return Outcome::damaged;
            units.match_from(pos_, reinterpret_cast<const uint32_t *>(source->data.data()) + match.offset, match.length);
        }
        in_ = in;
        pos_ += match.length;
    }
    return Outcome::done;
}

GlzDecoder::Outcome GlzDecoder::run_passes(const GlzFind &find) {
    uint32_t *out = u32(image_->data.data());
    if (!alpha_pass_) {
        const auto outcome = header_.type == LzType::rgb16 ? run_pass(Rgb16To32Units{out}, find)
                                                           : run_pass(Bgr32Units{out}, find);
        if (outcome != Outcome::done || header_.type != LzType::rgba) return outcome;
        alpha_pass_ = true;
        pos_ = 0;
    }
    return run_pass(AlphaUnits{out}, find);
}

Result<GlzDecoder::Step> GlzDecoder::run(const GlzFind &find) {
    if (!image_) return Error{Error::Kind::argument, "glz: decoder used after its end"};
    const auto outcome = run_passes(find);
    if (outcome == Outcome::needs) return Step{Needs{needed_}};
    references_.clear();
    last_image_ = nullptr;
    auto image = std::exchange(image_, nullptr);
    if (outcome == Outcome::damaged) return codec_error("glz: damaged data");
    if (outcome == Outcome::absent) return codec_error("glz: reference to an image that is gone");
    return Step{SharedBitmap32{std::move(image)}};
}

}
