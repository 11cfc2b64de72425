// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "bench.hh"

#include "stream-index.hh"

#include "codec/glz-window.hh"
#include "codec/jpeg.hh"
#include "codec/lz.hh"
#include "codec/lz4.hh"
#include "codec/quic.hh"
#include "codec/zlib-glz.hh"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <glib.h>
#include <jpeglib.h>
#ifdef HAVE_LZ4
#include <lz4.h>
#endif

namespace spice::bench {
namespace {

using codec::Bitmap;
using codec::Layout;
using codec::Size;

const codec::Limits limits{};
using Data = std::shared_ptr<const Bytes>;

class Sum {
public:
    Sum() : checksum_{g_checksum_new(G_CHECKSUM_SHA256)} {}
    Sum(const Sum &) = delete;
    Sum &operator=(const Sum &) = delete;
    ~Sum() { g_checksum_free(checksum_); }
    void add(const codec::BitmapView &image) {
        for (uint32_t y = 0; y < image.height; ++y)
            g_checksum_update(checksum_, reinterpret_cast<const guchar *>(image.row(y)),
                              static_cast<gssize>(codec::packed_row_bytes(image.width, image.layout)));
    }
    std::string text() { return g_checksum_get_string(checksum_); }

private:
    GChecksum *checksum_;
};

uint32_t le32(const std::byte *p) {
    uint32_t v = 0;
    for (unsigned i = 0; i < 4; ++i)
        v |= std::to_integer<uint32_t>(p[i]) << (8 * i);
    return v;
}

std::vector<Bytes> records(const Bytes &sequence) {
    std::vector<Bytes> all;
    for (std::size_t pos = 0; pos + 4 <= sequence.size();) {
        const std::size_t size = le32(sequence.data() + pos);
        if (size > sequence.size() - pos - 4) break;
        const auto *begin = sequence.data() + pos + 4;
        all.emplace_back(begin, begin + size);
        pos += 4 + size;
    }
    return all;
}

Result<Bitmap> decode_image(const std::string &codec, const Bytes &data, Size size) {
    if (codec == "quic") return decode_quic(data, size, limits, false);
    if (codec == "lz") return decode_lz(data, size, {}, limits, false);
    if (codec == "lz4") return decode_lz4(data, size, limits);
    return Error{Error::Kind::unsupported, codec};
}

// A session of its own for every run: each image refers to those before it. `held` has the images of the run before:
// they are let go one by one, as in a session that has filled its window.
using Held = std::vector<codec::SharedBitmap32>;
bool decode_glz(const std::vector<Bytes> &images, bool zlib, Held &held) {
    codec::GlzWindow window{1u << 25};
    held.resize(images.size());
    for (std::size_t i = 0; i < images.size(); ++i) {
        held[i].reset();
        std::span<const std::byte> in = images[i];
        auto inflated = Result<codec::PixelBuffer>{codec::PixelBuffer{}};
        if (zlib) {
            const Size largest{limits.max_side, 4096};
            inflated = codec::inflate_glz(in.subspan(8), le32(in.data()), largest, limits);
            if (!inflated) return false;
            in = {inflated->data(), inflated->size()};
        }
        const auto header = codec::read_glz_header(in, limits);
        auto decoder =
            header ? codec::GlzDecoder::create(in, header->size, limits) : Result<codec::GlzDecoder>{header.error()};
        if (!decoder) return false;
        auto step = decoder->run([&window](uint64_t id) { return window.find(id); });
        auto *image = step ? std::get_if<codec::SharedBitmap32>(&*step) : nullptr;
        if (!image) return false;
        held[i] = *image;
        if (!window.insert(header->id, header->win_head_dist, std::move(*image))) return false;
    }
    return true;
}

bool good_sum(const StreamEntry &entry, const Bytes &data) {
    Sum sum;
    if (entry.codec == "glz") {
        Held images;
        decode_glz(records(data), false, images);
        for (const auto &image : images)
            if (image) sum.add(image->view());
    } else {
        const auto image = decode_image(entry.codec, data, {entry.width, entry.height});
        if (image) sum.add(image->view());
    }
    if (sum.text() == entry.sha256) return true;
    std::fprintf(stderr, "%s: wrong pixels\n", entry.file.c_str());
    return false;
}

std::string class_of(const StreamEntry &entry) {
    for (const char *word : {"_photo", "_text", "_ui", "_noise", "_flat", "_dup", "ui_frames"})
        if (entry.file.find(word) != std::string::npos)
            return std::string{word + (*word == '_')} + ' ' + std::to_string(entry.width) + 'x' +
                   std::to_string(entry.height);
    return entry.file;
}

#ifdef HAVE_LZ4
// The pixels of `data`, blocks of an LZ4 image, with nothing but the library.
std::function<bool()> bare_lz4(Data data, Size size) {
    auto out = std::make_shared<std::vector<char>>(static_cast<std::size_t>(size.pixels() * 4));
    return [data = std::move(data), out] {
        LZ4_streamDecode_t stream;
        LZ4_setStreamDecode(&stream, nullptr, 0);
        std::size_t done = 0;
        for (std::size_t pos = 2; pos + 4 <= data->size();) {
            const auto block = static_cast<int>(GUINT32_SWAP_LE_BE(le32(data->data() + pos)));
            const int n = LZ4_decompress_safe_continue(&stream, reinterpret_cast<const char *>(data->data() + pos + 4),
                                                       out->data() + done, block, static_cast<int>(out->size() - done));
            if (n <= 0) return false;
            done += static_cast<std::size_t>(n);
            pos += 4 + static_cast<std::size_t>(block);
        }
        return done == out->size();
    };
}
#endif

Case stream_case(const StreamEntry &entry, Data data) {
    const Size size{entry.width, entry.height};
    Case c{entry.codec + ' ' + entry.type, class_of(entry), size.pixels(), {}, entry.reference_ms, {}};
    if (!entry.sha256.empty() && !good_sum(entry, *data)) {
        c.run = [] { return false; };
    } else if (entry.codec == "glz" || entry.codec == "zlib_glz") {
        auto images = std::make_shared<const std::vector<Bytes>>(records(*data));
        c.pixels *= images->size();
        c.run = [images, zlib = entry.codec != "glz", held = Held{}]() mutable {
            return decode_glz(*images, zlib, held);
        };
    } else {
        c.run = [codec = entry.codec, data, size] { return bool(decode_image(codec, *data, size)); };
#ifdef HAVE_LZ4
        if (entry.codec == "lz4") c.bare = bare_lz4(data, size);
#endif
    }
    return c;
}

struct Photo {
    static constexpr uint32_t width = 1280, height = 720;
    std::vector<uint8_t> rgb = std::vector<uint8_t>(std::size_t{width} * height * 3);
    Photo() { // soft shapes with some grain
        uint32_t noise = 1;
        for (uint32_t y = 0; y < height; ++y)
            for (uint32_t x = 0; x < width; ++x)
                for (uint32_t c = 0; c < 3; ++c) {
                    noise = noise * 1664525 + 1013904223;
                    const uint32_t soft = (x * x / (900 + 100 * c) + y * y / 700 + x * y / 1100) / 4;
                    rgb[(std::size_t{y} * width + x) * 3 + c] =
                        static_cast<uint8_t>((soft & 256 ? ~soft : soft) + (noise >> 30));
                }
    }
};

Data make_jpeg(Photo photo) {
    jpeg_compress_struct info{};
    jpeg_error_mgr errors{};
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    unsigned char *out = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&info, &out, &size);
    info.image_width = Photo::width;
    info.image_height = Photo::height;
    info.input_components = 3;
    info.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, 85, TRUE);
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
        JSAMPROW row = photo.rgb.data() + std::size_t{info.next_scanline} * Photo::width * 3;
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    const auto *begin = reinterpret_cast<const std::byte *>(out);
    auto data = std::make_shared<const Bytes>(begin, begin + size);
    std::free(out);
    return data;
}

// One decompressor for all frames, whole rows of BGRX into the same memory: the least that can be done.
std::function<bool()> bare_jpeg(Data data, bool fast) {
    struct State {
        jpeg_decompress_struct info{};
        jpeg_error_mgr errors{};
        std::vector<unsigned char> out = std::vector<unsigned char>(std::size_t{Photo::width} * Photo::height * 4);
        State() {
            info.err = jpeg_std_error(&errors);
            jpeg_create_decompress(&info);
        }
        ~State() { jpeg_destroy_decompress(&info); }
    };
    return [data = std::move(data), fast, state = std::make_shared<State>()] {
        auto &info = state->info;
        jpeg_mem_src(&info, reinterpret_cast<const unsigned char *>(data->data()), data->size());
        jpeg_read_header(&info, TRUE);
        info.out_color_space = JCS_EXT_BGRX;
        if (fast) {
            info.dct_method = JDCT_IFAST;
            info.do_fancy_upsampling = FALSE;
            info.do_block_smoothing = FALSE;
        }
        jpeg_start_decompress(&info);
        while (info.output_scanline < info.output_height) {
            unsigned char *row = state->out.data() + std::size_t{info.output_scanline} * Photo::width * 4;
            jpeg_read_scanlines(&info, &row, 1);
        }
        jpeg_finish_decompress(&info);
        return true;
    };
}

void add_jpeg(std::vector<Case> &cases) {
    const auto data = make_jpeg(Photo{});
    const Size size{Photo::width, Photo::height};
    for (const auto quality : {codec::JpegQuality::exact, codec::JpegQuality::fast}) {
        const bool fast = quality == codec::JpegQuality::fast;
        cases.push_back({"jpeg", fast ? "photo 1280x720, video" : "photo 1280x720", size.pixels(),
                         [data, size, quality] { return bool(decode_jpeg(*data, size, limits, quality)); }, 0,
                         bare_jpeg(data, fast)});
    }
}

void add_streams(std::vector<Case> &cases, const std::string &dir) {
    for (const auto &entry : read_stream_index(dir)) {
        auto data = std::make_shared<const Bytes>(read_file(dir + '/' + entry.file));
        if (data->empty()) {
            std::fprintf(stderr, "%s/%s: cannot be read\n", dir.c_str(), entry.file.c_str());
            continue;
        }
        const auto same = [&entry](const Case &c) {
            return c.group == entry.codec + ' ' + entry.type && c.name == class_of(entry);
        };
        if (std::none_of(cases.begin(), cases.end(), same)) cases.push_back(stream_case(entry, std::move(data)));
    }
}

}

std::vector<Case> codec_cases(const Options &options) {
    std::vector<Case> cases;
    add_streams(cases, options.data_dir + "/bench");
    if (!options.more_dir.empty()) add_streams(cases, options.more_dir);
    std::stable_sort(cases.begin(), cases.end(), [](const Case &a, const Case &b) { return a.group < b.group; });
    add_jpeg(cases);
    return cases;
}

std::function<bool()> lz4_calibration([[maybe_unused]] const Options &options) {
#ifdef HAVE_LZ4
    const std::string dir = options.data_dir + "/bench";
    for (const auto &entry : read_stream_index(dir))
        if (entry.codec == "lz4" && entry.reference_ms > 0)
            return bare_lz4(std::make_shared<const Bytes>(read_file(dir + '/' + entry.file)),
                            {entry.width, entry.height});
#endif
    return {};
}

}
