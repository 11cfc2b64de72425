// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "codec/bitmap.hh"
#include "codec/bytes.hh"
#include "codec/lz.hh"

#include <functional>
#include <memory>
#include <span>
#include <unordered_map>
#include <variant>

namespace spice::codec {

// A GLZ image as the dictionary keeps it: 32-bit pixels without padding, in the order of the stream. Immutable once
// published; drawing that changes pixels works on a copy.
struct Bitmap32 {
    Size size;
    bool top_down = true;
    Layout layout = Layout::bgrx; // or bgra
    PixelBuffer data;

    std::size_t pixels() const noexcept { return static_cast<std::size_t>(size.pixels()); }
    // Top row first, so with a negative stride when the stream is bottom-up.
    BitmapView view() const noexcept;
};
using SharedBitmap32 = std::shared_ptr<const Bitmap32>;

struct GlzHeader {
    LzType type = LzType::rgb32;
    Size size;
    bool top_down = true;
    uint64_t id = 0;
    uint32_t win_head_dist = 0;
};
Result<GlzHeader> read_glz_header(std::span<const std::byte> in, const Limits &limits);

// What a reference to another image of the window leads to.
struct GlzLookup {
    enum class State : uint8_t { present, waiting, absent };
    State state = State::absent;
    SharedBitmap32 image; // when present
};
using GlzFind = std::function<GlzLookup(uint64_t id)>;

// Decodes one GLZ image (spec/codecs.md §4), in as many steps as its references need. Owned by one job; the input is
// kept alive by the caller, unless the decoder was given the bytes. Not thread-safe, but any thread may call it.
class GlzDecoder {
public:
    struct Needs {
        uint64_t id;
    };
    using Step = std::variant<SharedBitmap32, Needs>;

    // `expected` is the size in the image descriptor.
    static Result<GlzDecoder> create(std::span<const std::byte> in, Size expected, const Limits &limits);
    static Result<GlzDecoder> create(PixelBuffer in, Size expected, const Limits &limits);

    const GlzHeader &header() const noexcept { return header_; }
    // The image, or the id of one that is not there yet: call again when it is. After an error the decoder is spent.
    Result<Step> run(const GlzFind &find);
    // A stand-in for an image that cannot be decoded, so that those who refer to it go on.
    SharedBitmap32 blank_image() const;

private:
    struct Match;
    enum class Outcome : uint8_t { done, needs, damaged, absent };

    template <class Units> Outcome run_pass(Units units, const GlzFind &find);
    template <class Units> bool read_match(Input &in, Match &match) const noexcept;
    Outcome resolve(uint64_t distance, const GlzFind &find, const Bitmap32 *&image);
    Outcome run_passes(const GlzFind &find);

    PixelBuffer owned_input_;
    Input in_;
    GlzHeader header_;
    std::shared_ptr<Bitmap32> image_; // not visible to others until it is complete
    std::size_t pos_ = 0;             // unit to be written next, in this pass
    bool alpha_pass_ = false;
    uint64_t needed_ = 0;
    uint64_t last_distance_ = 0; // of `last_image_`; most references go to the same image as the one before
    const Bitmap32 *last_image_ = nullptr;
    std::unordered_map<uint64_t, SharedBitmap32> references_; // by distance; keeps them alive while we copy
};

}
