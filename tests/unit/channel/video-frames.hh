// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "scripted-server.hh"

#include <cstdio>
#include <cstdlib>
#include <jpeglib.h>
#include <spice/enums.h>
#include <spice/protocol.h>
#include <vector>

// Messages of video streams, and frames for them.
namespace spice::test {

// Top half of one colour, bottom half of another.
inline ByteVector jpeg_frame(uint32_t width, uint32_t height, uint32_t top, uint32_t bottom) {
    jpeg_compress_struct info{};
    jpeg_error_mgr errors;
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    unsigned char *out = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&info, &out, &size);
    info.image_width = width;
    info.image_height = height;
    info.input_components = 3;
    info.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, 95, TRUE);
    jpeg_start_compress(&info, TRUE);
    std::vector<JSAMPLE> row(width * 3);
    for (uint32_t y = 0; y < height; ++y) {
        const auto color = y < height / 2 ? top : bottom;
        for (uint32_t x = 0; x < width; ++x)
            for (unsigned c = 0; c < 3; ++c) row[3 * x + c] = static_cast<JSAMPLE>(color >> (16 - 8 * c));
        JSAMPROW rows[] = {row.data()};
        jpeg_write_scanlines(&info, rows, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    const auto bytes = std::as_bytes(std::span{out, size});
    ByteVector frame(bytes.begin(), bytes.end());
    std::free(out);
    return frame;
}
inline ByteVector jpeg_frame(uint32_t width, uint32_t height, uint32_t color) {
    return jpeg_frame(width, height, color, color);
}

inline Bytes &put(Bytes &bytes, Box box) {
    for (const auto v : {box.top, box.left, box.bottom, box.right}) bytes.u32(static_cast<uint32_t>(v));
    return bytes;
}
inline Bytes &put(Bytes &bytes, const std::vector<Box> *clip) {
    if (!clip) return bytes.u8(SPICE_CLIP_TYPE_NONE);
    bytes.u8(SPICE_CLIP_TYPE_RECTS).u32(clip->size());
    for (const auto &box : *clip) put(bytes, box);
    return bytes;
}

struct StreamPlan {
    uint32_t surface = 0, id = 0, codec = SPICE_VIDEO_CODEC_TYPE_MJPEG, flags = SPICE_STREAM_FLAGS_TOP_DOWN;
    Box dest{0, 0, 16, 16};
    const std::vector<Box> *clip = nullptr;
};
inline ByteVector stream_create(const StreamPlan &plan) {
    const auto width = static_cast<uint32_t>(plan.dest.right) - static_cast<uint32_t>(plan.dest.left);
    const auto height = static_cast<uint32_t>(plan.dest.bottom) - static_cast<uint32_t>(plan.dest.top);
    Bytes b;
    b.u32(plan.surface).u32(plan.id).u8(plan.flags).u8(plan.codec).u64(0);
    b.u32(width).u32(height).u32(width).u32(height);
    put(put(b, plan.dest), plan.clip);
    return b.take();
}
inline ByteVector stream_data(uint32_t id, uint32_t mm_time, const ByteVector &frame) {
    return Bytes().u32(id).u32(mm_time).u32(frame.size()).raw(frame).take();
}
inline ByteVector stream_data_sized(uint32_t id, uint32_t mm_time, Box dest, const ByteVector &frame) {
    Bytes b;
    b.u32(id).u32(mm_time).u32(8).u32(8);
    put(b, dest).u32(frame.size()).raw(frame);
    return b.take();
}
inline ByteVector stream_clip(uint32_t id, const std::vector<Box> *clip) {
    Bytes b;
    put(b.u32(id), clip);
    return b.take();
}
inline ByteVector activate_report(uint32_t id, uint32_t unique, uint32_t window, uint32_t timeout_ms) {
    return Bytes().u32(id).u32(unique).u32(window).u32(timeout_ms).take();
}

}
