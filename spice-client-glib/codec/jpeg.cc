// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/jpeg.hh"

#include "codec/bytes.hh"
#include "codec/convert.hh"
#include "codec/lz.hh"
#include "codec/scratch.hh"

#include <algorithm>
#include <climits>
#include <csetjmp>
#include <cstdio>
#include <memory>
#include <utility>

#include <jpeglib.h>
// needs the definitions above
#include <jerror.h>

namespace spice::codec {
namespace {

// Baseline images have at most a scan per component; a progressive one with thousands would only burn time.
constexpr int max_scans = 64;

struct Decoder {
    jpeg_decompress_struct info;
    jpeg_error_mgr errors;
    jpeg_progress_mgr progress;
    jmp_buf escape;
};

Decoder &decoder_of(j_common_ptr info) { return *static_cast<Decoder *>(info->client_data); }

[[noreturn]] void on_error(j_common_ptr info) { longjmp(decoder_of(info).escape, 1); }

void on_message(j_common_ptr info, int level) {
    if (level < 0 && info->err->msg_code == JWRN_JPEG_EOF) on_error(info);
}

void on_progress(j_common_ptr info) {
    if (decoder_of(info).info.input_scan_number > max_scans) on_error(info);
}

void on_output(j_common_ptr) {}

void set_up(Decoder &d) {
    d.info.err = jpeg_std_error(&d.errors);
    d.info.client_data = &d;
    d.errors.error_exit = on_error;
    d.errors.emit_message = on_message;
    d.errors.output_message = on_output;
}

// The four functions below are the only places that libjpeg's errors jump to. They hold nothing that would need a
// destructor, and no value changes between setjmp and a return that depends on it.

bool create(Decoder &d) {
    set_up(d);
    if (setjmp(d.escape)) return false;
    jpeg_create_decompress(&d.info);
    return true;
}

bool read_size(Decoder &d, const uint8_t *data, unsigned long bytes, Size &size) {
    if (setjmp(d.escape)) return false;
    jpeg_mem_src(&d.info, data, bytes);
    jpeg_read_header(&d.info, TRUE);
    size = {d.info.image_width, d.info.image_height};
    return true;
}

bool start(Decoder &d, JpegQuality quality) {
    if (setjmp(d.escape)) return false;
    d.progress = {};
    d.progress.progress_monitor = on_progress;
    d.info.progress = &d.progress;
    d.info.out_color_space = little_endian ? JCS_EXT_BGRX : JCS_EXT_XRGB;
    if (quality == JpegQuality::fast) {
        d.info.dct_method = JDCT_IFAST;
        d.info.do_fancy_upsampling = FALSE;
        d.info.do_block_smoothing = FALSE;
    }
    jpeg_start_decompress(&d.info);
    return d.info.output_components == 4;
}

Size size_of(const Decoder &d) { return {d.info.output_width, d.info.output_height}; }

// Rows that libjpeg writes before they go to the image. It writes to aligned addresses past the caches, and reading that
// back to clear a byte of each pixel took a sixth of the whole: these are not aligned, and stay in the first cache. Two
// at least: with one, libjpeg copies every second row of an image whose colour is at half the resolution.
class Rows {
public:
    explicit Rows(uint32_t width)
        : stride_{(std::size_t{width} + 15) / 16 * 16 * 4},
          count_{static_cast<uint32_t>(std::clamp<std::size_t>(cached / stride_ / 2 * 2, 2, max))},
          pixels_{stride_ * count_ + unaligned} {}
    static constexpr uint32_t max = 8;
    explicit operator bool() const noexcept { return bool(pixels_); }
    uint32_t count() const noexcept { return count_; }
    std::byte *row(uint32_t i) noexcept { return pixels_.data() + unaligned + stride_ * i; }

private:
    static constexpr std::size_t cached = 16384, unaligned = 4;
    const std::size_t stride_;
    const uint32_t count_;
    Scratch pixels_;
};

bool read_rows(Decoder &d, const PixelRows &out, Rows &between) {
    if (setjmp(d.escape)) return false;
    JSAMPROW rows[Rows::max];
    for (uint32_t i = 0; i < between.count(); ++i) rows[i] = u8(between.row(i));
    while (d.info.output_scanline < d.info.output_height) {
        const uint32_t first = d.info.output_scanline;
        const auto n = jpeg_read_scanlines(&d.info, rows, std::min(between.count(), out.height - first));
        if (n == 0) return false;
        for (uint32_t i = 0; i < n; ++i) row_without_x(u32(out.row(first + i)), u32(between.row(i)), out.width);
    }
    return true;
}

}

// On the heap since it is large and must not move.
struct JpegReader::State : Decoder {
    bool usable = false;
};

JpegReader::JpegReader() : state_{std::make_unique<State>()} { state_->usable = create(*state_); }

JpegReader::~JpegReader() { jpeg_destroy_decompress(&state_->info); }

Result<Size> JpegReader::open(std::span<const std::byte> in) {
    if (!state_->usable) return codec_error("jpeg: no memory");
    jpeg_abort_decompress(&state_->info); // wherever the image before has ended
    Size size;
    open_ = !in.empty() && in.size() <= ULONG_MAX && read_size(*state_, u8(in.data()), in.size(), size);
    if (!open_) return codec_error("jpeg: damaged header");
    return size;
}

Status JpegReader::read(const PixelRows &out, JpegQuality quality) {
    if (!std::exchange(open_, false) || !start(*state_, quality) || out.size() != size_of(*state_))
        return codec_error("jpeg: damaged data");
    Rows between{out.width};
    if (!between) return codec_error("jpeg: no memory");
    const bool good = read_rows(*state_, out, between);
    return good ? success() : Status{codec_error("jpeg: damaged data")};
}

Result<Size> jpeg_size(std::span<const std::byte> in) {
    JpegReader jpeg;
    return jpeg.open(in);
}

Result<Bitmap> decode_jpeg(std::span<const std::byte> in, Size expected, const Limits &limits, JpegQuality quality) {
    JpegReader jpeg;
    const auto size = jpeg.open(in);
    if (!size) return size.error();
    if (*size != expected) return codec_error("jpeg: unexpected size");
    auto out = make_bitmap(*size, Layout::bgrx, limits);
    if (!out) return out;
    if (auto status = jpeg.read(out->rows(), quality); !status) return status.error();
    return out;
}

Status decode_jpeg_into(std::span<const std::byte> in, const PixelRows &out, JpegQuality quality) {
    JpegReader jpeg;
    const auto size = jpeg.open(in);
    if (!size) return size.error();
    if (auto ok = check_rows(out, *size, Layout::bgrx); !ok) return ok;
    return jpeg.read(out, quality);
}

Result<Bitmap> decode_jpeg_alpha(std::span<const std::byte> in, uint32_t jpeg_bytes, bool top_down, Size expected,
                                 const Limits &limits) {
    if (jpeg_bytes > in.size()) return codec_error("jpeg: colour part longer than the image");
    auto out = decode_jpeg(in.first(jpeg_bytes), expected, limits);
    if (!out) return out;
    if (auto ok = decode_lz_alpha(in.subspan(jpeg_bytes), top_down, out->rows()); !ok) return ok.error();
    out->layout = Layout::bgra;
    return out;
}

Status decode_jpeg_alpha_into(std::span<const std::byte> in, uint32_t jpeg_bytes, bool top_down, const PixelRows &out) {
    if (jpeg_bytes > in.size()) return codec_error("jpeg: colour part longer than the image");
    if (auto ok = check_rows(out, out.size(), Layout::bgra); !ok) return ok;
    auto colour = out;
    colour.layout = Layout::bgrx;
    if (auto ok = decode_jpeg_into(in.first(jpeg_bytes), colour); !ok) return ok;
    return decode_lz_alpha(in.subspan(jpeg_bytes), top_down, out);
}

}
